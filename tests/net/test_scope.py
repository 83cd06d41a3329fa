"""The scope against a plain set of addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.net.scope import Interval, Scope, canonical, merge, subtract

INTERVALS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda pair: (4, pair[0], pair[0] + pair[1])), max_size=8
)


def numbers(intervals: list[Interval] | tuple[Interval, ...]) -> set[int]:
    return {number for _version, first, last in intervals for number in range(first, last + 1)}


@settings(max_examples=80, deadline=None)
@given(INTERVALS, INTERVALS)
def test_it_holds_what_was_asked_and_not_what_was_excluded(wanted: list[Interval], without: list[Interval]) -> None:
    scope = Scope(subtract(wanted, without))
    expected = numbers(wanted) - numbers(without)
    assert list(scope.addresses()) == [str(IPv4Address(number)) for number in sorted(expected)]
    assert scope.size == len(expected)
    assert {n for n in range(80) if scope.contains(str(IPv4Address(n)))} == expected


@given(INTERVALS)
@settings(max_examples=40, deadline=None)
def test_merged_intervals_are_apart(intervals: list[Interval]) -> None:
    merged = merge(intervals)
    assert numbers(merged) == numbers(intervals)
    assert all(left[2] + 1 < right[1] for left, right in pairwise(merged))


def test_families_do_not_mix() -> None:
    scope = Scope(subtract([(6, 10, 20), (4, 10, 20)], [(6, 12, 30)]))
    assert scope.intervals == ((4, 10, 20), (6, 10, 11))
    assert scope.contains("0.0.0.15")
    assert scope.contains("::a")
    assert not scope.contains("::f")
    assert not scope.contains("0.0.0.21")
    assert not Scope(((6, 10, 20),)).contains("0.0.0.15")


def test_a_huge_scope_is_not_expanded() -> None:
    scope = Scope(((4, 0, 2**32 - 1), (6, 0, 2**128 - 1)))
    assert list(islice(scope.addresses(), 1, 3)) == ["0.0.0.1", "0.0.0.2"]
    assert scope.size == 2**32 + 2**128
    assert scope.contains("255.255.255.255")
    assert scope.contains("ffff::1")


def test_overlaps() -> None:
    scope = Scope(((4, int(IPv4Address("198.51.100.10")), int(IPv4Address("198.51.100.20"))),))
    assert scope.overlaps(ip_network("198.51.100.0/24"))
    assert scope.overlaps(ip_network("198.51.100.20/32"))
    assert not scope.overlaps(ip_network("198.51.100.32/27"))
    assert not scope.overlaps(ip_network("::/0"))


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("FE80::1%eth0", "fe80::1"),
        ("camera.local", None),
        ("", None),
        ("198.51.100.01", None),
    ],
)
def test_canonical(text: str, literal: str | None) -> None:
    assert canonical(text) == literal
