from __future__ import annotations

from pathlib import Path

import pytest

from scanner.identify.cases import Case, Truth, read_cases
from scanner.identify.match import Matcher
from scanner.identify.selftest import check, try_evidence
from scanner.models import DataError
from tests.identify.support import ACME, ACME_RTSP, LABEL, rtsp, small_rules, title, write_rules


def reasons(tmp_path: Path, text: str) -> list[str]:
    return [problem.reason for problem in check(write_rules(tmp_path, acme=text))]


def test_good_rules_have_no_problems() -> None:
    assert check(small_rules()) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("AcmeCam RTSP/2.1.0 (AC-200)", "Acme", "does not match its example 'Acme'"),
        (
            'firmware = "2.1.0", model',
            'firmware = "2.1", model',
            "firmware of 'AcmeCam RTSP/2.1.0 (AC-200)' is '2.1.0'",
        ),
        (', model = "AC-200" }', " }", "does not state the captured model 'AC-200'"),
        ('rejects = ["NotAcmeCam', 'rejects = ["AcmeCam', "matches its reject"),
        ("^Acme Viewer$", "(?i)viewer|login", "claims a maker on the generic text 'login'"),
        ("^AcmeCam RTSP/", "(?=A)AcmeCam RTSP/", "invalid perl operator"),
        ("model=(\\S+)", "model=(\\S+)[α-ω]{900}[α-ω]{900}[α-ω]{900}[α-ω]{900}", "instructions"),
        ('path = "/acme', 'unless = "="\npath = "/acme', "does not match its example 'model=AN-16'"),
        ('path = "/acme', 'unless = "viewer"\npath = "/acme', "no reject is one that only `unless` keeps out"),
        ('path = "/acme', 'unless = "(?=v)"\npath = "/acme', "unless: invalid perl operator"),
        ('path = "/acme', 'unless = "[α-ω]{900}[α-ω]{900}[α-ω]{900}[α-ω]{900}"\npath = "/acme', "unless compiles to"),
    ],
)
def test_each_fault_is_found(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in ACME
    found = reasons(tmp_path, ACME.replace(old, new, 1))
    assert any(reason in each for each in found), found


def test_a_capture_that_no_example_states(tmp_path: Path) -> None:
    text = ACME.replace('{ text = "Acme login WXYZ123456", serial = "WXYZ123456" }, ', "")
    assert reasons(tmp_path, text) == ["no example states the captured serial"]


def test_names_are_one_over_all_files(tmp_path: Path) -> None:
    other = LABEL.replace('spellings = ["LABELCO"]', 'spellings = ["acme"]')
    found = check(write_rules(tmp_path, acme=ACME, label=other))
    assert [str(each) for each in found] == ["label.toml: spelling 'acme' is also in acme.toml"]


def test_a_claimed_name_is_written_canonically_and_a_brand_is_no_maker(tmp_path: Path) -> None:
    text = LABEL.replace('brand = "Labelco"', 'brand = "ACME", maker = "Labelco"')
    found = [each.reason for each in check(write_rules(tmp_path, acme=ACME, label=text))]
    assert "brand 'ACME' is written 'Acme' in acme.toml" in found
    assert "claims the brand 'Labelco' as maker (label.toml)" in found


def test_numbers_belong_to_one_file(tmp_path: Path) -> None:
    other = LABEL.replace('role = "brand"', 'role = "brand"\nsnmp_enterprises = [39165]')
    found = check(write_rules(tmp_path, acme=ACME, label=other))
    assert [each.reason for each in found] == ["registrant or enterprise 39165 is also in acme.toml"]


def test_a_camera_claim_on_what_is_no_camera() -> None:
    printer = Case("printer-1", Truth(is_camera=False), (title("Labelco cam"),))
    camera = Case("camera-1", Truth(is_camera=True), (title("Labelco cam"),))
    (problem,) = check(small_rules(), [printer, camera])
    assert (problem.rule, "printer-1" in problem.reason) == ("labelco-title", True)


def test_try_shows_what_matches() -> None:
    (found,) = try_evidence(Matcher(small_rules()), [rtsp(ACME_RTSP), title("x")])
    assert (found.rule, found.place, found.text) == ("acme-rtsp-server", "rtsp.header.server", ACME_RTSP)
    assert found.values["model"] == "AC-200"


def test_cases_are_read_and_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "a", "truth": {"is_camera": true}, "evidence": [{"protocol": "http", "body": "x"}]}\n')
    (case,) = read_cases(path)
    assert (case.evidence[0].host, case.evidence[0].protocol, case.truth.is_camera) == ("a", "http", True)
    path.write_text('{"id": "a", "truth": {}, "evidence": [{}]}\n')
    with pytest.raises(DataError, match=r"cases\.jsonl:1: no 'protocol'"):
        read_cases(path)
    assert read_cases(tmp_path / "absent") == []
