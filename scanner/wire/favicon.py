"""Favicon hashes, as the public search engines and fingerprint lists count them, and where a page keeps its icons."""

from __future__ import annotations

import base64
import hashlib

from scanner.wire.html import tags

MAX_ICONS = 8


def hashes(data: bytes) -> tuple[str, int]:
    """(MD5 in hex, MurmurHash3 as Shodan takes it: signed 32 bit, over the base64 with its line feeds)."""
    import mmh3

    return hashlib.md5(data, usedforsecurity=False).hexdigest(), mmh3.hash(base64.encodebytes(data))


def icon_paths(html: str) -> list[str]:
    """The different hrefs of `<link rel="… icon …">`, as written, at most MAX_ICONS; no data: URLs."""
    found: dict[str, None] = {}
    for attributes in tags(html, "link"):
        words = attributes.get("rel", "").lower().split()
        href = attributes.get("href", "").strip()
        if href and any("icon" in word for word in words) and not href.lower().startswith("data:"):
            found[href] = None
    return list(found)[:MAX_ICONS]
