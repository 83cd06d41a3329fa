"""Which instruments count: the union of the policies asked for, as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

import msgspec

from scanner.models import UsageError
from scanner.registry.dates import day
from scanner.registry.facts import DEFAULT_POLICY, Instrument, Policy, Registry


class Scope(msgspec.Struct, frozen=True):
    """The instruments that count (`counted`) and the criteria that are asked (`criteria`), by id, as of a day."""

    as_of: date
    counted: frozenset[str]
    criteria: frozenset[str]


def find_policy(policy_id: str, registry: Registry) -> Policy:
    """The policy `policy_id`; UsageError with the nearest id where there is none."""
    found = registry.policies.get(policy_id)
    if found is not None:
        return found
    near = get_close_matches(policy_id, registry.policies, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(registry.policies))}"
    raise UsageError(f"unknown policy {policy_id!r}; {hint}")


def scope_of(policies: Sequence[Policy], registry: Registry, as_of: date | None) -> Scope:
    """Without a policy, every instrument that prohibits counts and no criterion does.

    `as_of` None is the day of the registry's edition. An instrument that a policy names and the registry lacks is a
    UsageError: it would otherwise be silently clean.
    """
    counted: set[str] = set()
    criteria: set[str] = set()
    for policy in policies or (DEFAULT_POLICY,):
        for each in _instruments(policy, registry):
            if each.prohibits:
                counted.add(each.id)
            elif each.effect == "criterion" and policy.criteria:
                criteria.add(each.id)
    return Scope(as_of or day(registry.edition), frozenset(counted), frozenset(criteria))


def _instruments(policy: Policy, registry: Registry) -> list[Instrument]:
    if policy.instruments is None:
        return list(registry.instruments.values())
    for name in policy.instruments:
        if name not in registry.instruments:
            near = get_close_matches(name, registry.instruments, n=1, cutoff=0.6)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(f"policy {policy.id!r}: unknown instrument {name!r}{hint}")
    return [registry.instruments[name] for name in policy.instruments]
