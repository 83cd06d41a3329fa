"""Recorded cases with the truth beside them (JSON Lines: `id`, `source`, `truth`, `evidence`), to score against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from scanner.models import DataError, Evidence


class Truth(msgspec.Struct, frozen=True):
    """What the device really is; None where the source does not say."""

    is_camera: bool | None = None
    kind: str = "unknown"
    manufacturer: str | None = None
    brand: str | None = None
    model: str | None = None
    firmware: str | None = None


class Case(msgspec.Struct, frozen=True):
    """One device: its evidence carries the case's id as host."""

    id: str
    truth: Truth
    evidence: tuple[Evidence, ...]
    source: str = ""


class _Row(msgspec.Struct):
    id: str
    truth: Truth
    evidence: list[dict[str, Any]]
    source: str = ""


def read_cases(path: Path) -> list[Case]:
    """All cases of a file; [] when the file is absent. DataError names the line that is not a case."""
    if not path.is_file():
        return []
    cases = []
    decoder = msgspec.json.Decoder(_Row)
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            row = decoder.decode(line)
            evidence = tuple(replace(Evidence.from_object(each), host=row.id) for each in row.evidence)
        except (msgspec.DecodeError, ValueError) as error:
            raise DataError(f"{path}:{number}: {error}") from error
        cases.append(Case(row.id, row.truth, evidence, row.source))
    return cases
