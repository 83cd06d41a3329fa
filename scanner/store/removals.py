"""Removals: what people said, read back and held against what sweeps saw."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from scanner.models.history import DeviceHistory, Happening, HistoryEvent, Removal, RemovalState, Standing
from scanner.store.reader import Reader


class Kind(StrEnum):
    """What a person says of a device."""

    PLAN = "plan"
    DONE = "done"
    CANCEL = "cancel"


class Word(msgspec.Struct, frozen=True):
    """One thing that a person said; the latest counts, and all are kept."""

    device: int
    kind: Kind
    day: str | None
    reason: str
    replaced_by: str | None
    replacement: int | None
    recorded_at: str


_WORDS = """
SELECT removal.device_id, kind, day, reason, replaced_by, replacement_id, recorded_at
FROM removal JOIN device ON device.id = removal.device_id WHERE device.site_id = :site ORDER BY removal.id
"""
_HAPPENING = {Kind.PLAN: Happening.PLANNED, Kind.DONE: Happening.DONE, Kind.CANCEL: Happening.CANCELLED}


def words(reader: Reader, site: int) -> dict[int, list[Word]]:
    """What was said of each device of a site, in the order in which it was."""
    found: dict[int, list[Word]] = {}
    for device, kind, *rest in reader.rows(_WORDS, site=site):
        found.setdefault(device, []).append(Word(device, Kind(kind), *rest))
    return found


def as_events(said: Iterable[Word]) -> list[HistoryEvent]:
    """Each word as an event of the device's history."""
    return [HistoryEvent(word.recorded_at, _HAPPENING[word.kind], note=_note(word)) for word in said]


def removal(said: list[Word], device: DeviceHistory, replacement: str | None, today: str) -> Removal | None:
    """What counts now; None where nothing was said, or it was taken back. `today` is a date."""
    if not said or said[-1].kind is Kind.CANCEL:
        return None
    word = said[-1]
    plan = next((each for each in reversed(said) if each.kind is Kind.PLAN), None)
    return Removal(
        site=device.site, device=device.device, label=device.label, host=device.host,
        state=_state(word, device, today), day=word.day, reason=word.reason or (plan.reason if plan else ""),
        replaced_by=word.replaced_by, replacement=replacement, recorded_at=word.recorded_at,
        gone_since=device.since, last_seen=device.last_seen,
    )  # fmt: skip


def _state(word: Word, device: DeviceHistory, today: str) -> RemovalState:
    if word.kind is Kind.DONE:
        # On the day itself it may have been seen before it went
        if device.last_seen is not None and word.day is not None and device.last_seen[:10] > word.day:
            return RemovalState.SEEN_AFTER
        return RemovalState.GONE if device.standing is Standing.GONE else RemovalState.DONE
    if device.standing is Standing.GONE:
        return RemovalState.GONE
    return RemovalState.OVERDUE if word.day is not None and word.day < today else RemovalState.PLANNED


def _note(word: Word) -> str:
    parts = [f"for {word.day}" if word.kind is Kind.PLAN and word.day else (f"on {word.day}" if word.day else "")]
    parts += [f"replaced by {word.replaced_by}" if word.replaced_by else "", word.reason]
    return "; ".join(part for part in parts if part)
