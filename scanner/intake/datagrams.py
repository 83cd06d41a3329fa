"""What a captured UDP datagram says of its sender. Questions say nothing; answers keep their raw text."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

from scanner.intake.snmp import parse_answer
from scanner.text import decode
from scanner.wire import mdns, snmp, ssdp, ws_discovery
from scanner.wire.errors import WireError
from scanner.wire.vendor import PROTOCOLS, VendorProtocol

Said = tuple[str, dict[str, Any], Hashable]
"""(protocol, fields, what makes it the same when it is said again)."""

Reader = Callable[[bytes, str], Iterator[Said]]
_CHANGING = ("date", "ext")


def _mdns(data: bytes, source: str) -> Iterator[Said]:
    for service in mdns.parse(data, source):
        fields: dict[str, Any] = {"service": service.service, "name": service.name, "hostname": service.host}
        fields = {name: text for name, text in fields.items() if text}
        if service.port is not None:
            fields["port"] = service.port
        if service.name:
            fields["txt"] = dict(service.txt)
        if fields:
            yield "mdns", fields, str(fields)


def _ssdp(data: bytes, _: str) -> Iterator[Said]:
    message = ssdp.parse(data)
    if not message.start_line.upper().startswith("M-SEARCH"):
        told = tuple(pair for pair in message.headers if pair[0].lower() not in _CHANGING)
        yield "ssdp", {"headers": [list(pair) for pair in message.headers]}, told


def _ws_discovery(data: bytes, _: str) -> Iterator[Said]:
    """Replies and announcements; one that is no XML for us is kept too, as it may still name the device."""
    matches: Hashable
    try:
        matches = tuple(ws_discovery.parse_replies(data))
    except WireError:
        matches = data if b"ProbeMatch" in data else ()
    if matches:
        yield "ws-discovery", {"xml": decode(data)}, matches


def _snmp(data: bytes, _: str) -> Iterator[Said]:
    fields = parse_answer(data)
    yield "snmp", fields, str(fields)


_FROM: dict[int, Reader] = {
    mdns.PORT: _mdns,
    1900: _ssdp,
    ws_discovery.PORT: _ws_discovery,
    snmp.PORT: _snmp,
}
"""By the port that the sender speaks from."""

_TO: dict[int, Reader] = {1900: _ssdp, ws_discovery.PORT: _ws_discovery}
"""By the port that is spoken to: devices announce themselves to these from any port."""


def _of_vendors() -> tuple[dict[int, list[VendorProtocol]], dict[int, list[VendorProtocol]]]:
    """Who may answer from a port, and who may answer to one."""
    sent_from: dict[int, list[VendorProtocol]] = {}
    sent_to: dict[int, list[VendorProtocol]] = {}
    for protocol in PROTOCOLS:
        sent_from.setdefault(protocol.port, []).append(protocol)
        if protocol.reply_port:
            sent_to.setdefault(protocol.reply_port, []).append(protocol)
    return sent_from, sent_to


_VENDORS_FROM, _VENDORS_TO = _of_vendors()

PORTS = frozenset(_FROM) | frozenset(_TO) | frozenset(_VENDORS_FROM) | frozenset(_VENDORS_TO)
"""A datagram that touches none of these ports is not looked at."""


def read(data: bytes, source: str, source_port: int, target_port: int) -> list[Said]:
    """What the datagram says of `source`; nothing for questions and for what is not of the ports' protocols."""
    reader = _FROM.get(source_port) or _TO.get(target_port)
    if reader is not None:
        try:
            return list(reader(data, source))
        except WireError:
            return []
    for protocol in (*_VENDORS_FROM.get(source_port, ()), *_VENDORS_TO.get(target_port, ())):
        try:
            fields = protocol.fields(data)
        except WireError:
            continue
        return [(protocol.evidence, fields, str(fields))]
    return []
