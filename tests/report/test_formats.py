"""Every format, opened by what reads it for real: its own schema, library or parser; and safe against device words."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from ctypes.util import find_library
from importlib.util import find_spec
from typing import Any

import pytest

from scanner.models import Conflict, Inventory, Status, Strength
from scanner.report.columns import DEVICE_COLUMNS, FINDING_COLUMNS
from scanner.report.formats import _ENTRIES, Format, Look, ending, render
from scanner.report.markdown import LIMIT
from scanner.report.sarif import MOST_RESULTS, render_sarif
from tests.samples import HOSTILE, device, finding, inventory

FORMULA = "=cmd|' /C calc'!A0"
LONG = "A" * 1_000_000
WORDS = [
    HOSTILE,
    FORMULA,
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\u202egnp.exe",
    LONG,
    "\ud800lone",
    "a|b`c`[x](http://y)\n# z",
]


def hostile_inventory() -> Inventory:
    """A device for each bad word, which it has in every field that a device can fill."""
    devices = [
        device(
            f"198.51.100.{n}", id=f"id{n}", brand=w, model=w, firmware=w, serial=w, name=w, why=w, product=w, family=w,
            chip=w, switch=w, switch_port=w, status=list(Status)[n % 5],
            is_camera=None if n % 5 == 2 else n % 5 != 4, conflicts=(Conflict("model", w, w, ("c1",)),),
        )
        for n, w in enumerate(WORDS, 1)
    ]  # fmt: skip
    return inventory(*devices)


def plain_inventory(complete: bool = True) -> Inventory:
    import msgspec

    made = inventory(
        device(),
        device("198.51.100.11", id="b", status=Status.REVIEW, confidence=0.6, firmware="V5.4.5", family="hikvision"),
        device("198.51.100.12", id="c", status=Status.UNDETERMINED, maker=None, brand=None, findings=(),
               confidence=0.0),
        device("198.51.100.13", id="d", status=Status.NOT_LISTED, maker="Axis", brand="Axis", kind="nvr",
               findings=(finding(strength=Strength.CONTEXT),)),
        device("198.51.100.14", id="e", status=Status.NOT_A_CAMERA, is_camera=False, kind="other", product="printer",
               findings=()),
    )  # fmt: skip
    return msgspec.structs.replace(made, sweep=msgspec.structs.replace(made.sweep, complete=complete, site="Depot 7"))


def text_of(form: Format, value: Inventory) -> str:
    content = render(value, form)
    return content if isinstance(content, str) else content.decode()


def test_each_format_has_one_renderer_and_an_ending() -> None:
    assert set(_ENTRIES) == set(Format)
    for form in Format:
        assert form is Format.PDF or render(plain_inventory(), form)
        assert re.fullmatch(r"[a-z.]+", ending(form))


pdf_needs_pango = pytest.mark.skipif(
    find_library("pangoft2-1.0") is None or find_spec("weasyprint") is None, reason="no Pango or WeasyPrint"
)


@pytest.mark.parametrize("form", [pytest.param(f, marks=pdf_needs_pango) if f is Format.PDF else f for f in Format])
def test_the_same_inventory_gives_the_same_bytes(form: Format) -> None:
    assert render(plain_inventory(), form) == render(plain_inventory(), form)


@pytest.mark.parametrize("form", [f for f in Format if f not in (Format.JSON, Format.JSONL, Format.XLSX, Format.PDF)])
def test_no_control_character_gets_through_and_nothing_grows_without_bound(form: Format) -> None:
    text = text_of(form, hostile_inventory())
    assert not [c for c in text if ord(c) < 32 and c not in "\n\r"]
    assert "\u202e" not in text
    assert len(text) < 1_500_000


@pytest.mark.parametrize("form", [Format.CSV, Format.FINDINGS_CSV, Format.NETBOX_CSV, Format.SNIPE_IT, Format.GLPI])
def test_no_cell_is_a_formula(form: Format) -> None:
    rows = read_csv(text_of(form, hostile_inventory()), ";" if form is Format.GLPI else ",")
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    for row in rows[1:]:
        for cell in row:
            assert cell[:1] not in ("=", "+", "@", "\t", "|") or re.fullmatch(r"[-+]\d+", cell), cell


def read_csv(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def test_csv_has_the_facts_and_which_sweep_it_was() -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(Format.CSV, plain_inventory(complete=False)), newline="")))
    assert [row["host"] for row in rows] == [f"198.51.100.{n}" for n in range(10, 15)]
    assert rows[0]["maker"] == "Hikvision"
    assert rows[0]["brand"] == "LTS"
    assert rows[2]["maker"] == rows[2]["confidence"] == ""
    assert {row["sweep_complete"] for row in rows} == {"false"}
    assert rows[3]["instruments"] == ""  # context never counts
    findings = list(csv.DictReader(io.StringIO(text_of(Format.FINDINGS_CSV, plain_inventory()), newline="")))
    assert [(row["host"], row["strength"]) for row in findings] == [
        ("198.51.100.10", "listed"), ("198.51.100.11", "listed"), ("198.51.100.13", "context"),
    ]  # fmt: skip
    assert findings[0]["rests_on"] == "http.header.server: App-webs/"


def test_the_workbook_has_three_sheets_with_types_filters_and_no_formula() -> None:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    for value in (plain_inventory(), hostile_inventory()):
        content = render(value, Format.XLSX)
        assert isinstance(content, bytes)
        book = load_workbook(io.BytesIO(content))
        assert book.sheetnames == ["Summary", "Devices", "Findings"]
        for sheet in book:
            assert all(cell.data_type != "f" for row in sheet for cell in row)
            assert all(cell.hyperlink is None for row in sheet for cell in row)
        for name, columns in (("Devices", len(DEVICE_COLUMNS)), ("Findings", len(FINDING_COLUMNS))):
            assert book[name].auto_filter.ref.startswith("A1:")
            assert book[name].freeze_panes == "B2"
            assert book[name].max_column == columns
    content = render(plain_inventory(), Format.XLSX)
    assert isinstance(content, bytes)
    book = load_workbook(io.BytesIO(content))
    rows = list(book["Devices"].iter_rows(values_only=True))
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["Confidence in the maker"] == 0.98
    assert first["Camera or recorder"] is True
    assert book["Summary"]["A1"].value == "Reached"


@pdf_needs_pango
def test_the_pdf_has_the_pages_words_and_fetches_nothing() -> None:
    """Read back by poppler's pdftotext, where it is there."""
    hostile = inventory(device(brand=HOSTILE, model=FORMULA, name=HOSTILE, serial="<script>app.alert(1)</script>"))
    for value in (plain_inventory(), hostile):
        content = render(value, Format.PDF)
        assert isinstance(content, bytes)
        assert content.startswith(b"%PDF")
        assert b"/JavaScript" not in content
    if shutil.which("pdftotext"):
        content = render(plain_inventory(), Format.PDF)
        assert isinstance(content, bytes)
        done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
        text = done.stdout.decode()
        for word in ("What was reached", "Hikvision", "US-NDAA-889", "198.51.100.12", "undetermined"):
            assert word in text


