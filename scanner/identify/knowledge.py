"""A rule set made ready to judge with, and what it reads in one record: statements, of whichever device it is.

Many devices say the same, and one device says the same again and again: what was read of a record is kept, in bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from scanner.identify.channels import STATED_CHANNELS, speaks_of_channels
from scanner.identify.fuse import Statement
from scanner.identify.match import Hit, Matcher
from scanner.identify.names import GENERIC, Names, fold
from scanner.identify.numbers import engine_enterprise, engine_mac, object_enterprise, uuid_in
from scanner.identify.oui import registrant
from scanner.identify.place import SWITCH_PORT, place_statement
from scanner.identify.places import as_number, as_text, places
from scanner.identify.recent import Recent
from scanner.identify.rules import Fingerprint, MakerFile, RuleSet, default_rules
from scanner.models import Device, Evidence, Weight
from scanner.text import clean, normalise_mac

MAC_ADDRESS = "mac-address"
MAC_REGISTRANT = "mac-registrant"
SAID_MAC = "said-mac"
SAID_UUID = "said-uuid"
SNMP_ENTERPRISE = "snmp-enterprise"
SNMP_ENGINE_ID = "snmp-engine-id"
BUILT_IN = {
    MAC_ADDRESS: "the address on the link, as seen by the neighbour table, ARP or DHCP",
    SAID_MAC: "the hardware address that the device states in a protocol with a field for it",
    SAID_UUID: "the endpoint UUID that the device states (WS-Discovery, ONVIF, UPnP)",
    STATED_CHANNELS: "how many video inputs the device states, or how many channels it lists",
    "pinned": "a person's statement: its text names who, when and why",
    SWITCH_PORT: "the port at which a switch that the user named has learned the device's address",
    MAC_REGISTRANT: "IEEE registration of the MAC prefix (list carried by scapy)",
    SNMP_ENTERPRISE: "IANA private enterprise number in sysObjectID",
    SNMP_ENGINE_ID: "IANA private enterprise number in the SNMPv3 engine id (RFC 3411)",
}
"""Fingerprint ids that are code, not rules, and what each rests on."""

_MAC_PLACES = frozenset(
    {"onvif.hwaddress", "onvif.scope.mac", "ws-discovery.scope.mac", "upnp.macaddress", "mdns.txt.macaddress",
     "mdns.txt.mac", "sadp.mac", "dhip.mac", "dvrip.mac", "tplink.mac"}
)  # fmt: skip
_UUID_PLACES = frozenset({"ws-discovery.endpoint", "onvif.endpoint", "upnp.udn", "ssdp.header.usn"})
_BUILT_IN_PLACES = _MAC_PLACES | _UUID_PLACES | {"snmp.sysobjectid", "snmp.engine_id"}
_MAC_DIGITS = 12
_VALUE_LIMIT = 128
_TEXT_LIMIT = 200
_LONGEST_REMEMBERED = 64 * 1024
_STATEMENTS = 16 * 1024
"""How many statements of records, and claims of devices, are kept at least (at most twice as many)."""
_MOST_REMEMBERED = 256
"""Records and devices with more are read and built anew each time: a few hostile ones would push out all the rest."""
_BRIEF = 64
_TEXTS = 2048
_SHORT = 256
_MOST_OF_A_TEXT = 8
"""The same for single texts: records that differ somewhere have most of their texts in common with others."""


_Text = tuple[str, str, str | None, int | None]
_Values = tuple[str, list[tuple[str, str, Weight]]]


class Said(NamedTuple):
    """A statement (its `evidence` is 0) with what a device keeps it under: one voice says one value once."""

    statement: Statement
    key: tuple[str, str, str, str]
    slot: tuple[str, str]


class Reading(NamedTuple):
    """What one record says, of whichever device: `key` stands for its content, None where it is not kept.

    `port` is one that it shows to be open; `channels` says that the record itself has to be asked for channels.
    """

    key: bytes | None
    said: tuple[Said, ...]
    protocol: str
    port: int | None
    channels: bool


class Portrait(NamedTuple):
    """A device as its records made it; `by_host`: it has no identity but the address that it was seen at."""

    device: Device
    by_host: bool


class Knowledge:
    """A rule set made ready to judge with: compiled patterns and known names."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.matcher = Matcher(rules)
        self.names = Names(rules)
        self._literals: dict[tuple[str, str], tuple[str, str] | None] = {}
        self._plain: dict[str, _Values] = {}
        self._read: Recent[bytes, Reading] = Recent(_STATEMENTS, lambda reading: 1 + len(reading.said))
        self._portraits: Recent[tuple[bytes | None, ...], Portrait] = Recent(
            _STATEMENTS, lambda portrait: 1 + len(portrait.device.claims)
        )
        self._texts: Recent[_Text, tuple[Said, ...]] = Recent(_TEXTS)

    def literal(self, field: str, value: str) -> tuple[str, str] | None:
        """`resolve` of a value that a rule states itself, kept."""
        key = (field, value)
        if key not in self._literals:
            self._literals[key] = self.resolve(field, value, False)
        return self._literals[key]

    def resolve(self, field: str, value: str, captured: bool) -> tuple[str, str] | None:
        """The field and value as they are kept: canonical names, safe text; None for what says nothing."""
        if field in ("maker", "brand"):
            file = self.names.find(value)
            if file is not None:
                brand = file.role in ("brand", "both") and captured
                return ("brand" if brand else field), file.name
            if captured and fold(value) in GENERIC:
                return None
            if captured and field == "maker":
                field = "brand"
        kept = clean(value, _VALUE_LIMIT) if captured else value
        return (field, kept) if kept else None

    def plain(self, rule: Fingerprint) -> _Values:
        """What a rule without captures claims, resolved once."""
        found = self._plain.get(rule.id)
        if found is None:
            found = self._plain[rule.id] = _resolved(self, rule, rule.claims)
        return found

    def read(self, record: Evidence) -> Reading:
        """What one record says, its statements in a stable order. Never raises for what it holds."""
        key = _content_key(record)
        if key is None:
            return _reading(self, record, None)
        found = self._read.get(key)
        if found is None:
            found = _reading(self, record, key)
            if found.key is not None:
                self._read.put(key, found)
        return found

    def portrait(self, records: tuple[bytes | None, ...]) -> Portrait | None:
        """The device that records of this content made before."""
        return self._portraits.get(records)

    def keep(self, records: tuple[bytes | None, ...], portrait: Portrait) -> None:
        """Keep what the records made, unless it is large."""
        if len(portrait.device.claims) <= _MOST_REMEMBERED:
            self._portraits.put(records, portrait)

    def said_in(self, place: str, text: str, path: str | None, port: int | None) -> tuple[Said, ...]:
        """What the rules read in one text; `path` and `port` are where it came from."""
        if len(text) > _SHORT:
            return tuple(map(_placed, _in_text(self, place, text, path, port)))
        key = (place, text, path, port)
        found = self._texts.get(key)
        if found is None:
            found = tuple(map(_placed, _in_text(self, place, text, path, port)))
            if len(found) <= _MOST_OF_A_TEXT:
                self._texts.put(key, found)
        return found


