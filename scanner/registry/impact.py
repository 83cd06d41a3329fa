"""What another edition of the lists would change on sweeps that are stored: judged twice, from the inventory alone.

An inventory holds every claim of every device, so nothing but it is needed: no evidence, no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from scanner.models import Device, Inventory, Strength
from scanner.registry.basis import Own, read_basis
from scanner.registry.facts import Policy, Registry
from scanner.registry.judge import judge
from scanner.registry.policy import find_policy
from scanner.registry.waivers import waive

SCHEMA = "camcensus.registry-impact/1"


class Side(msgspec.Struct, frozen=True):
    """A device under one registry: its status, and the instruments that count with their strength."""

    status: str
    instruments: dict[str, str]
    context: tuple[str, ...]
    waived: tuple[str, ...] = ()


class Moved(msgspec.Struct, frozen=True):
    """A device that the two registries judge differently. `reasons` are sentences of the findings that differ."""

    host: str
    id: str
    brand: str | None
    maker: str | None
    model: str | None
    before: Side
    after: Side
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    reasons: tuple[str, ...]


class SweepImpact(msgspec.Struct, frozen=True):
    """One inventory: how many devices, and which of them are judged differently."""

    file: str
    sweep: str
    policy: tuple[str, ...]
    devices: int
    moved: tuple[Moved, ...]
    statuses: dict[str, int]


class Impact(msgspec.Struct, frozen=True):
    """The whole answer, of which this is the JSON."""

    old: dict[str, str]
    new: dict[str, str]
    as_of: str
    sweeps: tuple[SweepImpact, ...]
    schema: str = SCHEMA

    @property
    def moved(self) -> int:
        """Devices judged differently, in all."""
        return sum(len(sweep.moved) for sweep in self.sweeps)


def impact(
    old: Registry, new: Registry, inventories: Iterable[tuple[str, Inventory]], as_of: date, names: tuple[str, str]
) -> Impact:
    """Each (file name, inventory) judged under both as of one day, by the policies and waivers that it holds."""
    return Impact(
        old={"name": names[0], "edition": old.edition, "digest": old.digest},
        new={"name": names[1], "edition": new.edition, "digest": new.digest},
        as_of=as_of.isoformat(),
        sweeps=tuple(_sweep(name, inventory, old, new, as_of) for name, inventory in inventories),
    )


def _sweep(name: str, inventory: Inventory, old: Registry, new: Registry, as_of: date) -> SweepImpact:
    one, two = _Judge(old, inventory, as_of), _Judge(new, inventory, as_of)
    moved = []
    statuses: dict[str, int] = {}
    for device in inventory.devices:
        before, after = one.judged(device), two.judged(device)
        sides = _side(before), _side(after)
        if sides[0] == sides[1]:
            continue
        moved.append(_moved(before, after, *sides))
        if sides[0].status != sides[1].status:
            change = f"{sides[0].status} → {sides[1].status}"
            statuses[change] = statuses.get(change, 0) + 1
    return SweepImpact(
        file=name, sweep=inventory.sweep.id, policy=inventory.sweep.policy, devices=len(inventory.devices),
        moved=tuple(moved), statuses=statuses,
    )  # fmt: skip


class _Judge:
    """One registry with the policies and waivers of one inventory; overlays stay out, as the registries are given."""

    def __init__(self, registry: Registry, inventory: Inventory, as_of: date) -> None:
        files = [file for file in inventory.sweep.basis if file.kind != "overlay"]
        makers = {device.maker for device in inventory.devices if device.maker}
        self._own: Own = read_basis(registry, files, makers)
        self._policies: tuple[Policy, ...] = tuple(
            find_policy(name, self._own.registry) for name in dict.fromkeys(inventory.sweep.policy)
        )
        self._as_of = as_of

    def judged(self, device: Device) -> Device:
        judged = judge(device, self._own.registry, self._policies, self._as_of)
        return waive(judged, self._own.waivers, self._as_of)


def _side(device: Device) -> Side:
    counted = [each for each in device.findings if each.strength is not Strength.CONTEXT]
    context = dict.fromkeys(each.instrument for each in device.findings if each.strength is Strength.CONTEXT)
    waived = dict.fromkeys(each.instrument for each in counted if not each.counts)
    strengths: dict[str, str] = {}
    for finding in counted:  # weightiest first
        strengths.setdefault(finding.instrument, finding.strength.value)
    return Side(device.status.value, strengths, tuple(context), tuple(waived))


def _moved(before: Device, after: Device, one: Side, two: Side) -> Moved:
    gained = tuple(f"{name} ({strength})" for name, strength in two.instruments.items() if name not in one.instruments)
    lost = tuple(f"{name} ({strength})" for name, strength in one.instruments.items() if name not in two.instruments)
    return Moved(
        host=after.host, id=after.id, brand=after.brand, maker=after.maker, model=after.model, before=one, after=two,
        gained=gained, lost=lost, reasons=tuple(dict.fromkeys(_reasons(before, after))),
    )  # fmt: skip


def _reasons(before: Device, after: Device) -> Iterator[str]:
    """The sentences of findings that only one of the two has."""
    old = {finding.statement for finding in before.findings}
    new = {finding.statement for finding in after.findings}
    yield from (f"new: {each.statement}" for each in after.findings if each.statement not in old)
    yield from (f"gone: {each.statement}" for each in before.findings if each.statement not in new)
