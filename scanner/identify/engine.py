"""Evidence in, device out: a pure function, as a one-shot call, as a builder, and over a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256

from scanner.identify.channels import STATED_CHANNELS, ChannelBook, channel_count
from scanner.identify.fuse import Facts, Statement, fuse
from scanner.identify.match import Hit, Matcher
from scanner.identify.names import GENERIC, Names, fold
from scanner.identify.numbers import engine_enterprise, engine_mac, object_enterprise, uuid_in
from scanner.identify.oui import registrant
from scanner.identify.place import SWITCH_PORT, place_of, place_statement
from scanner.identify.places import as_number, as_text, places
from scanner.identify.rules import MakerFile, RuleSet, default_rules
from scanner.identify.why import why
from scanner.models import CLAIM_FIELDS, Channel, Claim, Conflict, Device, Evidence, Weight
from scanner.text import clean, is_ip, normalise_mac

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
_COUNTING = "01234567890123456789abcdef"
_PLACEHOLDERS = frozenset(
    {"unknown", "redacted", "serialnumber", "default", "001122334455", "112233445566", "aabbccddeeff", "12345679890"}
)
_MAX_CLAIMS = 400
_MAX_VALUES = 8
_VALUE_LIMIT = 128
_TEXT_LIMIT = 200
_FIELD_ORDER = {field: index for index, field in enumerate(CLAIM_FIELDS)}
_WEIGHT_ORDER = {Weight.STRONG: 0, Weight.MEDIUM: 1, Weight.WEAK: 2}


class Knowledge:
    """A rule set made ready to judge with: compiled patterns and known names."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.matcher = Matcher(rules)
        self.names = Names(rules)
        self._literals: dict[tuple[str, str], tuple[str, str] | None] = {}

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


@lru_cache(maxsize=4)
def knowledge(rules: RuleSet | None = None) -> Knowledge:
    """The rule set (default: the packaged one) made ready, kept for the next call."""
    return Knowledge(rules if rules is not None else default_rules())


def identify(evidence: Iterable[Evidence], rules: RuleSet | None = None) -> Device:
    """The device that all of `evidence` speaks of. Pure: the same records give the same device."""
    builder: DeviceBuilder | None = None
    for record in evidence:
        if builder is None:
            builder = DeviceBuilder(record.host, rules)
        builder.add(record)
    return (builder or DeviceBuilder("", rules)).device()


def identify_stream(evidence: Iterable[Evidence], rules: RuleSet | None = None) -> Iterator[Device]:
    """One device a host, in order of first appearance; the records themselves are not kept."""
    builders: dict[str, DeviceBuilder] = {}
    for record in evidence:
        builder = builders.get(record.host)
        if builder is None:
            builder = builders[record.host] = DeviceBuilder(record.host, rules)
        builder.add(record)
    for builder in builders.values():
        yield builder.device()


