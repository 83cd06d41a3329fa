"""An overlay: what official files change in the registry, row by row, accepted only when a person has signed it off.

Made by `camcensus registry import`, decided in an editor (`decision` of each `[[review]]`), signed with `camcensus
registry sign-off`, which writes who, when, and a digest of all that was decided. What is changed after is refused.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

import msgspec

from scanner.dates import day
from scanner.models import DataError
from scanner.own_file import OwnFile, read_own
from scanner.registry.extend import with_listings
from scanner.registry.facts import Listing, Registry
from scanner.registry.names import fold

FORMAT = "camcensus.registry-overlay/1"
UNDECIDED = "undecided"
Decision = Literal["undecided", "accept", "reject"]


class Input(msgspec.Struct, frozen=True):
    """A file that was read: its digest, of which day it is and how that is known, whose whole list it holds."""

    file: str
    kind: str
    title: str
    sha256: str
    edition: str
    edition_from: str
    source: str
    instruments: tuple[str, ...]
    parties: int
    newest: str = ""


class Added(msgspec.Struct, frozen=True, rename={"since": "from"}):
    """A listing that the registry lacks; `row` says where it stands, `matched_on` how the company was known."""

    instrument: str
    entity: str
    company: str
    since: str
    source: str
    row: str
    matched_on: str


class Ended(msgspec.Struct, frozen=True, rename={"until": "to"}):
    """A listing of the registry that the file ends."""

    instrument: str
    entity: str
    company: str
    until: str
    row: str
    matched_on: str
    source: str


class Confirmed(msgspec.Struct, frozen=True):
    """A listing that the registry has and the file has too."""

    instrument: str
    entity: str
    company: str
    row: str
    matched_on: str


class Review(msgspec.Struct, frozen=True):
    """Undecided until a person writes accept or reject.

    `kind` near: a name close to a company's; date: no day of its own; accepted, both are listings from `day` on.
    absent: a listing of ours that the file has not; accepted, it ends on `day`.
    """

    kind: Literal["near", "date", "absent"]
    instrument: str
    entity: str
    company: str
    day: str
    source: str
    row: str
    why: str
    decision: Decision = "undecided"


class Elsewhere(msgspec.Struct, frozen=True):
    """A company of ours on a list for which the registry has no instrument: told, and nothing more."""

    entity: str
    company: str
    listed_by: str
    row: str
    matched_on: str


class Overlay(msgspec.Struct, frozen=True):
    """The whole file. `signed_off_digest` is that of the content that was signed."""

    made_on: str
    importer: int
    base_edition: str
    base_digest: str
    inputs: tuple[Input, ...] = ()
    added: tuple[Added, ...] = ()
    ended: tuple[Ended, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()
    review: tuple[Review, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    signed_off_by: str = ""
    signed_off_on: str = ""
    signed_off_digest: str = ""

    def digest(self) -> str:
        """SHA-256 of all but the signature."""
        bare = msgspec.structs.replace(self, signed_off_by="", signed_off_on="", signed_off_digest="")
        return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()

    @property
    def undecided(self) -> tuple[Review, ...]:
        """What nobody has decided yet."""
        return tuple(each for each in self.review if each.decision == UNDECIDED)


class _Head(msgspec.Struct, frozen=True):
    """The keys above the tables."""

    format: str
    made_on: str
    importer: int
    base_edition: str
    base_digest: str
    signed_off_by: str = ""
    signed_off_on: str = ""
    signed_off_digest: str = ""


_TABLES: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "input": ("inputs", Input),
    "added": ("added", Added),
    "ended": ("ended", Ended),
    "confirmed": ("confirmed", Confirmed),
    "review": ("review", Review),
    "elsewhere": ("elsewhere", Elsewhere),
}


def parse_overlay(name: str, text: str, registry: Registry) -> Overlay:
    """The overlay, signed or not; DataError with file and line for what is not valid."""
    file = read_own(name, text)
    names = [field.name for field in msgspec.structs.fields(_Head)]
    file.known_keys([*names, *_TABLES])
    head = file.entry("", 0, {key: value for key, value in file.tables.items() if key in names}, _Head)
    if head.format != FORMAT:
        raise file.refusal(f"format: {head.format!r} is not {FORMAT!r}", key="format")
    tables = {field: tuple(file.entries(word, kind)) for word, (field, kind) in _TABLES.items()}
    overlay = msgspec.convert(
        {**{key: getattr(head, key) for key in names if key != "format"}, **tables}, Overlay, from_attributes=True
    )
    _known(file, overlay, registry)
    return overlay


def read_overlay(name: str, text: str, registry: Registry) -> Overlay:
    """The overlay, refused where it is not signed off, was changed since, or leaves something undecided."""
    overlay = parse_overlay(name, text, registry)
    sign = f"look through it and run: camcensus registry sign-off {name} --by NAME"
    if not overlay.signed_off_by.strip() or not overlay.signed_off_on:
        raise DataError(f"{name}: not signed off: {sign}")
    file = read_own(name, text)
    file.checked_date(overlay.signed_off_on, "", 0, "signed_off_on")
    if overlay.undecided:
        number = next(n for n, each in enumerate(overlay.review) if each.decision == UNDECIDED)
        raise file.refusal(_undecided(overlay), "review", number, "decision")
    if overlay.signed_off_digest != overlay.digest():
        raise file.refusal(f"changed after it was signed off: {sign}", key="signed_off_digest")
    return overlay


def sign_off(name: str, text: str, registry: Registry, by: str, today: date) -> str:
    """The text of the same overlay, signed; DataError where something is undecided."""
    overlay = parse_overlay(name, text, registry)
    if overlay.undecided:
        number = next(n for n, each in enumerate(overlay.review) if each.decision == UNDECIDED)
        raise read_own(name, text).refusal(_undecided(overlay), "review", number, "decision")
    signed = msgspec.structs.replace(
        overlay, signed_off_by=by, signed_off_on=today.isoformat(), signed_off_digest=overlay.digest()
    )
    return render_overlay(signed)


def apply_overlay(registry: Registry, overlay: Overlay, name: str) -> Registry:
    """The registry with what the overlay adds, ends and confirms. Its digest is of both; its edition is the base's."""
    ends = {(each.instrument, each.company, each.entity): each.until for each in overlay.ended}
    ends |= {(e.instrument, e.company, e.entity): e.day for e in _accepted(overlay) if e.kind == "absent"}
    kept = [
        msgspec.structs.replace(each, until=until) if until and each.until is None else each
        for each in registry.listings
        for until in (ends.get((each.instrument, each.company, each.entity)),)
    ]
    held = {(each.instrument, each.company, fold(each.entity)) for each in kept if each.until is None}
    note = f"{name}, signed off by {overlay.signed_off_by} on {overlay.signed_off_on}"
    new = [
        Listing(
            instrument=each.instrument, entity=each.entity, company=each.company, since=each.since,
            certainty="imported", source=each.source, checked=overlay.signed_off_on, note=f"{note}; {each.row}",
        )
        for each in (*overlay.added, *(_as_added(each) for each in _accepted(overlay) if each.kind != "absent"))
        if (each.instrument, each.company, fold(each.entity)) not in held
    ]  # fmt: skip
    digest = hashlib.sha256(f"{registry.digest}\0{overlay.digest()}".encode()).hexdigest()
    newer = _with_editions(registry, overlay)
    return msgspec.structs.replace(with_listings(newer, (*kept, *new)), digest=digest)


