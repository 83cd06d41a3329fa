"""What a confidence is worth on cases: reliability table, expected calibration error, and the table that corrects it.

Guo et al., "On Calibration of Modern Neural Networks" (2017), for the measure; isotonic pooling for the table.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

import msgspec

from scanner.identify.fuse import MAC_SOURCE, RATIO, fuse, source_of
from scanner.identify.heldout import Trial
from scanner.identify.knowledge import Knowledge
from scanner.identify.rule_tables import CalibrationRow
from scanner.identify.score import same_name
from scanner.models import Weight

BINS = 10
FOLDS = 5
PRIOR_CASES = 10
"""How many cases the model's own probability is worth when recorded cases correct it."""
EDGES = (0.6, 0.8, 0.9, 0.975)
"""Between these model probabilities the table has one row each: weak, two weak, medium, strong, several kinds."""
_RESAMPLES = 400
_USUAL = (0.485, 0.776, 0.856, 0.966, 0.989)
"""The model probability of a row that no case falls into."""

Outcome = tuple[float, bool]
"""A confidence, and whether the maker was right."""


class Reliability(msgspec.Struct, frozen=True):
    """One bin: how many makers were named with a confidence from `low` on, how sure on average, how many right."""

    low: float
    high: float
    named: int
    confidence: float
    right: int


def borne_out(trials: Iterable[Trial], known: Knowledge) -> dict[str, tuple[int, int]]:
    """By weight ("mac" for MAC prefixes), how many maker claims named the true maker and how many another.

    One voice (kind of evidence) of a case counts once for each maker that it names, with its best weight.
    """
    found: dict[str, tuple[int, int]] = {}
    for trial in trials:
        true = trial.case.truth.manufacturer
        voices: dict[tuple[str, str], Weight] = {}
        for each in trial.statements if true else ():
            key = (each.value, source_of(each.where))
            if each.field == "maker" and RATIO[each.weight] > (RATIO[voices[key]] if key in voices else 0.0):
                voices[key] = each.weight
        for (name, voice), weight in voices.items():
            right, wrong = found.get(row := MAC_SOURCE if voice == MAC_SOURCE else weight.value, (0, 0))
            same = same_name(true or "", name, known.names)
            found[row] = (right + same, wrong + (not same))
    return found


def outcomes(trials: Iterable[Trial], known: Knowledge, rows: Sequence[CalibrationRow]) -> list[Outcome]:
    """Confidence under `rows`, and rightness, of each named maker whose truth is known."""
    found = []
    for trial in trials:
        if countable(trial):
            confidence = fuse(trial.statements, known.names, rows).confidence
            found.append((confidence, is_right(trial, known)))
    return found


def countable(trial: Trial) -> bool:
    """Whether a maker was named and the case says which is right."""
    return trial.device.maker is not None and trial.case.truth.manufacturer is not None


def is_right(trial: Trial, known: Knowledge) -> bool:
    """Whether the named maker is the true one."""
    return same_name(trial.case.truth.manufacturer or "", trial.device.maker, known.names)


def reliability(found: Sequence[Outcome]) -> list[Reliability]:
    """Equal bins of confidence; those without a case are left out."""
    bins: dict[int, list[Outcome]] = {}
    for confidence, right in found:
        bins.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return [
        Reliability(
            index / BINS,
            (index + 1) / BINS,
            len(bins[index]),
            sum(confidence for confidence, _ in bins[index]) / len(bins[index]),
            sum(right for _, right in bins[index]),
        )
        for index in sorted(bins)
    ]


def calibration_error(found: Sequence[Outcome]) -> float:
    """Expected calibration error: the mean over the bins, by their size, of |mean confidence - share right|."""
    if not found:
        return 0.0
    return sum(abs(each.confidence * each.named - each.right) for each in reliability(found)) / len(found)


def interval(found: Sequence[Outcome], measure: Callable[[Sequence[Outcome]], float]) -> tuple[float, float]:
    """The middle 95 % of `measure` over resamples of the cases (bootstrap, with a fixed seed)."""
    if not found:
        return 0.0, 0.0
    source = random.Random(1)  # noqa: S311 - resampling, no secret
    values = sorted(measure(source.choices(found, k=len(found))) for _ in range(_RESAMPLES))
    return values[int(0.025 * _RESAMPLES)], values[int(0.975 * _RESAMPLES) - 1]


def fit(trials: Iterable[Trial], known: Knowledge) -> tuple[CalibrationRow, ...]:
    """The table that these trials bear out: (right + PRIOR_CASES x model) / (named + PRIOR_CASES), made to rise.

    Makers by MAC prefix alone have a ceiling of their own and do not count; nor do contradictions, which lower the
    confidence afterwards.
    """
    by_row: list[list[Outcome]] = [[] for _ in _USUAL]
    for trial in trials:
        if countable(trial) and not trial.mac_only and not _contradicted(trial):
            model = fuse(trial.statements, known.names, ()).confidence
            by_row[sum(model >= edge for edge in EDGES)].append((model, is_right(trial, known)))
    rows = [_row(found, usual) for found, usual in zip(by_row, _USUAL, strict=True)]
    return _rising(rows)


def cross_validated(
    fitted_on: Sequence[Trial], measured_on: Sequence[Trial], known: Knowledge, folds: int = FOLDS
) -> list[Outcome]:
    """Each of `measured_on` under a table fitted without the sources of its fold."""
    found: list[Outcome] = []
    for fold in range(folds):
        rows = fit([each for each in fitted_on if _fold(each, folds) != fold], known)
        found += outcomes([each for each in measured_on if _fold(each, folds) == fold], known, rows)
    return found


def _fold(trial: Trial, folds: int) -> int:
    """Cases of one source fall into one fold."""
    return sha256(trial.case.source.partition(" (")[0].encode()).digest()[0] % folds


def _contradicted(trial: Trial) -> bool:
    makers = {each.value for each in trial.statements if each.field == "maker"}
    return bool(makers - {trial.device.maker})


def _row(found: Sequence[Outcome], usual: float) -> CalibrationRow:
    named, right = len(found), sum(is_right for _, is_right in found)
    model = sum(model for model, _ in found) / named if named else usual
    confidence = (right + PRIOR_CASES * model) / (named + PRIOR_CASES)
    return CalibrationRow(round(model, 3), named, right, round(confidence, 3))


def _rising(rows: Sequence[CalibrationRow]) -> tuple[CalibrationRow, ...]:
    """Neighbours that fall are given their common mean, by their weights (pool adjacent violators)."""
    pools: list[list[CalibrationRow]] = []
    for row in rows:
        pools.append([row])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    return tuple(
        CalibrationRow(row.model, row.named, row.right, round(_mean(pool), 3)) for pool in pools for row in pool
    )


def _mean(pool: Sequence[CalibrationRow]) -> float:
    weights = [row.named + PRIOR_CASES for row in pool]
    return sum(row.confidence * weight for row, weight in zip(pool, weights, strict=True)) / sum(weights)
