"""What differs between two registries, entry by entry: editions, folders, or one with an overlay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from scanner.registry.facts import Registry

_SKIPPED = frozenset({"checked"})


class Change(msgspec.Struct, frozen=True):
    """`what` (instrument, company, listing, label, component, policy, question) `name` was added, removed or changed.

    `fields` says of a changed one which of its fields, from what to what.
    """

    what: str
    name: str
    change: Literal["added", "removed", "changed"]
    fields: dict[str, tuple[Any, Any]] = {}


def diff(old: Registry, new: Registry) -> tuple[Change, ...]:
    """Every difference but for the days when facts were checked, in the order of the data."""
    return tuple(change for what, before, after in _tables(old, new) for change in _changes(what, before, after))


def _tables(old: Registry, new: Registry) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    one, two = _named(old), _named(new)
    for what in one:
        yield what, one[what], two[what]


def _named(registry: Registry) -> dict[str, Mapping[str, Any]]:
    """Each kind of fact by a name that stays the same from edition to edition."""
    return {
        "instrument": registry.instruments,
        "company": registry.companies,
        "listing": {f"{e.instrument} / {e.entity} ({e.company}) from {e.since}": e for e in registry.listings},
        "label": {f"{each.brand} → {each.maker} ({each.scope})": each for each in registry.labels},
        "component": {each.name: each for each in registry.components},
        "policy": registry.policies,
        "question": {f"{each.under}, {each.place}: {each.asks}": each for each in registry.questions},
    }


def _changes(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in before:
        if name not in after:
            yield Change(what, name, "removed")
        elif fields := _fields(before[name], after[name]):
            yield Change(what, name, "changed", fields)
    for name in after:
        if name not in before:
            yield Change(what, name, "added")


def _fields(one: msgspec.Struct, two: msgspec.Struct) -> dict[str, tuple[Any, Any]]:
    first, second = msgspec.to_builtins(one), msgspec.to_builtins(two)
    return {
        key: (first.get(key), second.get(key))
        for key in dict.fromkeys((*first, *second))
        if key not in _SKIPPED and first.get(key) != second.get(key)
    }