def test_markdown_words_stay_words() -> None:
    from markdown_it import MarkdownIt

    page = (
        MarkdownIt("gfm-like", {"html": True, "linkify": False})
        .enable("table")
        .parse(text_of(Format.MARKDOWN, hostile_inventory()))
    )
    inline = [child for token in page if token.type == "inline" for child in token.children or ()]
    assert not [child.type for child in inline if child.type in ("html_inline", "link_open", "image", "code_inline")]
    assert not [token for token in page if token.type in ("html_block", "fence", "code_block")]
    tables = [token for token in page if token.type == "table_open"]
    assert len(tables) == 2
    assert sum(token.type == "heading_open" for token in page) == 1


def test_markdown_fits_a_job_summary_and_counts_what_it_leaves_out() -> None:
    many = inventory(*(device(f"198.18.{n // 250}.{n % 250}", id=str(n), why="x" * 300) for n in range(5000)))
    text = text_of(Format.MARKDOWN, many)
    assert len(text.encode()) <= LIMIT
    shown = text.count("| 198.18.")
    assert f"**{5000 - shown} more devices are not shown" in text


def test_sarif_is_sarif_and_what_github_wants() -> None:
    from sarif_pydantic import Sarif  # type: ignore[import-untyped]

    for value in (plain_inventory(), hostile_inventory(), inventory()):
        log = json.loads(render_sarif(value, "sites/depot 7.toml"))
        Sarif.model_validate(log)
        (run,) = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        for rule in rules:
            assert rule["help"]["text"]
            assert rule["shortDescription"]["text"]
            assert 0 < float(rule["properties"]["security-severity"]) <= 10
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            place = result["locations"][0]["physicalLocation"]
            assert place["artifactLocation"]["uri"] == "sites/depot%207.toml"
            assert place["region"]["startLine"] == 1
        hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
        assert len(hashes) == len(set(hashes))
    statuses = [r["ruleId"] for r in json.loads(render_sarif(plain_inventory()))["runs"][0]["results"]]
    assert statuses == ["camcensus/listed", "camcensus/review", "camcensus/undetermined"]


