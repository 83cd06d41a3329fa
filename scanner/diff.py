"""Two sweeps of one place: new, gone, changed, and why. Pure: no network, no clock, no files.

What looks like one thing is four (`Cause`): the device changed, we understand its words better, the lists changed, or
another policy judged. The two inventories alone tell them apart where their fingerprints or registries are the same.
Where they are not, `Again` settles it: the first sweep's evidence and devices, judged with what judged the second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from scanner.models import Device, Inventory, Status, Strength, Sweep
from scanner.models.changes import Cause, Change, Changes, DeviceChange, Presence, Side
from scanner.models.reconciliation import Reach
from scanner.pairing import pair
from scanner.report.words import label
from scanner.text import sort_key

InScope = Callable[[str], bool | None]
"""Whether the second sweep asked an address; None where that can't be said."""
_FACTS = ("kind", "is_camera", "brand", "maker", "family", "chip", "model", "firmware", "serial", "product")
_PLACE = ("host", "mac", "switch", "switch_port")
_DECIDING = frozenset({"kind", "is_camera", "brand", "maker", "family", "chip", "host"})
_SETTLED = frozenset({Status.LISTED, Status.NOT_LISTED})
_ORDER = {presence: rank for rank, presence in enumerate(Presence)}


class Again(msgspec.Struct, frozen=True):
    """The first sweep as the second would judge it: by its fingerprints (`devices`), its lists (`judge`); or None.

    `then` judges by the second sweep's lists, but the first one's policy and day: whether the lists alone suffice.
    """

    devices: tuple[Device, ...] | None = None
    judge: Callable[[Device], Device] | None = None
    then: Callable[[Device], Device] | None = None


def compare(
    before: Inventory, after: Inventory, in_scope: InScope | None = None, again: Again | None = None
) -> Changes:
    """What is different; the same input gives the same answer."""
    causes = _Causes(before, after, again or Again())
    rows = []
    for old, new in pair(before.devices, after.devices):
        if old is None and new is not None:
            rows.append(_row(Presence.NEW, new))
        elif new is None and old is not None:
            rows.append(_row(Presence.GONE, old, reach=_reach(old, after, in_scope)))
        elif old is not None and new is not None and (changes := tuple(_changes(old, new, causes))):
            rows.append(_row(Presence.CHANGED, new, changes=changes))
    rows.sort(key=lambda row: (_ORDER[row.presence], row.is_camera is not True, sort_key(row.host)))
    return Changes(
        before=_side(before), after=_side(after), notes=tuple(_notes(before, after, causes)), counts=_counts(rows),
        rows=tuple(rows),
    )  # fmt: skip


def judged_by(sweep: Sweep) -> tuple[object, ...]:
    """Policies and day, and the text of one's own: a policy file may change and keep its name."""
    return sweep.policy, sweep.as_of, sorted(file.digest for file in sweep.basis if file.kind == "policy")


class _Causes:
    """Why a field of a device is said otherwise."""

    def __init__(self, before: Inventory, after: Inventory, again: Again) -> None:
        self.same_rules = (before.tool.fingerprints, before.tool.version) == (
            after.tool.fingerprints,
            after.tool.version,
        )
        self.same_lists = before.tool.registry.digest == after.tool.registry.digest
        self.same_policy = judged_by(before.sweep) == judged_by(after.sweep)
        self._judge = again.judge
        self._then = again.then
        pairs = pair(before.devices, again.devices) if again.devices is not None else []
        self._again = {old.id: new for old, new in pairs if old is not None and new is not None}
        self.settled = self.same_rules or again.devices is not None

    def of_fact(self, field: str, old: Device, new: Device) -> Cause:
        """Why one fact of a device is another."""
        if self.same_rules or field in _PLACE:
            return Cause.DEVICE
        understood = self._again.get(old.id)
        if understood is None:
            return Cause.UNKNOWN
        now = getattr(understood, field)
        if now == getattr(new, field):
            return Cause.FINGERPRINTS
        return Cause.DEVICE if now == getattr(old, field) else Cause.UNKNOWN

    def of_verdict(self, field: str, old: Device, new: Device, facts: Sequence[Change]) -> Cause:
        """Why status or findings are others, given what else of the device is."""
        if not old.claims and not (self.same_lists and self.same_policy):
            return self._unproven(field, old, new, facts)
        if self._judge is not None:
            if _verdict(field, self._judge(old)) == _verdict(field, new):
                return self._lists_or_policy(field, old, new)
            if self.same_rules:
                return Cause.DEVICE
        elif not facts and _basis(old) == _basis(new) and not (self.same_lists and self.same_policy):
            return self._lists_or_policy(field, old, new)
        found = {change.cause for change in facts if change.field in _FACTS}
        if len(found) == 1:
            return found.pop()
        return Cause.DEVICE if self.same_rules and self.same_lists and self.same_policy else Cause.UNKNOWN

    def _unproven(self, field: str, old: Device, new: Device, facts: Sequence[Change]) -> Cause:
        """Of a device that a store gave back without its claims, and that other lists, policy or day judged.

        Where maker and brand are as they were, and no person has to weigh evidence, only these can turn the verdict.
        """
        same_device = _DECIDING.isdisjoint(change.field for change in facts)
        if not self.same_rules:
            return Cause.UNKNOWN
        if self.same_lists and self._suffices(field, new):
            return Cause.DEVICE
        if not same_device or not {old.status, new.status} <= _SETTLED:
            return Cause.UNKNOWN
        return self._lists_or_policy(field, new, new)

    def _lists_or_policy(self, field: str, device: Device, new: Device) -> Cause:
        """Which of them, where it is no other: lists and day may have changed together, as from night to night."""
        if self.same_lists:
            return Cause.POLICY
        return Cause.LISTS if self.same_policy or self._suffices(field, device, new) else Cause.UNKNOWN

    def _suffices(self, field: str, device: Device, new: Device | None = None) -> bool:
        """Whether the new lists alone, by the old policy on the old day, come to the new verdict."""
        return self._then is not None and _verdict(field, self._then(device)) == _verdict(field, new or device)


