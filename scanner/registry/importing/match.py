"""Which company a listed party is: exactly by a legal name, or nearly, for a person to decide; never by a part.

An exact match needs the party's own name (without what lists glue to it) to be a name of one company, or one of the
party's other names to be a legal name. A short name among the other names ("DJI") is near only: others may use it too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

import msgspec

from scanner.registry.facts import Company, Registry
from scanner.registry.importing.party import Party, spellings
from scanner.registry.names import fold

_NEAR = 0.85
_COMMON_TOKENS = 3  # a word in the names of more companies than that tells nothing
# fmt: off
_GENERIC = frozenset((
    "co", "ltd", "limited", "company", "corp", "corporation", "inc", "incorporated", "llc", "gmbh", "ag", "sa", "ab",
    "bv", "plc", "pte", "pvt", "private", "group", "holding", "holdings", "technology", "technologies", "tech",
    "digital", "information", "electronic", "electronics", "network", "networks", "systems", "system", "international",
    "china", "hangzhou", "shenzhen", "zhejiang", "shanghai", "beijing", "chengdu", "innovation", "security", "video",
    "software", "communication", "communications", "intelligent", "the", "of", "and", "usa",
))
# fmt: on


class Match(msgspec.Struct, frozen=True):
    """`company`, and why: in words that a reviewer can check. `exact` false: for review only."""

    company: str
    why: str
    exact: bool


class Matcher:
    """All names of a registry, indexed once."""

    def __init__(self, registry: Registry) -> None:
        self._legal: dict[str, set[str]] = {}
        self._short: dict[str, set[str]] = {}
        self._words: dict[str, set[str]] = {}
        self._names: dict[str, list[str]] = {}
        for company in registry.companies.values():
            self._add(company, (each.entity for each in registry.listed.get(company.name, ())))
        seen = Counter(word for word, names in self._words.items() for _ in names)
        self._words = {word: names for word, names in self._words.items() if seen[word] <= _COMMON_TOKENS}

    def match(self, party: Party, *, near: bool = True) -> Match | None:
        """The company, or None. `near` false leaves near names out."""
        for spelling in spellings(party.name):
            for names, what in ((self._legal, "legal name"), (self._short, "name")):
                found = names.get(fold(spelling), set())
                if len(found) == 1:
                    return Match(min(found), f"{what} {spelling!r}", exact=True)
        for other in party.others:
            for spelling in spellings(other):
                found = self._legal.get(fold(spelling), set())
                if len(found) == 1:
                    return Match(min(found), f"legal name {spelling!r} among its other names", exact=True)
        return self._nearly(party) if near else None

    def _add(self, company: Company, entities: Iterable[str]) -> None:
        for name in (*company.legal_names, *(text for entity in entities for text in spellings(entity))):
            self._legal.setdefault(fold(name), set()).add(company.name)
        for name in (company.name, *company.aliases):
            self._short.setdefault(fold(name), set()).add(company.name)
        self._names[company.name] = [fold(each) for each in (company.name, *company.aliases, *company.legal_names)]
        for word in {word for name in self._names[company.name] for word in name.split()} - _GENERIC:
            if len(word) > 2:
                self._words.setdefault(word, set()).add(company.name)

    def _nearly(self, party: Party) -> Match | None:
        for other in party.others:
            found = self._short.get(fold(other), set())
            if found:
                return Match(min(found), f"the short name {other!r} among its other names", exact=False)
        for text in (party.name, *party.others):
            name = fold(text)
            for company in sorted({each for word in name.split() for each in self._words.get(word, ())}):
                why = self._alike(name, company)
                if why:
                    return Match(company, f"{text!r} {why}", exact=False)
        return None

    def _alike(self, name: str, company: str) -> str:
        for known in self._names[company]:
            if known and f" {known} " in f" {name} ":
                return f"holds the name {known!r}"
            if SequenceMatcher(None, name, known).ratio() >= _NEAR:
                return f"is close to {known!r}"
        return ""
