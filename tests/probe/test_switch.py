from collections.abc import Mapping

from scanner.models import Evidence
from scanner.probe.contract import SnmpAccess
from scanner.probe.snmp_oids import SYSTEM
from scanner.probe.switch import Port, Reading, read_switch
from scanner.probe.switch_ports import CROWD, SwitchAccess, leads_on, locate, survey
from scanner.wire import bridge
from scanner.wire import snmp as wire
from scanner.wire.bridge import Entry, Neighbour
from tests.discover.fast import run
from tests.fakes import ScriptedNetwork
from tests.probe.agents import agent
from tests.probe.suspects import HOST

MAC, OTHER = "44:19:b6:00:00:01", "00:40:8c:00:00:02"
ARCS = {mac: ".".join(str(octet) for octet in bytes.fromhex(mac.replace(":", ""))) for mac in (MAC, OTHER)}
ACCESS = SnmpAccess(2, "garden")
SYSTEM_ROWS: dict[str, wire.Value] = {
    SYSTEM[0]: "switch",
    SYSTEM[1]: wire.Oid("1.3.6.1.4.1.99999"),
    SYSTEM[2]: "sw-floor2",
}
NAMES: dict[str, wire.Value] = {
    f"{bridge.BASE_PORT}.3": 10003,
    f"{bridge.IF_DESCR}.10003": "GigabitEthernet0/3",
    f"{bridge.IF_NAME}.10003": "Gi0/3",
    f"{bridge.IF_ALIAS}.10003": "room 12",
    f"{bridge.POE_PORT}.3.1.3": 1,
    f"{bridge.POE_PORT}.6.1.3": 3,
}
VLAN_AWARE: dict[str, wire.Value] = {
    **SYSTEM_ROWS,
    **NAMES,
    f"{bridge.VLAN_FDB_PORT}.7.{ARCS[MAC]}": 3,
    f"{bridge.VLAN_FDB_STATUS}.7.{ARCS[MAC]}": 3,
    f"{bridge.VLAN_FDB_ID}.0.20": 7,
    f"{bridge.ARP}.1.198.51.100.10": bytes.fromhex(MAC.replace(":", "")),
}


def _read(view: Mapping[str, wire.Value], access: SnmpAccess = ACCESS, **contexts: dict[str, wire.Value]) -> Reading:
    named = {name.removeprefix("v"): one for name, one in contexts.items()}
    net = ScriptedNetwork(udp_script={(HOST, 161): agent(view, contexts=named)})
    reading = run(read_switch(net, HOST, (access,)))
    assert {wire.parse_request(one.data).kind for one in net.sent} <= {"get", "get-next", "get-bulk"}
    return reading


def test_a_vlan_aware_switch() -> None:
    for version in (1, 2):
        reading = _read(VLAN_AWARE, SnmpAccess(version, "garden"))
        assert (reading.name, reading.cut) == ("sw-floor2", "")
        assert reading.ports == (Port("Gi0/3", "room 12", "delivering", (Entry(MAC, 10003, 20),)),)
        assert reading.addresses == (("198.51.100.10", MAC),)


def test_a_cisco_switch_keeps_a_table_for_each_vlan() -> None:
    vlan: dict[str, wire.Value] = {f"{bridge.FDB_PORT}.{ARCS[MAC]}": 5, f"{bridge.BASE_PORT}.5": 10003}
    root = {**SYSTEM_ROWS, SYSTEM[1]: wire.Oid("1.3.6.1.4.1.9.1.716"), **NAMES, f"{bridge.VTP_VLAN_STATE}.1.20": 1}
    reading = _read(root, v20=vlan)
    assert [(port.name, port.entries) for port in reading.ports] == [("Gi0/3", (Entry(MAC, 10003, 20),))]


def test_a_switch_without_vlans_or_names() -> None:
    (port,) = _read({**SYSTEM_ROWS, f"{bridge.FDB_PORT}.{ARCS[MAC]}": 4}).ports
    assert (port.name, port.entries) == ("4", (Entry(MAC, 4),))


def test_a_refused_access_is_tried_once() -> None:
    net = ScriptedNetwork(udp_script={(HOST, 161): agent(VLAN_AWARE)})
    reading = run(read_switch(net, HOST, (SnmpAccess(2, "wrong"), SnmpAccess(2, "other"))))
    assert not reading.answered
    assert len(net.sent) == 2


def test_nothing_is_sent_out_of_scope() -> None:
    net = ScriptedNetwork(scope=("203.0.113.0/24",))
    located = run(survey(net, (SwitchAccess(HOST, (ACCESS,)),), {}))
    assert net.sent == []
    assert located.evidence == ()
    assert "did not answer" in located.notes[0]


