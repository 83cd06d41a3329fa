from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.wire import bridge
from scanner.wire.bridge import Entry, Row

MAC = (0x44, 0x19, 0xB6, 0, 0, 1)
TEXT = "44:19:b6:00:00:01"


def test_a_learned_address_and_its_port() -> None:
    other = (0, 0x40, 0x8C, 0, 0, 2)
    ports: list[Row] = [(MAC, 3), (other, 4)]
    assert list(bridge.forwarding(ports, [(MAC, 3), (other, 4)], 20)) == [Entry(TEXT, 3, 20)]


def test_what_is_no_device_is_left_out() -> None:
    group, vrrp, nowhere = (1, 0, 0x5E, 0, 0, 1), (0, 0, 0x5E, 0, 1, 9), (0, 0, 0, 0, 0, 0)
    ports: list[Row] = [(group, 1), (vrrp, 1), (nowhere, 1), (MAC, 0), (MAC[:5], 1), ((*MAC[:5], 256), 1), (MAC, b"1")]
    assert list(bridge.forwarding(ports, [])) == []


def test_the_vlan_of_a_table_is_named_by_its_own_column_or_is_its_number() -> None:
    ports: list[Row] = [((7, *MAC), 3)]
    assert list(bridge.vlan_forwarding(ports, [], [((0, 20), 7)])) == [Entry(TEXT, 3, 20)]
    assert list(bridge.vlan_forwarding(ports, [], [])) == [Entry(TEXT, 3, 7)]
    # One table for several VLANs (shared learning): nobody can tell which
    assert list(bridge.vlan_forwarding(ports, [], [((0, 20), 7), ((0, 30), 7)])) == [Entry(TEXT, 3, None)]


def test_names_numbers_and_vlans() -> None:
    assert bridge.names([((1,), b"Gi0/1\0"), ((2,), b""), ((3,), 5), ((4, 4), b"x")]) == {1: "Gi0/1"}
    assert bridge.numbers([((1,), 10001), ((2,), b"x")]) == {1: 10001}
    assert bridge.vlan_numbers([((1, 1), 1), ((1, 20), 1), ((1, 30), 2), ((1, 1002), 1), ((1, 5000), 1)]) == [1, 20]


def test_names_are_safe_to_show() -> None:
    assert bridge.names([((1,), b"Gi\x1b[31m0/1")])[1].isprintable()


def test_arp() -> None:
    rows: list[Row] = [((1, 198, 51, 100, 10), bytes(MAC)), ((1, 198, 51, 100, 256), bytes(MAC)), ((1, 2), bytes(MAC))]
    assert list(bridge.arp(rows)) == [("198.51.100.10", TEXT)]


def test_power_is_off_or_what_the_port_detects() -> None:
    rows: list[Row] = [((3, 1, 1), 1), ((6, 1, 1), 3), ((3, 1, 2), 2), ((6, 1, 2), 1), ((6, 1, 3), 99)]
    assert bridge.power(rows) == {1: "delivering", 2: "off"}


def _row(port: int, columns: dict[int, int | bytes]) -> list[Row]:
    return [((column, 0, port, 1), value) for column, value in columns.items()]


def test_a_camera_and_a_switch_as_lldp_neighbours() -> None:
    camera = _row(3, {4: 4, 5: bytes(MAC), 6: 3, 7: bytes(MAC), 9: b"yard", 10: b"AXIS M3086-V", 12: b"\x01\x00"})
    switch = _row(9, {4: 4, 5: bytes(MAC), 6: 5, 7: b"Te1/0/1", 12: b"\x28\x00"})
    first, second = bridge.lldp_neighbours(switch + camera)
    assert (first.local, first.mac, first.name, first.capabilities) == (3, TEXT, "yard", ("station",))
    assert not first.carries_others
    assert (second.port, second.capabilities, second.carries_others) == ("Te1/0/1", ("bridge", "router"), True)


def test_a_telephone_with_a_bridge_in_it_is_no_switch() -> None:
    (phone,) = bridge.lldp_neighbours([((12, 0, 3, 1), b"\x24\x00")])
    assert phone.capabilities == ("bridge", "telephone")
    assert not phone.carries_others


def test_cdp() -> None:
    rows: list[Row] = [((6, 10101, 1), b"core"), ((8, 10101, 1), b"cisco WS-C3850"), ((9, 10101, 1), b"\0\0\0\x29")]
    (core,) = bridge.cdp_neighbours(rows)
    assert (core.local, core.name, core.description, core.carries_others) == (10101, "core", "cisco WS-C3850", True)


ROWS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 300), max_size=8).map(tuple),
        st.one_of(st.integers(-5, 2**33), st.binary(max_size=20), st.text(max_size=8)),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(ROWS, ROWS, ROWS)
def test_hostile_rows_never_raise(first: list[Row], second: list[Row], third: list[Row]) -> None:
    entries = [*bridge.forwarding(first, second), *bridge.vlan_forwarding(first, second, third)]
    assert all(len(entry.mac) == 17 and entry.port > 0 for entry in entries)
    for read in (bridge.names, bridge.numbers, bridge.power, bridge.own_macs, bridge.vlan_numbers, bridge.lldp_ports):
        read(first)
    assert all(
        each.protocol in ("lldp", "cdp") for each in bridge.lldp_neighbours(first) + bridge.cdp_neighbours(second)
    )
    list(bridge.arp(first))
