"""`camcensus redact`, `unredact`: a run to share, and the way back for whoever holds the key. Nothing is sent."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.output import say
from scanner.models import UsageError
from scanner.models.redaction import Kind

if TYPE_CHECKING:
    from scanner.models.redaction import KeyFile


def redact(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that a sweep, listen or import wrote.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the redacted run.")],
    key: Annotated[
        Path,
        typer.Option("--key", metavar="FILE", help="Key file: made, or used again so that stand-ins stay the same."),
    ] = Path("redaction.key"),
    keep: Annotated[
        list[Kind] | None,
        typer.Option("--keep", metavar="KIND", help=f"Leave as it is: {', '.join(Kind)}; may be repeated."),
    ] = None,
) -> None:
    """Write a run with stand-ins for addresses, MACs, serials, names, site; judged anew, so a pack of it verifies."""
    from scanner.cli.run_files import context_of, read_run
    from scanner.derive import build_inventory, derive_devices, once
    from scanner.identify.knowledge import knowledge
    from scanner.models import Evidence
    from scanner.redaction import Chosen, RedactedRun, key_bytes
    from scanner.report.html import render_html
    from scanner.report.json import render_json
    from scanner.runs import EVIDENCE, INVENTORY, REPORT, RunFolder, read_evidence, write_whole

    inventory = read_run(run)
    context = context_of(inventory)
    before = _known(key)
    secret = bytes.fromhex(before.key) if before else secrets.token_bytes(32)
    stand_ins = Chosen(secret, keep or ())
    redacted = RedactedRun(inventory, stand_ins, knowledge(context.rules).names)
    records = (each for each in once(read_evidence(run / EVIDENCE)) if isinstance(each, Evidence))
    with RunFolder.create(out) as folder:
        for record in redacted.evidence(records):
            folder.append(record)
        sweep, coverage = redacted.sweep(), redacted.coverage()
        devices = derive_devices(
            once(folder.evidence()), context, merge=bool(sweep.options["merge"]), problem=lambda _: None
        )
        made = build_inventory(devices, context, sweep, coverage)
        folder.write(INVENTORY, render_json(made))
        folder.write(REPORT, render_html(made))
    content = key_bytes(secret, stand_ins.made, before.stand_ins if before else None)
    if not key.exists():
        os.close(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600))
    write_whole(key, content)
    key.chmod(0o600)
    say(f"Wrote {out}, {len(devices)} devices. {key} leads back to the originals: keep it. Read before you share.")


def unredact(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of a redacted run, or any text that names it.")],
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The key file of the redaction.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")],
) -> None:
    """Put the originals back into a text, where the key file has them."""
    from scanner.redaction import reversed_text
    from scanner.runs import write_whole

    known = _known(key)
    if known is None:
        raise UsageError(f"there is no {key}")
    text = _read(file).decode("utf-8", "replace")
    say(f"Wrote {write_whole(output, reversed_text(text, known.stand_ins))}")


def _known(key: Path) -> KeyFile | None:
    from scanner.redaction import read_key

    return read_key(_read(key)) if key.exists() else None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from error
