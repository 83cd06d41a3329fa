from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from scanner.identify.accuracy import measure, why_no_kind, why_no_maker
from scanner.identify.accuracy_page import calibration_file, page
from scanner.identify.cases import Case, Truth
from scanner.identify.engine import identify
from scanner.identify.rules import RuleSet, parse_file
from scanner.models import Evidence
from tests.identify.support import ACME_MAC, ACME_RTSP, BOLT_MAC, rtsp, said, small_rules, title

PRINTER = said("snmp", oids={"1.3.6.1.2.1.1.1.0": "a printer"})
CASES = [
    Case("right", Truth(True, "camera", "ACME", "Acme", "AC-200", "2.1.0"), (rtsp(ACME_RTSP),), "a/b one"),
    Case("wrong", Truth(True, "camera", "Bolt", "Bolt"), (rtsp(ACME_RTSP),), "a/b two"),
    Case("silent", Truth(True, "nvr", "Bolt", "Bolt", "B-1"), (title("NVR | login"),), "c/d"),
    Case(
        "rebrand", Truth(True, "camera", "Acme", "Labelco"), (rtsp(ACME_RTSP), title("Labelco cam")), "rapid7/recog x"
    ),
    Case("printer", Truth(False, "other"), (PRINTER,), "c/d"),
]


def test_the_figures() -> None:
    found = measure(CASES, small_rules())
    assert {name: (row.cases, row.right, row.none) for name, row in found.confusion.items()} == {
        "Acme": (2, 2, 0),
        "Bolt": (2, 0, 1),
    }
    assert dict(found.confusion["Bolt"].wrong) == {"Acme": 1}
    assert found.missed["maker"] == {"words that many makers' devices say": 1}
    assert found.missed["model"] == {"the evidence does not state it": 1}
    assert (found.compared, found.ours_there, found.theirs_there) == (3, 1, None)
    assert [(each.named, each.right) for each in found.calibrations][:2] == [(3, 2), (3, 2)]
    assert found.unseen_score.maker.right == []  # the rule quotes the very text


@pytest.mark.parametrize("field", ["maker", "brand"])
def test_others_rules_are_measured_with_our_spellings_and_nothing_else_of_ours(field: str) -> None:
    theirs = """
[[fingerprint]]
id = "theirs"
where = "rtsp.header.server"
pattern = '^AcmeCam'
claims = { maker = "ACME" }
weight = "strong"
source = "made up for the tests"
examples = [ { text = "AcmeCam" } ]
rejects = ["x"]
"""
    cases = [*CASES, Case("mac", Truth(True, "camera", "Acme"), (said("mac", mac=ACME_MAC),), "a/b")]
    theirs = theirs.replace("maker =", "brand =") if field == "brand" else theirs
    found = measure(cases, small_rules(), RuleSet((parse_file("theirs.toml", theirs.encode()),), field))
    assert (found.compared, found.theirs_there) == (4, 1)
    assert "| Recog | 1 (25.0%) |" in page(found)
    assert "not at hand" not in page(found)


def test_the_page_has_every_part_and_no_broken_table() -> None:
    text = page(measure(CASES, small_rules()))
    assert text == page(measure(CASES, small_rules()))
    for heading in (
        "All rules",
        "Without the rules",
        "Weights",
        "Confidence",
        "What is missed",
        "By maker",
        "Rebrands",
    ):
        assert f"\n## {heading}" in text
    assert "| Bolt | 2 | 0 | 1 | Acme 1 |" in text
    assert "| Labelco | Acme | Labelco | Acme | 1 |" in text
    assert "Wrong answers: `wrong`" in text
    assert "12 % of" in text
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    for lines in tables:
        assert len({line.replace("\\|", "").count("|") for line in lines}) == 1, lines


def test_the_written_table_is_read_again() -> None:
    found = measure(CASES, small_rules())
    assert parse_file("calibration.toml", calibration_file(found).encode()).calibration == found.table


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        ((title("NVR"),), "words that many"),
        ((title("Labelco cam"),), "a label"),
        ((said("banner", port=23, text="cam-os 1.2"),), "a firmware family"),
        ((title("Acme Viewer"), said("mac", mac=BOLT_MAC)), "weak signs"),
        ((rtsp(ACME_RTSP), said("tls", subject="O=Bolt")), "contradict"),
    ],
)
def test_why_no_maker(evidence: tuple[Evidence, ...], reason: str) -> None:
    device = identify(evidence, small_rules())
    assert device.maker is None
    assert reason in why_no_maker(device)


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        ((said("mac", mac=BOLT_MAC),), "MAC prefix"),
        ((title("NVR"),), "no rule"),
        ((rtsp(ACME_RTSP), PRINTER, title("a printer")), "contradict"),
        ((said("ws-discovery", xml="x"),), "no rule"),
    ],
)
def test_why_no_kind(evidence: tuple[Evidence, ...], reason: str) -> None:
    device = msgspec.structs.replace(identify(evidence, small_rules()), is_camera=None)
    assert reason in why_no_kind(device)


def test_the_command_writes_page_and_table(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from scanner.cli.accuracy_command import accuracy

    rows = [
        {
            "id": case.id,
            "source": case.source,
            "truth": msgspec.to_builtins(case.truth),
            "evidence": [record.to_object() for record in case.evidence],
        }
        for case in CASES
    ]
    cases = tmp_path / "cases.jsonl"
    cases.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    accuracy(cases, out=tmp_path / "page.md", table=tmp_path / "table.toml")
    assert (tmp_path / "page.md").read_text().startswith("# Accuracy")
    assert "[[calibration]]" in (tmp_path / "table.toml").read_text()
    accuracy(cases)
    assert capfd.readouterr().out.startswith("# Accuracy")
