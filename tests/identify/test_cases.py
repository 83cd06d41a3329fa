"""The packaged fingerprints on recorded devices whose truth is known (kept beside the checkout)."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.identify.cases import Case, read_cases
from scanner.identify.engine import identify
from scanner.identify.match import Matcher
from scanner.identify.rules import load_fingerprints
from scanner.identify.score import Score, score_cases
from scanner.identify.selftest import check

CASES = Path(__file__).resolve().parents[2] / "../shared/cases/dev.jsonl"
pytestmark = pytest.mark.skipif(not CASES.is_file(), reason="the recorded cases are not here")


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return read_cases(CASES)


@pytest.fixture(scope="module")
def score(cases: list[Case]) -> Score:
    return score_cases(cases)


def test_makers_are_named_right(score: Score) -> None:
    assert score.maker.share(score.maker.right) >= 0.8, score.maker.none
    assert score.maker.share(score.maker.wrong) <= 0.01, score.maker.wrong


def test_no_other_device_is_flagged_as_a_camera(score: Score) -> None:
    assert score.flagged == []


def test_confidence_is_calibrated(cases: list[Case], score: Score) -> None:
    """Of the makers named with 0.9 or more at least 9 in 10 are right."""
    wrong = set(score.maker.wrong)
    sure = [case.id for case in cases if case.truth.manufacturer and identify(case.evidence).confidence >= 0.9]
    assert sum(each not in wrong for each in sure) >= 0.9 * len(sure)


def test_every_rule_proves_itself(cases: list[Case]) -> None:
    assert [str(problem) for problem in check(load_fingerprints(), cases)] == []


def test_every_place_of_a_rule_compiles() -> None:
    rules = load_fingerprints()
    matcher = Matcher(rules)
    for place in {place for rule in rules.fingerprints for place in rule.where}:
        assert list(matcher.hits(place, "\x00 nothing says this \x00", "/", 1)) is not None
