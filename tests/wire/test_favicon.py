"""Favicons."""

from __future__ import annotations

import mmh3

from scanner.wire.favicon import MAX_ICONS, hashes, icon_paths


def test_hashes_are_shodans() -> None:
    # Base64 by hand, with the line feed after 76 characters that Shodan's recipe counts (python-mmh3 README).
    assert hashes(b"\0" * 60)[1] == mmh3.hash(b"A" * 76 + b"\n" + b"A" * 4 + b"\n")
    # RFC 1321, appendix A.5.
    assert hashes(b"abc")[0] == "900150983cd24fb0d6963f7d28e17f72"
    # MurmurHash3 x86 32 of nothing with seed 0 is 0 by definition.
    assert hashes(b"") == ("d41d8cd98f00b204e9800998ecf8427e", 0)


def test_hash_is_signed() -> None:
    values = [hashes(bytes([number]))[1] for number in range(50)]
    assert min(values) < 0 < max(values)
    assert all(-(2**31) <= value < 2**31 for value in values)


def test_icon_paths() -> None:
    page = """<head><link rel="stylesheet" href="a.css"><LINK REL="Shortcut Icon" HREF="/favicon.ico?v=1&amp;x">
    <link href=img/i.png rel=icon><link rel="apple-touch-icon" href='/t.png'><link rel=icon>
    <link rel=icon href="data:image/png;base64,xx"><link rel=icon href="img/i.png">"""
    assert icon_paths(page) == ["/favicon.ico?v=1&x", "img/i.png", "/t.png"]
    many = "".join(f"<link rel=icon href=/{number}>" for number in range(30))
    assert len(icon_paths(many)) == MAX_ICONS
    assert icon_paths("no links") == []
