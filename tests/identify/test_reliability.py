from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.identify.cases import Case, Truth
from scanner.identify.heldout import Trial, judged
from scanner.identify.knowledge import Knowledge
from scanner.identify.reliability import (
    PRIOR_CASES,
    borne_out,
    calibration_error,
    cross_validated,
    fit,
    interval,
    outcomes,
    reliability,
)
from scanner.models import Evidence
from tests.identify.support import ACME_MAC, ACME_RTSP, realm, rtsp, said, small_rules

KNOWN = Knowledge(small_rules())


def trials(*cases: tuple[str, str, Evidence]) -> list[Trial]:
    """(id and source, true maker, evidence) judged with the small rules."""
    made = [Case(name, Truth(is_camera=True, manufacturer=maker), (record,), name) for name, maker, record in cases]
    return judged(made, KNOWN)


MEDIUM = [(f"m{n}", "Acme", realm("Acme login")) for n in range(10)]
STRONG = [(f"s{n}", "Acme", rtsp(ACME_RTSP)) for n in range(10)]


def test_the_error_is_the_distance_of_confidence_and_share_right() -> None:
    found = [(0.95, True)] * 9 + [(0.95, False)] + [(0.55, True), (0.55, False)]
    assert [(each.named, each.right) for each in reliability(found)] == [(2, 1), (10, 9)]
    assert calibration_error(found) == pytest.approx((2 * 0.05 + 10 * 0.05) / 12)
    assert calibration_error([]) == 0.0
    assert calibration_error([(1.0, True)]) == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_the_error_is_between_0_and_1_and_the_bins_hold_everything(found: list[tuple[float, bool]]) -> None:
    assert 0.0 <= calibration_error(found) <= 1.0
    assert sum(each.named for each in reliability(found)) == len(found)


def test_the_interval_is_the_same_each_time_and_holds_the_middle() -> None:
    found = [(0.9, True)] * 18 + [(0.9, False)] * 2
    low, high = interval(found, calibration_error)
    assert (low, high) == interval(found, calibration_error)
    assert low <= calibration_error(found) <= high
    assert interval([], calibration_error) == (0.0, 0.0)


def test_the_table_moves_the_model_as_far_as_the_cases_bear_it_out() -> None:
    rows = fit(trials(*MEDIUM), KNOWN)
    (medium,) = (row for row in rows if row.named)
    assert (medium.named, medium.right) == (10, 10)
    assert medium.confidence == pytest.approx((10 + PRIOR_CASES * medium.model) / (10 + PRIOR_CASES), abs=0.001)
    assert [row.model for row in rows] == sorted(row.model for row in rows)


def test_rows_that_fall_are_pooled() -> None:
    wrong = [(f"w{n}", "Bolt", rtsp(ACME_RTSP)) for n in range(10)]
    rows = fit(trials(*MEDIUM, *wrong), KNOWN)
    assert [row.confidence for row in rows] == sorted(row.confidence for row in rows)
    medium, strong = (row for row in rows if row.named)
    assert medium.confidence == strong.confidence < medium.model


def test_mac_prefixes_and_contradictions_do_not_teach() -> None:
    torn = Case("t", Truth(is_camera=True, manufacturer="Acme"), (rtsp(ACME_RTSP), said("tls", subject="O=Bolt")), "t")
    learnt = [*trials(("m", "Acme", said("mac", mac=ACME_MAC))), *judged([torn], KNOWN)]
    assert all(row.named == 0 for row in fit(learnt, KNOWN))


def test_a_fold_is_measured_without_its_own_sources() -> None:
    wrong = [(f"m{n}", "Bolt", realm("Acme login")) for n in range(10)]
    own = trials(*wrong)
    found = cross_validated(own, own, KNOWN, folds=10)
    together = outcomes(own, KNOWN, fit(own, KNOWN))
    assert len(found) == len(together) == 10
    assert sum(confidence for confidence, _ in found) > sum(confidence for confidence, _ in together)
    assert not any(right for _, right in found)


def test_what_the_weights_were_worth() -> None:
    found = trials(*MEDIUM, *STRONG, ("w", "Bolt", rtsp(ACME_RTSP)), ("m", "Acme", said("mac", mac=ACME_MAC)))
    assert borne_out(found, KNOWN) == {"medium": (10, 0), "strong": (10, 1), "mac": (1, 0)}
