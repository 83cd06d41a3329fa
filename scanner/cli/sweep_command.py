"""`camcensus sweep`: find the cameras of a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.access_options import CommunityOption, CredentialsOption, SwitchOption
from scanner.cli.choices import (
    AsOfOption,
    BaselineOption,
    BudgetOption,
    FailOnOption,
    FormatOption,
    HostRateOption,
    InterfaceOption,
    JsonOption,
    NoIpv6Option,
    OutputOption,
    PolicyOption,
    PortMapOption,
    ProgressMode,
    RateOption,
    RegistryAgeOption,
    SummaryOption,
)
from scanner.cli.exits import Exit
from scanner.cli.judging_options import OverlayOption, PolicyFileOption, WaiversOption, judging
from scanner.cli.output import say
from scanner.cli.rules_options import Extras, FingerprintsOption, PinsOption, RecogOption, UnknownOption
from scanner.cli.store_options import NoStoreOption, StoreOption
from scanner.report.formats import Format

if TYPE_CHECKING:
    from scanner.cli.running import Plan


def sweep(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TARGET…", help="Address, network (198.51.100.0/24), range (198.51.100.10-40), name or @file."
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="TARGET", help="Leave this out; may be repeated.")
    ] = None,
    interface: InterfaceOption = None,
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
    snmp_community: CommunityOption = None,
    credentials: CredentialsOption = None,
    switch: SwitchOption = None,
    rate: RateOption = None,
    host_rate: HostRateOption = None,
    budget: BudgetOption = None,
    fail_on: FailOnOption = None,
    baseline: BaselineOption = None,
    max_registry_age: RegistryAgeOption = None,
    store: StoreOption = None,
    no_store: NoStoreOption = False,
    allow_public: Annotated[
        bool, typer.Option("--allow-public", help="Allow public addresses among the targets.")
    ] = False,
    no_ipv6: NoIpv6Option = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="DIR", help="Go on with an interrupted sweep.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="With no TARGET: sweep the local networks without asking.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the result.")] = False,
    progress: Annotated[
        ProgressMode, typer.Option("--progress", help="What to tell while it runs.")
    ] = ProgressMode.AUTO,
    fingerprints: FingerprintsOption = None,
    recog: RecogOption = None,
    pins: PinsOption = None,
    unknown: UnknownOption = None,
    port_map: PortMapOption = None,
) -> int:
    """Find the cameras of a network, gently: who is there, who made it, which lists name the maker."""
    from scanner.cli.endings import endings, prepared, recorded_in
    from scanner.cli.exits import worst
    from scanner.cli.finish import check_writable, conclude
    from scanner.cli.planning import Wishes, plan_sweep, port_map_from
    from scanner.cli.progress import progress_for
    from scanner.cli.running import run_plan
    from scanner.cli.unknowns import write_unknown_of_run

    ends = recorded_in(
        endings(form=form, json_file=json_file, outputs=output, fail_on=fail_on, baseline=baseline,
                max_registry_age=max_registry_age, summary=summary, quiet=quiet),
        store, no_store=no_store,
    )  # fmt: skip
    check_writable("--unknown", unknown)
    wishes = Wishes(
        targets=tuple(targets or ()), exclude=tuple(exclude or ()), interfaces=tuple(interface or ()),
        judging=judging(policy, policy_file, overlay, waivers, as_of), out=out, communities=tuple(snmp_community or ()),
        credentials=credentials, rate=rate, host_rate=host_rate, budget=budget, allow_public=allow_public,
        resume=resume, yes=yes, ipv6=not no_ipv6, switches=tuple(switch or ()),
        extras=Extras.given(fingerprints, recog, pins),
    )  # fmt: skip
    plan = plan_sweep(wishes)
    if dry_run:
        return _described(plan)
    ends = prepared(ends, plan)
    if not quiet:
        say(f"Sweeping {', '.join(plan.scope.texts)}; evidence goes to {plan.folder}")
    ended = run_plan(plan, progress_for(progress, quiet=quiet), port_map_from(port_map))
    write_unknown_of_run(unknown, ended.inventory, plan.folder, plan.context.rules)
    if not quiet:
        say(f"Report: {ended.report}")
    return worst(ended.exit, conclude(ended.inventory, ends, plan.folder))


def _described(plan: Plan) -> int:
    from scanner.cli.output import result
    from scanner.cli.planning import describe

    result(describe(plan))
    return Exit.DONE
