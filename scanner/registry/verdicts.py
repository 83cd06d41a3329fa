"""`judge` for many devices: what says word for word the same, and shares its claims, is judged once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

import msgspec

from scanner.models import Device
from scanner.registry.facts import Policy, Registry
from scanner.registry.judge import judge

_REMEMBERED = 2048
_MOST_CLAIMS = 64
"""Devices with more are judged each time, so that what is kept stays small."""


class Verdicts:
    """Remembers by what `judge` reads of a device; where a policy knows sites, by nothing: then its address counts."""

    def __init__(self, registry: Registry, policies: Sequence[Policy], as_of: date) -> None:
        self._registry = registry
        self._policies = policies
        self._as_of = as_of
        self._remembers = not any(policy.sites for policy in policies)
        self._known: dict[Hashable, tuple[Device, Device]] = {}

    def judge(self, device: Device) -> Device:
        """What `judge` gives."""
        if not self._remembers or len(device.claims) > _MOST_CLAIMS:
            return judge(device, self._registry, self._policies, self._as_of)
        # By identity: a device that is kept keeps its claims, so that no others can have their number.
        key = (
            id(device.claims),
            device.is_camera,
            device.maker,
            device.brand,
            device.chip,
            device.confidence,
            device.why,
        )
        asked, told = self._known.get(key, (None, None))
        if asked is None or told is None or asked.conflicts != device.conflicts:
            told = judge(device, self._registry, self._policies, self._as_of)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = (device, told)
            return told
        return msgspec.structs.replace(device, status=told.status, findings=told.findings, why=told.why)
