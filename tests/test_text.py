"""The words of a device, made safe."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner import text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("AXIS M1065-LW", "AXIS M1065-LW"),
        ("  two\t words\r\n ", "two words"),
        ("a\x00b\x08c\x7f", "abc"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b2Jgone", "gone"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended", "0;never ended"),
        ("\x1b(Bplain", "plain"),
        ("end\x1b", "end"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("lone\ud800surrogate", "lone\ufffdsurrogate"),
        ("private\ue000", "private\ufffd"),
        ("line\u2028sep\u2029par", "line sep par"),
        ("filler\u3164\u2800", "filler"),
        ("网络摄像机", "网络摄像机"),
        ("", ""),
    ],
)
def test_clean_leaves_one_harmless_line(raw: str, expected: str) -> None:
    assert text.clean(raw) == expected


def test_clean_cuts_with_an_ellipsis() -> None:
    assert text.clean("abcdefghij", 5) == "abcd…"
    assert text.clean("abcde", 5) == "abcde"
    assert text.clean("abc efgh", 5) == "abc…"
    assert text.clean("\x00" * 100_000 + "late", 5) == "…"


@settings(max_examples=150)
@given(st.text(), st.integers(1, 40))
def test_clean_is_printable_bounded_and_settled(raw: str, limit: int) -> None:
    cleaned = text.clean(raw, limit)
    assert cleaned.isprintable()
    assert len(cleaned) <= limit
    assert text.clean(cleaned, limit) == cleaned


@pytest.mark.parametrize(
    ("data", "charset", "expected"),
    [
        (b"plain", None, "plain"),
        ("Überwachung".encode(), None, "Überwachung"),
        (b"\xef\xbb\xbfwith mark", None, "with mark"),
        ("wide".encode("utf-16"), None, "wide"),
        (b"Caf\xe9", None, "Café"),
        ("摄像机".encode("gbk"), "GB2312", "摄像机"),
        ("摄像机".encode("gbk"), None, "摄像机".encode("gbk").decode("latin-1")),
        ("カメラ".encode("cp932"), "Shift_JIS", "カメラ"),
        ("카메라".encode("euc-kr"), "EUC-KR", "카메라"),
        ("камера".encode("cp1251"), "windows-1251", "камера"),
        ("摄像机".encode() + b"\xe6\x91", None, "摄像机"),
        (b"+ADw-script+AD4-\xff", "utf-7", "+ADw-script+AD4-ÿ"),
        (b"\xff\xfe\x00", "unknown-8bit", "ÿþ\x00"),
        (b"\xe9", "zip", "é"),
        (b"", "utf-8", ""),
    ],
)
def test_decode_tries_utf8_then_the_declared_codec_then_latin1(data: bytes, charset: str | None, expected: str) -> None:
    assert text.decode(data, charset) == expected


@settings(max_examples=150)
@given(st.binary(), st.one_of(st.none(), st.sampled_from(["gbk", "utf-16", "big5", "rot13", "idna"]), st.text()))
def test_decode_never_raises(data: bytes, charset: str | None) -> None:
    assert isinstance(text.decode(data, charset), str)


def test_decode_drops_only_a_cut_character() -> None:
    page = ("机" * 400).encode("gb18030")
    assert text.decode(page[:-1], "gb2312") == "机" * 399


def test_is_ip() -> None:
    assert text.is_ip("198.51.100.1")
    assert text.is_ip("2001:db8::1")
    assert text.is_ip("fe80::1%eth0")
    assert not text.is_ip("198.51.100")
    assert not text.is_ip("camera.example")
    assert not text.is_ip("")


def test_hosts_sort_by_number_then_name() -> None:
    hosts = ["cam-b", "198.51.100.10", "2001:db8::2", "198.51.100.9", "cam-a", "fe80::1%eth0", "2001:db8::1"]
    assert sorted(hosts, key=text.sort_key) == [
        "198.51.100.9",
        "198.51.100.10",
        "2001:db8::1",
        "2001:db8::2",
        "fe80::1%eth0",
        "cam-a",
        "cam-b",
    ]


@pytest.mark.parametrize("value", ["=1+1", "+cmd|'/C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1", " =1", "|x", "-"])
def test_formulas_are_disarmed(value: str) -> None:
    assert text.csv_safe(value) == "'" + value


@pytest.mark.parametrize(
    ("value", "expected"),
    [("DS-2CD", "DS-2CD"), ("-1399", "-1399"), (-1.5, "-1.5"), (None, ""), (True, "True"), ("a=b", "a=b"), ("", "")],
)
def test_other_cells_stay(value: object, expected: str) -> None:
    assert text.csv_safe(value) == expected


@pytest.mark.parametrize(
    "spelling",
    [
        "44:19:B6:00:00:01",
        "44-19-b6-00-00-01",
        "4419.b600.0001",
        "4419B6000001",
        " 44:19:b6:0:0:1 ",
        "44 19 b6 00 00 01",
    ],
)
def test_mac_spellings(spelling: str) -> None:
    assert text.normalise_mac(spelling) == "44:19:b6:00:00:01"


@pytest.mark.parametrize(
    "spelling",
    [
        "",
        "44:19:b6:00:00",
        "44:19:b6:00:00:01:02",
        "44:19:b6:00:00:0g",
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "01:00:5e:00:00:fb",
        "33:33:00:00:00:01",
        "AXIS00408C12",
        "44:19:b6:000:00:1",
        "４419B6000001",
        "0" * 1000,
    ],
)
def test_no_mac(spelling: str) -> None:
    assert text.normalise_mac(spelling) is None


@settings(max_examples=100)
@given(st.text())
def test_every_helper_takes_any_text(raw: str) -> None:
    text.is_ip(raw)
    text.sort_key(raw)
    text.csv_safe(raw)
    text.normalise_mac(raw)
