"""Which instruments count under which policies."""

from __future__ import annotations

from datetime import date

import pytest

from scanner.models import Status, UsageError
from scanner.registry import DEFAULT_POLICY, Policy, find_policy
from scanner.registry.judge import judge
from scanner.registry.policy import scope_of
from tests.registry.devices import camera, policy, shipped

DAY = date(2026, 11, 28)


def test_a_mistyped_policy_gets_the_nearest() -> None:
    with pytest.raises(UsageError, match="unknown policy 'us-fedral'; did you mean 'us-federal'"):
        find_policy("us-fedral", shipped())


def test_a_policy_like_none_gets_the_list() -> None:
    with pytest.raises(UsageError, match="known: au-government, ca-government"):
        find_policy("zzz", shipped())


def test_a_policy_of_ones_own_with_an_unknown_instrument_is_refused() -> None:
    mine = Policy("mine", instruments=("UK-WMS-2022-11-23",))
    with pytest.raises(UsageError, match="policy 'mine': unknown instrument 'UK-WMS-2022-11-23'; did you mean"):
        judge(camera("Dahua"), shipped(), (mine,), DAY)


def test_without_a_policy_every_prohibition_counts_and_no_criterion() -> None:
    scope = scope_of((), shipped(), DAY)
    assert scope.counted == {each.id for each in shipped().instruments.values() if each.prohibits}
    assert not scope.criteria
    assert scope_of((DEFAULT_POLICY,), shipped(), DAY) == scope


def test_policies_add_up() -> None:
    both = scope_of(policy("us-texas-agency", "uk-central-government"), shipped(), DAY)
    assert both.counted == {"US-TX-PROHIBITED", "UK-PROCUREMENT-ACT-2023"}
    assert both.criteria == {"UK-WMS-2022-11-24"}


def test_a_criterion_counts_only_where_it_is_adopted() -> None:
    named = Policy("named", instruments=("UK-WMS-2022-11-24",), criteria=False)
    adopted = Policy("adopted", instruments=("UK-WMS-2022-11-24",), criteria=True)
    assert judge(camera("Dahua"), shipped(), (named,), DAY).status is Status.NOT_LISTED
    assert judge(camera("Dahua"), shipped(), (adopted,), DAY).status is Status.REVIEW


def test_all_criteria_may_be_adopted_with_all_instruments() -> None:
    everything = Policy("everything", instruments=None, criteria=True)
    assert scope_of((everything,), shipped(), DAY).criteria == {"UK-WMS-2022-11-24", "TW-2022"}


def test_a_councils_own_ban_is_a_policy_of_two_lines() -> None:
    mine = Policy("council", instruments=("UK-DHSC-2022",))
    assert judge(camera("Hikvision"), shipped(), (mine,), DAY).status is Status.LISTED
    assert judge(camera("Dahua"), shipped(), (mine,), DAY).status is Status.NOT_LISTED


def test_the_day_is_by_default_that_of_the_edition() -> None:
    assert scope_of((), shipped(), None).as_of == DAY
    assert judge(camera("Uniview"), shipped()) == judge(camera("Uniview"), shipped(), (), DAY)