@lru_cache(maxsize=4)
def knowledge(rules: RuleSet | None = None) -> Knowledge:
    """The rule set (default: the packaged one) made ready, kept for the next call."""
    return Knowledge(rules if rules is not None else default_rules())


def _content_key(record: Evidence) -> bytes | None:
    """What stands for all of a record but host and time: short content itself, else its digest; None for no JSON."""
    try:
        content = _ENCODER.encode((record.protocol, record.fields))
    except (TypeError, ValueError, RecursionError):
        return None
    if len(content) <= _BRIEF:
        return content
    return blake2b(content, digest_size=16).digest() if len(content) <= _LONGEST_REMEMBERED else None


def _reading(known: Knowledge, record: Evidence, key: bytes | None) -> Reading:
    said = tuple(_said(known, record))
    port = as_number(record.get("port")) if record.protocol != SWITCH_PORT else None  # there it is one of the switch
    shown = port is not None and 0 < port < 65536 and record.get("state", "open") == "open"
    return Reading(
        key if len(said) <= _MOST_REMEMBERED else None,
        said,
        clean(record.protocol, 32),
        port if shown else None,
        speaks_of_channels(record),
    )


def _placed(each: Statement) -> Said:
    return Said(
        each,
        (each.field, each.value, each.fingerprint, each.where.partition(".")[0]),
        (each.field, each.fingerprint),
    )


def _said(known: Knowledge, record: Evidence) -> list[Said]:
    if record.protocol in ("mac", SWITCH_PORT):
        return list(map(_placed, _link(known, record)))
    found: list[Said] = []
    path, port = as_text(record.get("path")) or None, as_number(record.get("port"))
    for place, text in places(record):
        if known.matcher.knows(place):
            found += known.said_in(place, text, *(path, port) if known.matcher.asks_from_where(place) else (None, None))
        elif place in _BUILT_IN_PLACES:
            found += known.said_in(place, text, None, None)
    return found


