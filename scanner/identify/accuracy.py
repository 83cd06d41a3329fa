"""How well devices are identified on recorded cases: with all rules, and without those of the same source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from scanner.identify.cases import Case
from scanner.identify.heldout import Trial, examples, held_out, judged, origin
from scanner.identify.knowledge import Knowledge, knowledge
from scanner.identify.reliability import (
    Outcome,
    Reliability,
    borne_out,
    calibration_error,
    countable,
    cross_validated,
    fit,
    interval,
    is_right,
    outcomes,
    reliability,
)
from scanner.identify.rule_tables import CalibrationRow
from scanner.identify.rules import RuleSet
from scanner.identify.score import Score, same_name, score_devices
from scanner.models import Device, Weight

RECOG = "rapid7/recog"


class Calibration(msgspec.Struct, frozen=True):
    """One population of named makers under tables fitted without the sources of its fold."""

    title: str
    named: int
    right: int
    error: float
    low: float
    high: float
    uncorrected: float
    bins: tuple[Reliability, ...]


class Confusion(msgspec.Struct):
    """The cases of one maker: how many were named right, not named, and as whom else."""

    cases: int = 0
    right: int = 0
    none: int = 0
    wrong: Counter[str] = msgspec.field(default_factory=Counter)


class Accuracy(msgspec.Struct, frozen=True):
    """Everything that the page tells.

    `unseen` are the cases without the rules of their own source, `unquoted` without those that quote their text.
    `theirs_there` is how many makers Recog names right of the `compared` cases not its own; None: not measured.
    """

    trials: tuple[Trial, ...]
    unseen: tuple[Trial, ...]
    score: Score
    unquoted_score: Score
    unseen_score: Score
    weights: dict[str, tuple[int, int]]
    calibrations: tuple[Calibration, ...]
    table: tuple[CalibrationRow, ...]
    confusion: dict[str, Confusion]
    missed: dict[str, Counter[str]]
    compared: int
    ours_there: int
    theirs_there: int | None


def measure(cases: Sequence[Case], rules: RuleSet | None = None, recog: RuleSet | None = None) -> Accuracy:
    """All figures. Pure: the same cases and rules give the same figures. `recog` is Recog's rules alone."""
    known = knowledge(rules)
    trials = judged(cases, known)
    unseen = list(held_out(trials, known))
    learnt = [*unseen, *examples(known)]
    elsewhere = [each for each in trials if _camera(each) and origin(each.case.source) != RECOG]
    theirs = None if recog is None else _named_right([each.case for each in elsewhere], known, recog)
    return Accuracy(
        trials=tuple(trials),
        unseen=tuple(unseen),
        score=_score(trials, known),
        unquoted_score=_score(held_out(trials, known, by_source=False), known),
        unseen_score=_score(unseen, known),
        weights=borne_out(learnt, known),
        calibrations=tuple(_calibrations(trials, unseen, learnt, known)),
        table=fit(learnt, known),
        confusion=_confusion(trials, known),
        missed=_missed(trials, known),
        compared=len(elsewhere),
        ours_there=sum(countable(each) and is_right(each, known) for each in elsewhere),
        theirs_there=theirs,
    )


def _camera(trial: Trial) -> bool:
    return trial.case.truth.is_camera is True and trial.case.truth.manufacturer is not None


def _score(trials: Iterable[Trial], known: Knowledge) -> Score:
    return score_devices(((each.case, each.device) for each in trials), known.names)


def _calibrations(
    trials: Sequence[Trial], unseen: Sequence[Trial], learnt: Sequence[Trial], known: Knowledge
) -> Iterable[Calibration]:
    cameras = [each for each in trials if each.case.truth.is_camera]
    spoken = [each for each in learnt if not each.mac_only]
    for title, population in (
        ("cameras and recorders, all rules", cameras),
        ("all devices, all rules", trials),
        ("texts that no rule was written from (no MAC prefix alone)", spoken),
        ("the same cases, MAC prefixes too", unseen),
    ):
        found = cross_validated(learnt, population, known)
        low, high = interval(found, calibration_error)
        before = _uncorrected(population, known)
        yield Calibration(
            title,
            len(found),
            sum(right for _, right in found),
            calibration_error(found),
            low,
            high,
            calibration_error(before),
            tuple(reliability(found)),
        )