class DeviceBuilder:
    """Takes the evidence of one host record by record and keeps only what the fingerprints claim of it."""

    def __init__(self, host: str, rules: RuleSet | None = None) -> None:
        self.host = host
        self._known = knowledge(rules)
        self._count = 0
        self._statements: dict[tuple[str, str, str, str], Statement] = {}
        self._values: dict[tuple[str, str], int] = {}
        self._ports: set[int] = set()
        self._protocols: set[str] = set()
        self._channels = ChannelBook()

    def add(self, record: Evidence) -> None:
        """Take one record. Never raises for what it holds."""
        index = self._count
        self._count += 1
        self._note_origin(record)
        if record.protocol in ("mac", SWITCH_PORT):
            self._link(record, index)
            return
        self._channels.add(record, index)
        path, port = as_text(record.get("path")) or None, as_number(record.get("port"))
        for place, text in places(record):
            if place in _BUILT_IN_PLACES:
                self._built_in(place, text, index)
            for hit in self._known.matcher.hits(place, text, path, port):
                self._take(hit, index, place)

    def _link(self, record: Evidence, index: int) -> None:
        """What the link shows: an address, and perhaps the switch's port."""
        self._mac(as_text(record.get("mac")), index, f"{record.protocol}.mac" if record.protocol != "mac" else "mac")
        if record.protocol == SWITCH_PORT and (place := place_statement(record, index)):
            self._state(place)

    def device(self) -> Device:
        """The device as of now."""
        return build_device(
            self.host,
            (*self._statements.values(), *self._channels.statements()),
            self._known.names,
            evidence_count=self._count,
            channels=self._channels.channels(),
            ports=tuple(sorted(self._ports)),
            protocols=tuple(sorted(self._protocols)),
        )

    def _built_in(self, place: str, text: str, index: int) -> None:
        if place in _MAC_PLACES:
            self._mac(text, index, place, SAID_MAC, Weight.MEDIUM)
        elif place in _UUID_PLACES:
            if found := uuid_in(text):
                self._state(Statement("uuid", found, Weight.STRONG, SAID_UUID, index, place, found))
        elif place == "snmp.sysobjectid":
            self._enterprise(object_enterprise(text), SNMP_ENTERPRISE, index, place, text)
        else:
            self._enterprise(engine_enterprise(text), SNMP_ENGINE_ID, index, place, text)
            self._mac(engine_mac(text), index, place, SNMP_ENGINE_ID, Weight.MEDIUM)

    def _note_origin(self, record: Evidence) -> None:
        if len(self._protocols) < 64:
            self._protocols.add(clean(record.protocol, 32))
        if record.protocol == SWITCH_PORT:
            return  # its port is one of the switch
        port = as_number(record.get("port"))
        if port is not None and 0 < port < 65536 and record.get("state", "open") == "open":
            self._ports.add(port)

    def _take(self, hit: Hit, index: int, place: str) -> None:
        rule, known = hit.rule, self._known
        text = _shown(hit.text[: _TEXT_LIMIT + 1])
        resolved: list[tuple[str, str, Weight]] = []
        for field, value in hit.values.items():
            captured = "$" in rule.claims[field]
            kept = known.resolve(field, value, True) if captured else known.literal(field, value)
            if kept is not None:
                stands_in = captured and field == "maker" and kept[0] == "brand" and known.names.find(value) is None
                resolved.append((*kept, Weight.WEAK if stands_in else rule.weights[field]))
        said_by = next((value for field, value, _ in resolved if field == "maker"), "")
        for field, value, weight in resolved:
            if field == "mac":
                self._mac(value, index, place, rule.id, weight)
            else:
                self._state(Statement(field, value, weight, rule.id, index, place, text, said_by))

    def _mac(self, value: str, index: int, place: str, rule: str = MAC_ADDRESS, weight: Weight = Weight.STRONG) -> None:
        mac = normalise_mac(value)
        if mac is None:
            return
        self._state(Statement("mac", mac, weight, rule, index, place, mac))
        organisation = registrant(mac)
        file = self._known.names.registrant(organisation) if organisation else None
        if organisation and file:
            self._state(_named(file, Weight.WEAK, MAC_REGISTRANT, index, "mac.registrant", f"{mac} {organisation}"))

    def _enterprise(self, number: int | None, rule: str, index: int, place: str, text: str) -> None:
        file = self._known.names.enterprise(number) if number is not None else None
        if file is not None:
            self._state(_named(file, Weight.MEDIUM, rule, index, place, clean(text, _TEXT_LIMIT)))

    def _state(self, statement: Statement) -> None:
        """Keep a statement once, with the text that sorts first; a hostile device can't make more than some hundred."""
        source = statement.where.partition(".")[0]
        key = (statement.field, statement.value, statement.fingerprint, source)
        known = self._statements.get(key)
        if known is not None:
            if (statement.where, statement.text) < (known.where, known.text):
                self._statements[key] = statement
            return
        if len(self._statements) >= _MAX_CLAIMS:
            return
        slot = (statement.field, statement.fingerprint)
        self._values[slot] = self._values.get(slot, 0) + 1
        if self._values[slot] <= _MAX_VALUES:
            self._statements[key] = statement


