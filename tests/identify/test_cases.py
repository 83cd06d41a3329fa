"""The packaged fingerprints on recorded devices whose truth is known (kept beside the checkout)."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.identify.cases import Case, read_cases
from scanner.identify.engine import identify
from scanner.identify.heldout import examples, held_out, judged
from scanner.identify.knowledge import knowledge
from scanner.identify.match import Matcher
from scanner.identify.reliability import calibration_error, countable, cross_validated, fit, is_right
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


def test_models_and_firmware_are_found_where_the_evidence_states_them(score: Score) -> None:
    for tally in (score.model_stated, score.firmware_stated):
        assert tally.total > 50
        assert tally.share(tally.right) >= 0.95, tally.none + tally.wrong


def test_confidence_is_calibrated_on_held_out_folds(cases: list[Case]) -> None:
    """Under tables fitted without the sources of the fold, and of texts that no rule was written from."""
    known = knowledge()
    trials = judged(cases, known)
    learnt = [*held_out(trials, known), *examples(known)]
    cameras = [each for each in trials if each.case.truth.is_camera]
    assert calibration_error(cross_validated(learnt, cameras, known)) <= 0.03
    assert calibration_error(cross_validated(learnt, [each for each in learnt if not each.mac_only], known)) <= 0.03
    for fitted, packaged in zip(fit(learnt, known), known.rules.calibration, strict=True):
        assert abs(fitted.confidence - packaged.confidence) <= 0.05, "run `make accuracy` and look at --fit"


def test_what_rules_name_on_texts_they_were_not_written_from_is_right(cases: list[Case]) -> None:
    known = knowledge()
    named = [each for each in held_out(judged(cases, known), known) if countable(each)]
    assert len(named) > 50
    assert sum(not is_right(each, known) for each in named) <= 0.02 * len(named)


def test_what_a_device_announces_is_listed(cases: list[Case]) -> None:
    by_id = {case.id: {each.id for each in identify(case.evidence).capabilities} for case in cases}
    assert {"analytics", "recording", "events", "dynamic-dns"} <= by_id["disc-onvifgo-q3819-pve-preauth"]
    assert {"ptz", "replay", "old-tls-offered"} <= by_id["disc-rvs-axis-m5525-preauth"]
    assert "cloud-service" in by_id["disc-haicam-hik-2385-sadp"]


def test_every_rule_proves_itself(cases: list[Case]) -> None:
    assert [str(problem) for problem in check(load_fingerprints(), cases)] == []


def test_every_place_of_a_rule_compiles() -> None:
    rules = load_fingerprints()
    matcher = Matcher(rules)
    for place in {place for rule in rules.fingerprints for place in rule.where}:
        assert list(matcher.hits(place, "\x00 nothing says this \x00", "/", 1)) is not None
