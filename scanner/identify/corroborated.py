"""Whether a maker rests on more than one voice: what a sweep asks before it leaves a device alone."""

from __future__ import annotations

from scanner.identify.fuse import source_of
from scanner.models import Device, Weight


def corroborated(device: Device) -> bool:
    """Two independent kinds of evidence name the maker with more than weak weight, and none of that weight another.

    The confidence does not tell it: one voice that only this maker's devices have is mostly right, and still one.
    """
    if device.maker is None or any(each.field == "maker" for each in device.conflicts):
        return False
    voices = {
        source_of(each.where)
        for each in device.claims
        if each.field in ("maker", "brand") and each.value == device.maker and each.weight is not Weight.WEAK
    }
    return len(voices) >= 2
