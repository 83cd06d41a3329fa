"""`camcensus init`: write a site file by asking, or check one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.access_options import CredentialsOption
from scanner.cli.choices import InterfaceOption, PolicyOption, RateOption
from scanner.cli.exits import Exit
from scanner.cli.output import result, say
from scanner.models import UsageError

if TYPE_CHECKING:
    from scanner.cli.local_networks import LocalNetwork
    from scanner.net.api import Interface
    from scanner.sitefile import Draft, Keys
    from scanner.sitefile.keys import ScheduleKeys

_LOCALTIME = Path("/etc/localtime")
_ZONES = "zoneinfo/"


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it; never over a file.")] = Path(
        "camcensus.toml"
    ),
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="The site's name.")] = None,
    target: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="TARGET", help="What is swept; the local networks unless it is given."),
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="TARGET", help="Leave this alone; may be repeated.")
    ] = None,
    interface: InterfaceOption = None,
    policy: PolicyOption = None,
    rate: RateOption = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="LEVEL", help="Exit 1 at it: listed, review or undetermined."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", help="Folder of each sweep; {site}, {date} and {time} are filled in."),
    ] = None,
    credentials: CredentialsOption = None,
    allow_public: Annotated[
        bool, typer.Option("--allow-public", help="Allow public addresses among the targets.")
    ] = False,
    window: Annotated[
        str | None,
        typer.Option("--window", metavar="TEXT", help="When it may run: 'mon-fri 22:00-05:00 Europe/London'."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: the options, and else what is proposed.")] = False,
    check: Annotated[
        Path | None,
        typer.Option("--check", metavar="FILE", help="Only check this site file; nothing is written or sent."),
    ] = None,
) -> int:
    """Write a site file that explains itself: asks, shows the local networks and what it costs to sweep them."""
    if check is not None:
        return _check(check)
    if os.path.lexists(file):
        raise UsageError(f"{file} is there already, and is not written over: name another file, or edit it")
    from scanner.cli.local_networks import offered
    from scanner.net.interfaces import local_interfaces
    from scanner.sitefile import Keys

    given = Keys(
        targets=tuple(target or ()), exclude=tuple(exclude or ()), interface=tuple(interface or ()),
        policy=tuple(policy or ()), rate=rate, fail_on=tuple(fail_on or ()), out=out,
        credentials=str(credentials) if credentials else None, schedule=_window(window),
        allow_public=allow_public,
    )  # fmt: skip
    interfaces = local_interfaces()
    networks = offered(interfaces)
    _show(networks, given, interfaces)
    shared, drafts = _by_options(given, name, networks) if yes else _by_asking(given, name, networks)
    _write(file, shared, drafts)
    return Exit.DONE


def _check(file: Path) -> int:
    from scanner.cli.site_check import check_sites
    from scanner.cli.site_file import load_sites

    checked = check_sites(load_sites(file))
    result("".join(f"{line}\n" for line in checked.lines))
    for note in checked.notes:
        say(f"note: {note}")
    say(f"{file} is valid. What a sweep would send: camcensus sweep --site {file} --dry-run")
    return Exit.DONE


def _by_options(given: Keys, name: str | None, networks: Sequence[LocalNetwork]) -> tuple[Keys, list[Draft]]:
    """What the options say and, where they do not, what would be proposed. UsageError names the option."""
    from scanner.cli.site_file import words
    from scanner.cli.site_questions import NAME, known_policies, parted, proposed
    from scanner.sitefile.check import problems_of
    from scanner.sitefile.read import wrong_name

    wrong = wrong_name(name or NAME)
    if wrong:
        raise UsageError(f"--name {name}: {wrong}")
    for problem in problems_of(given, words()):
        told = f"--{problem.key}: {problem.message}"
        raise UsageError(told.replace("--targets", "--target").replace("allow-public = true", "--allow-public"))
    known_policies(given.policy)
    keys = proposed(given, networks)
    if not keys.targets:
        raise UsageError("no local network to sweep was found: name what is with --target, such as 198.51.100.0/24")
    return parted(keys, name or NAME)


def _by_asking(given: Keys, name: str | None, networks: Sequence[LocalNetwork]) -> tuple[Keys, list[Draft]]:
    from scanner.cli.site_questions import NAME, Person, proposed, questions

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("there is no terminal to ask on: say --yes, and with options what you want")
    person = Person(
        lambda question, default: str(typer.prompt(question, default, show_default=bool(default), err=True)), say
    )
    say("An empty answer takes what stands in [ ]; 'none' leaves a thing out. Nothing is sent, Ctrl-C writes nothing.")
    return questions(person, networks, proposed(given, networks), name or NAME, _zone())


def _show(networks: Sequence[LocalNetwork], given: Keys, interfaces: Sequence[Interface]) -> None:
    """The local networks with what each costs to sweep, and the interfaces that have none to offer."""
    from scanner.cli.local_networks import left_out
    from scanner.cli.planning import DEFAULT_RATE
    from scanner.cli.site_questions import table_of

    rate = given.rate or DEFAULT_RATE
    rows = table_of(networks, rate)
    if rows:
        rows.insert(0, f"Local networks, and what a sweep of each comes to at {rate:g} packets a second:")
    for row in rows or ["No local network to sweep was found."]:
        say(row)
    for line in left_out(interfaces):
        say(f"      not offered: {line}")


def _write(file: Path, shared: Keys, drafts: Sequence[Draft]) -> None:
    """The file, once it is proved to be valid."""
    from scanner.cli.site_check import check_sites
    from scanner.cli.site_file import sites_in
    from scanner.sitefile import site_file_text
    from scanner.timestamps import now

    text = site_file_text(drafts, shared, file.name, f"Written by `camcensus init` on {now()[:10]}.")
    checked = check_sites(sites_in(file, text))
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except (OSError, UnicodeEncodeError) as error:
        raise UsageError(f"can't write {file}: {getattr(error, 'strerror', None) or error}") from error
    for note in checked.notes:
        say(f"note: {note}")
    say(f"Wrote {file}. What it would send: camcensus sweep --site {file} --dry-run")


def _window(text: str | None) -> ScheduleKeys | None:
    from scanner.sitefile import window_of

    try:
        return None if text is None else window_of(text)
    except ValueError as error:
        raise UsageError(f"--window {text!r}: {error}") from error


def _zone() -> str:
    """This machine's time zone by name, UTC where it does not say."""
    try:
        return str(_LOCALTIME.resolve()).partition(_ZONES)[2] or "UTC"
    except OSError:
        return "UTC"
