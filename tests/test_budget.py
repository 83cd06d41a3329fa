"""The time that a run may take, and what of it is kept for its end."""

from __future__ import annotations

import pytest

from scanner.sweep.budget import ENDING_SECONDS, Budget


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_asking_ends_early_enough_for_the_end() -> None:
    clock = Clock()
    budget = Budget(60, clock=clock)
    assert budget.asking_ends() == pytest.approx(160 - ENDING_SECONDS)
    for _ in range(100):
        with budget.judging():
            clock.now += 0.02
    assert budget.reserve() == pytest.approx(ENDING_SECONDS + 1.5 * 100 * 0.02)
    assert budget.asking_ends() == pytest.approx(160 - budget.reserve())


def test_what_a_resumed_run_has_heard_already_costs_its_end_too() -> None:
    clock = Clock()
    budget = Budget(600, clock=clock)
    budget.records = 1000
    with budget.judging():
        clock.now += 0.01
    assert budget.reserve() == pytest.approx(ENDING_SECONDS + 1.5 * 1001 * 0.01)


def test_reports_besides_the_first_cost_as_much_again() -> None:
    clock = Clock()
    plain, with_two = Budget(600, clock=clock), Budget(600, renderings=2, clock=clock)
    for budget in (plain, with_two):
        with budget.judging():
            clock.now += 1
    assert with_two.reserve() - ENDING_SECONDS == pytest.approx(3 * (plain.reserve() - ENDING_SECONDS))


def test_judging_again_adds_time_and_no_record() -> None:
    clock = Clock()
    budget = Budget(600, clock=clock)
    with budget.judging():
        clock.now += 1
    with budget.judging(0):
        clock.now += 1
    assert budget.records == 1
    assert budget.reserve() == pytest.approx(ENDING_SECONDS + 1.5 * 2)


def test_a_short_budget_asks_somebody_all_the_same() -> None:
    clock = Clock()
    assert Budget(1, clock=clock).asking_ends() == pytest.approx(100.4)


def test_the_end_takes_as_long_as_the_beginning_did() -> None:
    clock = Clock()
    assert Budget(60, began=99.5, clock=clock).asking_ends() == pytest.approx(159.5 - ENDING_SECONDS)
    assert Budget(60, began=94, clock=clock).asking_ends() == pytest.approx(154 - 9)


def test_no_budget_is_no_limit() -> None:
    assert Budget(None).asking_ends() is None
