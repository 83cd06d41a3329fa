"""Running probes: which are worth it, and one at a time under its own deadline."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scanner.models import Outcome
from scanner.net.api import Network
from scanner.net.guard import guarded
from scanner.probe.contract import Probe, ProbeResult, Stage, Suspect

DEADLINES = {Stage.CONTACT: 8.0, Stage.FOLLOW_UP: 12.0, Stage.CREDENTIALS: 20.0}
"""Seconds for one probe; the sweep's deadline for the device lies around it."""


async def run_probe(probe: Probe, net: Network, suspect: Suspect) -> ProbeResult:
    """The probe's result; whatever it raises, or its deadline, becomes an outcome with a detail."""
    return await guarded(probe.run(net, suspect), DEADLINES[probe.stage], _failed(probe.name))


def probes_of(probes: Sequence[Probe], suspect: Suspect, stage: Stage) -> list[Probe]:
    """The probes of `stage` that are worth running on `suspect`, in their order."""
    return [probe for probe in probes if probe.stage is stage and probe.wanted(suspect)]


def _failed(name: str) -> Callable[[Outcome, str], ProbeResult]:
    def otherwise(outcome: Outcome, detail: str) -> ProbeResult:
        return ProbeResult(outcome, detail=f"{name}: {detail}")

    return otherwise
