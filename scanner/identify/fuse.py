"""Statements to facts: likelihood ratios multiplied over independent kinds of evidence, never first-wins.

The model, its constants and its rules are told in docs/identification.md; change both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple

import msgspec

from scanner.identify.calibrate import calibrated
from scanner.identify.names import Names, fold
from scanner.identify.rule_tables import CalibrationRow
from scanner.models import CAMERA_KINDS, Weight

RATIO = {Weight.STRONG: 1000.0, Weight.MEDIUM: 30.0, Weight.WEAK: 4.0}
PRIOR = 0.25
"""Odds of any named maker before evidence, against "somebody else" (odds 1)."""
COPIED = 0.03
"""How often one kind of evidence is copied, spoofed or shared by another maker; falls with independent kinds."""
DOUBT = {Weight.STRONG: 0.85, Weight.MEDIUM: 0.95, Weight.WEAK: 0.99}
"""What the best contrary evidence leaves of the confidence, beyond its own odds."""
NAMED_FROM = 0.35
LEAD = 3.0
"""A maker is named only if its odds are this many times those of the next."""
MAC_ONLY_CEILING = 0.6
MAC_SOURCE = "mac"
CAMERA_FROM = 16.0
OTHER_FROM = 30.0
CAMERA_LEAD = 7.0

_ORDER = (Weight.WEAK, Weight.MEDIUM, Weight.STRONG)
_SPECIFIC_KINDS = ("doorbell", "encoder", "nvr", "dvr", "vms")
_PLAIN_FIELDS = ("brand", "family", "chip", "model", "firmware", "serial", "name", "mac", "uuid", "product")
_CONFLICT_FIELDS = frozenset({"brand", "model", "serial", "firmware"})


class Statement(NamedTuple):
    """A claim before it has an id. `said_by` is the maker or brand that the same rule claims of the same record."""

    field: str
    value: str
    weight: Weight
    fingerprint: str
    evidence: int
    where: str
    text: str
    said_by: str = ""


class Disagreement(NamedTuple):
    """A conflict before its claims have ids; `chosen` is "" where neither could be chosen."""

    field: str
    chosen: str
    other: str


class Facts(msgspec.Struct, frozen=True):
    """What the statements establish. `values` holds the plain fields that are established."""

    maker: str | None
    confidence: float
    is_camera: bool | None
    kind: str
    values: dict[str, str]
    conflicts: tuple[Disagreement, ...]


class _Score:
    """One candidate value: the best weight per source."""

    __slots__ = ("best",)

    def __init__(self) -> None:
        self.best: dict[str, Weight] = {}

    def add(self, source: str, weight: Weight) -> None:
        before = self.best.get(source)
        if before is None or RATIO[weight] > RATIO[before]:
            self.best[source] = weight

    @property
    def ratio(self) -> float:
        return prod(RATIO[weight] for weight in self.best.values())

    @property
    def weight(self) -> Weight:
        return max(self.best.values(), key=_ORDER.index)

    @property
    def sources(self) -> int:
        """How many independent sources speak with more than weak weight."""
        return sum(weight is not Weight.WEAK for weight in self.best.values())


@lru_cache(maxsize=1024)
def source_of(where: str) -> str:
    """The independent kind of evidence that a place belongs to: two places of one kind are one voice."""
    root, _, rest = where.partition(".")
    if root == "http":
        return "http headers" if rest.startswith(("header", "realm", "cookie")) else "http content"
    return {"favicon": "http content", "ssdp": "upnp", "ws-discovery": "onvif"}.get(root, root)


def fuse(statements: Sequence[Statement], names: Names, calibration: Sequence[CalibrationRow] | None = None) -> Facts:
    """All facts that the statements establish together; their order does not matter.

    `calibration` stands in for the rule set's own; with an empty one the confidence is the model's.
    """
    rows = names.calibration if calibration is None else calibration
    by_field: dict[str, list[Statement]] = {}
    for each in statements:
        by_field.setdefault(each.field, []).append(each)
    is_camera, kind, conflicts = _kind(statements)
    maker, confidence, more = _maker(by_field, names, is_camera, rows)
    values: dict[str, str] = {}
    conflicts += more
    for field in _PLAIN_FIELDS:
        if field in by_field:
            chosen, others = _value(field, by_field[field], maker, names)
            values[field] = chosen
            conflicts += [Disagreement(field, chosen, other) for other in others]
    if is_camera is not False:
        values.pop("product", None)
    return Facts(maker, confidence, is_camera, kind, values, tuple(conflicts))


def _maker(
    by_field: dict[str, list[Statement]],
    names: Names,
    is_camera: bool | None,
    calibration: Sequence[CalibrationRow],
) -> tuple[str | None, float, list[Disagreement]]:
    scores = _maker_scores(by_field, names)
    ranked = sorted(scores.items(), key=lambda item: (-item[1].ratio, item[0]))
    ranked = [item for item in ranked if _may_name(item[0], item[1], names, is_camera)]
    if not ranked:
        return None, 0.0, []
    name, best = ranked[0]
    contrary = [(other, score) for other, score in scores.items() if other != name]
    total = 1.0 + PRIOR * sum(score.ratio for score in scores.values())
    model = PRIOR * best.ratio / total * (1 - COPIED / max(best.sources, 1) ** 1.5)
    doubt = DOUBT[max((score.weight for _, score in contrary), key=_ORDER.index)] if contrary else 1.0
    led = all(best.ratio >= LEAD * score.ratio for _, score in contrary)
    named = led and model * doubt >= NAMED_FROM
    confidence = calibrated(model, calibration) * doubt
    if set(best.best) == {MAC_SOURCE}:
        confidence = min(confidence, MAC_ONLY_CEILING)
    weighty = [other for other, score in sorted(contrary) if score.weight is not Weight.WEAK]
    if named:
        return name, round(confidence, 3), [Disagreement("maker", name, other) for other in weighty]
    if best.weight is not Weight.WEAK and weighty:
        return None, 0.0, [Disagreement("maker", "", other) for other in sorted({name, *weighty})]
    return None, 0.0, []


def _maker_scores(by_field: dict[str, list[Statement]], names: Names) -> dict[str, _Score]:
    """Odds by maker: maker claims, then brand claims as far as they may speak for a maker."""
    scores = _scores(by_field.get("maker", ()))
    named = {name for name, score in scores.items() if set(score.best) != {MAC_SOURCE}}
    families = {name for each in by_field.get("family", ()) if (name := names.canonical(each.value))}
    labels = [
        (each, file.name)
        for each in by_field.get("brand", ())
        if (file := names.find(each.value)) is not None and file.role in ("maker", "both")
    ]
    others = set(scores) | families | {name for _, name in labels}
    for each, name in labels:
        if named - {name}:
            continue
        against = others - {name}
        weight = Weight.WEAK if against or each.weight is Weight.WEAK else Weight.MEDIUM
        scores.setdefault(name, _Score()).add(source_of(each.where), weight)
    return scores


def _may_name(name: str, score: _Score, names: Names, is_camera: bool | None) -> bool:
    """A MAC prefix alone names a maker only of what is a camera, or where the registrant makes little else."""
    if set(score.best) != {MAC_SOURCE}:
        return True
    file = names.find(name)
    return is_camera is True or (file is not None and file.mac_cameras_only and is_camera is None)


def _scores(statements: Iterable[Statement]) -> dict[str, _Score]:
    scores: dict[str, _Score] = {}
    for each in statements:
        scores.setdefault(each.value, _Score()).add(source_of(each.where), each.weight)
    return scores


def _kind(statements: Sequence[Statement]) -> tuple[bool | None, str, list[Disagreement]]:
    """Camera or not, and which kind."""
    camera, other = _Score(), _Score()
    kinds: dict[str, _Score] = {}
    for each in statements:
        if each.field == "kind" and each.value in CAMERA_KINDS:
            kinds.setdefault(each.value, _Score()).add(source_of(each.where), each.weight)
        side = _side(each)
        if side is not None:
            (camera if side else other).add(source_of(each.where), each.weight)
    yes, no = camera.ratio, other.ratio
    if yes >= CAMERA_FROM and yes >= CAMERA_LEAD * no:
        return True, _camera_kind(kinds), _against("true", "other", other)
    strong = bool(camera.best) and camera.weight is Weight.STRONG
    if no >= OTHER_FROM and no >= CAMERA_LEAD * yes and not strong:
        return False, "other", _against("false", "camera", camera)
    if yes >= CAMERA_FROM and no >= OTHER_FROM:
        return None, "unknown", [Disagreement("is_camera", "", "camera"), Disagreement("is_camera", "", "other")]
    return None, "unknown", []


def _side(each: Statement) -> bool | None:
    if each.field == "is_camera":
        return each.value == "true"
    if each.field == "kind" and each.value != "unknown":
        return each.value in CAMERA_KINDS
    return None


def _against(chosen: str, other: str, score: _Score) -> list[Disagreement]:
    if score.best and score.weight is not Weight.WEAK:
        return [Disagreement("is_camera", chosen, other)]
    return []


def _camera_kind(kinds: dict[str, _Score]) -> str:
    """The best supported kind; at equal support one that says more than "camera"."""
    if not kinds:
        return "unknown"
    return max(sorted(kinds), key=lambda kind: (kinds[kind].ratio, kind in _SPECIFIC_KINDS))


def _value(field: str, statements: Sequence[Statement], maker: str | None, names: Names) -> tuple[str, list[str]]:
    """The best supported value of a plain field, and the well-founded ones that it contradicts."""
    scores: dict[str, _Score] = {}
    spelt: dict[str, str] = {}
    if field == "brand":
        statements = _labels(statements, maker, names)
    for each in sorted(statements, key=lambda one: (one.value, one.where)):
        value = names.without(each.value, maker) if field == "model" else each.value
        key = fold(value) or value
        spelt.setdefault(key, value)
        weight = Weight.WEAK if maker and each.said_by and each.said_by != maker and field != "brand" else each.weight
        scores.setdefault(key, _Score()).add(source_of(each.where), weight)
    support = {key: _support(key, scores) for key in scores}
    best = max(sorted(scores), key=lambda key: (support[key], len(key)))
    others = []
    if field in _CONFLICT_FIELDS:
        others = [
            spelt[key]
            for key in sorted(scores)
            if scores[key].weight is not Weight.WEAK and key not in best and best not in key
        ]
    return spelt[best], others


def _labels(statements: Sequence[Statement], maker: str | None, names: Names) -> Sequence[Statement]:
    """Without the maker's own name where a well-founded label stands beside it that makes nothing itself.

    Devices sold under a label often keep their maker's name as manufacturer; the label is then the brand.
    """
    pure = any(
        each.weight is not Weight.WEAK and (file := names.find(each.value)) is not None and file.role == "brand"
        for each in statements
        if each.value != maker
    )
    return [each for each in statements if each.value != maker] if pure else statements


def _support(key: str, scores: dict[str, _Score]) -> float:
    """The odds of a value: its own, and those of shorter forms that it completes, each source counted once.

    A shorter form that is better founded (a maker's own rule cut it to that) stays by itself.
    """
    joined, own = _Score(), scores[key].weight
    for other, score in scores.items():
        completes = len(other) >= 4 and other in key and _ORDER.index(score.weight) <= _ORDER.index(own)
        if other == key or completes:
            for source, weight in score.best.items():
                joined.add(source, weight)
    return joined.ratio
