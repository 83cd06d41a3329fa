"""UPnP device descriptions (UPnP Device Architecture 2.0 §2.3)."""

from __future__ import annotations

from scanner.wire.xml import find_all, leaves, parse_xml


def description(xml: bytes | str) -> list[tuple[str, str]]:
    """(element name, text) of all that stands inside the root device, embedded devices too. WireError: no XML.

    A fragment without a `device` element is read whole.
    """
    root = parse_xml(xml)
    devices = find_all(root, "device")
    return leaves(devices[0] if devices else root)
