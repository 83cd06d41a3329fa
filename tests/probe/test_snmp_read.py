import pytest

from scanner.models import Outcome
from scanner.probe.contract import ProbeResult, SnmpAccess, Suspect
from scanner.probe.snmp_read import ENTITY, MAKERS, SYSTEM, SnmpRead, _credentials
from scanner.wire import snmp as wire
from tests.discover.fast import run
from tests.fakes import ScriptedNetwork
from tests.probe.suspects import HOST, said, suspect

VALUES: dict[str, wire.Value] = {
    SYSTEM[0]: "AcmeCam AC-200",
    SYSTEM[1]: wire.Oid("1.3.6.1.4.1.39165.1.1"),
    SYSTEM[2]: "yard",
    MAKERS["Hikvision"][0]: "AC-200",
}


def _agent(request: bytes) -> list[bytes]:
    asked = wire.parse_request(request)
    if asked.community != b"garden":
        return []
    return [wire.build_response(asked, [(name, VALUES.get(name, wire.NO_SUCH_OBJECT)) for name in asked.names])]


def _read(net: ScriptedNetwork, who: Suspect) -> ProbeResult:
    return run(SnmpRead().run(net, who))


@pytest.mark.parametrize("version", [1, 2])
def test_the_users_community_reads_the_system_and_the_makers_own(version: int) -> None:
    net = ScriptedNetwork(udp_script={(HOST, 161): _agent})
    result = _read(net, suspect(snmp=(SnmpAccess(version, "garden"),), makers=("Hikvision",)))
    assert result.outcome is Outcome.ANSWERED
    assert result.evidence[0].get("oids") == {name: str(value) for name, value in VALUES.items()}
    requests = [wire.parse_request(request) for request in net.requests(HOST, 161)]
    assert {one.kind for one in requests} == {"get"}
    assert {name for one in requests for name in one.names} == {*SYSTEM, *MAKERS["Hikvision"]}


def test_each_access_is_tried_once_in_order_and_nothing_else() -> None:
    net = ScriptedNetwork(udp_script={(HOST, 161): _agent})
    accesses = (SnmpAccess(2, "wrong"), SnmpAccess(2, "garden"), SnmpAccess(2, "never"))
    result = _read(net, suspect(snmp=accesses))
    tried = [wire.parse_request(request).community for request in net.requests(HOST, 161)]
    assert tried == [b"wrong", *[b"garden"] * (1 + len(ENTITY))]
    assert "garden" not in repr(result.evidence)


def test_out_of_scope_nothing_is_sent() -> None:
    net = ScriptedNetwork(scope=("203.0.113.0/24",))
    assert _read(net, suspect(snmp=(SnmpAccess(2, "garden"),))).outcome is Outcome.OUT_OF_SCOPE
    assert net.sent == []


def test_garbage_is_no_answer() -> None:
    net = ScriptedNetwork(udp_script={(HOST, 161): lambda _: [b"\x30\x82\xff\xff", b""]})
    assert _read(net, suspect(snmp=(SnmpAccess(2, "garden"),))).outcome is Outcome.TIMED_OUT


@pytest.mark.parametrize(("auth", "privacy"), [("", ""), ("SHA", ""), ("sha-256", "AES"), ("md5", "des")])
def test_v3_protocols_by_their_usual_names(auth: str, privacy: str) -> None:
    access = SnmpAccess(3, "", "reader", auth, "longenough" if auth else "", privacy, "longenough" if privacy else "")
    assert _credentials(access)


def test_only_with_what_the_user_gave() -> None:
    access = (SnmpAccess(2, "garden"),)
    assert not SnmpRead().wanted(suspect())
    assert SnmpRead().wanted(suspect(snmp=access))
    assert SnmpRead().wanted(suspect(said("snmp", engine_id="80"), snmp=access))
    assert not SnmpRead().wanted(suspect(said("snmp", oids={"1.3": "x"}), snmp=access))
