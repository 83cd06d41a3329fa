"""`camcensus sweep`: find the cameras of a network."""

from __future__ import annotations

from pathlib import Path

from scanner.cli.access_options import CommunityOption, CredentialsOption, SwitchOption
from scanner.cli.began import BEGAN
from scanner.cli.choices import (
    AsOfOption,
    BaselineOption,
    BudgetOption,
    FailOnOption,
    HostRateOption,
    InterfaceOption,
    JsonOption,
    MaybeFormatOption,
    NoIpv6Option,
    OutputOption,
    PolicyOption,
    PortMapOption,
    RateOption,
    RegistryAgeOption,
    SummaryOption,
)
from scanner.cli.judging_options import OverlayOption, PolicyFileOption, WaiversOption
from scanner.cli.notify_options import NotifyOption
from scanner.cli.rules_options import FingerprintsOption, PinsOption, RecogOption, UnknownOption
from scanner.cli.store_options import NoStoreOption, StoreOption
from scanner.cli.sweep_options import (
    AllowPublicOption,
    DryRunOption,
    ExcludeOption,
    NowOption,
    OnlyOption,
    OutOption,
    ProgressOption,
    QuietOption,
    ResumeOption,
    SiteFileOption,
    TargetsOption,
    YesOption,
)
from scanner.models import UsageError


def sweep(
    targets: TargetsOption = None,
    exclude: ExcludeOption = None,
    interface: InterfaceOption = None,
    site: SiteFileOption = None,
    only: OnlyOption = None,
    now: NowOption = False,
    policy: PolicyOption = None,
    policy_file: PolicyFileOption = None,
    overlay: OverlayOption = None,
    waivers: WaiversOption = None,
    as_of: AsOfOption = None,
    json_file: JsonOption = None,
    out: OutOption = None,
    form: MaybeFormatOption = None,
    output: OutputOption = None,
    summary: SummaryOption = None,
    notify: NotifyOption = None,
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
    allow_public: AllowPublicOption = False,
    no_ipv6: NoIpv6Option = False,
    dry_run: DryRunOption = False,
    resume: ResumeOption = None,
    yes: YesOption = False,
    quiet: QuietOption = False,
    progress: ProgressOption = None,
    fingerprints: FingerprintsOption = None,
    recog: RecogOption = None,
    pins: PinsOption = None,
    unknown: UnknownOption = None,
    port_map: PortMapOption = None,
) -> int:
    """Find the cameras of a network, gently: who is there, who made it, which lists name the maker."""
    from scanner.cli.asked import Asked, Once
    from scanner.cli.sweeping import prepare, run
    from scanner.sitefile import Keys

    keys = Keys(
        targets=tuple(targets or ()), exclude=tuple(exclude or ()), interface=tuple(interface or ()),
        policy=tuple(policy or ()), policy_file=_texts(policy_file), registry_overlay=_texts(overlay),
        waivers=_texts(waivers), as_of=as_of, json=_text(json_file), out=_text(out),
        format=form.value if form else None, output=tuple(output or ()), notify=tuple(notify or ()),
        credentials=_text(credentials), switch=tuple(switch or ()), rate=rate,
        host_rate=host_rate, budget=budget, fail_on=tuple(fail_on or ()), baseline=baseline,
        max_registry_age=max_registry_age, summary=_text(summary), store=store, no_store=no_store,
        allow_public=allow_public, no_ipv6=no_ipv6, quiet=quiet, progress=progress.value if progress else None,
        fingerprints=_texts(fingerprints), recog=_text(recog), pins=_text(pins), unknown=_text(unknown),
    )  # fmt: skip
    given = Asked(keys, communities=tuple(snmp_community or ()))
    once = Once(dry_run=dry_run, resume=resume, yes=yes, now=now, port_map=port_map, began=BEGAN)
    if site is not None:
        from scanner.cli.site_sweep import sweep_sites

        return sweep_sites(site, only or [], given, once)
    if only:
        raise UsageError("--only NAME chooses from the sites of a file: give it with --site FILE")
    return run(prepare(given, once), once)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _texts(paths: list[Path] | None) -> tuple[str, ...]:
    return tuple(str(path) for path in paths or ())
