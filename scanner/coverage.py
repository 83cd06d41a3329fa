"""The coverage of a sweep, in numbers and sentences: what was not reached is said first."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.models import Coverage, InterfaceCoverage
from scanner.net.api import Interface
from scanner.net.ledger import Ledger
from scanner.net.scope import Scope
from scanner.sweep import Gathered, SweepOptions
from scanner.text import is_ip, sort_key

_NAMED = 8  # addresses named in one sentence


def coverage_of(
    scope: Scope,
    options: SweepOptions,
    gathered: Gathered,
    used: Sequence[Interface],
    skipped: Sequence[Interface],
    ledger: Ledger,
) -> Coverage:
    """Counts are of the addresses asked; the notes' order is: not reached, cut short, faults, how it was done."""
    answered, asked = sum(host in gathered.alive for host in options.targets), len(options.targets)
    notes = [*_unreached(scope, answered, asked, gathered), *gathered.notes, *_faults(gathered), *_limits(used)]
    if options.own:
        notes.append(f"This host's own address was not asked: {_some(list(options.own))}.")
    notes += _outside(ledger.outside)
    busiest = ledger.busiest()
    return Coverage(
        addresses=asked,
        answered=answered,
        silent=max(0, asked - answered),
        interfaces=tuple(
            InterfaceCoverage(name=i.name, addresses=i.addresses, used=not i.skip, reason=i.skip)
            for i in (*used, *skipped)
        ),
        notes=tuple(dict.fromkeys(notes)),
        cut=tuple(sorted(set(gathered.cut))),
        outside=tuple(f"{origin} → {address}" for origin, address in ledger.outside),
        packets=ledger.packets,
        connections=ledger.connections,
        busiest=f"{busiest[0]} ({busiest[1]} packets)" if busiest else "",
    )


def _unreached(scope: Scope, answered: int, asked: int, gathered: Gathered) -> list[str]:
    notes = []
    silent = asked - answered
    if not gathered.complete:
        notes.append(gathered.ended)
    if silent > 0:
        why = "free, switched off, asleep, or behind a filter"
        if not gathered.complete:
            why = f"the sweep ended before each was asked; or they are {why}"
        notes.append(f"{silent} of {asked} addresses did not answer: {why}; a camera may be among them.")
    if scope.excluded:
        notes.append(f"Left out as you asked: {_some(list(scope.excluded))}.")
    return [*notes, *scope.notes]


def _outside(seen: Sequence[tuple[str, str]]) -> list[str]:
    """Who answered from elsewhere, and who pointed elsewhere (`origin` is then a device's address)."""
    heard = sorted({address for origin, address in seen if not is_ip(origin)}, key=sort_key)
    pointed = [f"{origin} to {address}" for origin, address in seen if is_ip(origin)]
    notes = []
    if heard:
        notes.append(f"Answered from outside the scope and not asked anything: {_some(heard)}.")
    if pointed:
        notes.append(f"Devices that point out of the scope, which was not followed: {_some(pointed)}.")
    return notes


def _faults(gathered: Gathered) -> list[str]:
    notes = []
    if gathered.cut:
        notes.append(
            f"Cut short at a limit of time or size, so perhaps not fully read: {_some(sorted(set(gathered.cut)))}."
        )
    if gathered.failures:
        what = [f"{name} ({detail})" for name, detail in sorted(gathered.failures.items())]
        notes.append(f"A fault of ours cost these questions: {_some(what)}.")
    return notes


def _limits(used: Sequence[Interface]) -> list[str]:
    if used:
        return []
    return [
        "No local interface is on these networks, so nothing that only answers multicast or ARP could be heard: "
        "only direct questions were asked."
    ]


def _some(items: list[str]) -> str:
    rest = len(items) - _NAMED
    return ", ".join(items[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
