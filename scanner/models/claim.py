"""Claims: what one fingerprint says about one device, and on what."""

from __future__ import annotations

from enum import StrEnum

import msgspec

CLAIM_FIELDS = (
    "maker",  # who designed and built it
    "brand",  # the label on it
    "model",
    "firmware",
    "kind",  # one of models.device.KINDS
    "is_camera",  # "true" or "false", where the kind itself stays open
    "product",  # what a device is in plain words where its kind is "other": printer, router, NAS…
    "family",  # the firmware lineage that it runs
    "chip",  # the SoC
    "serial",
    "mac",
    "uuid",  # endpoint UUID: identity, not shown as a fact
    "name",  # host or friendly name that the owner gave
    "channels",  # how many video inputs a recorder or encoder says it has, never identity
    "switch_port",  # "Gi0/7 @ switch": where it is plugged in, never identity
)


class Weight(StrEnum):
    """How far a claim moves the odds: a likelihood ratio (see docs/identification.md)."""

    STRONG = "strong"  # ×1000: the form is one that only this maker's devices use
    MEDIUM = "medium"  # ×30: the form is typical of it, others are known or likely to use it at times
    WEAK = "weak"  # ×4: it fits, nothing more


class Claim(msgspec.Struct, frozen=True, omit_defaults=False):
    """One claim. `evidence` is the index of the device's evidence record; `text` what matched in `where`."""

    id: str
    field: str
    value: str
    weight: Weight
    fingerprint: str
    evidence: int
    where: str = ""
    text: str = ""


class Conflict(msgspec.Struct, frozen=True):
    """Two well-founded claims that can't both hold: the chosen value and the one it outweighed."""

    field: str
    chosen: str
    other: str
    claims: tuple[str, ...] = ()
