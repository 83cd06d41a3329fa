"""From evidence to inventory: identify, then registry. Pure but for the evidence that it is handed.

What only some judgements need (a user's own files, waivers, pins, channels, joining) is imported when they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from scanner import __version__
from scanner.identify.engine import identify_stream
from scanner.identify.knowledge import knowledge
from scanner.identify.rules import RuleSet, default_rules, load_fingerprints
from scanner.models import (
    BasisFile,
    Channel,
    Coverage,
    Device,
    Evidence,
    EvidenceProblem,
    Finding,
    Inventory,
    RegistryInfo,
    Status,
    Strength,
    Sweep,
    Tool,
    WaiverRecord,
)
from scanner.registry.facts import Policy, Registry
from scanner.registry.judge import judge
from scanner.registry.load import load_registry
from scanner.registry.policy import find_policy
from scanner.registry.verdicts import Verdicts
from scanner.text import sort_key

if TYPE_CHECKING:
    from scanner.identify.pins import Pin
    from scanner.registry.waivers import Waiver

_UNREACHED = "the camera itself was not reached: this is its recorder's word"

_OWN_WORDS = "the device's own words"
_CONTRADICTED = "The device's own words led to this, and a pinned fact says otherwise: which is right?"
Problem = Callable[[EvidenceProblem], None]


class Context(msgspec.Struct, frozen=True):
    """What evidence is judged with: fingerprints, registry, policies, the day whose lists count, pinned facts.

    `basis` are the user's own files behind these: policies, overlays of the registry, waivers.
    """

    rules: RuleSet
    registry: Registry
    policies: tuple[Policy, ...]
    as_of: date
    pins: tuple[Pin, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    basis: tuple[BasisFile, ...] = ()

    @classmethod
    def load(
        cls,
        policies: Iterable[str] = (),
        as_of: date | None = None,
        today: date | None = None,
        folder: Path | None = None,
        rules: RuleSet | None = None,
        pins: tuple[Pin, ...] = (),
        basis: Iterable[BasisFile] = (),
    ) -> Context:
        """Fingerprints and registry of `folder` (by default the packaged ones) with the user's files.

        `rules` take the place of that folder's, `pins` are facts that a person corrected. UsageError for a policy that
        is not known, DataError for a file that is not valid.
        """
        rules, files = rules or (load_fingerprints(folder) if folder else default_rules()), tuple(basis)
        registry = load_registry(folder / "registry" if folder else None)
        waivers: tuple[Waiver, ...] = ()
        if files:
            from scanner.registry.basis import read_basis

            own = read_basis(registry, files, [file.name for file in rules.files if file.name])
            registry, policies, waivers = own.registry, [*policies, *own.policies], own.waivers
        found = tuple(find_policy(name, registry) for name in dict.fromkeys(policies))
        day = as_of or today or date.today()  # noqa: DTZ011 - the user's day
        return cls(rules, registry, found, day, pins, waivers, files)

    def judge(self, device: Device, verdicts: Verdicts | None = None) -> Device:
        """The device with its status and findings (waived where a waiver is for them), and its channels by its word.

        `verdicts` are this context's own, where many devices are judged.
        """
        if verdicts is not None:
            judged = verdicts.judge(device)
        else:
            judged = judge(device, self.registry, self.policies, self.as_of)
        if self.waivers:
            from scanner.registry.waivers import waive

            judged = waive(judged, self.waivers, self.as_of)
        if not judged.channels:
            return judged
        channels = tuple(self._judge_channel(judged, channel) for channel in judged.channels)
        return msgspec.structs.replace(judged, channels=channels)

    def _judge_channel(self, recorder: Device, channel: Channel) -> Channel:
        """A camera known only from its recorder is to review at most: nobody has heard the camera itself."""
        from scanner.identify.behind import channel_camera, is_stated

        if channel.device is not None or not is_stated(channel):
            return msgspec.structs.replace(channel, status=None, why="")
        camera = judge(channel_camera(recorder, channel, self.rules), self.registry, self.policies, self.as_of)
        named = camera.maker or camera.brand
        if named is None:
            return msgspec.structs.replace(channel, status=Status.UNDETERMINED, why=_UNREACHED)
        review = camera.status in (Status.LISTED, Status.REVIEW)
        why = f"{_UNREACHED}; what the recorder states has the form of {named}'s"
        return msgspec.structs.replace(channel, status=Status.REVIEW if review else Status.UNDETERMINED, why=why)

    def corrected(self, devices: list[Device]) -> list[Device]:
        """The devices with the pinned facts."""
        if not self.pins:
            return devices
        from scanner.identify.pins import apply_pins

        return apply_pins(devices, self.pins, knowledge(self.rules).names, self.as_of)[0]

    def unused_pins(self, devices: Iterable[Device]) -> list[str]:
        """A sentence for each pin that the devices, which have their pins by now, do not show."""
        if not self.pins:
            return []
        from scanner.identify.pins import unused

        return unused(devices, self.pins, knowledge(self.rules).names, self.as_of)

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
        from scanner.identify.merge import merge_devices

        devices = merge_devices(devices, context.rules)
    devices = sorted(devices, key=lambda device: sort_key(device.host))
    pinned = context.corrected(devices)
    if any(device.channels for device in pinned):
        from scanner.identify.behind import link_channels

        pinned = link_channels(pinned)
    verdicts = Verdicts(context.registry, context.policies, context.as_of)
    return tuple(_judged(before, after, context, verdicts) for before, after in zip(devices, pinned, strict=True))


def build_inventory(devices: tuple[Device, ...], context: Context, sweep: Sweep, coverage: Coverage) -> Inventory:
    """Contract 2 around the devices. Pins that were not used are told in the coverage."""
    notes = tuple(dict.fromkeys((*coverage.notes, *context.unused_pins(devices))))
    return Inventory(
        tool=context.tool(),
        sweep=msgspec.structs.replace(sweep, basis=context.basis),
        coverage=msgspec.structs.replace(coverage, notes=notes),
        devices=devices,
        waivers=_waiver_records(devices, context),
    )


def _waiver_records(devices: tuple[Device, ...], context: Context) -> tuple[WaiverRecord, ...]:
    if not context.waivers:
        return ()
    from scanner.registry.waivers import records

    return records(devices, context.waivers, context.as_of)


def _judged(before: Device, after: Device, context: Context, verdicts: Verdicts) -> Device:
    """The device judged with what a person pinned: a pin can raise a question and answer one, and settles no listing.

    What rests on a pin alone is `review`; and what the device's own words led to stays a question, whatever was pinned.
    """
    judged = context.judge(after, verdicts)
    if after is before:
        return judged
    from scanner.identify.pins import by_person

    people = by_person(after.claims)
    findings = {(each.instrument, each.entity): _defended(each, set(people), after) for each in judged.findings}
    for each in context.judge(before, verdicts).findings:
        if each.strength is not Strength.CONTEXT:
            findings.setdefault((each.instrument, each.entity), _asked(each, _CONTRADICTED))
    told = tuple(sorted(findings.values(), key=lambda each: tuple(Strength).index(each.strength)))
    strengths = {each.strength for each in told}
    status = judged.status
    if Strength.LISTED in strengths:
        status = Status.LISTED
    elif Strength.REVIEW in strengths:
        status = Status.REVIEW
    return msgspec.structs.replace(judged, findings=told, status=status)


def _defended(finding: Finding, people: set[str], device: Device) -> Finding:
    """The finding as it may stand: on a person's word alone it asks, and says on whose word."""
    if not finding.because or not set(finding.because) <= people:
        return finding
    whose = "; ".join(dict.fromkeys(claim.text for claim in device.claims if claim.id in finding.because))
    asking = _asked(finding, f"Does the device itself bear it out? It rests on a person's statement ({whose}).")
    chain: tuple[dict[str, Any], ...] = tuple(
        {**link, "certainty": "a person's statement"} if link.get("certainty") == _OWN_WORDS else link
        for link in finding.chain
    )
    statement = finding.statement.replace(f"T{_OWN_WORDS[1:]} indicate", "A person's statement indicates", 1)
    return msgspec.structs.replace(asking, chain=chain, statement=statement)


def _asked(finding: Finding, question: str) -> Finding:
    if finding.strength is Strength.CONTEXT:
        return finding
    strength = Strength.REVIEW
    test = " ".join(filter(None, (finding.purpose_test, question)))
    return msgspec.structs.replace(finding, strength=strength, purpose_test=test)


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
