"""Read a site file: strictly, every mistake told with its line.

```toml
[defaults]                          # for every site that does not say otherwise
policy = ["uk-local-authority"]
exclude = ["@never.txt"]            # these and a site's own, always both

[[site]]
name = "town-hall"
targets = ["198.51.100.0/24"]
out = "runs/{site}/{date}-{time}"
credentials = "secrets/cameras.toml"
schedule = { days = ["mon-fri"], from = "22:00", until = "05:00", zone = "Europe/London" }
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from scanner.models import DataError, UsageError
from scanner.own_file import OwnFile, meant, read_own
from scanner.sitefile.check import Words, problems_of
from scanner.sitefile.keys import KEY_NAMES, OF_A_SITE_ALONE, WRITTEN, Keys, ScheduleKeys, filled
from scanner.sitefile.schedule import MINUTES_A_DAY, Schedule, read_clock, read_days, read_zone
from scanner.text import clean

_LONGEST_NAME = 64
_NOT_IN_A_NAME = frozenset('/\\:*?"<>|{},')
_LIKE_SECRETS = ("password", "passphrase", "community", "secret", "token", "user", "key", "auth-key", "login")
SITES, DEFAULTS, NAME = "site", "defaults", "name"


class Site(msgspec.Struct, frozen=True):
    """One `[[site]]`, with what [defaults] says where it does not. `number` counts from 0 in the file."""

    name: str
    number: int
    keys: Keys
    schedule: Schedule | None = None


class SiteFile(msgspec.Struct, frozen=True):
    """The sites in the order of the file, and the file itself, to say where something stands."""

    sites: tuple[Site, ...]
    own: OwnFile

    def place(self, site: Site, message: str) -> str:
        """`message` with file and line: of the value of the site (or of [defaults]) that it speaks of, if of any."""
        tables = ((SITES, site.number, self.own.rows(SITES)[site.number]), (DEFAULTS, 0, self.own.tables.get(DEFAULTS)))
        spoken = [
            (len(bare), str(self.own.refusal(message, table, number, key, text)))
            for table, number, row in tables
            for key, text in _texts(row or {})
            if len(bare := _bare(text)) > 2 and bare in message
        ]
        if spoken:
            return max(spoken, key=lambda found: found[0])[1]
        for table, number, row in tables:
            for key in row or {}:
                if f"--{key} " in f"{message} ":
                    return str(self.own.refusal(message, table, number, key))
        return str(self.own.refusal(message, SITES, site.number))


def _texts(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of a table, by key."""
    for key, value in row.items():
        if key != NAME:
            yield from (
                (key, text) for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)
            )


def _bare(text: str) -> str:
    """As a message speaks of it: without what marks a list of targets, a reference, or the file's own folder."""
    for mark in ("@", "env:", "file:", "./"):
        text = text.removeprefix(mark)
    return text