def test_an_alert_stays_the_same_when_the_address_moves() -> None:
    def hashed(host: str) -> str:
        log = json.loads(render_sarif(inventory(device(host, id="serial-7"))))
        return str(log["runs"][0]["results"][0]["partialFingerprints"]["primaryLocationLineHash"])

    assert hashed("198.51.100.10") == hashed("203.0.113.5")


def test_sarif_says_what_did_not_fit() -> None:
    many = inventory(*(device("198.51.100.1", id=str(n), findings=()) for n in range(MOST_RESULTS + 3)))
    run = json.loads(render_sarif(many))["runs"][0]
    assert len(run["results"]) == MOST_RESULTS
    assert "3 more devices" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_junit_counts_and_never_passes_an_open_question() -> None:
    from junitparser import Error, Failure, JUnitXml, Skipped

    for value, errors in ((plain_inventory(), 0), (plain_inventory(complete=False), 1)):
        content = render(value, Format.JUNIT)
        assert isinstance(content, bytes)
        xml = JUnitXml.fromstring(content)
        before = (xml.tests, xml.failures, xml.errors, xml.skipped)
        xml.update_statistics()  # type: ignore[no-untyped-call]
        assert before == (xml.tests, xml.failures, xml.errors, xml.skipped) == (5, 2, errors, 1)
        cases = {case.name: case for suite in xml for case in suite}
        results: dict[str, list[Any]] = {name: [type(r) for r in case.result] for name, case in cases.items()}
        assert results["What was reached"] == [Error] * errors
        assert results["LTS CMIP1042 at 198.51.100.10"] == [Failure]
        assert results["CMIP1042 at 198.51.100.12"] == [Skipped]
        assert results["Axis CMIP1042 at 198.51.100.13"] == []
    render(hostile_inventory(), Format.JUNIT)


def test_cyclonedx_is_valid_by_the_official_schema() -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    for value in (plain_inventory(), hostile_inventory(), inventory()):
        text = text_of(Format.CYCLONEDX, value)
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bom = json.loads(text_of(Format.CYCLONEDX, plain_inventory()))
    assert {part["type"] for part in bom["components"]} == {"device"}
    assert len(bom["components"]) == 4
    by_ref = {part["bom-ref"]: part for part in bom["components"]}
    assert by_ref["b"]["manufacturer"] == {"name": "Hikvision"}
    assert by_ref["b"]["components"][0] | {"bom-ref": ""} == {
        "type": "firmware", "name": "hikvision", "version": "V5.4.5", "bom-ref": "",
    }  # fmt: skip
    assert "manufacturer" not in by_ref["c"]


@pytest.fixture(scope="module")
def ocsf() -> Callable[[int], Any]:
    from functools import cache

    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
    from ocsf_json_schema import get_ocsf_schema  # type: ignore[import-untyped]
    from ocsf_json_schema.embedded import OcsfJsonSchemaEmbedded  # type: ignore[import-untyped]

    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.6.0"))
    names = {5001: "inventory_info", 2003: "compliance_finding"}
    return cache(lambda uid: Draft202012Validator(schema.get_class_schema(names[uid])))


