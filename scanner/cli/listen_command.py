"""`camcensus listen`: who announces itself, without a packet sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scanner.cli.choices import (
    AsOfOption,
    BaselineOption,
    FailOnOption,
    FormatOption,
    InterfaceOption,
    JsonOption,
    OutputOption,
    PolicyOption,
    ProgressMode,
    RegistryAgeOption,
    SummaryOption,
)
from scanner.cli.judging_options import OverlayOption, PolicyFileOption, WaiversOption, judging
from scanner.cli.output import say
from scanner.cli.rules_options import Extras, FingerprintsOption, PinsOption, RecogOption, UnknownOption
from scanner.report.formats import Format


def listen(
    interface: InterfaceOption = None,
    seconds: Annotated[
        float | None,
        typer.Option("--time", metavar="SECONDS", min=1, help="How long to listen; until Ctrl-C by default."),
    ] = None,
    policy: PolicyOption = None,
    policy_file: PolicyFileOption = None,
    overlay: OverlayOption = None,
    waivers: WaiversOption = None,
    as_of: AsOfOption = None,
    json_file: JsonOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for evidence log, inventory and HTML report.")
    ] = None,
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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the result.")] = False,
    progress: Annotated[
        ProgressMode, typer.Option("--progress", help="What to tell while it runs.")
    ] = ProgressMode.AUTO,
) -> int:
    """Listen for cameras that announce themselves (WS-Discovery, SSDP, mDNS, ARP, DHCP, LLDP…). Sends nothing.

    Needs root or CAP_NET_RAW. Ctrl-C ends it with what was heard (exit code 130); the end of --time is exit code 0.
    """
    from scanner.cli.endings import endings, without_store
    from scanner.cli.events import told
    from scanner.cli.exits import worst
    from scanner.cli.finish import check_writable, conclude
    from scanner.cli.listening import Wish, listen_to
    from scanner.cli.planning import new_folder
    from scanner.cli.progress import progress_for

    ends = endings(
        form=form, json_file=json_file, outputs=output, fail_on=fail_on, baseline=baseline,
        max_registry_age=max_registry_age, summary=summary, quiet=quiet,
    )  # fmt: skip
    ends = without_store(ends, "listen")
    wish = Wish(
        interfaces=tuple(interface or ()),
        seconds=seconds,
        judging=judging(policy, policy_file, overlay, waivers, as_of),
        folder=out or new_folder(),
        extras=Extras.given(fingerprints, recog, pins),
        unknown=unknown,
    )
    check_writable("--unknown", unknown)
    teller = progress_for(progress, quiet=quiet)
    talks = not quiet and progress is not ProgressMode.JSON
    with told(teller, wish.folder) as outcome:
        ended = listen_to(wish, teller, tell=say if talks else (lambda _text: None))
        outcome.known(ended.inventory, ended.exit)
        if talks:
            say(f"Report: {ended.report}")
        return outcome.known(ended.inventory, worst(ended.exit, conclude(ended.inventory, ends)))
