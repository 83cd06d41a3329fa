"""UPnP device descriptions (UPnP Device Architecture 2.0 §2.3)."""

from __future__ import annotations

from scanner.wire.xml import find_all, leaves, parse_xml, texts

MAX_ICONS = 16


def description(xml: bytes | str) -> list[tuple[str, str]]:
    """(element name, text) of all that stands inside the root device, embedded devices too. WireError: no XML.

    A fragment without a `device` element is read whole.
    """
    root = parse_xml(xml)
    devices = find_all(root, "device")
    return leaves(devices[0] if devices else root)


def icon_urls(xml: bytes | str) -> list[str]:
    """The different icon URLs as written (mostly relative to the description's own), at most MAX_ICONS."""
    found = (url for icon in find_all(parse_xml(xml), "icon") for url in texts(icon, "url"))
    return list(dict.fromkeys(found))[:MAX_ICONS]
