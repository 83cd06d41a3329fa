"""Which command lies where. A module is imported when its command is asked for: starting one costs what it needs."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_group


class Place(NamedTuple):
    """Where a command (a function, or a group of commands) is defined, and its line in `camcensus --help`."""

    module: str
    attribute: str
    help: str


COMMANDS = {
    "sweep": Place(
        "sweep_command",
        "sweep",
        "Find the cameras of a network, gently: who is there, who made it, which lists name the maker.",
    ),
    "init": Place(
        "init_command",
        "init",
        "Write a site file that explains itself: asks, shows the local networks and what it costs to sweep them.",
    ),
    "listen": Place(
        "listen_command",
        "listen",
        "Listen for cameras that announce themselves (WS-Discovery, SSDP, mDNS, ARP, DHCP, LLDP…).",
    ),
    "identify": Place("identify_command", "identify", "Judge recorded evidence (contract 1)."),
    "import": Place(
        "import_command",
        "import_files",
        "Read what other programs saw (pcap, nmap, DHCP, ARP, switches, snmpwalk, camera lists) and judge it.",
    ),
    "reconcile": Place(
        "reconcile_command",
        "reconcile",
        "Say what was seen and is known, seen and unknown, known and unseen.",
    ),
    "explain": Place(
        "explain_command",
        "explain",
        "Say what a device's verdict rests on; with fingerprints or pins of your own, what it would rest on.",
    ),
    "report": Place(
        "report_command",
        "report",
        "Render a run again; with --rejudge (or what changes the judgement) from its evidence.",
    ),
    "diff": Place(
        "diff_command",
        "diff",
        "Say what is new, gone or changed, and whether the device, the fingerprints or the lists made the change.",
    ),
    "notify": Place(
        "notify_command",
        "notify",
        "Tell what changed between two sweeps by webhook, mail or chat; without --to, only show it.",
    ),
    "portfolio": Place("portfolio_command", "portfolio", "Sites and devices of many sweeps."),
    "redact": Place(
        "redact_command",
        "redact",
        "Write a run with stand-ins for addresses, MACs, serials, names, site; judged anew, so a pack of it verifies.",
    ),
    "unredact": Place("redact_command", "unredact", "Put the originals back into a text, where the key file has them."),
    "history": Place(
        "history_command",
        "history",
        "When devices were first and last seen, what changed at which sweep, and what is gone.",
    ),
    "sites": Place(
        "history_command",
        "sites",
        "Each site's latest sweep, what it reached, and what is known of its devices.",
    ),
    "trend": Place(
        "history_command",
        "trend",
        "How the numbers went from sweep to sweep; devices that a sweep did not ask count as last seen.",
    ),
    "pack": Place(
        "pack_command",
        "pack",
        "Put a run into one file: evidence, inventory, report, what judged it, and a manifest with SHA-256 of each.",
    ),
    "verify": Place(
        "pack_command",
        "verify",
        "Check a pack, offline: unchanged, signed by whom, and whether its evidence still gives the same inventory.",
    ),
    "stamp": Place("pack_command", "stamp", "Put an RFC 3161 time stamp of its manifest into a pack."),
    "demo": Place("demo_command", "demo", "Sweep a simulated site on loopback: real sockets, invented devices."),
    "key": Place("pack_command", "keys", "Keys that sign evidence packs (OpenSSH's own form)."),
    "store": Place("store_command", "app", "Keep the history of all sweeps: record runs, make it anew, check it."),
    "removal": Place("removal_command", "app", "Plan removals, record them, and see whether sweeps agree."),
    "fingerprints": Place("fingerprints_command", "app", "Prove, list, try and draft fingerprints."),
    "registry": Place("registry_command", "app", "Look at the lists, check and refresh them."),
}
"""In the order of `--help`. Each line is the beginning of the command's own help (a test compares them)."""


class Commands(TyperGroup):
    """The commands of `COMMANDS`, each made when it is first asked for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _Made()

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - as typer calls it
        """The names, without making one."""
        return list(self.commands)

    def format_commands(self, ctx: object, formatter: Any) -> None:  # noqa: ARG002 - as typer calls it
        """A line for each command, without making one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items()])


class _Made(MutableMapping[str, Any]):
    """The commands by name; what has been looked up is kept."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _made(name, COMMANDS[name])
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def _made(name: str, place: Place) -> Any:
    """Import it, and let typer read its options."""
    found = getattr(import_module(f"scanner.cli.{place.module}"), place.attribute)
    holder = typer.Typer(rich_markup_mode=None, add_completion=False)
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    return get_group(holder).commands[name]
