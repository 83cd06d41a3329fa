"""`camcensus report`: render a finished run, or judge its evidence again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.choices import AsOfOption, FormatOption, PolicyOption
from scanner.cli.finish import check_format, rendered
from scanner.cli.judging_options import OverlayOption, PolicyFileOption, WaiversOption, judging
from scanner.cli.output import result, say
from scanner.cli.rules_options import NOTHING_ADDED, Extras, FingerprintsOption, PinsOption, RecogOption
from scanner.cli.run_files import read_run, rejudge
from scanner.models import Inventory, UsageError
from scanner.report.formats import WITH_HISTORY, Format

if TYPE_CHECKING:
    from scanner.models.history import SiteTrend


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
    store: Annotated[
        str | None,
        typer.Option("--store", metavar="URL", help="HTML, PDF: show the site's earlier sweeps too, from this store."),
    ] = None,
    site: Annotated[
        str | None, typer.Option("--site", metavar="NAME", help="Of this site of the store; the run's own by default.")
    ] = None,
) -> None:
    """Render a run again; with --rejudge (or what changes the judgement) from its evidence."""
    if output is None:
        check_format(form)
    if store is None and site is not None:
        raise UsageError("--site names a site of a store: give that with --store")
    if store is not None and form not in WITH_HISTORY:
        raise UsageError(f"--store adds a chart over time, which --format {form.value} has not: take html or pdf")
    by = judging(policy, policy_file, overlay, waivers, as_of)
    inventory = read_run(run)
    extras = Extras.given(fingerprints, recog, pins)
    if judge_again or by or extras != NOTHING_ADDED:
        inventory = rejudge(run, inventory, by, extras)
    content = rendered(inventory, form, anchor, None if store is None else _history(store, inventory, site))
    if output is None:
        result(content)
        return
    from scanner.runs import write_whole

    say(f"Wrote {write_whole(output, content)}")


def _history(store: str, inventory: Inventory, site: str | None) -> SiteTrend | None:
    """The sweeps of the site in the store; UsageError where the store does not know it."""
    from scanner.cli.store_options import place_of
    from scanner.store.reader import open_reader
    from scanner.store.trend import BY_STATUS, trend
    from scanner.store.values import DEFAULT_SITE, site_name

    name = site_name(site or inventory.sweep.site or DEFAULT_SITE)
    with open_reader(place_of(store)) as reader:
        return next(iter(trend(reader, name, BY_STATUS).sites), None)
