"""`camcensus notify`: tell what changed between two sweeps, or try a destination."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.exits import Exit
from scanner.cli.notify_options import changed_since, destinations
from scanner.cli.output import result, say
from scanner.models import UsageError

if TYPE_CHECKING:
    from scanner.models.notice import Notice
    from scanner.notify import Destination


def notify(
    run: Annotated[
        Path | None, typer.Argument(metavar="RUN", help="A run's folder, or an inventory file.", show_default=False)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="BASELINE",
            help="The earlier run or inventory, or git:REV:PATH; without it all that was found is new.",
        ),
    ] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="URL", help="Where to send it; may be repeated.")
    ] = None,
    test: Annotated[
        list[str] | None, typer.Option("--test", metavar="URL", help="Send a test notice there; may be repeated.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Without --to: show the notice as JSON, as a webhook gets it.")
    ] = False,
) -> int:
    """Tell what changed between two sweeps by webhook, mail or chat; without --to, only show it."""
    if test:
        if run or since or to:
            raise UsageError("--test sends a notice of its own: leave RUN, --since and --to out")
        return _send(_trial(), destinations(test))
    if run is None:
        raise UsageError("name a run to tell of, or a destination to try with --test URL")
    from scanner.cli.baselines import read_baseline
    from scanner.cli.run_files import read_run

    where = destinations(to)
    notice = changed_since(read_baseline(since) if since else None, read_run(run))
    if notice is None:
        say("Nothing changed, so nothing is sent.")
        return Exit.DONE
    if not where:
        result(_shown(notice, as_json=as_json))
        return Exit.DONE
    return _send(notice, where)


def _trial() -> Notice:
    from scanner import __version__
    from scanner.notify import trial_notice
    from scanner.timestamps import now

    return trial_notice(now(), __version__)


def _send(notice: Notice, where: Sequence[Destination]) -> int:
    from scanner.notify import send

    failures = send(where, notice)
    for line in failures:
        say(line)
    if failures:
        return Exit.USAGE
    say(f"Sent to {', '.join(destination.name for destination in where)}.")
    return Exit.DONE


def _shown(notice: Notice, *, as_json: bool) -> str | bytes:
    if as_json:
        import msgspec

        return msgspec.json.format(msgspec.json.encode(notice), indent=1) + b"\n"
    from scanner.notify.words import plain

    return plain(notice)
