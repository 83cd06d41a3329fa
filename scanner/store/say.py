"""What a person says of a removal, into the store."""

from __future__ import annotations

from scanner.models import UsageError
from scanner.models.history import DeviceHistory, Standing
from scanner.store.engine import Store
from scanner.store.history import candidates
from scanner.store.reader import Reader
from scanner.store.removals import Kind, Word
from scanner.store.tables import REMOVAL
from scanner.store.values import safe


def meant(reader: Reader, wanted: str, site: str | None, kind: Kind, today: str) -> tuple[int, DeviceHistory]:
    """The one device that `wanted` means; UsageError where it may be several.

    Of several that had an address over time, the one meant is the one that is there (or has a planned removal).
    """
    found = candidates(reader, wanted, site, today)
    planned = [one for one in found if one[1].removal is not None]
    if kind is not Kind.PLAN and planned:
        found = planned
    elif len(found) > 1:
        found = [one for one in found if one[1].standing in (Standing.SEEN, Standing.NOT_ASKED)] or found
    if len(found) > 1:
        names = "; ".join(f"{device.device} ({device.label}, site {device.site})" for _number, device in found[:6])
        raise UsageError(f"{safe(wanted, 60)!r} is {len(found)} devices: name one by its id (or --site): {names}")
    if kind is Kind.CANCEL and not planned:
        raise UsageError(f"no removal of {found[0][1].label} is recorded")
    return found[0]


def replacement(reader: Reader, wanted: str, site: str, today: str) -> int | None:
    """The device that is named as the replacement; None where the store does not know it (yet)."""
    try:
        return meant(reader, wanted, site, Kind.PLAN, today)[0]
    except UsageError:
        return None


def say(store: Store, word: Word) -> None:
    """Keep it; nothing that was said is ever overwritten."""
    row = {
        "device_id": word.device, "kind": word.kind.value, "day": word.day, "reason": safe(word.reason, 500),
        "replaced_by": safe(word.replaced_by) if word.replaced_by else None, "replacement_id": word.replacement,
        "recorded_at": word.recorded_at,
    }  # fmt: skip
    with store.change() as connection:
        connection.execute(REMOVAL.insert().values(row))
