"""Read a table in a test: bytes in, plain objects out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from scanner.intake import format_by_name
from scanner.intake.contract import HEAD_BYTES
from scanner.intake.tables import TABLES
from scanner.models import Evidence, EvidenceProblem

FILES = Path(__file__).parent / "files"


def read(name: str, data: str | bytes) -> tuple[list[dict[str, Any]], list[EvidenceProblem]]:
    """(evidence as contract 1 objects, problems) of `data` read as format `name`."""
    raw = data.encode() if isinstance(data, str) else data
    found = list(format_by_name(name, TABLES).read(io.BytesIO(raw)))
    problems = [each for each in found if isinstance(each, EvidenceProblem)]
    return [each.to_object() for each in found if isinstance(each, Evidence)], problems


def evidence(name: str, data: str | bytes) -> list[dict[str, Any]]:
    """The evidence of `data`, which must have no problem."""
    found, problems = read(name, data)
    assert problems == []
    assert all(each["via"] == name for each in found)
    return found


def recognised(data: str | bytes, name: str = "file.txt") -> list[str]:
    """The names of all table formats that take `data` for theirs."""
    raw = data.encode() if isinstance(data, str) else data
    return [each.name for each in TABLES if each.recognises(raw[:HEAD_BYTES], name)]


def macs(found: list[dict[str, Any]]) -> dict[str, str]:
    """host → MAC of the `mac` evidence."""
    return {each["host"]: each["mac"] for each in found if each["protocol"] == "mac"}
