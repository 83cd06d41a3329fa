"""A switch's tables, from SNMP rows to values: forwarding, interfaces, neighbours, power, ARP. Never raises.

BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363), IF-MIB (RFC 2863), LLDP-MIB (IEEE 802.1AB-2005), CISCO-CDP-MIB and
CISCO-VTP-MIB (Cisco), POWER-ETHERNET-MIB (RFC 3621), RFC1213-MIB. A row is the arcs of its index behind the column's
name, and the value. A row that does not fit is passed over.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

import msgspec

from scanner.text import clean, decode

Index = tuple[int, ...]
Row = tuple[Index, int | str | bytes]

BRIDGE_ADDRESS = "1.3.6.1.2.1.17.1.1.0"
BASE_PORT = "1.3.6.1.2.1.17.1.4.1.2"
FDB_PORT, FDB_STATUS = "1.3.6.1.2.1.17.4.3.1.2", "1.3.6.1.2.1.17.4.3.1.3"
VLAN_FDB_PORT, VLAN_FDB_STATUS = "1.3.6.1.2.1.17.7.1.2.2.1.2", "1.3.6.1.2.1.17.7.1.2.2.1.3"
VLAN_FDB_ID = "1.3.6.1.2.1.17.7.1.4.2.1.3"
IF_DESCR, IF_MAC = "1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.2.2.1.6"
IF_NAME, IF_ALIAS = "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.31.1.1.1.18"
LLDP_REMOTE, LLDP_LOCAL_PORT = "1.0.8802.1.1.2.1.4.1.1", "1.0.8802.1.1.2.1.3.7.1"
CDP_CACHE = "1.3.6.1.4.1.9.9.23.1.2.1.1"
VTP_VLAN_STATE = "1.3.6.1.4.1.9.9.46.1.3.1.1.2"
POE_PORT = "1.3.6.1.2.1.105.1.1.1"
ARP = "1.3.6.1.2.1.4.22.1.2"

_STATUS_INVALID, _STATUS_SELF = 2, 4
_ETHERNET_DEFAULT_VLANS = range(1002, 1006)  # VTP's own, for token ring and FDDI
_VIRTUAL = ("00:00:5e:00:01", "00:00:5e:00:02", "00:00:0c:07:ac", "00:00:0c:9f:f")
"""VRRP (RFC 9568) and HSRP addresses: several routers' one face, no device."""
_POE_STATES = {1: "off", 2: "searching", 3: "delivering", 4: "fault", 5: "test", 6: "other fault"}
_LLDP_CAPABILITIES = ("other", "repeater", "bridge", "access point", "router", "telephone", "docsis", "station")
_CDP_CAPABILITIES = {0x01: "router", 0x02: "bridge", 0x04: "bridge", 0x08: "bridge", 0x40: "repeater",
                     0x80: "telephone"}  # fmt: skip
_CHASSIS_MAC, _PORT_MAC = 4, 3  # the subtypes that say that an identifier is a MAC
_MAX_TEXT = 256


class Entry(msgspec.Struct, frozen=True):
    """One learned address: behind which bridge port, in which VLAN (None where the table does not say)."""

    mac: str
    port: int
    vlan: int | None = None


class Neighbour(msgspec.Struct, frozen=True):
    """Who says by LLDP or CDP that it is at the other end. `local` is the local port number (CDP: the ifIndex)."""

    protocol: str
    local: int
    mac: str | None = None
    name: str = ""
    port: str = ""
    description: str = ""
    capabilities: tuple[str, ...] = ()

    @property
    def carries_others(self) -> bool:
        """Whether it is a switch or router, with others behind it (a telephone's or camera's own bridge is not)."""
        found = set(self.capabilities)
        return bool(found & {"bridge", "router"}) and not found & {"telephone", "access point"}


def mac_text(octets: object) -> str | None:
    """Six octets as "44:19:b6:00:00:01"; None for anything else, for group addresses and for all zeros."""
    if not isinstance(octets, bytes) or len(octets) != 6 or octets[0] & 1 or not any(octets):
        return None
    return octets.hex(":")


def is_virtual(mac: str) -> bool:
    """Whether `mac` is a redundancy protocol's, shared by several routers."""
    return mac.startswith(_VIRTUAL)


def forwarding(ports: Iterable[Row], states: Iterable[Row], vlan: int | None = None) -> Iterator[Entry]:
    """dot1dTpFdbPort with dot1dTpFdbStatus; all of them in `vlan`. Own, invalid and virtual addresses are left out."""
    left_out = {index for index, state in states if state in (_STATUS_INVALID, _STATUS_SELF)}
    for index, port in ports:
        mac = _mac_index(index)
        if mac and isinstance(port, int) and port > 0 and index not in left_out and not is_virtual(mac):
            yield Entry(mac, port, vlan)


def vlan_forwarding(ports: Iterable[Row], states: Iterable[Row], fdb_ids: Iterable[Row]) -> Iterator[Entry]:
    """dot1qTpFdbPort with dot1qTpFdbStatus; dot1qVlanFdbId tells the VLAN, else the table's number is the VLAN."""
    vlans: dict[int, list[int]] = {}
    for index, number in fdb_ids:
        if len(index) == 2 and isinstance(number, int):
            vlans.setdefault(number, []).append(index[1])
    left_out = {index for index, state in states if state in (_STATUS_INVALID, _STATUS_SELF)}
    for index, port in ports:
        mac = _mac_index(index[1:])
        if mac and isinstance(port, int) and port > 0 and index not in left_out and not is_virtual(mac):
            of_table = vlans.get(index[0], [index[0]])
            yield Entry(mac, port, of_table[0] if len(of_table) == 1 and 0 < of_table[0] < 4095 else None)


