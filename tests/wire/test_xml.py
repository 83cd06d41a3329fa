"""Hardened first, then recovered."""

from __future__ import annotations

import pytest

from scanner.wire.errors import WireError
from scanner.wire.xml import MAX_DEPTH, first_text, leaves, local_name, parse_xml, texts


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<a><b>x</b><c> y </c></a>", [("b", "x"), ("c", "y")]),
        ("<?xml version='1.0' encoding='gbk'?><a>机</a>", [("a", "机")]),
        ("<?xml version='1.0' encoding='gbk'?><a>机</a>".encode("gbk"), [("a", "机")]),
        ('<?xml version="1.0" encoding="UTF-16"?><a>机</a>'.encode("utf-16"), [("a", "机")]),
        (b"<n:a xmlns:n='urn:x'><n:b>x</n:b></n:a>", [("b", "x")]),
        (b"<d:a><d:b>undeclared</d:b></d:a>", [("b", "undeclared")]),
        (b"<a>one</a><b:b>two</b:b>", [("a", "one"), ("b", "two")]),
        (b"<a><b>cut off</b><c>in the mid", [("b", "cut off"), ("c", "in the mid")]),
        (b"\0\r\n<?xml version='1.0'?>\n<a>x</a>\0\0", [("a", "x")]),
        (b"<a>Bosch & Co &nbsp; &amp; &#x41;&lt;</a>", [("a", "Bosch & Co &nbsp; & A<")]),
        (b"<a>bell\x07 \x01</a>", [("a", "bell")]),
        (b"<a>T\xfcr</a>", [("a", "Tür")]),
        (b"<?xml version='1.0' encoding='no-such'?><a>T\xfcr</a>", [("a", "Tür")]),
        (b"<a>x</b></a>", [("a", "x")]),
        (b"garbage <a>x</a>", [("a", "x")]),
        (b"<a><!-- c -->x<?pi y?><![CDATA[<z>]]></a>", [("a", "x<z>")]),
    ],
)
def test_what_devices_send_is_read(data: bytes | str, expected: list[tuple[str, str]]) -> None:
    assert leaves(parse_xml(data)) == expected


@pytest.mark.parametrize("data", [b"", b"   ", b"plain text", b"<", b"{}", b"<<<>>>", "", b"\0\0"])
def test_no_xml(data: bytes | str) -> None:
    with pytest.raises(WireError):
        parse_xml(data)


DTDS = [
    '<!DOCTYPE a [<!ENTITY x "boom">]><a>&x;</a>',
    '<!DOCTYPE a SYSTEM "http://198.51.100.1/x.dtd"><a/>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]><a/>',
    "<!DOCTYPE a><a>broken",
    "<!doctype html><html><br></html>",
    '<a/><!ENTITY x "y">',
]


@pytest.mark.parametrize("text", DTDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "text"])
def test_no_document_type_in_any_encoding(text: str, encoding: str) -> None:
    with pytest.raises(WireError, match="document type"):
        parse_xml(text if encoding == "text" else text.encode(encoding))


def test_size_and_depth_are_capped() -> None:
    with pytest.raises(WireError, match="more than"):
        parse_xml(b"<a>" + b"x" * 100 + b"</a>", limit=50)
    nested = b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH
    assert local_name(parse_xml(nested)) == "a"
    with pytest.raises(WireError, match="deeper"):
        parse_xml(b"<a>" + nested + b"</a>")
    with pytest.raises(WireError, match="deeper"):
        parse_xml(b"<a>" * 100_000)
    with pytest.raises(WireError, match="namespace"):
        parse_xml(b"<a xmlns='" + b"x" * 2000 + b"'/>")


def test_lookups_by_local_name() -> None:
    root = parse_xml("<r><x:n>1</x:n><m><n>2</n><n/></m></r>")
    assert texts(root, "n") == ["1", "2"]
    assert first_text(root, "n") == "1"
    assert first_text(root, "absent") is None
    assert leaves(root, limit=1) == [("n", "1")]
