"""The formats of tables: leases, neighbours, switches, lists of a video management system."""

from __future__ import annotations

from scanner.intake.contract import Format

TABLES: tuple[Format, ...] = ()
