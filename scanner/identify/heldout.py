"""Cases judged without the rules that were written from their own texts: how the rules do on what they did not see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from scanner.identify.assembly import build_device
from scanner.identify.cases import Case, Truth
from scanner.identify.engine import identify
from scanner.identify.fuse import MAC_SOURCE, Statement, source_of
from scanner.identify.knowledge import Knowledge
from scanner.identify.match import Hit
from scanner.identify.merge import statements_of
from scanner.identify.places import places
from scanner.identify.rules import Fingerprint
from scanner.models import Device

_GITHUB = "https://github.com/"


class Trial(msgspec.Struct, frozen=True):
    """A case and the device made of it. `statements` are those that counted."""

    case: Case
    device: Device
    statements: tuple[Statement, ...]

    @property
    def mac_only(self) -> bool:
        """Whether the maker rests on a MAC prefix alone."""
        fields = ("maker", "brand")
        said = [each for each in self.statements if each.field in fields and each.value == self.device.maker]
        return bool(said) and all(source_of(each.where) == MAC_SOURCE for each in said)


def judged(cases: Iterable[Case], known: Knowledge) -> list[Trial]:
    """Every case with all rules."""
    devices = [(case, identify(case.evidence, known.rules)) for case in cases]
    return [Trial(case, device, tuple(statements_of(device))) for case, device in devices]


def held_out(trials: Iterable[Trial], known: Knowledge, *, by_source: bool = True) -> Iterator[Trial]:
    """The same cases without the rules that have a text of it as an example and, `by_source`, those of its own source.

    What is not a rule (names and spellings, MAC registrants, enterprise numbers) stays.
    """
    for trial in trials:
        unseen = withheld(trial.case, known.rules.fingerprints, by_source=by_source)
        kept = tuple(each for each in trial.statements if each.fingerprint not in unseen)
        device = build_device(trial.device.host, kept, known.names, evidence_count=trial.device.evidence_count)
        yield Trial(trial.case, device, kept)


def examples(known: Knowledge) -> Iterator[Trial]:
    """Each example of a rule that states a maker, judged by the rules of other sources alone.

    Where several examples are named by the same rules, only the first counts: a rule is one draw, not its examples.
    """
    seen: set[tuple[str, frozenset[str]]] = set()
    for rule in known.rules.fingerprints:
        if "$" in rule.claims.get("maker", "$"):
            continue
        for example in rule.examples:
            case = Case(f"{rule.id}: {example.text[:60]}", Truth(manufacturer=rule.claims["maker"]), (), rule.source)
            trial = _of_text(case, rule, example.text, known)
            drawn = (rule.claims["maker"], frozenset(each.fingerprint for each in trial.statements))
            if trial.device.maker is not None and drawn not in seen:
                seen.add(drawn)
                yield trial


def _of_text(case: Case, rule: Fingerprint, text: str, known: Knowledge) -> Trial:
    place = rule.where[0]
    own = origin(rule.source).casefold()
    statements: list[Statement] = []
    for hit in known.matcher.hits(place, text, rule.path, rule.port):
        same = hit.rule.id == rule.id or any(example.text == text for example in hit.rule.examples)
        if not same and own not in hit.rule.source.casefold():
            statements += _statements(hit, place, known)
    device = build_device("", tuple(statements), known.names, evidence_count=1)
    return Trial(case, device, tuple(statements))


def _statements(hit: Hit, place: str, known: Knowledge) -> Iterator[Statement]:
    for field, value in hit.values.items():
        captured = "$" in hit.rule.claims[field]
        kept = known.resolve(field, value, captured)
        if kept is not None and not (captured and field == "maker" and known.names.find(value) is None):
            yield Statement(*kept, hit.rule.weights[field], hit.rule.id, 0, place, hit.text[:80])


def withheld(case: Case, rules: Iterable[Fingerprint], *, by_source: bool = True) -> frozenset[str]:
    """Ids of the rules that may have been written from this case (not `by_source`: from this very text)."""
    from_there = origin(case.source).casefold() if by_source else ""
    texts = {text for record in case.evidence for _, text in places(record)}
    return frozenset(
        rule.id
        for rule in rules
        if (from_there and from_there in rule.source.casefold())
        or any(example.text in texts for example in rule.examples)
    )


def origin(source: str) -> str:
    """Where a text was found: "owner/repository" or the number of an indexed file; else the source itself."""
    words = source.removeprefix(_GITHUB).replace(",", " ").replace(";", " ").replace(")", " ").split()
    for before, word in pairwise(words):
        if before == "id" and word.rstrip(":").isdigit():
            return word.rstrip(":")
    first = words[0].split("/") if words else []
    return "/".join(first[:2]) if len(first) >= 2 and "" not in first[:2] else source
