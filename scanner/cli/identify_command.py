"""`camcensus identify`: judge recorded evidence; the network is not touched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.choices import (
    AsOfOption,
    BaselineOption,
    FailOnOption,
    FormatOption,
    JsonOption,
    OutputOption,
    PolicyOption,
    RegistryAgeOption,
    SummaryOption,
)
from scanner.cli.endings import endings, without_store
from scanner.cli.finish import check_writable, conclude
from scanner.cli.judging_options import OverlayOption, PolicyFileOption, WaiversOption, judging
from scanner.cli.recorded import Problems, judge_records
from scanner.cli.rules_options import Extras, FingerprintsOption, PinsOption, RecogOption, UnknownOption
from scanner.cli.unknowns import readable_twice, write_unknown
from scanner.report.formats import Format

if TYPE_CHECKING:
    from scanner.models import Evidence, EvidenceProblem


def identify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Evidence as JSON Lines; - is standard input.")],
    json_file: JsonOption = None,
    policy: PolicyOption = None,
    policy_file: PolicyFileOption = None,
    overlay: OverlayOption = None,
    waivers: WaiversOption = None,
    as_of: AsOfOption = None,
    merge: Annotated[bool, typer.Option("--merge", help="Join hosts that are one device, as a sweep does.")] = False,
    form: FormatOption = Format.TABLE,
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
    """Judge recorded evidence (contract 1). Sends nothing."""
    ends = endings(
        form=form, json_file=json_file, outputs=output, fail_on=fail_on, baseline=baseline,
        max_registry_age=max_registry_age, summary=summary,
    )  # fmt: skip
    ends = without_store(ends, "identify")
    extras = Extras.given(fingerprints, recog, pins)
    check_writable("--unknown", unknown)
    context = judging(policy, policy_file, overlay, waivers, as_of).context(extras)
    problems = Problems()
    with readable_twice(files, unknown) as read:
        inventory = judge_records(
            _records(read, problems),
            context,
            problems,
            name="recorded",
            note="Judged from recorded evidence; what it does not hold was not looked at.",
            merge=merge,
            options=extras.recorded(),
        )
        if unknown is not None:
            write_unknown(unknown, inventory, _records(read, Problems(quiet=True)), context.rules)
    return conclude(inventory, ends)


def _records(files: list[Path], problems: Problems) -> Iterator[Evidence | EvidenceProblem]:
    from scanner.models.evidence import capped_lines, read_lines
    from scanner.runs import read_evidence

    for file in files:
        problems.file = str(file)
        if str(file) == "-":
            yield from read_lines(capped_lines(sys.stdin.buffer))
        else:
            yield from read_evidence(file)
