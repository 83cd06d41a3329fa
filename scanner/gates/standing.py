"""A device's verdict once what is validly waived is left out, and how a gate's line names it."""

from __future__ import annotations

from scanner.models import Device, Finding, Status, Strength


def standing(device: Device) -> Status | None:
    """The status without the findings that are validly waived; None where nothing is left of it."""
    if not any(finding.waiver is not None and not finding.waiver.expired for finding in device.findings):
        return device.status
    left = {finding.strength for finding in counting(device)}
    if Strength.LISTED in left:
        return Status.LISTED
    return Status.REVIEW if left else None


def counting(device: Device) -> list[Finding]:
    """The findings that are more than context, and not waived; the strongest first."""
    found = [finding for finding in device.findings if finding.counts]
    return sorted(found, key=lambda finding: tuple(Strength).index(finding.strength))


def told_something(device: Device) -> bool:
    """Whether anything was learned of it but that something is there."""
    return device.is_camera is not None or any((device.brand, device.model, device.product, device.firmware))


def name(device: Device) -> str:
    """Where it is, and what it is as far as that is known."""
    words = [device.brand or device.maker or "", device.model or ""]
    text = " ".join(word for word in words if word)
    return f"{device.host} ({text})" if text else device.host
