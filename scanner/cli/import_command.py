"""`camcensus import`: what others already saw, judged like a sweep; the network is not touched."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.choices import (
    AsOfOption,
    BaselineOption,
    FailOnOption,
    JsonOption,
    OutputOption,
    PolicyOption,
    RegistryAgeOption,
    SummaryOption,
)
from scanner.cli.endings import endings, without_store
from scanner.cli.exits import Exit
from scanner.cli.finish import check_writable, conclude
from scanner.cli.judging_options import OverlayOption, PolicyFileOption, WaiversOption, judging
from scanner.cli.output import say
from scanner.cli.recorded import Problems, judge_records
from scanner.cli.rules_options import Extras, FingerprintsOption, PinsOption, RecogOption, UnknownOption
from scanner.cli.unknowns import write_unknown
from scanner.models import LogError, UsageError

if TYPE_CHECKING:
    from scanner.cli.importing import Fence, Source
    from scanner.models import Inventory


def import_files(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Captures, scans, leases, tables, lists; - is standard input.")
    ],
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help="Read every file as this format instead of recognising it."),
    ] = None,
    network: Annotated[
        list[str] | None,
        typer.Option(
            "--network",
            metavar="NETWORK",
            help="Keep only these addresses: a network, range, address, or @file; may be repeated. "
            "What is left out is counted.",
        ),
    ] = None,
    json_file: JsonOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for evidence log, inventory and HTML report.")
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(
            "--evidence", metavar="FILE", help="Write the evidence (contract 1); - is standard output, alone."
        ),
    ] = None,
    policy: PolicyOption = None,
    policy_file: PolicyFileOption = None,
    overlay: OverlayOption = None,
    waivers: WaiversOption = None,
    as_of: AsOfOption = None,
    merge: Annotated[bool, typer.Option("--merge/--no-merge", help="Join hosts that are one device.")] = True,
    output: OutputOption = None,
    summary: SummaryOption = None,
    fail_on: FailOnOption = None,
    baseline: BaselineOption = None,
    max_registry_age: RegistryAgeOption = None,
    fingerprints: FingerprintsOption = None,
    recog: RecogOption = None,
    pins: PinsOption = None,
    unknown: UnknownOption = None,
) -> int:
    """Read what other programs saw (pcap, nmap, DHCP, ARP, switches, snmpwalk, camera lists) and judge it.

    Sends nothing.
    """
    ends = endings(
        json_file=json_file, outputs=output, fail_on=fail_on, baseline=baseline, max_registry_age=max_registry_age,
        summary=summary,
    )  # fmt: skip
    ends = without_store(ends, "import")
    from scanner.cli.importing import open_sources
    from scanner.runs import read_evidence

    check_writable("--unknown", unknown)
    if unknown is not None and str(evidence) == "-":
        raise UsageError("--evidence - is the whole result, and nothing is judged: leave --unknown out")
    extras = Extras.given(fingerprints, recog, pins)
    context = judging(policy, policy_file, overlay, waivers, as_of).context(extras)
    fence = _fence(network or [])
    sources = open_sources(files, form)
    problems = Problems()
    with _log(out) as log:
        _record(sources, problems, log, fence)
        if evidence is not None and _hand_over(log, evidence):
            return Exit.DONE
        note = "Judged from imported files; what they do not hold was not looked at, and nothing was sent."
        imported = [{"file": s.file.name, "format": s.form.name, "records": s.records} for s in sources]
        inventory = judge_records(
            read_evidence(log), context, problems, name="imported", merge=merge,
            note=f"{note} {fence.note()}" if fence else note,
            options={"imported": imported, **({"networks": network} if network else {}), **extras.recorded()},
        )  # fmt: skip
        if unknown is not None:
            write_unknown(unknown, inventory, read_evidence(log), context.rules)
    if out is not None:
        _write_derived(out, inventory, extras.pins_text())
    return conclude(inventory, ends)


@contextmanager
def _log(out: Path | None) -> Iterator[Path]:
    """Where the evidence goes before anything is derived from it: the run's folder, or a file that is removed after."""
    from scanner.runs import EVIDENCE, STATE

    if out is None:
        with tempfile.TemporaryDirectory(prefix="camcensus-") as folder:
            yield Path(folder) / EVIDENCE
        return
    if (out / EVIDENCE).exists() or (out / STATE).exists():
        raise UsageError(f"{out} already holds a run: name a new folder")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"can't write to {out}: {error.strerror}") from error
    yield out / EVIDENCE


def _fence(networks: list[str]) -> Fence | None:
    from scanner.cli.importing import Fence
    from scanner.net.targets import parse_networks

    return Fence(parse_networks(networks)) if networks else None


def _record(sources: list[Source], problems: Problems, log: Path, fence: Fence | None) -> None:
    """Write all evidence that the fence lets pass, line by line."""
    from scanner.cli.importing import read_sources

    records = read_sources(sources, problems)
    try:
        with log.open("wb") as lines:
            lines.writelines(record.to_line() for record in (fence(records) if fence else records))
    except OSError as error:
        raise LogError(f"can't write the evidence to {log}: {error.strerror}") from error
    if fence:
        say(fence.note())


def _hand_over(log: Path, evidence: Path) -> bool:
    """Copy the evidence to a file (False), or to standard output as the whole result (True)."""
    try:
        with log.open("rb") as lines:
            if str(evidence) == "-":
                shutil.copyfileobj(lines, sys.stdout.buffer)
                sys.stdout.buffer.flush()
                return True
            with evidence.open("wb") as copy:
                shutil.copyfileobj(lines, copy)
    except BrokenPipeError:
        return True
    except OSError as error:
        raise UsageError(f"can't write {evidence}: {error.strerror}") from error
    return False


def _write_derived(out: Path, inventory: Inventory, pins: bytes) -> None:
    from scanner.report.html import render_html
    from scanner.report.json import render_json
    from scanner.runs import INVENTORY, PINS, REPORT, write_whole

    if pins:
        write_whole(out / PINS, pins)
    write_whole(out / INVENTORY, render_json(inventory))
    say(f"Report: {write_whole(out / REPORT, render_html(inventory))}")
