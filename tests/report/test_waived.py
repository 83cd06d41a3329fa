"""Waivers, exceptions, what is upcoming and how old an edition is: in every report, and never hidden."""

from __future__ import annotations

import io
import json
import zipfile

import msgspec
import pytest

from scanner.models import BasisFile, Inventory, Status, Strength, Waived, WaiverRecord
from scanner.report import words
from scanner.report.explain import render_explanation
from scanner.report.formats import Format, render
from scanner.report.html import render_html
from scanner.report.json import read_inventory, render_json, render_jsonl
from scanner.report.table import render_table
from tests.report.test_report import details_of
from tests.samples import HOSTILE, device, finding, inventory


def sample() -> Inventory:
    """A camera with a waived, an allowed and an upcoming finding, one expired waiver and one unused."""
    waived = finding(waiver=Waived("W-1", "no federal work", "J. Doe", "2027-03-31"))
    allowed = finding(
        instrument="US-DOD-1260H", strength=Strength.CONTEXT, allowed="Allowed by the policy “mine”: bought before",
        upcoming="From 2027-06-30: more",
    )  # fmt: skip

    def record(number: int, state: str, reason: str = "why") -> WaiverRecord:
        fields = {
            "id": f"W-{number}", "instruments": ["US-NDAA-889"], "devices": ["198.51.100.10"], "reason": reason,
            "owner": "J. Doe", "expires": "2027-03-31", "state": state, "findings": 1, "hosts": 1,
        }  # fmt: skip
        return msgspec.convert(fields, WaiverRecord)

    found = inventory(
        device(findings=(waived, allowed)), device("198.51.100.11", findings=(allowed,), status=Status.NOT_LISTED),
        waivers=(record(1, "in use"), record(2, "expired"), record(3, "unused", HOSTILE)),
    )  # fmt: skip
    sweep = found.sweep
    basis = (BasisFile("policy", "mine.toml", "a" * 64, 'name = "mine"'),)
    return msgspec.structs.replace(found, sweep=msgspec.structs.replace(sweep, basis=basis, policy=("mine",)))


def test_every_format_prints_every_waiver_exception_and_what_is_upcoming() -> None:
    found = sample()
    for text in (
        render_table(found, width=200), render_html(found), render_explanation(found.devices[0], found, width=200),
    ):  # fmt: skip
        flat = " ".join(text.split())
        for number in (1, 2, 3):
            assert f"Waiver W-{number}, US-NDAA-889" in flat
        assert "EXPIRED, excuses nothing" in flat
        assert "waives nothing that was found" in flat
        assert "From 2027-06-30: more" in flat
        assert "\x1b" not in text
    page = render_html(found)
    assert "<script>alert" not in page
    assert "Allowed by the policy “mine”: bought before" in details_of(page)["texts"]
    assert "mine; policy mine.toml (aaaaaaaaaaaa)" in page
    explained = render_explanation(found.devices[0], found, width=200)
    assert "Waived by J. Doe until 2027-03-31 (W-1): no federal work" in explained
    assert "Edition 2018-08-13, 3023 days old" in explained


def test_a_waived_device_keeps_its_status_and_says_that_it_is_waived() -> None:
    waived, passed = sample().devices
    assert words.status_text(waived) == "listed, waived"
    assert words.status_text(passed) == "not listed"
    assert "let pass by the policy: US-DOD-1260H" in words.meaning_text(passed)
    assert "1 of these waived in part or whole" in words.headline(sample())
    assert "let pass by the policy" in render_table(sample(), width=200)


def test_an_inventory_writes_each_wording_once_and_reads_back_the_same() -> None:
    found = sample()
    data = render_json(found)
    assert read_inventory(data) == found
    flat = json.loads(data)
    assert len(flat["wordings"]) == 2
    contract = ["instrument", "entity", "relation", "strength", "binds", "purpose_test", "because", "source", "edition"]
    for one in flat["devices"][0]["findings"]:
        assert set(contract) <= set(one)
        assert "statement" not in one
    assert flat["devices"][0]["findings"][0]["waiver"]["id"] == "W-1"
    assert json.loads(render_jsonl(found).splitlines()[0])["findings"][0]["statement"]


def test_a_wording_that_is_not_there_is_passed_over() -> None:
    data = json.loads(render_json(sample()))
    data["devices"][0]["findings"][0]["wording"] = 99
    data["devices"][0]["findings"][1]["wording"] = -1
    findings = read_inventory(json.dumps(data).encode()).devices[0].findings
    assert [each.statement for each in findings] == ["", ""]


def test_the_age_of_an_edition() -> None:
    assert words.edition_text(finding(edition="2026-11-21"), "2026-11-22") == "2026-11-21, 1 day old"
    assert words.edition_text(finding(edition="2026"), "2026-01-03") == "2026, 2 days old"
    assert words.edition_text(finding(edition="2026-11-22"), "2026-01-01") == "2026-11-22"
    assert words.edition_text(finding(edition="soon"), "2026-01-01") == "soon"


# Formats for other programs' lists of devices have no place for a verdict, let alone a waiver; the PDF is the page.
_LISTS = {"netbox", "netbox-csv", "snipe-it", "servicenow", "glpi", "pdf"}


@pytest.mark.parametrize("form", [each for each in Format if each.value not in _LISTS])
def test_no_format_hides_a_waiver(form: Format) -> None:
    content = render(sample(), form)
    data = content.encode() if isinstance(content, str) else content
    if form is Format.XLSX:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    wanted = b'camcensus_waivers{state="expired"} 1' if form is Format.PROMETHEUS else b"J. Doe"
    assert wanted in data


def test_what_is_waived_is_suppressed_in_sarif_and_skipped_in_junit() -> None:
    results = json.loads(render(sample(), Format.SARIF))["runs"][0]["results"]
    assert results[0]["suppressions"][0]["status"] == "accepted"
    assert "no federal work" in results[0]["suppressions"][0]["justification"]
    assert b"<failure" not in as_bytes(render(sample(), Format.JUNIT))


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
