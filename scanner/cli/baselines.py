"""`--baseline FILE|DIR|git:REV:PATH|store`: the earlier inventory that a run is compared with."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.cli.run_files import parse_inventory, read_run
from scanner.models import CamcensusError, Inventory, UsageError

if TYPE_CHECKING:
    from scanner.store.baseline import Found, Seen
    from scanner.store.reader import Reader

STORE = "store"
_GIT = "git:"
MOST_BYTES = 256 << 20
_SECONDS = 60


@dataclass(frozen=True)
class Baseline:
    """An earlier inventory. `told` says which, `run` is its folder with the evidence, where that is at hand.

    `seen` are the devices that any sweep of the site saw, where the baseline is the store's.
    """

    told: str
    inventory: Inventory
    run: Path | None = None
    seen: tuple[Seen, ...] = ()


def read_baseline(text: str) -> Baseline:
    """What a file, a run's folder or a commit holds; UsageError says what is wrong with it."""
    if text.startswith(_GIT):
        return _of_commit(text)
    path = Path(text)
    inventory = read_run(path)
    return Baseline(f"{text}, {_named(inventory)}", inventory, path if path.is_dir() else None)


def stored_baseline(reader: Reader, site: str, scope: Sequence[str], but: str | None) -> Baseline | None:
    """The store's last complete sweep of this site and scope; None where there is none.

    The run's own inventory where it still lies there unchanged, for it has the claims too; else what the tables keep.
    """
    from scanner.store.baseline import ever_seen, inventory_of, last_complete

    found = last_complete(reader, site, scope, but)
    if found is None:
        return None
    run = Path(found.run) if found.run else None
    seen = tuple(ever_seen(reader, site))
    inventory = _unchanged(found, run) if run is not None else None
    if inventory is None or run is None:
        inventory = inventory_of(reader, found)
        return Baseline(f"{_named(inventory)}, as the store keeps it", inventory, None, seen)
    return Baseline(f"{_named(inventory)}, from {run}", inventory, run if run.is_dir() else None, seen)


def _unchanged(found: Found, run: Path) -> Inventory | None:
    """The inventory at the place that was recorded, if it is the one that was."""
    from scanner.store.values import digest_of

    try:
        inventory = read_run(run)
        return inventory if digest_of(inventory) == found.digest else None
    except CamcensusError:
        return None  # gone, or another's by now


def _named(inventory: Inventory) -> str:
    from scanner.text import clean

    complete = "" if inventory.sweep.complete else ", not complete"
    return f"sweep {clean(inventory.sweep.id, 80)} of {clean(inventory.sweep.finished, 40)}{complete}"


def _of_commit(text: str) -> Baseline:
    """`git:REV:PATH`; PATH is relative to the current folder, and read by the user's own git."""
    revision, colon, path = text.removeprefix(_GIT).partition(":")
    if not (revision and colon and path):
        raise UsageError(f"--baseline {text}: write git:REV:PATH, as in git:HEAD:baseline.json")
    if revision.startswith("-"):
        raise UsageError(f"--baseline {text}: {revision!r} is an option, and no revision")
    if path.startswith("/"):
        raise UsageError(f"--baseline {text}: name the file relative to the current folder")
    blob = f"{revision}:./{path}"
    kind = _git(text, "cat-file", "-t", blob).strip().decode("ascii", "replace")
    if kind != "blob":
        raise UsageError(f"--baseline {text}: that is a {kind} in git, and no file")
    size = int(_git(text, "cat-file", "-s", blob))
    if size > MOST_BYTES:
        raise UsageError(f"--baseline {text}: {size} bytes is more than the {MOST_BYTES} that an inventory may have")
    inventory = parse_inventory(text, _git(text, "show", "--no-textconv", blob, "--"))
    return Baseline(f"{text}, {_named(inventory)}", inventory)


def _git(text: str, *arguments: str) -> bytes:
    """What git says; no shell, no pager, no prompt, and nothing fetched from elsewhere."""
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; the revision can be no option, and stands before `--`
            ["git", "--no-pager", "-c", "protocol.allow=never", *arguments],  # noqa: S607 - the user's own git, wherever it is
            capture_output=True, check=False, timeout=_SECONDS, env={**os.environ, **quiet}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise UsageError(f"--baseline {text}: git is not installed") from error
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"--baseline {text}: git could not be asked: {error}") from error
    if done.returncode:
        from scanner.text import clean

        said = clean(done.stderr.decode("utf-8", "replace"), 300).removeprefix("fatal: ")
        raise UsageError(f"--baseline {text}: git says: {said}")
    return done.stdout
