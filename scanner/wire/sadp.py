"""Hikvision SADP: the question who is there, and its answer (UDP 37020, XML).

Source: julienblitte/UniversalScanner (Hikvision.cs), MatrixEditor/hiktools (docs/sadp.rst). Only `inquiry` is ever
built: the other types of this protocol activate, address or reset a device.
"""

from __future__ import annotations

from typing import Any

from scanner.text import decode
from scanner.wire.errors import WireError
from scanner.wire.octets import secret
from scanner.wire.xml import first_text, local_name, parse_xml

PORT = 37020
GROUP = "239.255.255.250"
_LIMIT = 64 * 1024
_NAMING = ("DeviceDescription", "DeviceSN", "MAC")
_UUID = "13A888A9-F1B1-4020-AE9F-05607682D23B"


def build_request(uuid: str = _UUID) -> bytes:
    """The inquiry."""
    return (f'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>{uuid}</Uuid><Types>inquiry</Types></Probe>').encode()


def parse(data: bytes) -> dict[str, Any]:
    """`xml`: the ProbeMatch to an inquiry, as it came but for its secrets (Salt). WireError: it is none."""
    if len(data) > _LIMIT or b"ProbeMatch" not in data:
        raise WireError("no ProbeMatch")
    root = parse_xml(data, limit=_LIMIT)
    if local_name(root) != "ProbeMatch" or (first_text(root, "Types") or "inquiry") != "inquiry":
        raise WireError("no ProbeMatch to an inquiry")
    if not any(first_text(root, name) for name in _NAMING):
        raise WireError("a ProbeMatch that names nothing")
    return {"xml": without_secret_elements(data, root)}


def without_secret_elements(data: bytes, root: Any) -> str:
    """The text of `data`; written anew from `root` where that holds an element that must not be kept."""
    found = [element for element in root.iter("*") if secret(local_name(element))]
    named = any(secret(name) for element in root.iter("*") for name in element.attrib)
    if not found and not named:
        return decode(data)
    from lxml import etree

    for element in found:
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    for element in root.iter("*"):
        for name in [name for name in element.attrib if secret(name)]:
            del element.attrib[name]
    return etree.tostring(root, encoding="unicode")
