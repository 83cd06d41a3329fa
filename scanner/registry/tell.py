"""What the registry's commands found, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scanner.registry.diff import Change
from scanner.registry.impact import Impact, Moved
from scanner.registry.overlay import Overlay

_SIGN = {"added": "+", "removed": "-", "changed": "~"}


def diff_lines(changes: Sequence[Change]) -> Iterator[str]:
    """A line for each change, and one for each field of a changed entry."""
    for change in changes:
        yield f"{_SIGN[change.change]} {change.what} {change.name}"
        yield from (f"    {key}: {_value(old)} → {_value(new)}" for key, (old, new) in change.fields.items())
    yield f"Differences: {len(changes)}." if changes else "No difference."


def overlay_lines(overlay: Overlay) -> Iterator[str]:
    """What was read, and what of it is for a person to look at."""
    for number, file in enumerate(overlay.inputs, start=1):
        yield f"Input {number}: {file.file}: {file.title} of {file.edition} ({file.edition_from})"
        yield f"  {file.parties} parties; SHA-256 {file.sha256}"
    yield f"Confirmed: {len(overlay.confirmed)}"
    for new in overlay.added:
        yield f"  + {new.instrument}: “{new.entity}” is {new.company} from {new.since} ({new.matched_on}; {new.row})"
    for end in overlay.ended:
        yield f"  - {end.instrument}: “{end.entity}” ({end.company}) ends {end.until} ({end.row})"
    for ask in overlay.review:
        whose = f"listed here for {ask.company}" if ask.kind == "absent" else f"perhaps {ask.company}"
        yield f"  ? {ask.kind}: {ask.instrument}: “{ask.entity}”, {whose}: {ask.why} ({ask.row})"
    for other in overlay.elsewhere:
        yield f"  . {other.company} is on {other.listed_by} as “{other.entity}” ({other.row}): no instrument here"
    yield f"To add: {len(overlay.added)}; to end: {len(overlay.ended)}; to decide: {len(overlay.review)}"


def _value(value: Any) -> str:
    text = "none" if value in (None, "", []) else str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def impact_lines(found: Impact) -> Iterator[str]:
    """The answer for people."""
    yield f"Old: {found.old['name']} (edition {found.old['edition']}, {found.old['digest'][:12]})"
    yield f"New: {found.new['name']} (edition {found.new['edition']}, {found.new['digest'][:12]})"
    yield f"Both judged as of {found.as_of} from the inventories alone; nothing was sent."
    for sweep in found.sweeps:
        yield ""
        policy = ", ".join(sweep.policy) or "every instrument that prohibits"
        change = f"{len(sweep.moved)} of {sweep.devices} devices change"
        yield f"{sweep.file}: sweep {sweep.sweep}, policy {policy}: {change}"
        for moves, count in sorted(sweep.statuses.items()):
            yield f"  {moves}: {count}"
        for moved in sweep.moved:
            yield from _moved_lines(moved)
    yield ""
    yield "No device would be judged differently." if not found.moved else f"Devices judged differently: {found.moved}."


def _moved_lines(moved: Moved) -> Iterator[str]:
    made = " ".join(filter(None, (moved.brand, f"(maker {moved.maker})" if moved.maker else "", moved.model)))
    same = moved.before.status == moved.after.status
    yield f"  {moved.host}  {made}: {moved.after.status if same else f'{moved.before.status} → {moved.after.status}'}"
    if moved.gained:
        yield f"    counts now: {', '.join(moved.gained)}"
    if moved.lost:
        yield f"    no longer counts: {', '.join(moved.lost)}"
    yield from (f"    {reason}" for reason in moved.reasons)
