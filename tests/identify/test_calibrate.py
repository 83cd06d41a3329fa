from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.identify.calibrate import calibrated
from scanner.identify.fuse import MAC_ONLY_CEILING, Facts, Statement, fuse
from scanner.identify.names import Names
from scanner.identify.rule_tables import CalibrationRow, calibration
from scanner.identify.rules import default_rules, parse_file
from scanner.models import DataError, Weight
from scanner.registry.leads import CONFIDENCE_FLOOR
from tests.identify.support import small_rules

ROWS = (CalibrationRow(0.5, 0, 0, 0.4), CalibrationRow(0.8, 10, 9, 0.9), CalibrationRow(0.9, 5, 5, 0.9))
PACKAGED = default_rules().calibration
NAMES = Names(small_rules())


def judge(*voices: tuple[Weight, str, str]) -> Facts:
    statements = [Statement("maker", name, weight, f"{name}-{where}", 0, where, name) for weight, where, name in voices]
    return fuse(statements, NAMES, PACKAGED)


def test_without_a_table_the_model_stands() -> None:
    assert calibrated(0.73, ()) == 0.73


@pytest.mark.parametrize(
    ("model", "confidence"), [(0.0, 0.0), (0.25, 0.2), (0.5, 0.4), (0.65, 0.65), (0.8, 0.9), (0.85, 0.9), (0.95, 0.95)]
)
def test_it_is_linear_between_the_rows(model: float, confidence: float) -> None:
    assert calibrated(model, ROWS) == pytest.approx(confidence)


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_evidence_never_lowers_a_confidence(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= calibrated(low, PACKAGED) <= calibrated(high, PACKAGED) <= 1.0


@pytest.mark.parametrize(
    "rows",
    [
        "model = 0.5\nnamed = 1\nright = 1\nconfidence = 1.0",
        "model = 0.5\nnamed = 1\nright = 1",
        "model = 0.5\nnamed = 1\nright = 1\nconfidence = 0.5\nshape = 1",
        "model = 0.5\nnamed = 1\nright = 1\nconfidence = 0.9\n[[calibration]]\n"
        "model = 0.6\nnamed = 1\nright = 1\nconfidence = 0.8",
    ],
)
def test_a_table_that_falls_or_is_not_whole_is_refused(rows: str) -> None:
    with pytest.raises(DataError, match=r"file\.toml: .*calibration"):
        parse_file("file.toml", f"[[calibration]]\n{rows}\n".encode())
    with pytest.raises(DataError):
        calibration("file.toml", {})


def test_the_packaged_table_keeps_the_rules_that_no_weight_can_break() -> None:
    mac = judge((Weight.WEAK, "mac.registrant", "Acme"))
    assert 0.0 < mac.confidence <= MAC_ONLY_CEILING
    weak = judge((Weight.WEAK, "http.title", "Acme"), (Weight.WEAK, "rtsp.realm", "Acme"))
    assert weak.confidence < CONFIDENCE_FLOOR
    assert judge((Weight.MEDIUM, "http.title", "Acme")).confidence >= CONFIDENCE_FLOOR
    contradicted = judge((Weight.MEDIUM, "http.title", "Acme"), (Weight.WEAK, "rtsp.realm", "Bolt"))
    assert contradicted.confidence < CONFIDENCE_FLOOR


def test_a_contradiction_still_lowers_the_confidence() -> None:
    alone = judge((Weight.STRONG, "http.title", "Acme"))
    torn = judge((Weight.STRONG, "http.title", "Acme"), (Weight.MEDIUM, "rtsp.realm", "Bolt"))
    assert torn.maker == "Acme"
    assert torn.confidence < alone.confidence - 0.03
    assert [each.other for each in torn.conflicts] == ["Bolt"]
