"""Make a pack of a run: evidence with its chain, what was derived, what judged it, and who says so."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from scanner.models import Inventory, UsageError
from scanner.pack import archive, chain
from scanner.pack.clock import read_clock
from scanner.pack.manifest import (
    CHAIN,
    EVIDENCE,
    INVENTORY,
    KNOWLEDGE,
    MANIFEST,
    REPORT,
    SIGNATURE,
    Host,
    Manifest,
    PackedFile,
)  # fmt: skip
from scanner.pack.sshsig import sign
from scanner.report.html import render_html
from scanner.report.json import render_json
from scanner.timestamps import now

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_LIBRARIES = ("scapy", "google-re2", "lxml", "msgspec")


class Packer(msgspec.Struct, frozen=True):
    """Who packs, by which command, and how far off a person found this host's clock (seconds; None: nobody looked)."""

    operator: str
    command: str
    clock_offset: float | None = None


def build(
    inventory: Inventory,
    evidence: bytes,
    knowledge: Mapping[str, bytes],
    packer: Packer,
    key: Ed25519PrivateKey | None = None,
    more: Iterable[archive.Entry] = (),
) -> bytes:
    """The pack's bytes. `knowledge`: the files that judged, by path below the fingerprints' folder; `more`: others."""
    files = dict(
        [
            (EVIDENCE, evidence), (CHAIN, chain.chain_file(evidence)), (INVENTORY, render_json(inventory)),
            (REPORT, render_html(inventory).encode()), *more,
            *((KNOWLEDGE + name, data) for name, data in sorted(knowledge.items())),
        ]
    )  # fmt: skip
    manifest = _manifest(inventory, files, packer).to_bytes()
    entries = [(MANIFEST, manifest)]
    if key is not None:
        entries.append((SIGNATURE, sign(manifest, key).encode()))
    total = sum(len(data) for data in files.values())
    if total > archive.MOST_BYTES:
        raise UsageError(f"the run is too large for one pack: {total} bytes, {archive.MOST_BYTES} fit")
    return archive.write([*entries, *files.items()])


def knowledge_files(folder: Path) -> dict[str, bytes]:
    """Every data file of a fingerprints' folder, the registry's too, by its path below it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.toml"))}


def _manifest(inventory: Inventory, files: Mapping[str, bytes], packer: Packer) -> Manifest:
    return Manifest(
        tool=inventory.tool,
        created=now(),
        operator=packer.operator,
        command=packer.command,
        host=_host(),
        clock=read_clock(packer.clock_offset),
        sweep=msgspec.to_builtins(inventory.sweep),
        coverage=msgspec.to_builtins(inventory.coverage),
        chain=chain.head(files[EVIDENCE]),
        files=tuple(PackedFile(path, sha256(data).hexdigest(), len(data)) for path, data in files.items()),
    )


def _host() -> Host:
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    libraries = {name: metadata.version(name) for name in _LIBRARIES}
    return Host(platform.node(), system, platform.python_version(), libraries)
