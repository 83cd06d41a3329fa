"""`camcensus report`: render a finished run, or judge its evidence again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scanner.cli.choices import AsOfOption, FormatOption, PolicyOption
from scanner.cli.finish import check_format, rendered
from scanner.cli.judging_options import OverlayOption, PolicyFileOption, WaiversOption, judging
from scanner.cli.output import result, say
from scanner.cli.rules_options import NOTHING_ADDED, Extras, FingerprintsOption, PinsOption, RecogOption
from scanner.cli.run_files import read_run, rejudge
from scanner.report.formats import Format


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that a sweep wrote, or an inventory file.")],
    form: FormatOption = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of standard output.")
    ] = None,
    judge_again: Annotated[
        bool,
        typer.Option("--rejudge", help="Judge the evidence again with today's fingerprints and lists; sends nothing."),
    ] = False,
    policy: PolicyOption = None,
    policy_file: PolicyFileOption = None,
    overlay: OverlayOption = None,
    waivers: WaiversOption = None,
    as_of: AsOfOption = None,
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor", metavar="PATH", help="SARIF: the committed file, from the repository's root, to show alerts at."
        ),
    ] = None,
    fingerprints: FingerprintsOption = None,
    recog: RecogOption = None,
    pins: PinsOption = None,
) -> None:
    """Render a run again; with --rejudge (or what changes the judgement) from its evidence."""
    if output is None:
        check_format(form)
    by = judging(policy, policy_file, overlay, waivers, as_of)
    inventory = read_run(run)
    extras = Extras.given(fingerprints, recog, pins)
    if judge_again or by or extras != NOTHING_ADDED:
        inventory = rejudge(run, inventory, by, extras)
    content = rendered(inventory, form, anchor)
    if output is None:
        result(content)
        return
    from scanner.runs import write_whole

    say(f"Wrote {write_whole(output, content)}")