def render_overlay(overlay: Overlay) -> str:
    """The file, with what to do at its top."""
    lines = [
        "# An overlay of the registry, from the files under [[input]]. Nothing of it counts until it is signed off:",
        '# 1. look at every entry, and at each [[review]] write decision = "accept" or "reject";',
        '# 2. camcensus registry sign-off THIS-FILE --by "Your name";',
        "# 3. camcensus sweep … --registry-overlay THIS-FILE. Changed after that, it must be signed off again.",
        _pair("format", FORMAT),
    ]
    lines += [
        _pair(key, getattr(overlay, key))
        for key in (
            "made_on",
            "importer",
            "base_edition",
            "base_digest",
            "signed_off_by",
            "signed_off_on",
            "signed_off_digest",
        )
    ]
    for word, (field, _) in _TABLES.items():
        for entry in getattr(overlay, field):
            lines += ["", f"[[{word}]]"]
            lines += [_pair(key, value) for key, value in msgspec.to_builtins(entry).items()]
    return "\n".join(lines) + "\n"


def _pair(key: str, value: object) -> str:
    # What JSON calls a string or an array of strings, TOML does too, but for the one control character DEL.
    return f"{key} = {msgspec.json.encode(value).decode().replace(chr(127), '')}"


def _undecided(overlay: Overlay) -> str:
    count = len(overlay.undecided)
    entries = "1 entry is" if count == 1 else f"{count} entries are"
    return f'{entries} undecided: write decision = "accept" or "reject"'


def _accepted(overlay: Overlay) -> list[Review]:
    return [each for each in overlay.review if each.decision == "accept"]


def _as_added(each: Review) -> Added:
    return Added(each.instrument, each.entity, each.company, each.day, each.source, each.row, each.why)


def _with_editions(registry: Registry, overlay: Overlay) -> Registry:
    """Instruments whose whole list was read are of that list's day now."""
    instruments = dict(registry.instruments)
    for file in overlay.inputs:
        for name in file.instruments:
            if day(file.edition) > day(instruments[name].edition):
                checked = overlay.signed_off_on or instruments[name].checked
                instruments[name] = msgspec.structs.replace(instruments[name], edition=file.edition, checked=checked)
    return msgspec.structs.replace(registry, instruments=instruments)


def _known(file: OwnFile, overlay: Overlay, registry: Registry) -> None:
    """Instruments and companies must be the registry's, and dates dates."""
    for word in ("added", "ended", "confirmed", "review"):
        for number, each in enumerate(getattr(overlay, _TABLES[word][0])):
            file.checked_name(each.instrument, registry.instruments, "instrument", word, number, "instrument")
            file.checked_name(each.company, registry.companies, "company", word, number, "company")
            for key, name in (("since", "from"), ("until", "to"), ("day", "day")):
                if hasattr(each, key):
                    file.checked_date(getattr(each, key), word, number, name)
    for number, each in enumerate(overlay.inputs):
        file.checked_date(each.edition, "input", number, "edition")
        for name in each.instruments:
            file.checked_name(name, registry.instruments, "instrument", "input", number, "instruments")
