"""Recog's databases read and matched as Recog does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.identify.recog import (
    compiled,
    interpolate,
    match,
    params_of,
    read_database,
    read_folder,
    translate,
    verify,
)
from scanner.models import DataError, UsageError
from tests.identify.recog_samples import FILES, database, entry, write_samples


def one(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "made_up.xml"
    file.write_text(text, encoding="utf-8")
    return file


def test_recogs_own_examples_pass(tmp_path: Path) -> None:
    databases = read_folder(write_samples(tmp_path))
    assert [each.file for each in databases] == sorted(FILES)
    assert verify(databases) == (9, [])


def test_a_checkout_is_read_like_its_xml_folder(tmp_path: Path) -> None:
    write_samples(tmp_path)
    assert read_folder(tmp_path) == read_folder(tmp_path / "xml")


def test_the_params_of_a_text(tmp_path: Path) -> None:
    dhcp, _, telnet = read_folder(write_samples(tmp_path))
    assert match(dhcp, "Mfg=XEROX;Typ=MFP;Mod=WorkCentre 3345;Ser=1AB234567;Loc=") == {
        "matched": "Xerox Multifunction Printer",
        "hw.device": "Printer",
        "hw.vendor": "Xerox",
        "hw.family": "WorkCentre",
        "hw.model": "3345",
        "hw.serial_number": "1AB234567",
        "hw.product": "WorkCentre 3345",
    }
    assert match(dhcp, "nothing of the kind") is None
    found = match(telnet, "MikroTik v6.42.3 (stable)\r\nLogin:")
    assert found is not None
    assert found["os.cpe23"] == "cpe:/o:mikrotik:routeros:6.42.3"


def test_a_key_that_is_not_written_is_the_files_name(tmp_path: Path) -> None:
    assert {each.file: each.key for each in read_folder(write_samples(tmp_path))} == {
        "dhcp_vendor_class.xml": "dhcp_vendor_class",
        "rtsp_servers.xml": "rtsp_header.server",
        "telnet_banners.xml": "telnet_banners",
    }


def test_the_first_entry_answers(tmp_path: Path) -> None:
    first = database("html_title", entry("^Foo", "hw.vendor=A"), entry("^Foo Bar$", "hw.vendor=B"))
    found = read_database(one(tmp_path, first))
    assert found is not None
    assert (match(found, "Foo Bar") or {})["hw.vendor"] == "A"


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "matches"),
    [
        ("^b$", [], "a\nb\nc", True),  # Ruby's ^ and $ stand at every line
        (r"\Ab", [], "a\nb", False),
        ("a.b", [], "a\nb", False),
        ("a.b", ["REG_DOT_NEWLINE"], "a\nb", True),
        ("a.b", ["REG_MULTILINE"], "a\nb", True),
        ("(?m:a.b)", [], "a\nb", True),  # Ruby's m is what others call s
        ("(?mi)A.B", [], "a\nb", True),
        ("abc", ["REG_ICASE"], "ABC", True),
        ("abc", [], "ABC", False),
        (r"^\h{4}$", [], "beef", True),
        (r"^[\h:]+$", [], "be:ef", True),
        (r"^\h+$", [], "xyz", False),
        (r"^[(?m)]+$", [], "(?m)", True),  # within a class they are characters
        (r"\\h", [], r"\h", True),
        (r"http:\/\/x\.y", [], "http://x.y", True),
    ],
)
def test_ruby_patterns_in_re2(pattern: str, flags: list[str], text: str, matches: bool) -> None:
    assert bool(compiled(translate(pattern, flags)).search(text.encode())) is matches


@pytest.mark.parametrize("pattern", ["a(?=b)", "(?<!a)b", r"(a)\1", "a++", "(?>a)b"])
def test_what_re2_lacks_is_said(tmp_path: Path, pattern: str) -> None:
    escaped = pattern.replace("<", "&lt;").replace(">", "&gt;")
    found = read_database(one(tmp_path, database("html_title", entry(escaped, example="ab"), entry("^c$"))))
    assert found is not None
    assert [each.fault != "" for each in found.entries] == [True, False]
    assert match(found, "ab") is None
    count, wrong = verify([found])
    assert count == 1
    assert "RE2 lacks" in wrong[0].reason


def test_a_flag_that_is_not_known_is_said(tmp_path: Path) -> None:
    found = read_database(one(tmp_path, database("html_title", entry("a", attributes='flags="REG_ODD"'))))
    assert found is not None
    assert found.entries[0].fault == "unknown flag REG_ODD"


@pytest.mark.parametrize(
    ("value", "params", "filled"),
    [
        ("{a} {b}", {"a": "1", "b": "2"}, "1 2"),
        ("{a}{c}", {"a": "1"}, ""),
        ("no braces", {}, "no braces"),
        ("{not a name}", {}, "{not a name}"),
        ("{", {}, "{"),
        ("}{}", {}, "}{}"),
        ("{a}", {"a": "{a}"}, "{a}"),  # what a device says is not read again
    ],
)
def test_params_within_params(value: str, params: dict[str, str], filled: str) -> None:
    assert interpolate("hw.product", value, params) == filled


def test_an_unknown_version_in_a_cpe() -> None:
    assert interpolate("hw.cpe23", "cpe:/h:x:y:{hw.version}", {}) == "cpe:/h:x:y:-"
    assert interpolate("hw.product", "y {hw.version}", {}) == ""


def test_temporary_params_stay_inside(tmp_path: Path) -> None:
    made = entry(r"^(\d+)-(\w+)$", "_tmp.001=#1;_tmp.002=#2;hw.model={_tmp.002}{_tmp.001}")
    found = read_database(one(tmp_path, database("html_title", made)))
    assert found is not None
    assert params_of(found.entries[0], "12-ab") == {"hw.model": "ab12"}


def test_examples_in_files_beside_the_database(tmp_path: Path) -> None:
    made = database(
        "html_title",
        '<fingerprint pattern="^page"><example _filename="a.txt"/><example _filename="../b.txt"/></fingerprint>',
    )
    file = one(tmp_path, made)
    (tmp_path / "made_up").mkdir()
    (tmp_path / "made_up" / "a.txt").write_text("page")
    (tmp_path / "b.txt").write_text("page")  # outside of the database's own folder
    found = read_database(file)
    assert found is not None
    assert [each.text for each in found.entries[0].examples] == ["page", None]
    assert len(verify([found])[1]) == 1


def test_a_wrong_example_is_named(tmp_path: Path) -> None:
    made = database(
        "html_title",
        '<fingerprint pattern="^v(\\d)$"><example hw.version="2">v1</example><example>w</example>'
        '<param pos="1" name="hw.version"/></fingerprint>',
    )
    found = read_database(one(tmp_path, made))
    assert found is not None
    assert [each.reason for each in verify([found])[1]] == [
        "hw.version is '1', not '2'",
        "does not match its example 'w'",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<fingerprints><fingerprint/></fingerprints>",
        '<fingerprints><fingerprint pattern="a"><param pos="x" name="a"/></fingerprint></fingerprints>',
        '<!DOCTYPE x [<!ENTITY a "b">]><fingerprints/>',
        "",
    ],
)
def test_what_is_no_database_of_recogs(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match=r"made_up\.xml"):
        read_database(one(tmp_path, text))


def test_other_xml_is_passed_over(tmp_path: Path) -> None:
    assert read_database(one(tmp_path, "<something/>")) is None


def test_a_folder_without_any(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="xml/ folder"):
        read_folder(tmp_path)


@given(st.text(max_size=60))
def test_translating_never_fails(pattern: str) -> None:
    assert translate(pattern).startswith("(?m)")
