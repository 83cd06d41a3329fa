"""All gates of a run, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.gates.kinds import Against, Gate
from scanner.gates.reach import coverage
from scanner.gates.upkeep import registry, waivers
from scanner.gates.verdicts import new, verdict
from scanner.models import Inventory
from scanner.models.gate import GateResult


def check(inventory: Inventory, gates: Iterable[Gate], against: Against | None = None) -> tuple[GateResult, ...]:
    """What became of each gate that was asked for, in that order; nothing where none was.

    An expired waiver and a registry that is too old are gates of their own, beside those of `gates`.
    """
    return tuple(_each(inventory, tuple(dict.fromkeys(gates)), against or Against()))


def reasons(inventory: Inventory, gates: Iterable[Gate], baseline: Inventory | None) -> list[str]:
    """Why the gates are hit; empty when none is. With a baseline the status gates look at what it does not have yet."""
    return [line for result in check(inventory, gates, Against(baseline)) for line in result.lines]


def _each(inventory: Inventory, gates: tuple[Gate, ...], against: Against) -> Iterator[GateResult]:
    if gates or against.max_registry_age is not None:
        yield waivers(inventory)
    if against.max_registry_age is not None:
        yield registry(inventory, against.max_registry_age)
    for gate in gates:
        if gate is Gate.COVERAGE:
            yield coverage(inventory, against)
        elif gate is Gate.NEW:
            yield new(inventory, against)
        else:
            yield verdict(inventory, gate, against)
