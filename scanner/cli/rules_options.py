"""What a user adds to the shipped knowledge, for all judging commands: fingerprint folders, Recog, pinned facts."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scanner.cli.output import say
from scanner.models import Inventory, UsageError

if TYPE_CHECKING:
    from scanner.identify.pins import Pin
    from scanner.identify.rules import RuleSet

FingerprintsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--fingerprints", metavar="DIR", help="A folder of your own fingerprints, added to ours; may be repeated."
    ),
]
RecogOption = Annotated[
    Path | None,
    typer.Option("--recog", metavar="DIR", help="Recog's xml/ folder: its patterns as additional fingerprints."),
]
PinsOption = Annotated[
    Path | None,
    typer.Option("--pins", metavar="FILE", help="Facts that you pinned on single devices, each with a reason."),
]
UnknownOption = Annotated[
    Path | None,
    typer.Option(
        "--unknown", metavar="FILE", help="Write redacted evidence of cameras whose maker is not established."
    ),
]


@dataclass(frozen=True)
class Extras:
    """The options, as given or as a run recorded them."""

    folders: tuple[Path, ...] = ()
    recog: Path | None = None
    pins: Path | None = None

    @classmethod
    def given(cls, folders: list[Path] | None, recog: Path | None, pins: Path | None = None) -> Extras:
        """From the command line; absolute, because a run remembers them."""
        made = tuple(dict.fromkeys(folder.absolute() for folder in folders or ()))
        return cls(made, recog.absolute() if recog else None, pins.absolute() if pins else None)

    def rules(self, base: RuleSet | None = None) -> RuleSet:
        """The shipped fingerprints (or `base`) and those of the options."""
        from scanner.identify.rule_sets import load_rules

        return load_rules(self.folders, self.recog, base)

    def files(self) -> dict[str, bytes]:
        """What a pack carries of them, by a path of its own: `packed` reads it back."""
        found = {
            f"{part}/{path.relative_to(folder).as_posix()}": path.read_bytes()
            for part, folder, ending in (
                *((f"fingerprints-{number}", folder, "toml") for number, folder in enumerate(self.folders, 1)),
                *([("recog", self.recog, "xml")] if self.recog else []),
            )
            for path in sorted(folder.rglob(f"*.{ending}"))
        }
        return found | ({"pins.toml": _bytes(self.pins)} if self.pins else {})

    @classmethod
    def packed(cls, folder: Path) -> Extras:
        """What `files` gave, written below `folder`."""
        recog, pins = folder / "recog", folder / "pins.toml"
        own = sorted(folder.glob("fingerprints-*"), key=lambda path: int(path.name.rpartition("-")[2]))
        return cls(tuple(own), recog if recog.is_dir() else None, pins if pins.is_file() else None)

    def pinned(self) -> tuple[Pin, ...]:
        """The pinned facts; UsageError or DataError for a file that is not valid."""
        if self.pins is None:
            return ()
        from scanner.identify.pins import read_pins

        return read_pins(self.pins)

    def recorded(self) -> dict[str, Any]:
        """For the inventory's options: only what was given."""
        found: dict[str, Any] = {}
        if self.folders:
            found["fingerprints"] = [str(folder) for folder in self.folders]
        if self.recog:
            found["recog"] = str(self.recog)
        if self.pins:
            found["pins"] = {"file": str(self.pins), "sha256": sha256(_bytes(self.pins)).hexdigest()}
        return found

    def pins_text(self) -> bytes:
        """The content of the pins' file, to be kept in a run's folder; empty without one."""
        return _bytes(self.pins) if self.pins else b""


NOTHING_ADDED = Extras()


def resumed(run: Path, folders: tuple[str, ...], recog: str | None, given: Extras) -> Extras:
    """What an interrupted run was begun with, as far as nothing else is given now."""
    from scanner.runs import PINS

    kept = run / PINS
    return Extras(
        given.folders or tuple(Path(each) for each in folders),
        given.recog or (Path(recog) if recog else None),
        given.pins or (kept if kept.is_file() else None),
    )


def extras_of(run: Path, inventory: Inventory, given: Extras) -> Extras:
    """What a finished run is judged with again: what is given now, else what it recorded."""
    from scanner.runs import PINS

    options = inventory.sweep.options
    recorded = options.get("fingerprints")
    folders = given.folders or tuple(map(Path, recorded) if isinstance(recorded, list) else ())
    recog = given.recog or (Path(str(options["recog"])) if options.get("recog") else None)
    for folder in (*folders, *([recog] if recog else [])):
        if not folder.is_dir():
            option = "--recog" if folder == recog else "--fingerprints"
            raise UsageError(f"{run} was judged with {folder}, which is not there any more: name it with {option}")
    own = run / PINS
    if given.pins is None and options.get("pins") and not own.is_file():
        raise UsageError(f"{run} was judged with pinned facts, and has lost its {PINS}: name them with --pins")
    return Extras(folders, recog, given.pins or (own if own.is_file() else None))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"--pins {path}: {error.strerror}") from error


def say_changed_rules(inventory: Inventory, digest: str) -> None:
    """Tell where the fingerprints are not those that judged before."""
    if inventory.tool.fingerprints != digest:
        say("The fingerprints are not those that judged before: facts may differ.")