def test_ocsf_events_are_valid(ocsf: Callable[[int], Any]) -> None:
    for value in (plain_inventory(), hostile_inventory()):
        for line in text_of(Format.OCSF, value).splitlines():
            event = json.loads(line)
            problems = [error.message[:200] for error in ocsf(event["class_uid"]).iter_errors(event)]
            assert not problems
    events = [json.loads(line) for line in text_of(Format.OCSF, plain_inventory()).splitlines()]
    verdicts = [e["compliance"]["status"] for e in events if e["class_uid"] == 2003]
    assert verdicts == ["Fail", "Warning", "Unknown"]
    assert sum(e["class_uid"] == 5001 for e in events) == 5


def test_prometheus_reads_it() -> None:
    from prometheus_client.parser import text_string_to_metric_families

    for value in (plain_inventory(), hostile_inventory()):
        families = {f.name: f for f in text_string_to_metric_families(text_of(Format.PROMETHEUS, value))}
        assert {"camcensus_devices", "camcensus_addresses", "camcensus_sweep_complete"} <= set(families)
    families = {f.name: f for f in text_string_to_metric_families(text_of(Format.PROMETHEUS, plain_inventory()))}
    found = {s.labels["status"]: s.value for s in families["camcensus_devices"].samples}
    assert found == {"listed": 1, "review": 1, "undetermined": 1, "not-listed": 1, "not-a-camera": 1}
    assert {s.labels["site"] for f in families.values() for s in f.samples} == {"Depot 7"}


def test_netbox_takes_it() -> None:
    """The lengths and the pattern are those of NetBox' models (dcim/models, 4.x)."""
    for value in (plain_inventory(), hostile_inventory()):
        payload = json.loads(text_of(Format.NETBOX, value))
        assert list(payload) == [
            "dcim/sites/", "dcim/device-roles/", "dcim/manufacturers/", "dcim/device-types/", "dcim/devices/",
        ]  # fmt: skip
        slugs = {path: {row.get("slug") for row in rows} for path, rows in payload.items()}
        for slug in set().union(*slugs.values()) - {None}:
            assert re.fullmatch(r"[-a-zA-Z0-9_]{1,100}", slug)
        types = {(row["manufacturer"]["slug"], row["model"]) for row in payload["dcim/device-types/"]}
        names = [row["name"] for row in payload["dcim/devices/"]]
        assert len(names) == len(set(names))
        for row in payload["dcim/devices/"]:
            assert (row["device_type"]["manufacturer"]["slug"], row["device_type"]["model"]) in types
            assert row["role"]["slug"] in slugs["dcim/device-roles/"]
            assert len(row["name"]) <= 64
            assert len(row["serial"]) <= 50
            assert len(row["description"]) <= 200
            assert len(row["device_type"]["model"]) <= 100


def test_two_models_that_would_share_a_slug_have_two() -> None:
    payload = json.loads(text_of(Format.NETBOX, inventory(device(model="A-1"), device("198.51.100.11", model="A 1"))))
    slugs = [row["slug"] for row in payload["dcim/device-types/"]]
    assert slugs == ["hikvision-a-1", "hikvision-a-1-2"]


def test_asset_files_hold_cameras_only() -> None:
    for form in (Format.NETBOX_CSV, Format.SNIPE_IT, Format.GLPI):
        assert len(text_of(form, plain_inventory()).splitlines()) == 1 + 4
    items = json.loads(text_of(Format.SERVICENOW, plain_inventory()))["items"]
    assert len(items) == 4
    assert items[0]["values"]["manufacturer"] == "Hikvision"
    assert "manufacturer" not in items[2]["values"]


def test_the_anchor_of_sarif_is_an_argument() -> None:
    log = json.loads(render(plain_inventory(), Format.SARIF, Look(anchor="nightly.json")))
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "nightly.json"