def numbers(rows: Iterable[Row]) -> dict[int, int]:
    """A column of integers by its one index: dot1dBasePortIfIndex."""
    return {index[0]: value for index, value in rows if len(index) == 1 and isinstance(value, int)}


def names(rows: Iterable[Row]) -> dict[int, str]:
    """A column of texts by its one index: ifName, ifDescr, ifAlias. Empty ones are left out."""
    found = ((index[0], _text(value)) for index, value in rows if len(index) == 1)
    return {number: name for number, name in found if name}


def own_macs(rows: Iterable[Row]) -> frozenset[str]:
    """ifPhysAddress: the switch's own addresses."""
    return frozenset(mac for _, value in rows if (mac := mac_text(value)))


def vlan_numbers(rows: Iterable[Row]) -> list[int]:
    """vtpVlanState: the VLANs in operation, without those that exist by default and carry no Ethernet."""
    found = {index[1] for index, state in rows if len(index) == 2 and state == 1 and 0 < index[1] < 4095}
    return sorted(found - set(_ETHERNET_DEFAULT_VLANS))


def arp(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """ipNetToMediaPhysAddress: (IPv4 address, MAC)."""
    for index, value in rows:
        mac = mac_text(value)
        if mac and len(index) == 5 and all(0 <= arc < 256 for arc in index[1:]) and not is_virtual(mac):
            yield str(ipaddress.IPv4Address(bytes(index[1:]))), mac


def power(rows: Iterable[Row]) -> dict[int, str]:
    """pethPsePortTable by port number: "off" where it is switched off, else the detection status in a word."""
    states: dict[int, str] = {}
    off: set[int] = set()
    for index, value in rows:
        if len(index) != 3 or not isinstance(value, int):
            continue
        column, group, port = index
        if column == 3 and value == 2 and group == 1:
            off.add(port)
        elif column == 6 and value in _POE_STATES and group == 1:
            states[port] = _POE_STATES[value]
    return {port: "off" if port in off else state for port, state in states.items()}


def lldp_ports(rows: Iterable[Row]) -> dict[int, tuple[str, ...]]:
    """lldpLocPortTable: local port number to the names that it gives to that port (identifier, description)."""
    found: dict[int, tuple[str, ...]] = {}
    for index, value in rows:
        if len(index) == 2 and index[0] in (3, 4) and (name := _text(value)):
            found[index[1]] = (*found.get(index[1], ()), name)
    return found


def lldp_neighbours(rows: Iterable[Row]) -> list[Neighbour]:
    """lldpRemTable, in the order of the ports."""
    found: dict[Index, dict[int, int | str | bytes]] = {}
    for index, value in rows:
        if len(index) == 4:
            found.setdefault(index[1:], {})[index[0]] = value
    return [_lldp(key[1], row) for key, row in sorted(found.items(), key=lambda item: item[0][1:])]


def cdp_neighbours(rows: Iterable[Row]) -> list[Neighbour]:
    """cdpCacheTable, in the order of the interfaces."""
    found: dict[Index, dict[int, int | str | bytes]] = {}
    for index, value in rows:
        if len(index) == 3:
            found.setdefault(index[1:], {})[index[0]] = value
    return [_cdp(key[0], row) for key, row in sorted(found.items())]


def _lldp(local: int, row: dict[int, int | str | bytes]) -> Neighbour:
    chassis = mac_text(row.get(5)) if row.get(4) == _CHASSIS_MAC else None
    port = mac_text(row.get(7)) if row.get(6) == _PORT_MAC else None
    bits = row.get(12)
    return Neighbour(
        "lldp",
        local,
        # A camera's port is its own interface; a switch's port has another address than the switch
        mac=port or chassis,
        name=_text(row.get(9)),
        port=port or _text(row.get(7)),
        description=_text(row.get(10)),
        capabilities=_bits(bits) if isinstance(bits, bytes) else (),
    )


def _cdp(interface: int, row: dict[int, int | str | bytes]) -> Neighbour:
    octets = row.get(9)
    mask = int.from_bytes(octets[:4], "big") if isinstance(octets, bytes) else 0
    return Neighbour(
        "cdp",
        interface,
        name=_text(row.get(6)),
        port=_text(row.get(7)),
        description=_text(row.get(8)),
        capabilities=tuple(dict.fromkeys(name for bit, name in _CDP_CAPABILITIES.items() if mask & bit)),
    )


def _bits(octets: bytes) -> tuple[str, ...]:
    """SNMP BITS: the first bit is the highest of the first octet."""
    return tuple(
        name
        for number, name in enumerate(_LLDP_CAPABILITIES)
        if number // 8 < len(octets) and octets[number // 8] & (0x80 >> number % 8)
    )


def _mac_index(index: Index) -> str | None:
    return mac_text(bytes(index)) if len(index) == 6 and all(0 <= arc < 256 for arc in index) else None


def _text(value: object) -> str:
    return clean(decode(value.rstrip(b"\0")), _MAX_TEXT) if isinstance(value, bytes) else ""
