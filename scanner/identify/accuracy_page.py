"""docs/accuracy.md as text, from the figures of `scanner.identify.accuracy`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from scanner.identify.accuracy import Accuracy, Calibration, Confusion
from scanner.identify.fuse import MAC_SOURCE, PRIOR, RATIO
from scanner.identify.heldout import Trial, origin
from scanner.identify.reliability import PRIOR_CASES
from scanner.identify.score import Score, Tally
from scanner.models import Weight

_HEAD = """# Accuracy

Made by `make accuracy` (`camcensus fingerprints accuracy`) from recorded cases that are kept beside the checkout: texts
of real devices from public sources, each with the truth as far as its source states it. Don't edit it by hand.

**What these figures are not.** They are no survey of the world's cameras, and most rules were written with these very
cases in view: with all rules the first table says that nothing is broken, not how an unknown device fares. The honest
part is [Without the rules of the same source](#without-the-rules-of-the-same-source). Most cases are one single text (a
banner, a title, a hash); a swept device says more.
"""
_HELD_OUT_TEXT = """## Without the rules of the same source

Each case is judged twice more: without every rule that quotes one of its texts as an example (*text out*), and also
without every rule whose source is the repository or page that the case is from (*source out*). Names and spellings, MAC
registrants and enterprise numbers stay.
"""
_HELD_OUT_MEANS = """It shows what the rules get **wrong** on texts that they were not written from, and whether
silence is the usual failure. It does not show how many unknown devices are named: often one repository alone records a
maker, and without its rules nobody could name that maker. The truth for a network lies between these rows and the first
table.
"""
_WEIGHTS_TEXT = """## Weights

What the weights are set to, and what the claims of each were worth on held-out texts (the cases, and the rules' own
examples judged by the rules of other sources). *Borne out* is (right + ½) / (wrong + ½), over the prior odds of 1 to 4
that a named maker starts with: with few wrong claims it is a lower bound and says more of the number of texts than of
the weight.
"""
_CONFIDENCE_TEXT = """## Confidence

