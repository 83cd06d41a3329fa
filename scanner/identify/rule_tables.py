"""The tables beside the rules in fingerprint files: what a confidence was worth on cases, and capabilities in words."""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from scanner.identify import rule_check
from scanner.models import DataError

Basis = Literal["announced", "observed", "port-open"]
"""announced: the device's own words; observed: a sweep met the service itself; port-open: a port, and nothing more."""

_CALIBRATION_KEYS = {"model", "named", "right", "confidence"}
_CAPABILITY_KEYS = {"id", "basis", "says", "note", "unless"}


class CalibrationRow(msgspec.Struct, frozen=True):
    """Of `named` makers whose odds alone gave about `model`, `right` were right; `confidence` is what is printed."""

    model: float
    named: int
    right: int
    confidence: float


class CapabilityWords(msgspec.Struct, frozen=True):
    """A capability that rules may claim: its id, what it rests on, what a report says, and what that does not mean.

    With `unless` it is left out of a device that has that other capability, which says more.
    """

    id: str
    basis: Basis
    says: str
    note: str = ""
    unless: str = ""


def calibration(file: str, rows: object) -> tuple[CalibrationRow, ...]:
    """The `[[calibration]]` rows of a file; DataError unless model and confidence both rise, between 0 and 1."""
    found = []
    for row in _tables(file, "calibration", rows):
        rule_check.keys(f"{file}: [[calibration]]", row, _CALIBRATION_KEYS)
        try:
            found.append(msgspec.convert(row, CalibrationRow))
        except msgspec.ValidationError as error:
            raise DataError(f"{file}: [[calibration]]: {error}") from error
    for before, after in zip([CalibrationRow(0.0, 0, 0, 0.0), *found], found, strict=False):
        if not (before.model < after.model < 1.0 and before.confidence <= after.confidence < 1.0):
            raise DataError(f"{file}: [[calibration]]: model and confidence must rise from row to row, below 1")
    return tuple(found)


def capabilities(file: str, rows: object) -> tuple[CapabilityWords, ...]:
    """The `[[capability]]` rows of a file."""
    found: dict[str, CapabilityWords] = {}
    for row in _tables(file, "capability", rows):
        rule_check.keys(f"{file}: [[capability]]", row, _CAPABILITY_KEYS)
        try:
            each = msgspec.convert(row, CapabilityWords)
        except msgspec.ValidationError as error:
            raise DataError(f"{file}: [[capability]]: {error} (basis: {', '.join(get_args(Basis))})") from error
        if not each.id or not each.says or each.id in found:
            raise DataError(f"{file}: [[capability]] {each.id!r}: id and says must be there, and an id only once")
        found[each.id] = each
    return tuple(found.values())


def _tables(file: str, name: str, rows: object) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DataError(f"{file}: write [[{name}]], with double brackets")
    return rows
