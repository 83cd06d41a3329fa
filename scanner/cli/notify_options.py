"""Telling what changed: the option, and what is done with it when a sweep has ended."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.output import say
from scanner.models import CamcensusError, Inventory

if TYPE_CHECKING:
    from scanner.cli.baselines import Baseline
    from scanner.cli.endings import Endings
    from scanner.models.notice import Notice
    from scanner.notify import Destination

NotifyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--notify", metavar="URL",
        help="Tell what changed: https://…, smtps://…, or what Apprise knows (slack://…); may be repeated. "
        "env:NAME or file:PATH holds the address. See docs/notices.md.",
    ),
]  # fmt: skip


def destinations(texts: Sequence[str] | None) -> tuple[Destination, ...]:
    """The destinations named; UsageError for what is wrong, said before anything is sent."""
    if not texts:
        return ()
    return tuple(_destination(text) for text in dict.fromkeys(texts))


def _destination(text: str) -> Destination:
    from scanner.cli.references import secret_at
    from scanner.notify import read_destination
    from scanner.sitefile.secret import path_of

    return read_destination(text, os.environ, secret_at(text) if path_of(text) else None)


def changed_since(before: Baseline | None, after: Inventory, reasons: Sequence[str] = ()) -> Notice | None:
    """What is to be told, as exactly as the two inventories, the evidence of `before` and our lists can say it."""
    from scanner.cli.run_files import as_now, asked_by
    from scanner.notify import notice_of

    if before is None:
        return notice_of(None, after, reasons)
    again = None
    if _open(before.inventory, after):
        try:
            again = as_now(before.run, before.inventory, after)
        except CamcensusError:
            again = None  # its files are not there any more: causes stay open
    return notice_of(before.inventory, after, reasons, in_scope=asked_by(after), again=again)


def tell(ends: Endings, inventory: Inventory, reasons: Sequence[str], run: Path | None) -> None:
    """Send what changed, if anything did; each failure is a line, and each notice a note in the run's folder."""
    from scanner.notify import send

    notice = changed_since(ends.baseline or ends.since, inventory, reasons)
    if notice is None:
        return
    failures = send(ends.notify, notice)
    for line in failures:
        say(line)
    if run is not None:
        _note(run, ends.notify, failures)


def _note(run: Path, to: Sequence[Destination], failures: Sequence[str]) -> None:
    from scanner.runs import NOTICES
    from scanner.timestamps import now

    failed = " ".join(failures)
    sent = [f"Notice sent to {each.name}." for each in to if f"Notice to {each.name} failed" not in failed]
    try:
        with (run / NOTICES).open("a", encoding="utf-8") as notes:
            notes.writelines(f"{now()} {line}\n" for line in (*sent, *failures))
    except OSError as error:
        say(f"can't write {run / NOTICES}: {error.strerror}")


def _open(before: Inventory, after: Inventory) -> bool:
    """Whether the first sweep has to be judged again to say why something changed, which takes its time."""
    from scanner.diff import compare
    from scanner.models.changes import Cause

    changes = [change for row in compare(before, after).rows for change in row.changes]
    other_lists = before.tool.registry.digest != after.tool.registry.digest
    return any(
        change.cause is Cause.UNKNOWN or (other_lists and change.field in ("status", "instruments"))
        for change in changes
    )