def _uncorrected(population: Iterable[Trial], known: Knowledge) -> list[Outcome]:
    return outcomes(population, known, ())


def _confusion(trials: Iterable[Trial], known: Knowledge) -> dict[str, Confusion]:
    found: dict[str, Confusion] = {}
    for trial in trials:
        if not _camera(trial):
            continue
        true = trial.case.truth.manufacturer or ""
        row = found.setdefault(known.names.canonical(true) or true, Confusion())
        row.cases += 1
        if trial.device.maker is None:
            row.none += 1
        elif is_right(trial, known):
            row.right += 1
        else:
            row.wrong[trial.device.maker] += 1
    return dict(sorted(found.items(), key=lambda item: (-item[1].cases, item[0])))


def _missed(trials: Sequence[Trial], known: Knowledge) -> dict[str, Counter[str]]:
    """By question, why the answer is missing: a reason and how many cases have it."""
    cameras = [each for each in trials if each.case.truth.is_camera]
    score = _score(trials, known)
    return {
        "maker": _reasons((each for each in cameras if _camera(each) and each.device.maker is None), why_no_maker),
        "camera or not (cameras)": _reasons((each for each in cameras if each.device.is_camera is None), why_no_kind),
        "camera or not (other devices)": _reasons(
            (e for e in trials if e.case.truth.is_camera is False and e.device.is_camera is None), why_no_kind
        ),
        "model": _unstated(score.model.none, score.model_stated.none),
        "firmware": _unstated(score.firmware.none, score.firmware_stated.none),
        "rebrand": _unstated(score.rebrand.none + score.rebrand.wrong, score.rebrand_stated.none),
    }


def _reasons(trials: Iterable[Trial], why: Callable[[Device], str]) -> Counter[str]:
    return Counter(why(each.device) for each in trials)


def _unstated(missed: Sequence[str], missed_though_stated: Sequence[str]) -> Counter[str]:
    found = Counter({"the evidence does not state it": len(missed) - len(missed_though_stated)})
    found["it is stated, and no rule reads it"] = len(missed_though_stated)
    return +found


def why_no_maker(device: Device) -> str:
    """In words, what kept a maker from being named."""
    claims = [each for each in device.claims if each.field in ("maker", "brand", "family")]
    if any(each.field == "maker" for each in device.conflicts):
        return "its claims contradict each other"
    if any(each.field == "maker" for each in claims):
        return "weak signs only"
    if any(each.field == "brand" for each in claims):
        return "a label whose maker it does not say"
    if claims:
        return "a firmware family that several makers have"
    return "words that many makers' devices say"


def why_no_kind(device: Device) -> str:
    """In words, what kept it open whether it is a camera."""
    claims = [each for each in device.claims if each.field in ("kind", "is_camera")]
    if any(each.field == "is_camera" for each in device.conflicts):
        return "its claims contradict each other"
    if claims:
        return "weak signs only" if all(each.weight is Weight.WEAK for each in claims) else "not enough for one side"
    if {each.field for each in device.claims} <= {"mac", "maker", "brand", "uuid"} and device.mac:
        return "a MAC prefix, which never tells a kind"
    return "no rule reads a kind in it"


def _named_right(cases: Sequence[Case], known: Knowledge, others: RuleSet) -> int:
    """How many makers `others` name right. They are given our spellings, and nothing else that is ours.

    Recog's vendor may be the maker or the label: either counts as right where it is the true maker.
    """
    spellings = tuple(
        msgspec.structs.replace(file, fingerprints=(), mac_registrants=(), snmp_enterprises=(), calibration=())
        for file in known.rules.files
        if file.name
    )
    judge = knowledge(RuleSet((*spellings, *others.files), f"{others.digest} with spellings", others.calls))
    return sum(_says(each.device, each.case.truth.manufacturer or "", known) for each in judged(cases, judge))


def _says(device: Device, maker: str, known: Knowledge) -> bool:
    return any(same_name(maker, name, known.names) for name in (device.maker, device.brand))
