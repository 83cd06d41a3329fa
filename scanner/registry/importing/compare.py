"""Official files against the registry: what is added, ended, confirmed, and what a person must look at first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from scanner.dates import day
from scanner.models import UsageError
from scanner.registry.facts import Listing, Registry
from scanner.registry.importing.match import Match, Matcher
from scanner.registry.importing.party import Party, Reading, newest
from scanner.registry.importing.read import sha256
from scanner.registry.importing.recognise import read_list
from scanner.registry.names import fold
from scanner.registry.overlay import Added, Confirmed, Elsewhere, Ended, Input, Overlay, Review

IMPORTER_VERSION = 1


def import_lists(
    files: Sequence[Path], registry: Registry, today: date, *, edition: str | None = None, form: str | None = None
) -> Overlay:
    """An overlay that is not signed off yet. `edition` is the day of files that do not say theirs.

    DataError for a file that is no list that is known; UsageError where its day is neither in it nor given.
    """
    parts = [_one(file, number, registry, edition, form) for number, file in enumerate(files, start=1)]
    return Overlay(
        made_on=today.isoformat(),
        importer=IMPORTER_VERSION,
        base_edition=registry.edition,
        base_digest=registry.digest,
        inputs=tuple(each for part in parts for each in part.inputs),
        added=_once(each for part in parts for each in part.added),
        ended=tuple(each for part in parts for each in part.ended),
        confirmed=tuple(each for part in parts for each in part.confirmed),
        review=tuple(each for part in parts for each in part.review),
        elsewhere=tuple(each for part in parts for each in part.elsewhere),
    )


def _once(added: Iterable[Added]) -> tuple[Added, ...]:
    """Several files may hold one list: the first that has a listing brings it."""
    first: dict[tuple[str, str, str], Added] = {}
    for each in added:
        first.setdefault((each.instrument, each.company, fold(each.entity)), each)
    return tuple(first.values())


class _Sorting:
    """The parties of one file, sorted into what is to be done with each."""

    def __init__(self, reading: Reading, number: int, edition: str, registry: Registry) -> None:
        self.reading, self.number, self.edition, self.registry = reading, number, edition, registry
        self.added: list[Added] = []
        self.ended: list[Ended] = []
        self.confirmed: list[Confirmed] = []
        self.review: list[Review] = []
        self.elsewhere: list[Elsewhere] = []
        self.met: set[tuple[str, str]] = set()

    def sort(self) -> None:
        """Every party, then the listings that no party stands for."""
        matcher = Matcher(self.registry)
        exact: dict[tuple[str, str], list[tuple[Party, Match]]] = {}
        for party in self.reading.parties:
            placed = party.instrument in self.registry.instruments
            match = matcher.match(party, near=placed) if party.name else None
            if match is None:
                continue
            if not placed:
                told = party.listed_by or party.instrument
                self.elsewhere.append(Elsewhere(party.name, match.company, told, self._row(party), match.why))
            elif match.exact:
                exact.setdefault((party.instrument, match.company), []).append((party, match))
            elif party.until is None:
                self._near(party, match)
        for (instrument, company), found in exact.items():
            self._exact(instrument, company, found)
        for listing in self.registry.listings:
            self._absent(listing)

    def _row(self, party: Party) -> str:
        return f"input {self.number}, {party.row}"

    def _source(self, party: Party) -> str:
        return party.source or self.reading.source

    def _open(self, instrument: str, company: str) -> list[Listing]:
        return [
            each
            for each in self.registry.listed.get(company, ())
            if each.instrument == instrument and (each.until is None or day(each.until) > day(self.edition))
        ]

    def _exact(self, instrument: str, company: str, found: list[tuple[Party, Match]]) -> None:
        self.met.add((instrument, company))
        current = [pair for pair in found if pair[0].until is None or pair[0].until > self.edition]
        held = self._open(instrument, company)
        if current and held:
            party, match = current[-1]
            self.confirmed.append(Confirmed(instrument, party.name, company, self._row(party), match.why))
        elif current:
            self._add(
                instrument, company, *current[-1], since=min((p.since for p, _ in current if p.since), default=None)
            )
        elif held:
            party, match = max(found, key=lambda pair: pair[0].until or "")
            until = party.until or self.edition
            self.ended += [
                Ended(instrument, each.entity, company, until, self._row(party), match.why, self._source(party))
                for each in held
            ]

    def _add(self, instrument: str, company: str, party: Party, match: Match, since: str | None) -> None:
        if since is None or party.date_note:
            proposed = since or self.edition
            note = party.date_note or "the file gives no day: the day of the file stands here, look the right one up"
            self._ask("date", party, match, proposed, f"{match.why}; from: {note}")
            return
        self.added.append(
            Added(instrument, party.name, company, since, self._source(party), self._row(party), match.why)
        )

    def _near(self, party: Party, match: Match) -> None:
        if not self._open(party.instrument, match.company):
            self._ask("near", party, match, party.since or self.edition, match.why)

    def _ask(self, kind: Literal["near", "date"], party: Party, match: Match, since: str, why: str) -> None:
        self.review.append(
            Review(kind, party.instrument, party.name, match.company, since, self._source(party), self._row(party), why)
        )

    def _absent(self, listing: Listing) -> None:
        """A listing of ours that the whole list of its instrument does not have: ended, or written otherwise."""
        instrument, company = listing.instrument, listing.company
        if instrument not in self.reading.instruments or (instrument, company) in self.met:
            return
        if listing not in self._open(instrument, company) or day(listing.since) > day(self.edition):
            return
        nameless = {party.since for party in self.reading.parties if not party.name and party.instrument == instrument}
        if listing.since in nameless:
            return  # a row that names a category, not a company, still stands for it
        why = "not found in this edition by any of its names: ended, or written otherwise?"
        self.review.append(
            Review(
                "absent", instrument, listing.entity, company, self.edition, self.reading.source,
                f"input {self.number}", why,
            )
        )  # fmt: skip


def _one(file: Path, number: int, registry: Registry, edition: str | None, form: str | None) -> Overlay:
    reading = read_list(file, form)
    own = reading.edition or edition
    if not own:
        raise UsageError(f"{file}: the file does not say of which day it is: give the day with --edition YYYY-MM-DD")
    sorting = _Sorting(reading, number, own, registry)
    sorting.sort()
    told = Input(
        file=file.name,
        kind=reading.kind,
        title=reading.title,
        sha256=sha256(file),
        edition=own,
        edition_from=reading.edition_from if reading.edition else "given by the user",
        source=reading.source,
        instruments=tuple(each for each in reading.instruments if each in registry.instruments),
        parties=len(reading.parties),
        newest=newest(party.since for party in reading.parties),
    )
    return Overlay(
        made_on="", importer=IMPORTER_VERSION, base_edition="", base_digest="", inputs=(told,),
        added=tuple(sorting.added), ended=tuple(sorting.ended), confirmed=tuple(sorting.confirmed),
        review=tuple(sorting.review), elsewhere=tuple(sorting.elsewhere),
    )  # fmt: skip
