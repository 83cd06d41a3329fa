"""The places of XML evidence: WS-Discovery, ONVIF, UPnP descriptions, and vendors' XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

_XML_CAP = 64 * 1024
_MAX_LEAVES = 2000
_SCOPE = "onvif://www.onvif.org/"
_INFORMATION = {
    "manufacturer": "onvif.manufacturer",
    "model": "onvif.model",
    "firmwareversion": "onvif.firmware",
    "serialnumber": "onvif.serial",
    "hardwareid": "onvif.hardware",
}

Pair = tuple[str, str]


def xml_leaves(text: str) -> list[Pair]:
    """(local name, text) of each element without children, in document order; [] for what is no XML at all."""
    from lxml import etree

    if "<" not in text:
        return []
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root: Any = etree.fromstring(text[:_XML_CAP].encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    found: list[Pair] = []
    if root is None:
        return found
    for element in root.iter(etree.Element):
        if len(element) == 0 and element.text and isinstance(element.tag, str):
            name = element.tag.rpartition("}")[2].rpartition(":")[2]
            found.append((name, element.text.strip()))
            if len(found) >= _MAX_LEAVES:
                break
    return found


def ws_discovery_places(xml: str) -> Iterator[Pair]:
    """Scopes, types, endpoint and addresses of every match in one reply."""
    yield "ws-discovery.xml", xml
    for name, text in xml_leaves(_rooted(xml)):
        if name == "Scopes":
            yield from scope_places("ws-discovery", text.split())
        elif name == "Types":
            yield "ws-discovery.types", text
        elif name == "XAddrs":
            yield "ws-discovery.xaddrs", text
        elif name == "Address":
            yield "ws-discovery.endpoint", text


def scope_places(root: str, scopes: list[str]) -> Iterator[Pair]:
    """`<root>.scope` whole and `<root>.scope.<name>`, percent-decoded; names in lower case."""
    for scope in scopes:
        decoded = unquote(scope, errors="replace").strip()
        yield f"{root}.scope", decoded
        if scope.lower().startswith(_SCOPE):
            name, slash, value = decoded[len(_SCOPE) :].partition("/")
            if slash and value:
                yield f"{root}.scope.{name.lower()}", value.strip()


def onvif_places(operation: str, xml: str) -> Iterator[Pair]:
    """What one ONVIF answer says; the operation's name decides how equally named elements are read."""
    yield "onvif.xml", xml
    for name, text in xml_leaves(_rooted(xml)):
        lowered = name.lower()
        if lowered == "scopeitem":
            yield from scope_places("onvif", text.split())
        elif lowered in _INFORMATION:
            yield _INFORMATION[lowered], text
        elif lowered == "guid":
            yield "onvif.endpoint", text
        elif lowered == "name" and operation in ("", "GetHostname"):
            yield "onvif.hostname", text


def upnp_places(xml: str) -> Iterator[Pair]:
    """Each element of the description by its name."""
    yield "upnp.xml", xml
    for name, text in xml_leaves(_rooted(xml)):
        yield f"upnp.{name.lower()}", text


def vendor_xml_places(root: str, xml: str) -> Iterator[Pair]:
    """Each leaf of a vendor protocol's XML, and the whole as `<protocol>.xml`."""
    if not xml:
        return
    yield f"{root}.xml", xml
    for name, text in xml_leaves(_rooted(xml)):
        yield f"{root}.{name.lower()}", text


def _rooted(xml: str) -> str:
    """A recorded fragment may hold several elements side by side: they get one root."""
    bare = xml.lstrip("\ufeff \t\r\n")
    if bare.startswith("<?xml"):
        bare = bare.partition("?>")[2]
    return f"<camcensus>{bare}</camcensus>"