@lru_cache(maxsize=512)
def _shown(text: str) -> str:
    """A matched text, safe to show. Several rules match one text, and many devices say the same."""
    return clean(text, _TEXT_LIMIT)


def _named(file: MakerFile, weight: Weight, rule: str, index: int, place: str, text: str) -> Statement:
    field = "brand" if file.role == "brand" else "maker"
    return Statement(field, file.name, weight, rule, index, place, text)


def build_device(
    host: str,
    statements: tuple[Statement, ...],
    names: Names,
    *,
    evidence_count: int,
    ports: tuple[int, ...] = (),
    protocols: tuple[str, ...] = (),
    addresses: tuple[str, ...] | None = None,
    channels: tuple[Channel, ...] = (),
) -> Device:
    """Fuse the statements and give each an id: c1, c2, … by field, weight, fingerprint, value."""
    facts = fuse(statements, names)
    ordered = sorted(statements, key=_claim_order)
    claims = tuple(
        Claim(f"c{number}", each.field, each.value, each.weight, each.fingerprint, each.evidence, each.where, each.text)
        for number, each in enumerate(ordered, start=1)
    )
    values = facts.values
    switch, switch_port = place_of(statements)
    count = None if facts.is_camera is False else channel_count(statements, channels, facts.kind)
    return Device(
        id=device_id(host, values),
        host=host,
        addresses=addresses if addresses is not None else ((host,) if is_ip(host) else ()),
        mac=values.get("mac"),
        is_camera=facts.is_camera,
        kind=facts.kind,
        product=values.get("product"),
        brand=values.get("brand"),
        maker=facts.maker,
        family=values.get("family"),
        chip=values.get("chip"),
        model=values.get("model"),
        firmware=values.get("firmware"),
        serial=values.get("serial"),
        name=values.get("name"),
        confidence=facts.confidence,
        why=why(facts, claims),
        claims=claims,
        conflicts=_conflicts(facts, claims),
        evidence_count=evidence_count,
        switch=switch,
        switch_port=switch_port,
        channel_count=count,
        channels=channels if count is not None else (),
        ports=ports,
        protocols=protocols,
    )


def device_id(host: str, values: dict[str, str]) -> str:
    """Sixteen hex digits that stay the same as long as the device's serial, UUID, MAC or address does."""
    for field in ("serial", "uuid", "mac"):
        value = values.get(field, "")
        if telling(value):
            return sha256(f"{field}:{value.casefold()}".encode()).hexdigest()[:16]
    return sha256(f"host:{host}".encode("utf-8", "replace")).hexdigest()[:16]


def telling(identity: str) -> bool:
    """Whether a serial, UUID or MAC can tell devices apart: placeholders as "000000" or "123456789" can't."""
    digits = "".join(character for character in identity.casefold() if character.isalnum())
    return len(digits) >= 6 and len(set(digits)) >= 4 and digits not in _PLACEHOLDERS and digits not in _COUNTING


def _claim_order(each: Statement) -> tuple[int, int, str, str, str, int]:
    order = _FIELD_ORDER.get(each.field, 99), _WEIGHT_ORDER[each.weight]
    return (*order, each.fingerprint, each.value, each.where, each.evidence)


def _conflicts(facts: Facts, claims: tuple[Claim, ...]) -> tuple[Conflict, ...]:
    found = []
    for each in facts.conflicts:
        fields = ("kind", "is_camera") if each.field == "is_camera" else (each.field,)
        ids = tuple(
            claim.id
            for claim in claims
            if claim.field in fields and (each.field == "is_camera" or claim.value in (each.chosen, each.other))
        )
        found.append(Conflict(each.field, each.chosen, each.other, ids))
    return tuple(found)
