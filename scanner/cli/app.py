"""The application: commands joined, errors turned into messages and exit codes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from scanner import __version__
from scanner.cli.commands import Commands
from scanner.cli.exits import Exit
from scanner.cli.output import open_closed_streams, say

app = typer.Typer(
    name="camcensus",
    cls=Commands,
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `camcensus` command; `arguments` are those of the process unless given."""
    open_closed_streams()
    gc.set_threshold(50_000, 20, 100)  # frozen values make no circles: looking for some costs a tenth of the time
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
