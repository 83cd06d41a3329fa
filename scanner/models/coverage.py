"""What was asked for, what was reached, and what was not: said first in every report."""

from __future__ import annotations

import msgspec


class InterfaceCoverage(msgspec.Struct, frozen=True):
    """One interface: used, or skipped with the reason."""

    name: str
    addresses: tuple[str, ...] = ()
    used: bool = True
    reason: str = ""


class Coverage(msgspec.Struct, frozen=True):
    """Counts are of addresses in scope. `notes` are sentences for people, the most important first.

    `beyond` counts addresses outside the scope that were heard on a link and asked nothing; they are in no other count.
    `silent_ranges` name the silent ones, `filtered` those that are there and let no question through, both as ranges;
    `blocked` are those that a router or firewall says it does not pass on to.
    `packets`, `connections` count what was sent; `busiest` names the device that got most of it.
    """

    addresses: int = 0
    answered: int = 0
    silent: int = 0
    interfaces: tuple[InterfaceCoverage, ...] = ()
    notes: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    packets: int = 0
    connections: int = 0
    busiest: str = ""
    beyond: int = 0
    silent_ranges: tuple[str, ...] = ()
    filtered: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
