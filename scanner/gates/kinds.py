"""Which gates there are, and what they look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

from scanner.diff import Again
from scanner.models import Inventory, Status


class Gate(StrEnum):
    """`--fail-on`: the first three include those before them; `new` and `coverage` compare with a baseline."""

    LISTED = "listed"
    REVIEW = "review"
    UNDETERMINED = "undetermined"
    NEW = "new"
    COVERAGE = "coverage"


_LADDER = (Status.LISTED, Status.REVIEW, Status.UNDETERMINED)
FAILING = {
    Gate.LISTED: _LADDER[:1],
    Gate.REVIEW: _LADDER[:2],
    Gate.UNDETERMINED: _LADDER[:3],
}
NEEDS_BASELINE = frozenset({Gate.NEW, Gate.COVERAGE})


def no_again() -> Again:
    """For want of the baseline's evidence: what the two inventories alone tell."""
    return Again()


class Against(msgspec.Struct, frozen=True):
    """What a sweep is held against.

    `baseline` is None where there is none yet: everything is new then, and `coverage` has nothing to compare. `asked`
    says whether this sweep asked an address (None: not known). `again` judges the baseline by what judged this sweep;
    it may take seconds, and is called only where a verdict changed and the lists or fingerprints did too. `last_seen`:
    when earlier sweeps than the baseline saw devices (by id) that it does not have, where a history tells.
    """

    baseline: Inventory | None = None
    asked: Callable[[str], bool | None] | None = None
    again: Callable[[], Again | None] = no_again
    max_registry_age: int | None = None
    last_seen: Mapping[str, str] = {}
