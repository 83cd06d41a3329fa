"""What somebody has to keep up: waivers that expired, a registry that is too old."""

from __future__ import annotations

from datetime import date

from scanner.models import Inventory, WaiverRecord
from scanner.models.gate import GateResult


def waivers(inventory: Inventory) -> GateResult:
    """A line for each waiver that has expired: somebody must renew it, or act."""
    lines = [
        f"waiver: {each.id} ({each.owner}) expired on {each.expires}; it is for {', '.join(each.instruments)} on "
        f"{', '.join(each.devices)} and named {_findings(each)}"
        for each in inventory.waivers
        if each.state == "expired"
    ]
    count = len(inventory.waivers)
    return GateResult(
        "waiver", tuple(lines), f"none of {count} waivers has expired" if count else "no waiver was given"
    )


def registry(inventory: Inventory, most: int) -> GateResult:
    """Whether the lists were more than `most` days old on the day of the sweep."""
    edition, day = inventory.tool.registry.edition, inventory.sweep.finished[:10]
    try:
        age = (date.fromisoformat(day) - date.fromisoformat(edition[:10])).days
    except ValueError:
        return GateResult("registry", (f"registry: its edition {edition!r} is no date, so its age can't be told",))
    told = f"its edition of {edition} was {age} days old on {day}; at most {most} are allowed"
    if age <= most:
        return GateResult("registry", (), told)
    advice = "update camcensus, and judge again"
    if any(file.kind == "overlay" for file in inventory.sweep.basis):
        advice += " (an overlay adds to it and leaves its edition as it is)"
    return GateResult("registry", (f"registry: {told}: {advice}",))


def _findings(record: WaiverRecord) -> str:
    if not record.findings:
        return "nothing that is found now"
    return "1 finding that counts now" if record.findings == 1 else f"{record.findings} findings that count now"