class _Reading:
    """One pass over the file that goes on after a mistake, so that all of them are told at once."""

    def __init__(self, own: OwnFile, words: Words) -> None:
        self.own = own
        self.words = words
        self.problems: list[str] = []

    def wrong(self, message: str, table: str = "", number: int = 0, key: str = "", value: object = None) -> None:
        self.problems.append(str(self.own.refusal(message, table, number, key, value)))

    def in_order(self) -> list[str]:
        """What was found, by line."""
        start = len(f"{self.own.name}:")
        return sorted(dict.fromkeys(self.problems), key=lambda told: int(told[start:].partition(":")[0]))

    def row(self, table: str, number: int, row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        """Of `row` what is valid, converted, by the names of the fields of `Keys`."""
        good: dict[str, Any] = {}
        for key, value in row.items():
            if key not in names:
                self._unknown(table, number, key, names)
                continue
            if key == NAME:
                continue
            try:
                keys = self._converted(table, number, key, value)
            except DataError as error:
                self.problems.append(str(error))
                continue
            good[key.replace("-", "_")] = getattr(keys, key.replace("-", "_"))
        return good

    def _converted(self, table: str, number: int, key: str, value: object) -> Keys:
        if key == "schedule" and isinstance(value, dict):
            return Keys(schedule=self.own.entry(f"{table}.schedule", number, value, ScheduleKeys))
        return self.own.entry(table, number, {key: value}, Keys)

    def _unknown(self, table: str, number: int, key: str, names: tuple[str, ...]) -> None:
        told = f"unknown key {clean(key, 60)!r}"
        if key in OF_A_SITE_ALONE or key == NAME:
            told = f"{key} belongs to a [[site]], not to [defaults]"
        elif key.casefold().replace("_", "-") in _LIKE_SECRETS:
            told += ': no secret stands in a site file; put it in a credentials file and write credentials = "FILE"'
        elif key.replace("_", "-") in names:
            told += f"; did you mean {key.replace('_', '-')!r}?"
        else:
            told += meant(key, names) or f"; known: {', '.join(names)}"
        self.wrong(told, table, number, key)

    def checked(self, table: str, number: int, fields: dict[str, Any], allow_public: bool) -> None:
        for problem in problems_of(Keys(**{**fields, "allow_public": allow_public}), self.words):
            if problem.key.replace("-", "_") in fields:
                self.wrong(f"{problem.key}: {problem.message}", table, number, problem.key, problem.value)

    def schedule(self, table: str, number: int, fields: dict[str, Any]) -> Schedule | None:
        keys = fields.get("schedule")
        if keys is None:
            return None
        place = f"{table}.schedule"
        found: dict[str, Any] = {}
        for key, reading, value in (
            ("days", read_days, keys.days),
            ("from", read_clock, keys.start),
            ("until", read_clock, keys.until),
            ("zone", read_zone, keys.zone),
        ):
            try:
                found[key] = reading(value)
            except ValueError as error:
                self.wrong(f"schedule: {key}: {error}", place, number, key)
        if len(found) < 4:
            return None
        begin, until = found["from"] % MINUTES_A_DAY, found["until"]
        if begin == until:
            self.wrong("schedule: from and until are the same time", place, number, "until")
        return Schedule(found["days"], begin, until if until > begin else until + MINUTES_A_DAY, found["zone"])

    def site(self, number: int, row: dict[str, Any], defaults: dict[str, Any]) -> Site:
        own = self.row(SITES, number, row, (NAME, *KEY_NAMES))
        both = {**defaults, **own, "exclude": (*defaults.get("exclude", ()), *own.get("exclude", ()))}
        self.checked(SITES, number, own, allow_public=both.get("allow_public", False))
        name = row.get(NAME)
        wrong = wrong_name(name)
        if wrong:
            self.wrong(f"name: {wrong}", SITES, number, NAME)
        if not both.get("targets") and "targets" not in row:
            self.wrong(f'site {name!r} has no targets: write targets = ["198.51.100.0/24"]', SITES, number)
        schedule = self.schedule(SITES, number, own) if "schedule" in own else None
        return Site(name if isinstance(name, str) else "", number, Keys(**both), schedule)


def read_site_file(name: str, text: str, words: Words) -> SiteFile:
    """The sites in `text`, the content of the file `name`; UsageError with a line for each mistake, and no other."""
    try:
        own = read_own(name, text)
        reading = _Reading(own, words)
        found = _sites(reading)
    except DataError as error:
        raise UsageError(str(error)) from error
    _compare(reading, found)
    if reading.problems:
        raise UsageError("\n".join(reading.in_order()))
    return SiteFile(found, own)


def _sites(reading: _Reading) -> tuple[Site, ...]:
    own = reading.own
    known = (DEFAULTS, SITES)
    for key in own.tables:
        if key not in known:
            hint = ": write it in [defaults] or under a [[site]]" if key in (NAME, *KEY_NAMES) else meant(key, known)
            reading.wrong(f"unknown key {clean(key, 60)!r}{hint or '; known: [defaults] and [[site]]'}", key=key)
    shared = own.tables.get(DEFAULTS, {})
    if not isinstance(shared, dict):
        raise own.refusal("write [defaults], once", key=DEFAULTS)
    defaults = reading.row(DEFAULTS, 0, shared, tuple(key for key in KEY_NAMES if key not in OF_A_SITE_ALONE))
    reading.checked(DEFAULTS, 0, defaults, allow_public=True)
    schedule = reading.schedule(DEFAULTS, 0, defaults)
    rows = own.rows(SITES)
    if not rows:
        raise own.refusal("no site in it: write [[site]], with name and targets under it")
    sites = [reading.site(number, row, defaults) for number, row in enumerate(rows)]
    return tuple(
        msgspec.structs.replace(site, schedule=schedule) if "schedule" not in rows[site.number] else site
        for site in sites
    )


class Clash(msgspec.Struct, frozen=True):
    """`site` would write what `other` does."""

    key: str
    site: str
    other: str

    def __str__(self) -> str:
        return f"site {self.site!r} would write where {self.other!r} does; put {{site}} in it"


def clashes(sites: Sequence[tuple[str, Keys]]) -> Iterator[Clash]:
    """Files and folders that two sites would write."""
    writers: dict[str, str] = {}
    for name, keys in sites:
        for key in WRITTEN:
            value = getattr(keys, key) or ()
            for text in (value,) if isinstance(value, str) else value:
                if (other := writers.setdefault(filled(text, {"site": name}), name)) != name:
                    yield Clash(key, name, other)


def _compare(reading: _Reading, sites: tuple[Site, ...]) -> None:
    """What two sites may not have in common: the name, and a file that each would write."""
    names: set[str] = set()
    for site in sites:
        if site.name and site.name.casefold() in names:
            reading.wrong(f"name: {site.name!r} is there twice", SITES, site.number, NAME)
        names.add(site.name.casefold())
    for clash in clashes([(site.name, site.keys) for site in sites]):
        number = next(site.number for site in sites if site.name == clash.site)
        own = clash.key in reading.own.rows(SITES)[number]
        reading.wrong(f"{clash.key}: {clash}", SITES if own else DEFAULTS, number if own else 0, clash.key)


def wrong_name(name: object) -> str:
    """What is wrong with a site's name, which becomes that of a folder and stands in reports; "" if nothing is."""
    if name is None:
        return "a site needs one"
    if not isinstance(name, str):
        return 'write it in quotes, "…"'
    if not name or len(name) > _LONGEST_NAME or clean(name, _LONGEST_NAME) != name:
        return f"1 to {_LONGEST_NAME} characters that can be seen"
    if _NOT_IN_A_NAME & set(name) or name.startswith((".", "-", "~", "@")):
        return 'it becomes the name of a folder: none of / \\ : * ? " < > | { } , in it, and no . - ~ @ before it'
    return ""
