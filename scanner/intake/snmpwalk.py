"""The output of net-snmp's `snmpwalk`, with numeric names (`-On`) or those of the common MIBs.

The device itself becomes `snmp` evidence. Its ARP and bridge tables tell of others: `mac` and `switch-port`.
Sources: snmpcmd(1); RFC 3418 (system), RFC 6933 (entPhysical), RFC 4293 (ipNetToMedia, ipNetToPhysical), RFC 4188
(dot1dTpFdb), RFC 4363 (dot1qTpFdb), RFC 2863 (ifName).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import BinaryIO

from scanner.intake.lines import Told, head_lines, text_lines
from scanner.intake.network_tables import Entry, file_stem, switch_ports
from scanner.intake.values import address_in, cell, mac_of
from scanner.models import Evidence, EvidenceProblem
from scanner.text import clean

_MIB2 = "1.3.6.1.2.1"
_OBJECTS = {
    "sysDescr": f"{_MIB2}.1.1", "sysObjectID": f"{_MIB2}.1.2", "sysUpTime": f"{_MIB2}.1.3",
    "sysUpTimeInstance": f"{_MIB2}.1.3.0", "sysContact": f"{_MIB2}.1.4", "sysName": f"{_MIB2}.1.5",
    "sysLocation": f"{_MIB2}.1.6", "sysServices": f"{_MIB2}.1.7",
    "ifDescr": f"{_MIB2}.2.2.1.2", "ifPhysAddress": f"{_MIB2}.2.2.1.6", "ifName": f"{_MIB2}.31.1.1.1.1",
    "ifAlias": f"{_MIB2}.31.1.1.1.18",
    "ipAdEntAddr": f"{_MIB2}.4.20.1.1", "ipNetToMediaPhysAddress": f"{_MIB2}.4.22.1.2",
    "atPhysAddress": f"{_MIB2}.3.1.1.2", "ipNetToPhysicalPhysAddress": f"{_MIB2}.4.35.1.4",
    "dot1dBaseBridgeAddress": f"{_MIB2}.17.1.1", "dot1dBasePortIfIndex": f"{_MIB2}.17.1.4.1.2",
    "dot1dTpFdbPort": f"{_MIB2}.17.4.3.1.2", "dot1qTpFdbPort": f"{_MIB2}.17.7.1.2.2.1.2",
    **{f"entPhysical{name}": f"{_MIB2}.47.1.1.1.1.{number}" for name, number in (
        ("Descr", 2), ("VendorType", 3), ("Class", 5), ("Name", 7), ("HardwareRev", 8), ("FirmwareRev", 9),
        ("SoftwareRev", 10), ("SerialNum", 11), ("MfgName", 12), ("ModelName", 13), ("Alias", 14))},
    "iso": "1", "org": "1.3", "internet": "1.3.6.1", "mib-2": _MIB2, "enterprises": "1.3.6.1.4.1",
    "netSnmpAgentOIDs": "1.3.6.1.4.1.8072.3.2", "ccitt": "0", "zeroDotZero": "0.0",
}  # fmt: skip
_KEPT = (f"{_MIB2}.1.", f"{_MIB2}.47.1.1.1.1.", "1.3.6.1.4.1.")
_ABOUT_THE_AGENT = f"{_MIB2}.1.9."  # sysORTable: which MIBs it knows
_FDB, _QFDB = f"{_OBJECTS['dot1dTpFdbPort']}.", f"{_OBJECTS['dot1qTpFdbPort']}."
_NEIGHBOURS = tuple(f"{_OBJECTS[name]}." for name in (
    "ipNetToMediaPhysAddress", "ipNetToPhysicalPhysAddress", "atPhysAddress"))  # fmt: skip
_IF_NAME, _IF_DESCR, _IF_MAC = (f"{_OBJECTS[name]}." for name in ("ifName", "ifDescr", "ifPhysAddress"))
_BASE_PORT, _OWN_ADDRESS = f"{_OBJECTS['dot1dBasePortIfIndex']}.", f"{_OBJECTS['ipAdEntAddr']}."
_MAX_OIDS = 300
_MAX_TABLE = 200_000
_VALUE = 1024
_ABSENT = ("No Such Object", "No Such Instance", "No more variables", "Wrong Type")


class SnmpWalk:
    """One walk of one device. Its host is the address in the file's name, else its only own one, else its sysName."""

    name = "snmpwalk"
    title = "snmpwalk output"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content decides
        """A first line `NAME = TYPE: value` whose name is an OID or one of a known MIB."""
        lines = [line for line in head_lines(head, 5) if line.strip()]
        pair = _pair(lines[0]) if lines else None
        return pair is not None and pair[0].count(".") > 5

    def read(self, stream: BinaryIO) -> Iterator[Evidence | EvidenceProblem]:
        walk = _Walk()
        told = Told()
        for line in text_lines(stream):
            if isinstance(line, EvidenceProblem):
                yield line
                continue
            number, text = line
            if (pair := _pair(text)) is not None:
                if not walk.take(*pair):
                    yield EvidenceProblem(number, f"more than {_MAX_TABLE} values: the rest was not read")
                    break
            elif text.strip() and not walk.more(text):
                yield from told.problem(number, "not a line of snmpwalk: NAME = TYPE: value")
        yield from told.rest()
        yield from walk.evidence(file_stem(stream), self.name)


