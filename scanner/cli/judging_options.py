"""The options that say by what evidence is judged: policies, the user's own files, the day. Shared by the commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.choices import read_date
from scanner.cli.registry_files import own_file
from scanner.cli.rules_options import NOTHING_ADDED, Extras
from scanner.models import BasisFile

if TYPE_CHECKING:
    from scanner.derive import Context

PolicyFileOption = Annotated[
    list[Path] | None,
    typer.Option("--policy-file", metavar="FILE", help="Your own policy (docs/policies.md); may be repeated."),
]
OverlayOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--registry-overlay", metavar="FILE", help="What `camcensus registry import` made and you signed off."
    ),
]
WaiversOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--waivers", metavar="FILE", help="Findings that somebody answers for, until a day; shown, not gated."
    ),
]


@dataclass(frozen=True)
class Judging:
    """By what to judge: ids of policies, the user's files whole, the day (None: today)."""

    policies: tuple[str, ...] = ()
    files: tuple[BasisFile, ...] = ()
    as_of: date | None = None

    def __bool__(self) -> bool:
        return bool(self.policies or self.files or self.as_of)

    def context(self, extras: Extras = NOTHING_ADDED) -> Context:
        """Fingerprints, registry, policies, waivers, pins; UsageError or DataError for what is not valid."""
        from scanner.derive import Context

        return Context.load(self.policies, self.as_of, rules=extras.rules(), pins=extras.pinned(), basis=self.files)

    def or_that_of(self, policies: tuple[str, ...], files: tuple[BasisFile, ...]) -> Judging:
        """The same, with the policies and files of an earlier judgement where none of their kind is given here.

        A policy given here takes the place of all earlier ones, whether they were ids or files.
        """
        given = {file.kind for file in self.files}
        if self.policies or "policy" in given:
            given.add("policy")
        kept = tuple(file for file in files if file.kind not in given)
        own = {name for file in files if file.kind == "policy" for name in _names(file)}
        ids = self.policies if "policy" in given else tuple(each for each in policies if each not in own)
        return Judging(ids, (*kept, *self.files), self.as_of)


def judging(
    policy: list[str] | None = None,
    policy_file: list[Path] | None = None,
    overlay: list[Path] | None = None,
    waivers: list[Path] | None = None,
    as_of: str | None = None,
) -> Judging:
    """What the options say; `--policy` that ends in .toml is a file. UsageError for what can't be read."""
    named = [Path(name) for name in policy or () if name.endswith(".toml")]
    files = [
        *(own_file("overlay", path) for path in overlay or ()),
        *(own_file("policy", path) for path in (*named, *(policy_file or ()))),
        *(own_file("waivers", path) for path in waivers or ()),
    ]
    return Judging(tuple(name for name in policy or () if not name.endswith(".toml")), tuple(files), read_date(as_of))


def _names(file: BasisFile) -> list[str]:
    """The name of a policy of one's own, which stands among the ids judged by."""
    from scanner.own_file import read_own

    name = read_own(file.name, file.text).tables.get("name")
    return [name] if isinstance(name, str) else []
