"""Walks of SNMP tables that end: at the table's end, at a cap, at silence, or where an agent goes round in circles."""

from __future__ import annotations

import asyncio
from typing import Protocol

import msgspec

from scanner.wire.bridge import Row

_AT_ONCE = 20  # rows asked for in one request; an agent gives fewer where they don't fit
_SILENCES = 3  # an access that has answered is asked again after a lost datagram, so often in one place
_MAX_ARCS = 128


class Asker(Protocol):
    """What a walk needs of a client."""

    single: bool

    async def next_rows(self, name: str, count: int) -> list[tuple[str, int | str | bytes]] | None:
        """At most `count` objects after `name`; empty at the end of the view, None where nothing came."""


class Budget:
    """What may be spent on one device, over all its tables: rows, bytes of values, seconds from now."""

    def __init__(self, rows: int, octets: int, seconds: float) -> None:
        self._rows = rows
        self._octets = octets
        self._end = asyncio.get_running_loop().time() + seconds

    def spend(self, value: int | str | bytes) -> None:
        """Count one row."""
        self._rows -= 1
        self._octets -= len(value) if isinstance(value, str | bytes) else 4

    @property
    def over(self) -> str:
        """Why nothing more may be read; "" while something may."""
        if self._rows <= 0:
            return "too many rows"
        if self._octets <= 0:
            return "too many bytes"
        return "out of time" if asyncio.get_running_loop().time() >= self._end else ""


class Walked(msgspec.Struct, frozen=True):
    """The rows of one table; `cut` says why they are not all ("" = they are)."""

    rows: tuple[Row, ...] = ()
    cut: str = ""


async def walk(asker: Asker, table: str, budget: Budget) -> Walked:
    """All objects below `table`. Names must grow, or the agent could keep us for ever."""
    rows: list[Row] = []
    at = table
    silences = 0
    while not (cut := budget.over):
        answer = await asker.next_rows(at, _AT_ONCE)
        if answer is None:
            silences += 1
            if silences >= _SILENCES:
                return Walked(tuple(rows), "the switch fell silent")
            continue
        silences = 0
        if not answer:
            return Walked(tuple(rows))
        for name, value in answer:
            index = _below(table, name)
            if index is None:
                return Walked(tuple(rows))
            if not _after(at, name):
                return Walked(tuple(rows), "the switch repeats itself")
            budget.spend(value)
            rows.append((index, value))
            at = name
    return Walked(tuple(rows), cut)


def _below(table: str, name: str) -> tuple[int, ...] | None:
    """The arcs of `name` behind `table`; None where it lies elsewhere."""
    if not name.startswith(table + "."):
        return None
    arcs = name[len(table) + 1 :].split(".", _MAX_ARCS)
    return tuple(int(arc) for arc in arcs) if len(arcs) < _MAX_ARCS and all(_is_arc(arc) for arc in arcs) else None


def _is_arc(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20


def _after(first: str, second: str) -> bool:
    return [int(arc) for arc in first.split(".")] < [int(arc) for arc in second.split(".")]