def _in_text(known: Knowledge, place: str, text: str, path: str | None, port: int | None) -> Iterator[Statement]:
    if place in _BUILT_IN_PLACES:
        yield from _built_in(known, place, text)
    for hit in known.matcher.hits(place, text, path, port):
        yield from _of_hit(known, hit, place)


def _link(known: Knowledge, record: Evidence) -> Iterator[Statement]:
    """What the link shows: an address, and perhaps the switch's port."""
    where = f"{record.protocol}.mac" if record.protocol != "mac" else "mac"
    yield from _mac(known, as_text(record.get("mac")), where)
    if record.protocol == SWITCH_PORT and (place := place_statement(record, 0)):
        yield place


def _built_in(known: Knowledge, place: str, text: str) -> Iterator[Statement]:
    if place in _MAC_PLACES:
        yield from _mac(known, text, place, SAID_MAC, Weight.MEDIUM)
    elif place in _UUID_PLACES:
        if found := uuid_in(text):
            yield Statement("uuid", found, Weight.STRONG, SAID_UUID, 0, place, found)
            yield from _registered(known, normalise_mac(found[-_MAC_DIGITS:]) or "")
    elif place == "snmp.sysobjectid":
        yield from _enterprise(known, object_enterprise(text), SNMP_ENTERPRISE, place, text)
    else:
        yield from _enterprise(known, engine_enterprise(text), SNMP_ENGINE_ID, place, text)
        yield from _mac(known, engine_mac(text), place, SNMP_ENGINE_ID, Weight.MEDIUM)


def _of_hit(known: Knowledge, hit: Hit, place: str) -> Iterator[Statement]:
    """The values that a rule claims, as they are kept."""
    rule = hit.rule
    text = _shown(hit.text[: _TEXT_LIMIT + 1])
    said_by, values = known.plain(rule) if hit.values is rule.claims else _resolved(known, rule, hit.values)
    for field, value, weight in values:
        if field == "mac":
            yield from _mac(known, value, place, rule.id, weight)
        else:
            yield Statement(field, value, weight, rule.id, 0, place, text, said_by)


def _resolved(known: Knowledge, rule: Fingerprint, values: dict[str, str]) -> _Values:
    """(the maker that the rule names or "", [(field, value, weight)]) of what the rule claims."""
    resolved: list[tuple[str, str, Weight]] = []
    said_by = ""
    for field, value in values.items():
        captured = "$" in rule.claims[field]
        kept = known.resolve(field, value, True) if captured else known.literal(field, value)
        if kept is None:
            continue
        stands_in = captured and field == "maker" and kept[0] == "brand" and known.names.find(value) is None
        resolved.append((*kept, Weight.WEAK if stands_in else rule.weights[field]))
        if kept[0] == "maker" and not said_by:
            said_by = kept[1]
    return said_by, resolved


def _mac(
    known: Knowledge, value: str, place: str, rule: str = MAC_ADDRESS, weight: Weight = Weight.STRONG
) -> Iterator[Statement]:
    mac = normalise_mac(value)
    if mac is None:
        return
    yield Statement("mac", mac, weight, rule, 0, place, mac)
    yield from _registered(known, mac)


def _registered(known: Knowledge, mac: str) -> Iterator[Statement]:
    """Who registered the prefix. Many UUIDs end with their device's MAC; hardly another ends with a known prefix."""
    organisation = registrant(mac)
    file = known.names.registrant(organisation) if organisation else None
    if organisation and file:
        yield _named(file, Weight.WEAK, MAC_REGISTRANT, "mac.registrant", f"{mac} {organisation}")


def _enterprise(known: Knowledge, number: int | None, rule: str, place: str, text: str) -> Iterator[Statement]:
    file = known.names.enterprise(number) if number is not None else None
    if file is not None:
        yield _named(file, Weight.MEDIUM, rule, place, clean(text, _TEXT_LIMIT))


@lru_cache(maxsize=2048)
def _shown(text: str) -> str:
    """A matched text, safe to show. Several rules match one text, and many devices say the same."""
    return clean(text, _TEXT_LIMIT)


def _named(file: MakerFile, weight: Weight, rule: str, place: str, text: str) -> Statement:
    field = "brand" if file.role == "brand" else "maker"
    return Statement(field, file.name, weight, rule, 0, place, text)


_ENCODER = msgspec.json.Encoder()
