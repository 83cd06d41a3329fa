"""Neighbour tables of hosts and routers, and MAC tables of switches, as their commands print them.

Read word by word, not column by column, as each maker aligns otherwise: a line with an address and a MAC is a
neighbour; a line with a MAC alone is an entry of a switch, with the port and VLAN that stand beside it.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import BinaryIO

import msgspec

from scanner.intake.lines import Told, head_lines, text_lines
from scanner.intake.values import address_in, cell, looks_like_mac, mac_in
from scanner.models import Evidence, EvidenceProblem
from scanner.text import is_ip

_ASKS = ("show mac", "display mac", "show ethernet-switching", "show arp", "show ip arp", "display arp", "show fdb",
         "show bridge", "show ipv6 neighbors", "show ndp")  # fmt: skip
_UNANSWERED = ("incomplete", "failed", "<incomplete>", "---")
_NOT_A_PORT = frozenset({"cpu", "self", "local", "router", "switch", "sup", "vpls"})
_STATES = frozenset({"dynamic", "static", "learned", "learn", "secure", "permanent", "aging", "age", "type", "drop"})
_HEADER = frozenset({"mac", "vlan", "vid", "port", "interface", "address"})
MAX_ENTRIES = 200_000
_SURE = 0.6
"""Of the lines that hold a MAC or an address, as many must be of the kind for the file to be recognised."""


class ArpTable:
    """`arp -a`, `arp -n`, `ip neigh`, /proc/net/arp, Windows, `show ip arp` of the switch and router makers."""

    name = "arp-table"
    title = "ARP or neighbour table"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content decides
        """Most lines pair an address with a MAC."""
        pairs, macs = _count(head)
        return pairs > 0 and pairs >= _SURE * (pairs + macs)

    def read(self, stream: BinaryIO) -> Iterator[Evidence | EvidenceProblem]:
        yield from read_tables(self.name, stream)


class MacTable:
    """`show mac address-table` and its kin; the switch is named by its prompt, else by the file."""

    name = "mac-table"
    title = "switch MAC table"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content decides
        """Most lines hold one MAC, no address, and a port."""
        pairs, macs = _count(head)
        return macs > 0 and macs >= _SURE * (pairs + macs)

    def read(self, stream: BinaryIO) -> Iterator[Evidence | EvidenceProblem]:
        yield from read_tables(self.name, stream)


def read_tables(via: str, stream: BinaryIO) -> Iterator[Evidence | EvidenceProblem]:
    """Neighbours as `mac` evidence under their address, switch entries as `mac` and `switch-port` under their MAC."""
    told = Told()
    switch = file_stem(stream)
    port_first = False
    entries: list[Entry] = []
    for line in text_lines(stream):
        if isinstance(line, EvidenceProblem):
            yield line
            continue
        number, text = line
        words = text.replace("|", " ").split()
        if prompt := _prompt(text):
            switch = prompt
        elif not any(map(looks_like_mac, words)):
            if len(header := _header(words)) > 1:
                port_first = header.index("port") < header.index("vlan") if {"port", "vlan"} <= set(header) else False
            elif _lost(words):
                yield from told.problem(number, "an address with no MAC that can be read")
        elif (neighbour := _neighbour(words)) is not None:
            yield Evidence(neighbour[0], "mac", {"mac": neighbour[1], "via": via})
        elif not any(address_in(word) for word in words) and (entry := _entry(words, switch, port_first=port_first)):
            if len(entries) < MAX_ENTRIES:
                entries.append(entry)
            else:
                yield from told.problem(number, f"more than {MAX_ENTRIES} switch entries")
    yield from switch_ports(via, entries)
    yield from told.rest()


class Entry(msgspec.Struct, frozen=True):
    """A MAC that a switch has learned, and where; "" for what the table does not say."""

    mac: str
    port: str = ""
    vlan: str = ""
    switch: str = ""


def switch_ports(via: str, entries: Sequence[Entry]) -> Iterator[Evidence]:
    """`mac` and `switch-port` evidence under each MAC. `macs_on_port` tells a device's own port from an uplink."""
    crowd = Counter((entry.switch, entry.port) for entry in {(e.switch, e.port, e.mac): e for e in entries}.values())
    for entry in entries:
        yield Evidence(entry.mac, "mac", {"mac": entry.mac, "via": via})
        if entry.port:
            said = {"mac": entry.mac, "vlan": entry.vlan, "port": entry.port, "switch": entry.switch}
            fields = {name: value for name, value in said.items() if value}
            others = {"macs_on_port": crowd[entry.switch, entry.port]}
            yield Evidence(entry.mac, "switch-port", {**fields, **others, "via": via})


def file_stem(stream: BinaryIO) -> str:
    """The name of the stream's file without its ending, where it has one."""
    name = getattr(stream, "name", "")
    return cell(PurePath(name).stem, 64) if isinstance(name, str) and not name.startswith("<") else ""


