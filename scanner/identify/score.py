"""How well the fingerprints do on cases whose truth is known.

`python -m scanner.identify.score CASES.jsonl [FINGERPRINT-FOLDER]` prints the table and the case ids behind it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from scanner.identify.cases import Case, read_cases
from scanner.identify.engine import identify
from scanner.identify.knowledge import knowledge
from scanner.identify.names import Names, fold
from scanner.identify.rules import RuleSet, default_rules, load_fingerprints
from scanner.identify.stated import states
from scanner.models import DataError, Device


class Tally(msgspec.Struct):
    """Case ids by how one question was answered."""

    right: list[str] = []
    wrong: list[str] = []
    none: list[str] = []

    def add(self, case: str, answer: object, same: bool) -> None:
        """File one case whose truth is known."""
        (self.none if answer is None else self.right if same else self.wrong).append(case)

    @property
    def total(self) -> int:
        """How many cases stated this."""
        return len(self.right) + len(self.wrong) + len(self.none)

    def share(self, which: list[str]) -> float:
        """`which` as a part of the total, 0.0 to 1.0."""
        return len(which) / self.total if self.total else 0.0


class Score(msgspec.Struct):
    """All tallies. `named_unknown` are cameras whose maker the source does not state and that got a name.

    `…_stated` count only the cases whose evidence states the true value.
    """

    maker: Tally = msgspec.field(default_factory=Tally)
    is_camera: Tally = msgspec.field(default_factory=Tally)
    kind: Tally = msgspec.field(default_factory=Tally)
    model: Tally = msgspec.field(default_factory=Tally)
    firmware: Tally = msgspec.field(default_factory=Tally)
    brand: Tally = msgspec.field(default_factory=Tally)
    rebrand: Tally = msgspec.field(default_factory=Tally)
    model_stated: Tally = msgspec.field(default_factory=Tally)
    firmware_stated: Tally = msgspec.field(default_factory=Tally)
    rebrand_stated: Tally = msgspec.field(default_factory=Tally)
    other: Tally = msgspec.field(default_factory=Tally)
    named_unknown: list[str] = []
    flagged: list[str] = []
    notes: dict[str, str] = {}


def score_cases(cases: Iterable[Case], rules: RuleSet | None = None) -> Score:
    """Judge every case and compare."""
    return score_devices(((case, identify(case.evidence, rules)) for case in cases), knowledge(rules).names)


def score_devices(judged: Iterable[tuple[Case, Device]], names: Names) -> Score:
    """Compare what was made of each case with its truth."""
    score = Score()
    for case, device in judged:
        if case.truth.is_camera:
            _score_camera(score, case, device, names)
        elif case.truth.is_camera is False:
            score.other.add(case.id, device.is_camera, device.is_camera is False)
            if device.is_camera:
                score.flagged.append(case.id)
                score.notes[case.id] = f"{device.kind}: {device.why}"
    return score


def _score_camera(score: Score, case: Case, device: Device, names: Names) -> None:
    truth = case.truth
    score.is_camera.add(case.id, device.is_camera, device.is_camera is True)
    if truth.kind not in ("unknown", "other"):
        answer = None if device.kind == "unknown" else device.kind
        score.kind.add(case.id, answer, device.kind == truth.kind)
    if truth.manufacturer is None:
        if device.maker is not None:
            score.named_unknown.append(case.id)
    else:
        score.maker.add(case.id, device.maker, same_name(truth.manufacturer, device.maker, names))
    _score_rebrand(score, case, device, names)
    for field, tally, where_stated in (
        ("model", score.model, score.model_stated),
        ("firmware", score.firmware, score.firmware_stated),
    ):
        true, found = getattr(truth, field), getattr(device, field)
        if true is not None:
            same = same_text(true, found, names)
            tally.add(case.id, found, same)
            if states(case, true):
                where_stated.add(case.id, found, same)
            if found and case.id in tally.wrong:
                score.notes[case.id] = score.notes.get(case.id, "") + f" {field}: {found!r}, really {true!r}"
    score.notes.setdefault(case.id, "")
    score.notes[case.id] += f" maker: {device.maker} ({device.confidence}), really {truth.manufacturer}; {device.why}"


def _score_rebrand(score: Score, case: Case, device: Device, names: Names) -> None:
    truth = case.truth
    if truth.brand is not None:
        score.brand.add(case.id, device.brand, same_name(truth.brand, device.brand, names))
    if truth.brand and truth.manufacturer and not same_name(truth.brand, truth.manufacturer, names):
        both = same_name(truth.brand, device.brand, names) and same_name(truth.manufacturer, device.maker, names)
        answer = device.brand and device.maker
        score.rebrand.add(case.id, answer or None, both)
        if states(case, truth.brand):
            score.rebrand_stated.add(case.id, answer or None, both)


def same_name(truth: str, answer: str | None, names: Names) -> bool:
    """Whether two names are one, by the spellings that the files know."""
    if answer is None:
        return False
    return fold(names.canonical(truth) or truth) == fold(names.canonical(answer) or answer)


def same_text(truth: str, answer: str | None, names: Names) -> bool:
    """Whether two models or versions are one but for case, punctuation and a known name in front."""
    if answer is None:
        return False
    return fold(truth) == fold(answer) or fold(_bare(truth, names)) == fold(_bare(answer, names))


def _bare(text: str, names: Names) -> str:
    return names.without(text, names.canonical(text.partition(" ")[0]))


def table(score: Score) -> str:
    """The score as text: one line a question, then the cases that are not right."""
    lines = [f"{'':22}{'right':>14}{'wrong':>14}{'none':>14}{'of':>7}"]
    rows = {
        "maker (cameras)": score.maker,
        "is_camera (cameras)": score.is_camera,
        "kind (cameras)": score.kind,
        "model": score.model,
        "model, where stated": score.model_stated,
        "firmware": score.firmware,
        "firmware, where stated": score.firmware_stated,
        "brand": score.brand,
        "rebrands, both": score.rebrand,
        "rebrands, label stated": score.rebrand_stated,
        "not-a-camera (others)": score.other,
    }
    for name, tally in rows.items():
        cells = "".join(f"{len(ids):>7}{tally.share(ids):>7.1%}" for ids in (tally.right, tally.wrong, tally.none))
        lines.append(f"{name:22}{cells}{tally.total:>7}")
    lines.append(f"others flagged as camera: {len(score.flagged)}   named, truth unknown: {len(score.named_unknown)}")
    lists = {
        "others flagged": score.flagged,
        "maker wrong": score.maker.wrong,
        "maker none": score.maker.none,
        "named, truth unknown": score.named_unknown,
        "is_camera wrong": score.is_camera.wrong,
        "is_camera none": score.is_camera.none,
        "kind wrong": score.kind.wrong,
        "model wrong": score.model.wrong,
        "model none": score.model.none,
        "firmware wrong": score.firmware.wrong,
        "firmware none": score.firmware.none,
        "rebrand not right": score.rebrand.wrong + score.rebrand.none,
    }
    for name, ids in lists.items():
        lines += [f"{name}: {case}{_note(score, case)}" for case in ids]
    return "\n".join(lines) + "\n"


def _note(score: Score, case: str) -> str:
    note = score.notes.get(case, "").strip()
    return f"  [{note}]" if note else ""


def main(arguments: Sequence[str]) -> int:
    """Score the cases of a file; 2 when they can't be read."""
    if not arguments:
        sys.stderr.write("usage: python -m scanner.identify.score CASES.jsonl [FINGERPRINT-FOLDER]\n")
        return 2
    try:
        rules = load_fingerprints(Path(arguments[1])) if len(arguments) > 1 else default_rules()
        cases = read_cases(Path(arguments[0]))
    except DataError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(table(score_cases(cases, rules)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
