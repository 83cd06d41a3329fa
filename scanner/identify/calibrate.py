"""From the probability that the odds alone give to the one that recorded cases bear out (docs/identification.md)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from scanner.identify.rule_tables import CalibrationRow


def calibrated(model: float, rows: Sequence[CalibrationRow]) -> float:
    """`model` as the table has it, linear between its rows and to 0 and 1 beyond them; unchanged without a table.

    It rises with `model`: more evidence never lowers a confidence by way of the table.
    """
    if not rows:
        return model
    points = [(0.0, 0.0), *((row.model, row.confidence) for row in rows), (1.0, 1.0)]
    for (low, at_low), (high, at_high) in pairwise(points):
        if model <= high:
            return at_low + (at_high - at_low) * (model - low) / (high - low)
    return model