`confidence` is the probability that the maker is right. The odds of the claims give one (docs/identification.md), and
`fingerprints/calibration.toml` corrects it by what held-out texts bear out. Below, each case under a table that was
fitted without the sources of its fold (5 folds). *Error* is the expected calibration error: over ten bins of confidence
the mean distance of confidence and share right; in brackets the middle 95 % of 400 resamples.
"""
_MAC_TEXT = """A maker that rests on a MAC prefix alone is held at 0.6 or less whatever the cases say: the module inside
may be another maker's, and recorded cases are chosen by people who knew the camera. So the last population is less sure
than it is right, on purpose; without the rules of their own source many cases keep nothing but their MAC address.
"""
_RECOG_ABSENT = """Recog's patterns were not at hand when this page was made: with them, `camcensus fingerprints
accuracy CASES --recog DIR` measures them on the same cases. Before this project began, Recog named the maker in 12 % of
357 recorded camera cases that were not its own (these cases and others).
"""
_CALIBRATION_HEAD = """# What the probability that a maker's odds alone give (`model`) was worth; `confidence` is what a
# device shows. Made by `camcensus fingerprints accuracy CASES --fit FILE`: of `named` makers whose odds gave about
# `model`, `right` were right, judged without the rules that were written from their own texts. The model itself counts
# as ten cases, and the rows are made to rise. Between rows it is linear. Told in docs/identification.md, measured in
# docs/accuracy.md.
"""
_QUESTIONS = (
    ("maker (cameras)", "maker"),
    ("camera, known as such", "is_camera"),
    ("kind (cameras)", "kind"),
    ("model, where the evidence states it", "model_stated"),
    ("model, all", "model"),
    ("firmware, where the evidence states it", "firmware_stated"),
    ("firmware, all", "firmware"),
    ("brand", "brand"),
    ("rebrands, label and maker both", "rebrand"),
    ("rebrands whose label the evidence states", "rebrand_stated"),
    ("no camera, known as such", "other"),
)
_HELD_OUT = ("maker", "is_camera", "model_stated", "firmware_stated", "other")


def page(found: Accuracy) -> str:
    """The whole page."""
    parts = [_HEAD, *_cases(found), *_totals(found), *_held_out(found), *_weights(found)]
    parts += [
        *_calibration(found),
        *_missed(found),
        *_makers(found),
        *_rebrands(found),
        *_others(found),
        *_recog(found),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def calibration_file(found: Accuracy) -> str:
    """fingerprints/calibration.toml as these cases bear it out."""
    fields = ("model", "named", "right", "confidence")
    rows = ["\n".join(f"{field} = {getattr(row, field)}" for field in fields) for row in found.table]
    return _CALIBRATION_HEAD + "".join(f"\n[[calibration]]\n{row}\n" for row in rows)


def _cases(found: Accuracy) -> Iterator[str]:
    cameras = sum(each.case.truth.is_camera is True for each in found.trials)
    sources = len({origin(each.case.source) for each in found.trials})
    records = sum(len(each.case.evidence) for each in found.trials)
    yield (
        f"{len(found.trials)} cases ({cameras} cameras and recorders, {len(found.trials) - cameras} others; {records} "
        f"records) from {sources} sources.\n"
    )


def _totals(found: Accuracy) -> Iterator[str]:
    yield "## All rules\n"
    yield from _table(
        ("", "right", "wrong", "no answer", "of"),
        ((name, *_cells(getattr(found.score, field))) for name, field in _QUESTIONS),
    )
    yield (
        f"Others flagged as cameras: {len(found.score.flagged)}. Cameras that got a maker where the source states "
        f"none: {len(found.score.named_unknown)}. Wrong answers: {_wrong(found.score)}.\n"
    )


def _wrong(score: Score) -> str:
    cases = [case for _, field in _QUESTIONS for case in getattr(score, field).wrong]
    return ", ".join(f"`{case}`" for case in dict.fromkeys(cases)) or "none"


def _cells(tally: Tally) -> tuple[str, str, str, int]:
    right, wrong, none = (f"{len(ids)} ({tally.share(ids):.1%})" for ids in (tally.right, tally.wrong, tally.none))
    return right, wrong, none, tally.total


def _held_out(found: Accuracy) -> Iterator[str]:
    yield _HELD_OUT_TEXT
    scores = (("text out", found.unquoted_score), ("source out", found.unseen_score))
    rows = [
        (name, label, *_cells(getattr(score, field)))
        for name, field in _QUESTIONS
        if field in _HELD_OUT
        for label, score in scores
    ]
    yield from _table(("", "", "right", "wrong", "no answer", "of"), rows)
    flagged = [f"{label}: {len(score.flagged)}" for label, score in scores]
    yield f"Others flagged as cameras: {', '.join(flagged)}.\n"
    yield _HELD_OUT_MEANS


def _weights(found: Accuracy) -> Iterator[str]:
    yield _WEIGHTS_TEXT
    rows = []
    for name, weight in (*((each.value, each) for each in Weight), (MAC_SOURCE, Weight.WEAK)):
        right, wrong = found.weights.get(name, (0, 0))
        borne_out = (right + 0.5) / (wrong + 0.5) / PRIOR
        title = "weak: MAC prefix" if name == MAC_SOURCE else name
        rows.append((title, f"{RATIO[weight]:.0f}", right, wrong, f"{borne_out:.0f}"))
    yield from _table(("weight", "ratio set", "for the true maker", "for another", "ratio borne out"), rows)


def _calibration(found: Accuracy) -> Iterator[str]:
    yield _CONFIDENCE_TEXT
    yield from _table(
        ("held-out folds of", "named", "right", "error", "error uncorrected"),
        ((each.title, each.named, each.right, _error(each), f"{each.uncorrected:.3f}") for each in found.calibrations),
    )
    for each in found.calibrations:
        yield from _reliability(each)
    yield _MAC_TEXT
    yield f"The table that all held-out texts together give ({PRIOR_CASES} cases' worth of the model in each row):\n"
    yield from _table(
        ("odds alone", "named", "right", "confidence"),
        ((row.model, row.named, row.right, row.confidence) for row in found.table),
    )


def _error(each: Calibration) -> str:
    return f"{each.error:.3f} ({each.low:.3f} to {each.high:.3f})"


def _reliability(found: Calibration) -> Iterator[str]:
    yield f"Reliability, {found.title}:\n"
    yield from _table(
        ("confidence", "named", "mean confidence", "share right"),
        (
            (f"{each.low:.1f} to {each.high:.1f}", each.named, f"{each.confidence:.3f}",
             f"{each.right / each.named:.3f}")
            for each in found.bins
        ),
    )  # fmt: skip


def _missed(found: Accuracy) -> Iterator[str]:
    yield "## What is missed, and why\n"
    rows = [(question, reason, count) for question, reasons in found.missed.items() for reason, count in _most(reasons)]
    yield from _table(("question", "reason", "cases"), rows)


def _makers(found: Accuracy) -> Iterator[str]:
    yield "## By maker\n"
    yield from _table(
        ("maker in truth", "cases", "right", "not named", "named as another"),
        ((maker, row.cases, row.right, row.none, _wrongly(row)) for maker, row in found.confusion.items()),
    )


def _wrongly(row: Confusion) -> str:
    return ", ".join(f"{name} {count}" for name, count in _most(row.wrong)) or "0"


def _rebrands(found: Accuracy) -> Iterator[str]:
    yield "## Rebrands\n"
    rebrands = [each for each in found.trials if each.case.id in _all(found.score.rebrand)]
    answers = Counter(_names(each) for each in rebrands)
    yield from _table(
        ("label in truth", "maker in truth", "label found", "maker found", "cases"),
        ((*names, count) for names, count in sorted(answers.items(), key=lambda item: (-item[1], item[0]))),
    )


def _names(trial: Trial) -> tuple[str, str, str, str]:
    truth, device = trial.case.truth, trial.device
    return truth.brand or "", truth.manufacturer or "", device.brand or "none", device.maker or "none"


def _all(tally: Tally) -> set[str]:
    return {*tally.right, *tally.wrong, *tally.none}


def _others(found: Accuracy) -> Iterator[str]:
    yield "## Devices that are no cameras\n"
    others = [each for each in found.trials if each.case.truth.is_camera is False]
    products = Counter(each.device.product or "no product named" for each in others if each.device.is_camera is False)
    yield from _table(("known as", "cases"), (*_most(products)[:20], *_rest(products)))


def _rest(products: Counter[str]) -> list[tuple[str, int]]:
    rest = _most(products)[20:]
    return [(f"{len(rest)} further products", sum(count for _, count in rest))] if rest else []


def _recog(found: Accuracy) -> Iterator[str]:
    yield "## Beside Recog\n"
    if found.theirs_there is None:
        yield _RECOG_ABSENT
    theirs = "not measured" if found.theirs_there is None else _share(found.theirs_there, found.compared)
    yield from _table(
        (f"makers named right, of {found.compared} camera cases that are not Recog's", "all rules"),
        (("Camcensus", _share(found.ours_there, found.compared)), ("Recog", theirs)),
    )


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.1%})" if whole else "0"


def _most(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def _table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    lines = [head, ["---"] * len(head), *rows]
    yield "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