def _changes(old: Device, new: Device, causes: _Causes) -> Iterator[Change]:
    facts = [
        Change(field, _text(getattr(old, field)), _text(getattr(new, field)), causes.of_fact(field, old, new))
        for field in (*_PLACE, *_FACTS)
        if getattr(old, field) != getattr(new, field) and not _only_unheard(field, new)
    ]
    yield from facts
    for field in ("status", "instruments"):
        one, other = _verdict(field, old), _verdict(field, new)
        if one != other:
            yield Change(field, one or None, other or None, causes.of_verdict(field, old, new, facts))


def _only_unheard(field: str, new: Device) -> bool:
    """A place that this sweep did not learn (no root for the MAC, no switch named) is no change of the device."""
    return field in ("mac", "switch", "switch_port") and getattr(new, field) is None


def _verdict(field: str, device: Device) -> str:
    if field == "status":
        return device.status.value
    return ", ".join(sorted({f.instrument for f in device.findings if f.strength is not Strength.CONTEXT}))


def _basis(device: Device) -> tuple[object, ...]:
    """What a verdict is made of, the lists apart."""
    claims = sorted((claim.field, claim.value, claim.weight.value, claim.where) for claim in device.claims)
    return (device.maker, device.brand, device.confidence, device.is_camera, tuple(claims))


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def _row(
    presence: Presence, device: Device, *, reach: Reach | None = None, changes: tuple[Change, ...] = ()
) -> DeviceChange:
    return DeviceChange(
        presence=presence, host=device.host, label=label(device), device=device.id, is_camera=device.is_camera,
        status=device.status.value, maker=device.maker, model=device.model, reach=reach, changes=changes,
    )  # fmt: skip


def _reach(device: Device, after: Inventory, in_scope: InScope | None) -> Reach:
    """Whether the second sweep would have seen it: gone is said only of what was asked."""
    addresses = {device.host, *device.addresses}
    if any(addresses & {each.host, *each.addresses} for each in after.devices):
        return Reach.OTHER
    if in_scope is None:
        return Reach.UNKNOWN
    asked = [in_scope(address) for address in addresses]
    if any(asked):
        return Reach.ASKED if after.sweep.complete else Reach.UNKNOWN
    return Reach.UNKNOWN if None in asked else Reach.OUTSIDE


def _side(inventory: Inventory) -> Side:
    tool, sweep = inventory.tool, inventory.sweep
    return Side(
        sweep=sweep.id, finished=sweep.finished, complete=sweep.complete, scope=sweep.scope, policy=sweep.policy,
        as_of=sweep.as_of, version=tool.version, fingerprints=tool.fingerprints, registry=tool.registry.edition,
        registry_digest=tool.registry.digest, devices=len(inventory.devices), answered=inventory.coverage.answered,
    )  # fmt: skip


def _counts(rows: Sequence[DeviceChange]) -> dict[str, int]:
    counts: Counter[str] = Counter({presence.value: 0 for presence in Presence})
    for row in rows:
        counts[row.presence.value] += 1
        counts.update({f"changed by {cause}" for cause in {change.cause.value for change in row.changes}})
    return dict(sorted(counts.items()))


def _notes(before: Inventory, after: Inventory, causes: _Causes) -> Iterator[str]:
    one, other = before.coverage, after.coverage
    if not after.sweep.complete:
        yield "The second sweep is not complete: what it did not see may not have been asked."
    if not before.sweep.complete:
        yield "The first sweep is not complete: what is new may have been there."
    if other.answered < one.answered:
        yield f"Fewer addresses answered: {other.answered}, {one.answered} in the first sweep."
    if before.sweep.scope != after.sweep.scope:
        yield f"Another scope: {', '.join(before.sweep.scope) or 'none'}; now {', '.join(after.sweep.scope) or 'none'}."
    if not causes.same_rules:
        settled = (
            "" if causes.settled else " The first sweep's folder, with its evidence, would tell what that changed."
        )
        yield f"Other fingerprints judged the second sweep.{settled}"
    if not causes.same_lists:
        yield f"Other lists: registry of {before.tool.registry.edition}; now of {after.tool.registry.edition}."
    if not causes.same_policy:
        yield "Another policy or another day judged the second sweep."
