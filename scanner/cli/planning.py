"""From options to a plan: every mistake is found here, before anything is sent."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.cli.judging_options import Judging
from scanner.cli.output import say
from scanner.cli.rules_options import NOTHING_ADDED, Extras, resumed
from scanner.cli.running import Plan, PortMap
from scanner.models import BasisFile, UsageError

if TYPE_CHECKING:
    from scanner.credentials import Credentials
    from scanner.net.api import Interface
    from scanner.net.scope import Scope
    from scanner.probe import SwitchAccess

DEFAULT_RATE = 1000.0
DEFAULT_HOST_RATE = 40.0


@dataclass(frozen=True)
class _Begun:
    """What an interrupted run remembers of its options (see `_recorded`)."""

    targets: tuple[str, ...]
    exclude: tuple[str, ...]
    interfaces: tuple[str, ...]
    policies: tuple[str, ...]
    as_of: date | None
    rate: float
    host_rate: float
    ipv6: bool = True
    switches: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    recog: str | None = None
    site: str | None = None


@dataclass(frozen=True)
class Wishes:
    """The options of `camcensus sweep`, as given."""

    targets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    judging: Judging = field(default_factory=Judging)
    out: Path | None = None
    communities: tuple[str, ...] = ()
    credentials: Path | None = None
    rate: float | None = None
    host_rate: float | None = None
    budget: float | None = None
    allow_public: bool = False
    resume: Path | None = None
    yes: bool = False
    ipv6: bool = True
    switches: tuple[str, ...] = ()
    extras: Extras = NOTHING_ADDED
    site: str | None = None


def plan_sweep(wishes: Wishes) -> Plan:
    """Read targets, interfaces, lists and credentials. UsageError or DataError for what is wrong with any of them."""
    from scanner.net.interfaces import choose, local_interfaces
    from scanner.net.targets import parse_targets
    from scanner.sweep import SweepOptions

    if wishes.resume is not None:
        wishes = _as_begun(wishes)
    interfaces = local_interfaces()
    texts = wishes.targets or _local_networks(interfaces, yes=wishes.yes)
    scope = parse_targets(texts, exclude=wishes.exclude, allow_public=wishes.allow_public)
    used, skipped = choose(interfaces, scope, wishes.interfaces)
    credentials = _credentials(wishes)
    own = own_addresses(interfaces)
    return Plan(
        scope=scope,
        used=used,
        skipped=skipped,
        context=wishes.judging.context(wishes.extras),
        options=SweepOptions(
            targets=tuple(address for address in scope.addresses() if address not in own),
            own=tuple(sorted(address for address in own if scope.contains(address))),
            budget=wishes.budget,
            ipv6=wishes.ipv6,
            snmp=credentials.snmp_for,
            switches=_switches(wishes, credentials),
            logins=credentials.login_for,
        ),
        folder=wishes.resume or wishes.out or new_folder(),
        rate=wishes.rate or DEFAULT_RATE,
        host_rate=wishes.host_rate or DEFAULT_HOST_RATE,
        resume=wishes.resume is not None,
        site=wishes.site,
        recorded_options=_recorded(wishes, scope),
        reach=_reach(wishes, scope),
        pins=wishes.extras.pins_text(),
    )


def port_map_from(file: Path | None) -> Callable[[], AbstractAsyncContextManager[PortMap]] | None:
    """The port map of a simulated site from its file; UsageError if it can't be read."""
    if file is None:
        return None
    import msgspec

    try:
        rows = msgspec.json.decode(file.read_bytes(), type=list[tuple[str, int, str, str, int]])
    except OSError as error:
        raise UsageError(f"can't read {file}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise UsageError(f"{file} is not a port map: {error}") from error
    ports = {(host, port, kind): (real_host, real_port) for host, port, kind, real_host, real_port in rows}

    @contextlib.asynccontextmanager
    async def given() -> AsyncIterator[PortMap]:
        yield ports

    return given


def _as_begun(wishes: Wishes) -> Wishes:
    """The wishes of the run that is resumed: its targets count, and what is excluded here is excluded besides."""
    from dataclasses import replace

    import msgspec

    from scanner.runs import STATE, read_states

    folder = wishes.resume
    assert folder is not None  # noqa: S101 - the caller's condition
    if wishes.targets:
        raise UsageError("--resume goes on with the targets of the interrupted sweep: name no TARGET with it")
    begin = next((state for state in read_states(folder / STATE) if "options" in state), {})
    try:
        begun = msgspec.convert(begin.get("options"), _Begun)
        basis = msgspec.convert(begin.get("basis", ()), tuple[BasisFile, ...])
    except msgspec.ValidationError as error:
        raise UsageError(f"{folder} holds no sweep that can be resumed: {STATE}: {error}") from error
    if wishes.site and begun.site and wishes.site != begun.site:
        raise UsageError(f"{folder} holds a sweep of the site {begun.site!r}, not of {wishes.site!r}")
    return replace(
        wishes,
        targets=begun.targets,
        exclude=(*begun.exclude, *wishes.exclude),
        interfaces=wishes.interfaces or begun.interfaces,
        judging=replace(wishes.judging.or_that_of(begun.policies, basis), as_of=wishes.judging.as_of or begun.as_of),
        rate=wishes.rate or begun.rate,
        host_rate=wishes.host_rate or begun.host_rate,
        ipv6=wishes.ipv6 and begun.ipv6,
        switches=wishes.switches or begun.switches,
        extras=resumed(folder, begun.fingerprints, begun.recog, wishes.extras),
        site=wishes.site or begun.site,
    )


def _recorded(wishes: Wishes, scope: Scope) -> dict[str, Any]:
    """What the run remembers of the options: never a secret."""
    return {
        "targets": list(scope.texts),
        "exclude": list(scope.excluded),
        "interfaces": list(wishes.interfaces),
        "policies": list(wishes.judging.policies),
        "as_of": wishes.judging.as_of.isoformat() if wishes.judging.as_of else None,
        "rate": wishes.rate or DEFAULT_RATE,
        "host_rate": wishes.host_rate or DEFAULT_HOST_RATE,
        "budget": wishes.budget,
        "ipv6": wishes.ipv6,
        "switches": list(wishes.switches),
        "snmp_communities": len(wishes.communities),
        "credentials": wishes.credentials is not None,
        **({"site": wishes.site} if wishes.site else {}),
        **wishes.extras.recorded(),
    }


def own_addresses(interfaces: tuple[Interface, ...]) -> frozenset[str]:
    """This host's own addresses: no device of the site. Loopback stays, for a simulated site."""
    return frozenset(text.partition("/")[0] for i in interfaces if not i.loopback for text in i.addresses)


def _credentials(wishes: Wishes) -> Credentials:
    from scanner.credentials import Credentials, read_credentials
    from scanner.probe.contract import SnmpAccess

    given = read_credentials(wishes.credentials) if wishes.credentials else Credentials()
    communities = tuple(SnmpAccess(version=2, community=text) for text in wishes.communities)
    return Credentials(logins=given.logins, snmp=communities + given.snmp, snmp_of=given.snmp_of)


def _switches(wishes: Wishes, credentials: Credentials) -> tuple[SwitchAccess, ...]:
    """The switches named, each with what the user gave for it; UsageError where that is nothing."""
    from scanner.probe import SwitchAccess

    named = []
    for text in dict.fromkeys(wishes.switches):
        host = _one_address(text, wishes)
        accesses = credentials.snmp_for(host, None)
        if not accesses:
            raise UsageError(
                f"--switch {text} needs --snmp-community, or [[snmp]] in --credentials: nothing is guessed"
            )
        named.append(SwitchAccess(host, accesses))
    return tuple(named)


def _one_address(text: str, wishes: Wishes) -> str:
    from scanner.net.targets import parse_targets

    try:
        scope = parse_targets([text], exclude=wishes.exclude, allow_public=wishes.allow_public)
    except UsageError as error:
        raise UsageError(f"--switch {text}: {error}") from error
    if scope.size != 1:
        raise UsageError(f"--switch {text} is {scope.size} addresses: name one switch, and repeat --switch for more")
    return next(scope.addresses())


def _reach(wishes: Wishes, scope: Scope) -> Scope | None:
    """The scope and the switches beside it, which the user named too; None where there are none."""
    from scanner.net.targets import parse_targets

    beside = [host for text in wishes.switches if not scope.contains(host := _one_address(text, wishes))]
    if not beside:
        return None
    targets = [*scope.texts, *beside]
    return parse_targets(targets, exclude=wishes.exclude, allow_public=wishes.allow_public)


def _local_networks(interfaces: tuple[Interface, ...], *, yes: bool) -> tuple[str, ...]:
    """The private local networks, shown; asked for on a terminal, refused without one unless `yes`."""
    from scanner.cli.local_networks import offered

    networks = offered(interfaces)
    for wide in (network for network in networks if network.wide):
        say(f"{wide.interface}: {wide.text} has {wide.size} addresses; name it (or the part in use) to sweep it")
    found = [network.text for network in networks if not network.wide]
    if not found:
        raise UsageError("no local network to sweep was found: name a TARGET, such as 198.51.100.0/24")
    say(f"No target was named. The local networks are: {', '.join(found)}")
    if yes:
        return tuple(found)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("no target was named: name one, or say --yes to sweep the local networks")
    import typer

    typer.confirm("Sweep them?", abort=True, err=True)
    return tuple(found)


def new_folder() -> Path:
    """A folder of its own for each sweep, under the user's state directory."""
    from scanner.timestamps import for_names

    try:
        base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    except RuntimeError as error:  # a user without a home, as in many containers
        raise UsageError("there is no home folder to write to: name a folder with --out") from error
    return Path(base) / "camcensus" / "runs" / f"{for_names()}-{secrets.token_hex(2)}"
