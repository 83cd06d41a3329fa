"""The columns of every tabular format: what they are called, what type they have, how they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from scanner.models import Device, Finding, Inventory
from scanner.report import words
from scanner.text import clean

CELL_CAP = 2000  # characters of one cell; a spreadsheet takes 32,767

Value = str | int | float | bool | None


class Kind(StrEnum):
    """The type of a column, for formats that know types."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes or no"


class Column(NamedTuple):
    """`key` is stable and for programs, `title` for people; `read` gives None where nothing is established."""

    key: str
    title: str
    kind: Kind
    read: Callable[[Device], Value]


class FindingColumn(NamedTuple):
    """As `Column`, of one finding of a device."""

    key: str
    title: str
    read: Callable[[Device, Finding], Value]


def _text(key: str, title: str, read: Callable[[Device], object]) -> Column:
    return Column(key, title, Kind.TEXT, lambda device: _clean(read(device)))


def _clean(value: object) -> str | None:
    return None if value is None or value == "" else clean(str(value), CELL_CAP)


DEVICE_COLUMNS: tuple[Column, ...] = (
    _text("host", "Address", lambda d: d.host),
    _text("status", "Status", lambda d: d.status.value),
    _text("kind", "Kind", lambda d: d.kind),
    Column("is_camera", "Camera or recorder", Kind.YES_NO, lambda d: d.is_camera),
    _text("brand", "Brand", lambda d: d.brand),
    _text("maker", "Maker", lambda d: d.maker),
    Column("confidence", "Confidence in the maker", Kind.NUMBER, lambda d: d.confidence if d.maker else None),
    _text("model", "Model", lambda d: d.model),
    _text("firmware", "Firmware", lambda d: d.firmware),
    _text("serial", "Serial number", lambda d: d.serial),
    _text("mac", "MAC address", lambda d: d.mac),
    _text("addresses", "All addresses", lambda d: " ".join(d.addresses)),
    _text("family", "Firmware family", lambda d: d.family),
    _text("chip", "Chip", lambda d: d.chip),
    _text("product", "What it is, if no camera", lambda d: d.product),
    _text("name", "Name", lambda d: d.name),
    _text("switch", "Switch", lambda d: d.switch),
    _text("switch_port", "Switch port", lambda d: d.switch_port),
    Column("channel_count", "Channels (no devices)", Kind.NUMBER, lambda d: d.channel_count),
    _text("behind", "Channel of a recorder", lambda d: "; ".join(d.behind)),
    _text("instruments", "Instruments that count", words.instruments_text),
    _text("why", "Why", lambda d: d.why),
    _text("waivers", "Waivers", words.waivers_of),
    _text("contradictions", "Contradictions", lambda d: "; ".join(words.conflict_text(c) for c in d.conflicts)),
    Column("evidence_count", "Pieces of evidence", Kind.NUMBER, lambda d: d.evidence_count),
    _text("id", "Device id", lambda d: d.id),
)

FINDING_COLUMNS: tuple[FindingColumn, ...] = (
    FindingColumn("host", "Address", lambda d, _: _clean(d.host)),
    FindingColumn("brand", "Brand", lambda d, _: _clean(d.brand)),
    FindingColumn("maker", "Maker", lambda d, _: _clean(d.maker)),
    FindingColumn("model", "Model", lambda d, _: _clean(d.model)),
    FindingColumn("instrument", "Instrument", lambda _, f: _clean(f.instrument)),
    FindingColumn("title", "Title", lambda _, f: _clean(f.title)),
    FindingColumn("strength", "Strength", lambda _, f: f.strength.value),
    FindingColumn("relation", "Relation", lambda _, f: f.relation.value),
    FindingColumn("entity", "Entity as listed", lambda _, f: _clean(f.entity)),
    FindingColumn("statement", "Statement", lambda _, f: _clean(f.statement)),
    FindingColumn("binds", "Whom it binds", lambda _, f: _clean(f.binds)),
    FindingColumn("purpose_test", "A person still has to answer", lambda _, f: _clean(f.purpose_test)),
    FindingColumn("effect", "Effect", lambda _, f: _clean(f.effect)),
    FindingColumn("jurisdiction", "Jurisdiction", lambda _, f: _clean(f.jurisdiction)),
    FindingColumn("since", "Since", lambda _, f: _clean(f.since)),
    FindingColumn("edition", "Edition", lambda _, f: _clean(f.edition)),
    FindingColumn("source", "Source", lambda _, f: _clean(f.source)),
    FindingColumn("rests_on", "Rests on", lambda d, f: _clean(words.rests_on(d, f))),
    FindingColumn("waiver", "Waiver", lambda _, f: _clean(words.waived_text(f))),
    FindingColumn("allowed", "Exception of the policy", lambda _, f: _clean(f.allowed)),
    FindingColumn("upcoming", "Takes effect later", lambda _, f: _clean(f.upcoming)),
    FindingColumn("device_id", "Device id", lambda d, _: _clean(d.id)),
)


def summary(inventory: Inventory) -> Iterator[tuple[str, Value]]:
    """What a reader must know of the whole, what was not reached first, as (what, value)."""
    coverage, sweep = inventory.coverage, inventory.sweep
    if not sweep.complete:
        yield "Not complete", "The sweep ended early: what follows is what was found until then."
    yield "Reached", words.reach_line(inventory)
    for note in coverage.notes:
        yield "Note", clean(note, CELL_CAP)
    yield "Verdict", words.headline(inventory)
    for status, count in words.status_counts(inventory).items():
        yield words.STATUS_LABEL[status].capitalize(), count
    yield "Site", _clean(sweep.site)
    yield "Scope", _clean(", ".join(sweep.scope))
    for line in words.waiver_lines(inventory):
        yield "Waiver", clean(line, CELL_CAP)
    for line in words.upcoming_lines(inventory):
        yield "Upcoming", clean(line, CELL_CAP)
    yield "Policy", _clean(words.policy_text(inventory))
    yield "Judged as of", sweep.as_of
    yield "Started", sweep.started
    yield "Finished", sweep.finished
    yield "Sweep", _clean(sweep.id)
    yield "Tool", f"{inventory.tool.name} {inventory.tool.version}"
    yield "Registry edition", inventory.tool.registry.edition
    yield "Fingerprints", inventory.tool.fingerprints
