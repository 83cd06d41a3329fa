"""What a pack says of itself: `camcensus.pack/1`, the file `manifest.json`."""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.models import DataError, Tool

SCHEMA = "camcensus.pack/1"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
TIMESTAMP = "manifest.json.tsr"
EVIDENCE = "evidence.jsonl"
CHAIN = "evidence.chain"
INVENTORY = "inventory.json"
REPORT = "report.html"
KNOWLEDGE = "fingerprints/"
OWN = "own/"
"""What the user added to the shipped knowledge: fingerprints, Recog, pinned facts."""
UNLISTED = frozenset({MANIFEST, SIGNATURE, TIMESTAMP})
"""What the manifest can't list: itself, and what is made of it."""


class PackedFile(msgspec.Struct, frozen=True):
    """A file of the pack."""

    path: str
    sha256: str
    size: int


class Clock(msgspec.Struct, frozen=True):
    """The packing host's clock. `offset_seconds`: what a person measured against a reference; None where nobody did.

    `synchronised` and `max_error_seconds` are the kernel's own word (Linux adjtimex(2)); None where it has none.
    """

    utc: str
    offset_seconds: float | None = None
    synchronised: bool | None = None
    max_error_seconds: float | None = None


class Host(msgspec.Struct, frozen=True):
    """Where it was packed. `libraries` are those whose data or code a judgement rests on."""

    name: str
    system: str
    python: str
    libraries: dict[str, str]


class Manifest(msgspec.Struct, frozen=True):
    """Who packed what, when and where; every other file with its digest. `chain` is the last link of the evidence."""

    tool: Tool
    created: str
    operator: str
    command: str
    host: Host
    clock: Clock
    sweep: dict[str, Any]
    coverage: dict[str, Any]
    chain: str
    files: tuple[PackedFile, ...]
    schema: str = SCHEMA

    def to_bytes(self) -> bytes:
        """The one way to write it."""
        return msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=1) + b"\n"


def read_manifest(data: bytes) -> Manifest:
    """DataError where it is none, or of a later schema."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise DataError(f"{MANIFEST}: {error}") from error
    if manifest.schema != SCHEMA:
        raise DataError(f"{MANIFEST}: schema {manifest.schema!r}; this version reads {SCHEMA}")
    return manifest