def test_no_secret_in_evidence_or_notes() -> None:
    net = ScriptedNetwork(udp_script={(HOST, 161): agent(VLAN_AWARE)})
    located = run(survey(net, (SwitchAccess(HOST, (SnmpAccess(2, "wrong-one"), ACCESS)),), {}))
    assert len(located.evidence) == 2
    assert "garden" not in repr(located) + repr(ACCESS)
    assert "wrong-one" not in repr(located)


def _reading(*ports: Port, host: str = HOST, own: frozenset[str] = frozenset(), **more: object) -> Reading:
    return Reading(host, True, "sw", ports, own, **more)  # type: ignore[arg-type]


def _located(*readings: Reading, known: Mapping[str, set[str]] = {}) -> list[tuple[str, object]]:
    found = locate(readings, known, lambda host: host.startswith("198.51.100."), "2026-11-22T09:00:00Z").evidence
    return [(one.host, one.get("port")) for one in found if one.protocol == "switch-port" and not one.get("uplink")]


def test_evidence_stands_under_the_known_address_or_under_the_mac() -> None:
    ports = (Port("1", entries=(Entry(MAC, 1),)), Port("2", entries=(Entry(OTHER, 2),)))
    assert _located(_reading(*ports), known={MAC: {"198.51.100.10"}}) == [(OTHER, "2"), ("198.51.100.10", "1")]


def test_the_switchs_own_arp_table_tells_addresses_in_scope_only() -> None:
    port = Port("1", entries=(Entry(MAC, 1),))
    assert _located(_reading(port, addresses=(("198.51.100.10", MAC),))) == [("198.51.100.10", "1")]
    assert _located(_reading(port, addresses=(("203.0.113.10", MAC),))) == [(MAC, "1")]


def test_uplinks() -> None:
    crowd = tuple(Entry(f"02:00:00:00:00:{n:02x}", 1) for n in range(CROWD + 1))
    core = Neighbour("lldp", 1, capabilities=("bridge", "router"))
    phone = Neighbour("lldp", 1, capabilities=("bridge", "telephone"))
    assert leads_on(Port("1", entries=crowd))
    assert not leads_on(Port("1", entries=crowd[:-1]))
    assert leads_on(Port("1", entries=crowd[:1], neighbours=(core,)))
    assert not leads_on(Port("1", entries=crowd[:1], neighbours=(phone,)))


def test_a_port_that_leads_to_another_named_switch_is_an_uplink() -> None:
    far = Port("24", entries=(Entry(OTHER, 24), Entry(MAC, 24)))
    near = Port("7", entries=(Entry(MAC, 7),))
    first, second = _reading(far), _reading(near, host="198.51.100.3", own=frozenset({OTHER}))
    assert _located(first, second) == [(MAC, "7")]


def test_behind_an_uplink_a_known_address_is_kept_without_a_place_and_the_others_are_counted() -> None:
    core = Neighbour("lldp", 1, capabilities=("bridge",))
    port = Port("24", entries=(Entry(MAC, 24), Entry(OTHER, 24)), neighbours=(core,))
    found = locate([_reading(port)], {MAC: {"198.51.100.10"}}, lambda _host: True, "2026-11-22T09:00:00Z")
    assert [(one.host, one.get("uplink")) for one in found.evidence] == [("198.51.100.10", True)]
    assert any(note.startswith("1 hardware addresses without a known IP address") for note in found.notes)


def test_what_a_camera_says_by_lldp_is_kept() -> None:
    said = Neighbour("lldp", 1, MAC, "axis-yard", "", "AXIS M3086-V", ("station",))
    port = Port("1", entries=(Entry(MAC, 1),), neighbours=(said,))
    found = locate([_reading(port)], {}, lambda _host: True, "2026-11-22T09:00:00Z").evidence
    (lldp,) = [one for one in found if one.protocol == "lldp"]
    assert isinstance(lldp, Evidence)
    assert (lldp.host, lldp.get("system_description")) == (MAC, "AXIS M3086-V")


def test_a_hostile_agent_ends_and_yields_nothing() -> None:
    def liar(request: bytes) -> list[bytes]:
        asked = wire.parse_request(request)
        return [wire.build_response(asked, [(f"{bridge.IF_DESCR}.1", b"x" * 9000)] * 30)]

    net = ScriptedNetwork(udp_script={(HOST, 161): liar})
    reading = run(read_switch(net, HOST, (ACCESS,)))
    assert reading.ports == ()
    assert len(net.sent) < 60
