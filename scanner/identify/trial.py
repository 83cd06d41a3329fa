"""What each record of evidence says to the rules: for people who write them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from scanner.identify.knowledge import knowledge
from scanner.identify.match import LONG_CAP
from scanner.identify.places import as_number, as_text, places
from scanner.identify.rules import RuleSet
from scanner.identify.selftest import Matched
from scanner.models import Evidence

_BULKY = (".xml", ".body", ".text", ".hex")


class Trial(msgspec.Struct, frozen=True):
    """One record: where it is from, the rules that match, and the (place, text) pairs that none does."""

    record: Evidence
    matches: tuple[Matched, ...]
    silent: tuple[tuple[str, str], ...]


def trials(evidence: Sequence[Evidence], rules: RuleSet) -> list[Trial]:
    """Every record, in order."""
    matcher = knowledge(rules).matcher
    found = []
    for record in evidence:
        path, port = as_text(record.get("path")) or None, as_number(record.get("port"))
        matches: list[Matched] = []
        silent: list[tuple[str, str]] = []
        for place, text in places(record):
            hits = list(matcher.hits(place, text, path, port))
            matches += [Matched(hit.rule.id, place, hit.text[:LONG_CAP], hit.values) for hit in hits]
            if not hits and not place.endswith(_BULKY):
                silent.append((place, text))
        heard = {match.text for match in matches}
        unheard = tuple(pair for pair in dict.fromkeys(silent) if pair[1] not in heard)
        found.append(Trial(record, tuple(matches), unheard))
    return found
