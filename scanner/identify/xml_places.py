"""The places of XML evidence: WS-Discovery, ONVIF, UPnP descriptions, and vendors' XML. Nothing here raises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.wire.errors import WireError
from scanner.wire.upnp import description
from scanner.wire.ws_discovery import parse_replies, percent_decoded, scope_parts, split_scopes
from scanner.wire.xml import leaves, parse_xml

Pair = tuple[str, str]
_XML_CAP = 256 * 1024
_INFORMATION = {
    "manufacturer": "onvif.manufacturer",
    "model": "onvif.model",
    "firmwareversion": "onvif.firmware",
    "serialnumber": "onvif.serial",
    "hardwareid": "onvif.hardware",
    "guid": "onvif.endpoint",
    "hwaddress": "onvif.hwaddress",
}


def ws_discovery_places(xml: str) -> Iterator[Pair]:
    """Scopes, types, endpoint and addresses of every match in one reply."""
    yield "ws-discovery.xml", xml
    try:
        matches = parse_replies(xml[:_XML_CAP])
    except WireError:
        return
    for match in matches:
        if match.types:
            yield "ws-discovery.types", " ".join(match.types)
        yield from scope_places("ws-discovery", match.scopes)
        yield "ws-discovery.endpoint", match.endpoint
        yield from (("ws-discovery.xaddrs", address) for address in match.xaddrs)


def scope_places(root: str, scopes: Iterable[str]) -> Iterator[Pair]:
    """`<root>.scope` whole and `<root>.scope.<name>`, percent-decoded; names in lower case."""
    for scope in scopes:
        yield f"{root}.scope", percent_decoded(scope)
        parts = scope_parts(scope)
        if parts and parts[1]:
            yield f"{root}.scope.{parts[0].lower()}", parts[1].strip()


def onvif_places(operation: str, xml: str) -> Iterator[Pair]:
    """What one ONVIF answer says; GetHostname decides whether a `Name` is the host's."""
    yield "onvif.xml", xml
    for name, text in _leaves(xml):
        lowered = name.lower()
        if lowered == "scopeitem":
            yield from scope_places("onvif", split_scopes(text))
        elif lowered in _INFORMATION:
            yield _INFORMATION[lowered], text
        elif lowered == "name" and operation == "GetHostname":
            yield "onvif.hostname", text
        elif lowered == "address" and operation == "GetEndpointReference":
            yield "onvif.endpoint", text


def upnp_places(xml: str) -> Iterator[Pair]:
    """Each element of the description by its name."""
    yield "upnp.xml", xml
    try:
        found = description(xml[:_XML_CAP])
    except WireError:
        return
    for name, text in found:
        yield f"upnp.{name.lower()}", text


def vendor_xml_places(root: str, xml: str) -> Iterator[Pair]:
    """Each leaf of a vendor protocol's XML, and the whole as `<protocol>.xml`."""
    if xml:
        yield f"{root}.xml", xml
        yield from ((f"{root}.{name.lower()}", text) for name, text in _leaves(xml))


def _leaves(xml: str) -> list[Pair]:
    try:
        return leaves(parse_xml(xml[:_XML_CAP]))
    except WireError:
        return []
