"""Two segments behind a router, devices of one protocol each: all found or named, none twice, nothing astray.

One short profile without loss; `python -m benchmarks recall` has the others. Needs root; nothing asserts on a clock.
"""

from __future__ import annotations

import pytest

from benchmarks import recall
from tests.e2e.namespaces import needed

pytestmark = [pytest.mark.root, pytest.mark.skipif(bool(needed()), reason=needed() or "-")]


@pytest.fixture(scope="module")
def swept() -> recall.Swept:
    return recall.observe(0.0, (0.001, 0.02), 1, slow_pages=False)


def test_everybody_is_found(swept: recall.Swept) -> None:
    assert swept.expected >= 39
    assert swept.missing == ()


def test_each_by_what_it_says(swept: recall.Swept) -> None:
    assert swept.wordless == ()


def test_who_cannot_answer_is_named(swept: recall.Swept) -> None:
    assert swept.unnamed == ()


def test_nobody_is_listed_twice_and_no_two_as_one(swept: recall.Swept) -> None:
    assert swept.twice == ()


def test_only_the_scope_was_spoken_to_and_only_asked(swept: recall.Swept) -> None:
    assert swept.astray == ()
    assert swept.violations == 0
