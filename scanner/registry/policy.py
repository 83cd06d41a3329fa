"""Which instruments count: the union of the policies asked for, as of a day, with what each of them lets pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

import msgspec

from scanner.dates import day, holds
from scanner.models import Device, UsageError
from scanner.registry.facts import DEFAULT_POLICY, Allow, Instrument, Policy, Registry, Sensitivity
from scanner.registry.leads import Lead
from scanner.registry.names import fold
from scanner.registry.where import Address, addresses_of

_REVIEW = {
    "labels": "labels that only a directory links to a maker",
    "past_owners": "owners of the past",
    "reported_owners": "owners that are only reported",
    "mac_only": "MAC prefixes and other weak signs alone",
    "chips": "the makers of chips",
}


class Ruled(msgspec.Struct, frozen=True):
    """One policy with the ids of the instruments that count and the criteria that are asked under it."""

    policy: Policy
    counted: frozenset[str]
    criteria: frozenset[str]

    def covers(self, instrument: str) -> bool:
        """Whether this policy is why a finding of the instrument counts."""
        return instrument in self.counted or instrument in self.criteria


class Scope(msgspec.Struct, frozen=True):
    """What counts as of a day: the instruments (`counted`) and criteria of all of `ruled` together, by id.

    `addresses` are those of the device that is judged.
    """

    as_of: date
    ruled: tuple[Ruled, ...]
    counted: frozenset[str]
    criteria: frozenset[str]
    addresses: tuple[Address, ...] = ()

    def of(self, device: Device) -> Scope:
        """The same for one device."""
        return msgspec.structs.replace(self, addresses=tuple(addresses_of(device)))


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
    ruled = tuple(_ruled(policy, registry) for policy in policies or (DEFAULT_POLICY,))
    counted = frozenset[str]().union(*(each.counted for each in ruled))
    criteria = frozenset[str]().union(*(each.criteria for each in ruled))
    return Scope(as_of or day(registry.edition), ruled, counted, criteria)


def let_pass(lead: Lead, instrument: Instrument, scope: Scope, *, asks: bool) -> str:
    """Why no policy counts a finding of this lead; "" where one does. `asks`: the finding is a question (`review`)."""
    reasons = []
    for ruled in scope.ruled:
        if ruled.covers(instrument.id):
            reason = _excuse(ruled.policy, lead, instrument, scope, asks=asks)
            if not reason:
                return ""
            reasons.append(reason)
    return " ".join(reasons)


def effective(instrument: Instrument, scope: Scope) -> str:
    """Since when the instrument binds who works under the first of the policies; never before its own day."""
    starts = [
        ruled.policy.begins.get(instrument.id, instrument.in_force)
        for ruled in scope.ruled
        if ruled.covers(instrument.id)
    ]
    first = min(starts, key=day, default=instrument.in_force)
    return max(first, instrument.in_force, key=day)


def site_answer(instrument: Instrument, scope: Scope) -> str:
    """What stands in the place of the instrument's question about the site: the question, or a policy's answer."""
    for ruled in scope.ruled:
        if instrument.site_test and ruled.covers(instrument.id):
            sensitivity, name = _sensitivity(ruled.policy, scope)
            if sensitivity == "sensitive":
                return f"The policy “{ruled.policy.id}” says that this is a sensitive site{name}."
    return instrument.site_test


def _ruled(policy: Policy, registry: Registry) -> Ruled:
    counted: set[str] = set()
    criteria: set[str] = set()
    for each in _instruments(policy, registry):
        if each.prohibits:
            counted.update(filter(None, (each.id, each.part_of)))  # a part is told with its whole
        elif each.effect == "criterion" and policy.criteria:
            criteria.add(each.id)
    return Ruled(policy, frozenset(counted), frozenset(criteria))


def _instruments(policy: Policy, registry: Registry) -> list[Instrument]:
    if policy.instruments is None:
        return [each for each in registry.instruments.values() if each.certainty != "own"]
    for name in policy.instruments:
        if name not in registry.instruments:
            near = get_close_matches(name, registry.instruments, n=1, cutoff=0.6)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(f"policy {policy.id!r}: unknown instrument {name!r}{hint}")
    return [registry.instruments[name] for name in policy.instruments]


def _excuse(policy: Policy, lead: Lead, instrument: Instrument, scope: Scope, *, asks: bool) -> str:
    """Why this policy does not count it; "" where it does."""
    if asks and lead.reason and not getattr(policy.review, lead.reason):
        return f"The policy “{policy.id}” does not count {_REVIEW[lead.reason]}."
    if instrument.site_test:
        sensitivity, name = _sensitivity(policy, scope)
        if sensitivity == "not sensitive":
            return f"The policy “{policy.id}” says that this is no sensitive site{name}."
    for allow in policy.allow:
        if _allows(allow, lead, instrument, scope):
            until = f" until {allow.until}" if allow.until else ""
            return f"Allowed by the policy “{policy.id}”{until}: {allow.reason}"
    return ""


def _allows(allow: Allow, lead: Lead, instrument: Instrument, scope: Scope) -> bool:
    if not holds(allow.since, allow.until, scope.as_of):
        return False
    if allow.instruments and instrument.id not in allow.instruments:
        return False
    names = {fold(lead.company.name), fold(lead.subject)}
    return not allow.makers or any(fold(maker) in names for maker in allow.makers)


def _sensitivity(policy: Policy, scope: Scope) -> tuple[Sensitivity, str]:
    """What the policy says of the device's site, and the site's name in brackets; sensitive where sites overlap."""
    found = [
        site
        for site in policy.sites
        if any(network.holds(address) for network in site.networks for address in scope.addresses)
    ]
    if not found:
        return policy.site_sensitivity, ""
    site = next((each for each in found if each.sensitive), found[0])
    return "sensitive" if site.sensitive else "not sensitive", f" ({site.name})"
