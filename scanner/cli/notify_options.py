"""Telling what changed: the option, and what is done with it when a sweep has ended."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.models import Inventory

if TYPE_CHECKING:
    from scanner.models.notice import Notice
    from scanner.notify import Destination

NotifyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--notify", metavar="URL",
        help="Tell what changed: https://…, smtps://…, or what Apprise knows (slack://…); may be repeated. "
        "env:NAME is what the environment holds. See docs/notices.md.",
    ),
]  # fmt: skip


def destinations(texts: Sequence[str] | None) -> tuple[Destination, ...]:
    """The destinations named; UsageError for what is wrong, said before anything is sent."""
    if not texts:
        return ()
    from scanner.notify import read_destination

    return tuple(read_destination(text, os.environ) for text in dict.fromkeys(texts))


def changed_since(before: Inventory | None, after: Inventory, run: Path | None = None) -> Notice | None:
    """What is to be told, as exactly as the two inventories (`run`: the folder of the first) and our lists say it."""
    from scanner.cli.run_files import as_now, asked_by
    from scanner.notify import notice_of

    again = None if before is None else as_now(run, before, after)
    return notice_of(before, after, (), in_scope=asked_by(after), again=again)
