"""From evidence to inventory: identify, then registry. Pure but for the evidence that it is handed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from scanner import __version__
from scanner.identify.behind import channel_camera, is_stated, link_channels
from scanner.identify.engine import identify_stream
from scanner.identify.merge import merge_devices
from scanner.identify.rules import RuleSet, load_fingerprints
from scanner.models import (
    BasisFile,
    Channel,
    Coverage,
    Device,
    Evidence,
    EvidenceProblem,
    Inventory,
    RegistryInfo,
    Status,
    Sweep,
    Tool,
)
from scanner.registry import Policy, Registry, Waiver, find_policy, judge, load_registry, read_basis, records, waive
from scanner.text import sort_key

_UNREACHED = "the camera itself was not reached: this is its recorder's word"

Problem = Callable[[EvidenceProblem], None]


class Context(msgspec.Struct, frozen=True):
    """What evidence is judged with: fingerprints, registry, policies, and the day whose lists count.

    `basis` are the user's own files behind these: policies, overlays of the registry, waivers.
    """

    rules: RuleSet
    registry: Registry
    policies: tuple[Policy, ...]
    as_of: date
    waivers: tuple[Waiver, ...] = ()
    basis: tuple[BasisFile, ...] = ()

    @classmethod
    def load(
        cls,
        policies: Iterable[str] = (),
        as_of: date | None = None,
        today: date | None = None,
        folder: Path | None = None,
        basis: Iterable[BasisFile] = (),
    ) -> Context:
        """Fingerprints and registry of `folder` (by default the packaged ones) with the user's files.

        UsageError for a policy that is not known, DataError for a file that is not valid.
        """
        rules, files = load_fingerprints(folder), tuple(basis)
        registry = load_registry(folder / "registry" if folder else None)
        own = read_basis(registry, files, [file.name for file in rules.files if file.name])
        chosen = dict.fromkeys([*policies, *own.policies])
        found = tuple(find_policy(name, own.registry) for name in chosen)
        day = as_of or today or date.today()  # noqa: DTZ011 - the user's day
        return cls(rules, own.registry, found, day, own.waivers, files)

    def judge(self, device: Device) -> Device:
        """The device with its status and findings (waived where a waiver is for them), and its channels by its word."""
        judged = waive(judge(device, self.registry, self.policies, self.as_of), self.waivers, self.as_of)
        if not judged.channels:
            return judged
        channels = tuple(self._judge_channel(judged, channel) for channel in judged.channels)
        return msgspec.structs.replace(judged, channels=channels)

    def _judge_channel(self, recorder: Device, channel: Channel) -> Channel:
        """A camera known only from its recorder is to review at most: nobody has heard the camera itself."""
        if channel.device is not None or not is_stated(channel):
            return msgspec.structs.replace(channel, status=None, why="")
        camera = judge(channel_camera(recorder, channel, self.rules), self.registry, self.policies, self.as_of)
        named = camera.maker or camera.brand
        if named is None:
            return msgspec.structs.replace(channel, status=Status.UNDETERMINED, why=_UNREACHED)
        review = camera.status in (Status.LISTED, Status.REVIEW)
        why = f"{_UNREACHED}; what the recorder states has the form of {named}'s"
        return msgspec.structs.replace(channel, status=Status.REVIEW if review else Status.UNDETERMINED, why=why)

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
    devices = link_channels(sorted(devices, key=lambda device: sort_key(device.host)))
    return tuple(context.judge(device) for device in devices)


def build_inventory(devices: tuple[Device, ...], context: Context, sweep: Sweep, coverage: Coverage) -> Inventory:
    """Contract 2 around the devices."""
    return Inventory(
        tool=context.tool(),
        sweep=msgspec.structs.replace(sweep, basis=context.basis),
        coverage=coverage,
        devices=devices,
        waivers=records(devices, context.waivers, context.as_of),
    )


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