class _Walk:
    """The values of interest, collected, as rows of one table only make sense with those of another."""

    def __init__(self) -> None:
        self.oids: dict[str, str] = {}
        self.tables: dict[str, dict[str, str]] = {}
        self._count = 0
        self._last = ""

    def take(self, oid: str, value: str) -> bool:
        """Keep what is of interest; False when there is too much of it."""
        self._last = ""
        if oid.startswith(_KEPT) and not oid.startswith(_ABOUT_THE_AGENT):
            if len(self.oids) < _MAX_OIDS and value:
                self.oids[oid] = value
                self._last = oid
            return True
        for prefix in (_FDB, _QFDB, *_NEIGHBOURS, _IF_NAME, _IF_DESCR, _IF_MAC, _BASE_PORT, _OWN_ADDRESS):
            if oid.startswith(prefix):
                self._count += 1
                self.tables.setdefault(prefix, {})[oid.removeprefix(prefix)] = value
                return self._count <= _MAX_TABLE
        return True

    def more(self, text: str) -> bool:
        """A line that goes on with the value before it (texts may hold line ends)."""
        if not self._last:
            return bool(self._count or self.oids)
        said = f"{self.oids[self._last]} {_plain(text)}"
        self.oids[self._last] = clean(said, _VALUE)
        return True

    def evidence(self, stem: str, via: str) -> Iterator[Evidence]:
        name = cell(self.oids.get(f"{_OBJECTS['sysName']}.0", ""), 64)
        host = address_in(stem) or self._own_address() or name or stem or "snmpwalk"
        if self.oids:
            yield Evidence(host, "snmp", {"oids": self.oids, "via": via})
        own = {mac for value in self._table(_IF_MAC).values() if (mac := mac_of(value)) is not None}
        if len(own) == 1:
            yield Evidence(host, "mac", {"mac": own.pop(), "via": via})
        yield from self._neighbours(via)
        yield from switch_ports(via, list(self._bridge(name or stem or host)))

    def _table(self, prefix: str) -> dict[str, str]:
        return self.tables.get(prefix, {})

    def _own_address(self) -> str | None:
        own = [host for value in self._table(_OWN_ADDRESS).values() if (host := address_in(value))]
        own = [host for host in own if not ipaddress.ip_address(host).is_loopback]
        return own[0] if len(own) == 1 else None

    def _neighbours(self, via: str) -> Iterator[Evidence]:
        known: set[tuple[str, str]] = set()
        for prefix in _NEIGHBOURS:
            for index, value in self._table(prefix).items():
                host, mac = _indexed_address(index), mac_of(value)
                if host is not None and mac is not None and (host, mac) not in known:
                    known.add((host, mac))
                    yield Evidence(host, "mac", {"mac": mac, "via": via})

    def _bridge(self, switch: str) -> Iterator[Entry]:
        names = {**self._table(_IF_DESCR), **{k: v for k, v in self._table(_IF_NAME).items() if v}}
        # The plain table says the same again, without VLANs.
        prefix = _QFDB if self._table(_QFDB) else _FDB
        for index, bridge_port in self._table(prefix).items():
            mac, vlan = _indexed_mac(index)
            if mac is not None and bridge_port.isdigit() and bridge_port != "0":
                port = names.get(self._table(_BASE_PORT).get(bridge_port, ""), "") or bridge_port
                yield Entry(mac, cell(port, 64), vlan, switch)


