"""The application: commands joined, errors turned into messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from scanner import __version__
from scanner.cli import (
    accuracy_command,
    demo_command,
    diff_command,
    explain_command,
    fingerprints_command,
    history_command,
    identify_command,
    import_command,
    listen_command,
    notify_command,
    pack_command,
    portfolio_command,
    reconcile_command,
    redact_command,
    registry_command,
    removal_command,
    report_command,
    store_command,
    sweep_command,
)
from scanner.cli.exits import Exit
from scanner.cli.output import open_closed_streams, say

app = typer.Typer(
    name="camcensus",
    help="Find every camera on a network, prove who really made it, and say which government lists name that maker.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"camcensus {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Read only: nothing is changed on a device, no login is tried without credentials that you give for it."""


app.command("sweep")(sweep_command.sweep)
app.command("listen")(listen_command.listen)
app.command("identify")(identify_command.identify)
app.command("import")(import_command.import_files)
app.command("reconcile")(reconcile_command.reconcile)
app.command("explain")(explain_command.explain)
app.command("report")(report_command.report)
app.command("diff")(diff_command.diff)
app.command("notify")(notify_command.notify)
app.command("portfolio")(portfolio_command.portfolio)
app.command("redact")(redact_command.redact)
app.command("unredact")(redact_command.unredact)
app.command("history")(history_command.history)
app.command("sites")(history_command.sites)
app.command("trend")(history_command.trend)
app.command("pack")(pack_command.pack)
app.command("verify")(pack_command.verify)
app.command("stamp")(pack_command.stamp)
app.command("demo")(demo_command.demo)
app.add_typer(pack_command.keys, name="key")
fingerprints_command.app.command("accuracy")(accuracy_command.accuracy)
app.add_typer(store_command.app, name="store")
app.add_typer(removal_command.app, name="removal")
app.add_typer(fingerprints_command.app, name="fingerprints")
app.add_typer(registry_command.app, name="registry")


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `camcensus` command; `arguments` are those of the process unless given."""
    open_closed_streams()
    try:
        code = app(None if arguments is None else list(arguments), standalone_mode=False)
    except Exception as error:  # noqa: BLE001 - the outermost frame: a message and an exit code, never a traceback
        sys.exit(_explained(error))
    except KeyboardInterrupt:
        say("Interrupted.")
        sys.exit(Exit.INTERRUPTED)
    sys.exit(code if isinstance(code, int) else Exit.DONE)


def _explained(error: Exception) -> int:
    """Say what went wrong, in one line a user can act on; the exit code for it."""
    from scanner.models import CamcensusError, LogError

    if isinstance(error, typer.Abort):
        say("Stopped.")
        return Exit.INTERRUPTED
    if isinstance(error, typer.Exit):
        return error.exit_code
    if hasattr(error, "show") and hasattr(error, "format_message"):  # a usage error of typer's own parser
        error.show()
        return Exit.USAGE
    if isinstance(error, LogError):
        say(f"camcensus: {error}. The sweep stopped; what was written stays.")
        return Exit.INTERNAL
    if isinstance(error, CamcensusError):
        say(f"camcensus: {error}")
        return Exit.USAGE
    if os.environ.get("CAMCENSUS_DEBUG"):
        raise error
    say(f"camcensus: internal error: {type(error).__name__}: {error}. Set CAMCENSUS_DEBUG=1 for the traceback.")
    return Exit.INTERNAL
