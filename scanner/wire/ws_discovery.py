"""WS-Discovery as ONVIF devices speak it (WS-Discovery 2005/04; ONVIF Core §7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import msgspec

from scanner.text import decode
from scanner.wire.xml import find_all, first_text, local_name, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

PORT = 3702
GROUP = "239.255.255.250"
PROBE_FORMS = ("untyped", "dn:NetworkVideoTransmitter", "tds:Device")
MAX_MATCHES = 64
MAX_SCOPES = 256

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
_NAMESPACES = (
    f'xmlns:s="{_SOAP}" xmlns:a="{_ADDRESSING}" xmlns:d="{_DISCOVERY}" '
    'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"'
)
_TO_ALL = "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
_ANONYMOUS = f"{_ADDRESSING}/role/anonymous"
_MATCHES = ("ProbeMatch", "ResolveMatch", "Hello")
_NO_ANSWERS = frozenset({"Probe", "Resolve", "Bye"})
_PARTS = frozenset({"Types", "Scopes", "XAddrs"})


class ProbeMatch(msgspec.Struct, frozen=True):
    """One endpoint of a reply. `types`, `scopes`, `xaddrs` as sent (prefixes and percent signs kept)."""

    types: tuple[str, ...]
    scopes: tuple[str, ...]
    xaddrs: tuple[str, ...]
    endpoint: str
    metadata_version: str


def build_probe(form: str, message_id: str) -> bytes:
    """A Probe of one of PROBE_FORMS, on one line (some devices don't answer one with line feeds).

    `message_id` is a UUID; "urn:uuid:" goes before it unless it has it.
    """
    if form not in PROBE_FORMS:
        raise ValueError(f"no probe form {form!r}")
    types = "" if form == "untyped" else f"<d:Types>{form}</d:Types>"
    return _envelope("Probe", message_id, _TO_ALL, "", f"<d:Probe>{types}</d:Probe>")


def build_probe_match(
    *,
    relates_to: str,
    message_id: str,
    endpoint: str,
    types: Sequence[str] = ("dn:NetworkVideoTransmitter",),
    scopes: Sequence[str] = (),
    xaddrs: Sequence[str] = (),
    metadata_version: int = 1,
) -> bytes:
    """A device's answer (ProbeMatches with one match) to the Probe whose message id is `relates_to`."""
    match = (
        f"<a:EndpointReference><a:Address>{escape(endpoint)}</a:Address></a:EndpointReference>"
        f"<d:Types>{escape(' '.join(types))}</d:Types><d:Scopes>{escape(' '.join(scopes))}</d:Scopes>"
        f"<d:XAddrs>{escape(' '.join(xaddrs))}</d:XAddrs><d:MetadataVersion>{metadata_version}</d:MetadataVersion>"
    )
    relation = f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo>"
    body = f"<d:ProbeMatches><d:ProbeMatch>{match}</d:ProbeMatch></d:ProbeMatches>"
    return _envelope("ProbeMatches", message_id, _ANONYMOUS, relation, body)


def _envelope(action_name: str, message_id: str, to: str, more_header: str, body: str) -> bytes:
    identity = message_id if message_id.startswith("urn:uuid:") else f"urn:uuid:{message_id}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {_NAMESPACES}><s:Header>'
        f"<a:Action>{_DISCOVERY}/{action_name}</a:Action><a:MessageID>{escape(identity)}</a:MessageID>"
        f"<a:To>{to}</a:To>{more_header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def parse_replies(xml: bytes | str) -> list[ProbeMatch]:
    """The endpoints of a ProbeMatches, ResolveMatches or Hello, at most MAX_MATCHES; fragments of them too.

    Empty for other messages (somebody's Probe, a Bye). WireError: no XML.
    """
    root = parse_xml(xml)
    names = {local_name(element) for element in root.iter("*")}
    if not names.isdisjoint(_MATCHES):
        found = [element for element in root.iter("*") if local_name(element) in _MATCHES]
        return [_match(element) for element in found[:MAX_MATCHES]]
    return [_match(root)] if names.isdisjoint(_NO_ANSWERS) and not names.isdisjoint(_PARTS) else []


def _match(element: _Element) -> ProbeMatch:
    endpoints = [first_text(reference, "Address") for reference in find_all(element, "EndpointReference")]
    return ProbeMatch(
        types=tuple((first_text(element, "Types") or "").split()[:MAX_SCOPES]),
        scopes=split_scopes(first_text(element, "Scopes") or ""),
        xaddrs=tuple((first_text(element, "XAddrs") or "").split()[:MAX_SCOPES]),
        endpoint=next((text for text in endpoints if text), ""),
        metadata_version=first_text(element, "MetadataVersion") or "",
    )


def split_scopes(text: str) -> tuple[str, ...]:
    """The scopes of a white-space separated list; a word without a colon belongs to the scope before it.

    Some devices put unescaped spaces into a scope ("onvif://www.onvif.org/name/IP CAMERA").
    """
    groups: list[list[str]] = []
    for word in text.split():
        if groups and ":" not in word:
            groups[-1].append(word)
        elif len(groups) < MAX_SCOPES:
            groups.append([word])
        else:
            break
    return tuple(" ".join(group) for group in groups)


def action(xml: bytes | str) -> str | None:
    """The last part of the message's Action ("ProbeMatches", "Hello", "Probe", …); WireError: no XML."""
    text = first_text(parse_xml(xml), "Action")
    return text.rstrip("/").rpartition("/")[2] if text else None


def relates_to(xml: bytes | str) -> str | None:
    """The message id that the message answers; WireError: no XML."""
    return first_text(parse_xml(xml), "RelatesTo")


def message_id(xml: bytes | str) -> str | None:
    """The message's own id, which an answer must name; WireError: no XML."""
    return first_text(parse_xml(xml), "MessageID")


def scope_parts(scope: str) -> tuple[str, str] | None:
    """("hardware", "DS-2CD") of "onvif://www.onvif.org/hardware/DS-2CD", percent-decoded; None for other scopes."""
    scheme, _, rest = scope.strip().partition("://")
    host, _, path = rest.partition("/")
    if scheme.lower() != "onvif" or host.lower() not in ("www.onvif.org", "onvif.org") or not path:
        return None
    name, _, value = path.partition("/")
    return percent_decoded(name), percent_decoded(value)


def percent_decoded(text: str) -> str:
    """`text` with percent escapes undone, its bytes read as UTF-8 or else Latin-1."""
    return decode(unquote_to_bytes(text.encode("utf-8", "replace"))) if "%" in text else text