def _pair(line: str) -> tuple[str, str] | None:
    """(dotted OID, value as text) of one line; None where its name is no OID that we know."""
    name, mark, rest = line.partition(" = ")
    if not mark or len(name) > 512:
        return None
    oid = _dotted(name.strip())
    if oid is None:
        return ("", "") if "::" in name and " " not in name.strip() else None
    return oid, _value(rest.strip())


def _dotted(name: str) -> str | None:
    """The numbers of `.1.3.6…`, `iso.3.6…`, `SNMPv2-MIB::sysDescr.0`, `…Address.2.ipv4."198.51.100.1"`."""
    name = name.rpartition("::")[2] if "::" in name else name
    head, _, index = name.lstrip(".").partition(".")
    if not head.isdigit():
        known = _OBJECTS.get(head)
        if known is None:
            return None
        head = known
    for word, numbers in (("ipv4.", "1.4."), ("ipv6.", "2.16.")):
        before, mark, quoted = index.partition(word)
        if mark and quoted.startswith('"'):
            index = before + numbers + _address_numbers(quoted.strip('"'))
    dotted = f"{head}.{index}" if index else head
    return dotted if all(part.isascii() and part.isdigit() for part in dotted.split(".")) else None


def _address_numbers(text: str) -> str:
    """An address as the numbers of an index: `198.51.100.1`, or sixteen bytes written `fe:80:…`."""
    if ":" in text and all(len(part) == 2 for part in text.split(":")):
        try:
            return ".".join(str(int(part, 16)) for part in text.split(":"))
        except ValueError:
            return ""
    return text


def _value(text: str) -> str:
    """A value without its type and quotes; OIDs dotted; "" for what the agent does not have."""
    if text.startswith(_ABSENT):
        return ""
    kind, mark, rest = text.partition(": ")
    if not mark or " " in kind.replace("Network Address", "") or kind.startswith('"'):
        return _plain(text)
    if kind == "OID":
        return _dotted(rest.strip()) or _plain(rest)
    if kind == "INTEGER" and "(" in rest and rest.endswith(")"):
        return _plain(rest.rpartition("(")[2].removesuffix(")"))
    return _plain(rest)


def _plain(text: str) -> str:
    text = text.strip().removeprefix('"').removesuffix('"')
    return clean(text.replace('\\"', '"').replace("\\\\", "\\"), _VALUE)


def _numbers(index: str) -> list[int]:
    return [int(part[:10]) for part in index.split(".") if part][:64]


def _indexed_address(index: str) -> str | None:
    """The address at the end of `ifIndex.a.b.c.d` or of `ifIndex.type.length.…` (RFC 4001)."""
    numbers = _numbers(index)
    packed = numbers[3:] if len(numbers) in (7, 19) and numbers[2] in (4, 16) else numbers[-4:]
    if len(packed) not in (4, 16) or len(numbers) < 5 or max(packed) > 255:
        return None
    return address_in(str(ipaddress.ip_address(bytes(packed))))


def _indexed_mac(index: str) -> tuple[str | None, str]:
    """(MAC, VLAN or "") of an index `m.m.m.m.m.m` or `vlan.m.m.m.m.m.m`."""
    numbers = _numbers(index)
    if len(numbers) not in (6, 7) or max(numbers[-6:]) > 255:
        return None, ""
    mac = mac_of(":".join(f"{number:02x}" for number in numbers[-6:]))
    return mac, str(numbers[0]) if len(numbers) == 7 else ""
