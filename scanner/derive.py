"""From evidence to inventory: identify, then registry. Pure but for the evidence that it is handed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from scanner import __version__
from scanner.identify.engine import identify_stream
from scanner.identify.merge import merge_devices
from scanner.identify.rules import RuleSet, load_fingerprints
from scanner.models import Coverage, Device, Evidence, EvidenceProblem, Inventory, RegistryInfo, Sweep, Tool
from scanner.registry import Policy, Registry, find_policy, judge, load_registry
from scanner.text import sort_key

Problem = Callable[[EvidenceProblem], None]


class Context(msgspec.Struct, frozen=True):
    """What evidence is judged with: fingerprints, registry, policies, and the day whose lists count."""

    rules: RuleSet
    registry: Registry
    policies: tuple[Policy, ...]
    as_of: date

    @classmethod
    def load(
        cls,
        policies: Iterable[str] = (),
        as_of: date | None = None,
        today: date | None = None,
        folder: Path | None = None,
    ) -> Context:
        """Fingerprints and registry of `folder` (by default the packaged ones); UsageError for an unknown policy."""
        registry = load_registry(folder / "registry" if folder else None)
        chosen = tuple(find_policy(name, registry) for name in policies)
        return cls(load_fingerprints(folder), registry, chosen, as_of or today or date.today())  # noqa: DTZ011 - the user's day

    def judge(self, device: Device) -> Device:
        """The device with its status and findings."""
        return judge(device, self.registry, self.policies, self.as_of)

    def tool(self) -> Tool:
        """Who judged, for the inventory."""
        return Tool(
            name="camcensus",
            version=__version__,
            fingerprints=self.rules.digest,
            registry=RegistryInfo(edition=self.registry.edition, digest=self.registry.digest),
        )


def derive_devices(
    records: Iterable[Evidence | EvidenceProblem], context: Context, *, merge: bool, problem: Problem
) -> tuple[Device, ...]:
    """The judged devices in the order of their addresses. `merge` joins hosts that are one device, as a sweep does."""
    devices = list(identify_stream(_good(records, problem), context.rules))
    if merge:
        devices = merge_devices(devices)
    return tuple(sorted((context.judge(device) for device in devices), key=lambda device: sort_key(device.host)))


def build_inventory(devices: tuple[Device, ...], context: Context, sweep: Sweep, coverage: Coverage) -> Inventory:
    """Contract 2 around the devices."""
    return Inventory(tool=context.tool(), sweep=sweep, coverage=coverage, devices=devices)


def once(records: Iterable[Evidence | EvidenceProblem]) -> Iterator[Evidence | EvidenceProblem]:
    """The records without those said before word for word (a resumed sweep asks unfinished devices again)."""
    seen: set[int] = set()
    for record in records:
        if isinstance(record, Evidence):
            key = hash(msgspec.structs.replace(record, seen_at=None).to_line())
            if key in seen:
                continue
            seen.add(key)
        yield record


def _good(records: Iterable[Evidence | EvidenceProblem], problem: Problem) -> Iterator[Evidence]:
    for record in records:
        if isinstance(record, Evidence):
            yield record
        else:
            problem(record)