def _prompt(line: str) -> str:
    """`sw-floor1` of `sw-floor1#show mac address-table`, `admin@sw-floor1> show …`, `<sw-floor1>display …`; else ""."""
    low = line.lower()
    at = min((found for ask in _ASKS if (found := low.find(ask)) >= 0), default=-1)
    if at <= 0 or at > 128:
        return ""
    before = line[:at].strip()
    if not before.endswith(("#", ">", "$", "]")):
        return ""
    return cell(before.rstrip("#>$] ").lstrip("<[{").rpartition("@")[2].partition("(")[0], 64)


def _header(words: Sequence[str]) -> list[str]:
    """The known column names of a header line in their order, VLAN and port under one name each."""
    found = [low for word in words if (low := word.lower().strip("():,")) in _HEADER]
    return ["port" if word == "interface" else "vlan" if word == "vid" else word for word in found]


def _lost(words: Sequence[str]) -> bool:
    """Whether a line begins as a neighbour's does and holds no MAC, though the neighbour is said to have answered."""
    if not words or any(word.lower().strip("()") in _UNANSWERED for word in words):
        return False
    leads = address_in(words[0]) or (len(words) > 1 and (words[0] == "Internet" or words[1].startswith("(")))
    return bool(leads) and any(word.count(":") >= 5 or word.count("-") == 5 for word in words)


def _neighbour(words: Sequence[str]) -> tuple[str, str] | None:
    macs = [mac for word in words if (mac := mac_in(word)) is not None]
    addresses = [host for word in words if not looks_like_mac(word) and (host := address_in(word)) is not None]
    return (addresses[0], macs[0]) if len(macs) == 1 and addresses else None


def _entry(words: Sequence[str], switch: str, *, port_first: bool) -> Entry | None:
    """The entry of one line; None for group addresses and the switch's own."""
    at = next(index for index, word in enumerate(words) if looks_like_mac(word))
    mac = mac_in(words[at])
    low = {word.lower().strip("()") for word in words}
    if mac is None or low & _NOT_A_PORT or any(word.startswith(("sup-eth", "cpu")) for word in low):
        return None
    port, vlan = _port_and_vlan(words[:at], words[at + 1 :], port_first=port_first)
    return Entry(mac, port, vlan, switch)


def _port_and_vlan(before: Sequence[str], after: Sequence[str], *, port_first: bool) -> tuple[str, str]:
    """The port: a name with a digit, first after the MAC; else of two plain numbers the one that the header says."""
    everything = [*after, *before]
    named = next((word for word in everything if _is_port_name(word)), "")
    vlan = _vlan_said(everything) or next((v for word in (*before, *after) if (v := _vlan_number(word))), "")
    if named:
        return cell(named, 64), vlan or _vlan_name(before)
    numbers = [word for word in after if word.isascii() and word.isdigit() and len(word) < 5]
    if not numbers:
        return "", vlan
    if _vlan_number(before[0] if before else "") or len(numbers) == 1:
        return numbers[0], _vlan_number(before[0]) if before else ""
    return (numbers[0], numbers[1]) if port_first else (numbers[1], numbers[0])


def _is_port_name(word: str) -> bool:
    """`Gi1/0/1`, `ge-0/0/1.0`, `1/1/1`, `Eth1/1`, `ether2`, `Po10`, `Trk1`: no state, no VLAN, no time."""
    low = word.lower()
    if len(word) > 64 or ":" in word or low in _STATES or low.startswith(("vlan", "0x")) or not low[-1:].isalnum():
        return False
    if not low.isascii() or not any(character.isdigit() for character in low):
        return False
    return ("/" in low and low[0].isalnum() and low[-1].isdigit()) or (low[0].isalpha() and low[-1].isdigit())


def _vlan_said(words: Sequence[str]) -> str:
    for word, following in itertools.pairwise(words):
        if word.lower() in ("vlan", "vid"):
            return _vlan_number(following)
    return ""


def _vlan_number(word: str) -> str:
    """`10` of `10`, `10/-`, `vlan10`; "" for what is no VLAN number."""
    number = word.lower().removeprefix("vlan").partition("/-")[0]
    return number.lstrip("0") if number.isascii() and number.isdigit() and 0 < int(number[:5]) < 4095 else ""


def _vlan_name(before: Sequence[str]) -> str:
    """A VLAN that has a name alone (Juniper)."""
    return next((cell(word, 64) for word in before if word[:1].isalpha() and len(word) > 1), "")


def _count(head: bytes) -> tuple[int, int]:
    """(lines with an address and a MAC, lines with a MAC and a port) among the first."""
    pairs = macs = 0
    for line in head_lines(head, 200):
        if "," in line or '"' in line or "{" in line or ";" in line:
            continue
        words = line.replace("|", " ").split()
        known = [word for word in words[:12] if looks_like_mac(word)]
        if len(known) != 1 or len(words) > 16:
            continue
        if any(is_ip(word.strip("()").partition("%")[0]) for word in words if not looks_like_mac(word)):
            pairs += 1
        elif len(words) > 1:
            macs += 1
    return pairs, macs
