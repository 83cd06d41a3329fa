"""What `camcensus sweep` is asked for, whether the command line says it or a site file: one form for both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.cli.references import path_at, secret_at
from scanner.sitefile.keys import Keys
from scanner.sitefile.schedule import Schedule

if TYPE_CHECKING:
    from scanner.cli.judging_options import Judging
    from scanner.cli.planning import Wishes
    from scanner.cli.rules_options import Extras


@dataclass(frozen=True)
class Asked:
    """One sweep. `communities` are secrets as text, of the command line alone; those of `keys` are references.

    `place` adds to a message where in the site file the mistake is.
    """

    keys: Keys
    communities: tuple[str, ...] = ()
    site: str | None = None
    schedule: Schedule | None = None
    place: Callable[[str], str] = str


@dataclass(frozen=True)
class Once:
    """Options that are said for one run of the command, and stand in no file; `began` is when its budget began."""

    dry_run: bool = False
    resume: Path | None = None
    yes: bool = False
    now: bool = False
    port_map: Path | None = None
    began: float = field(default_factory=time.monotonic)


def wishes_of(asked: Asked, once: Once) -> Wishes:
    """What is to be planned; UsageError or DataError for a file or a secret that can't be read."""
    from scanner.cli.planning import Wishes

    keys = asked.keys
    return Wishes(
        targets=() if once.resume and asked.site else keys.targets,
        exclude=keys.exclude,
        interfaces=keys.interface,
        judging=judging_of(keys),
        out=maybe_path(keys.out),
        communities=asked.communities or tuple(secret_at(reference) for reference in keys.snmp_community),
        credentials=maybe_path(keys.credentials),
        rate=keys.rate,
        host_rate=keys.host_rate,
        budget=keys.budget,
        allow_public=keys.allow_public,
        resume=once.resume,
        yes=once.yes,
        ipv6=not keys.no_ipv6,
        switches=keys.switch,
        extras=extras_of(keys),
        site=asked.site,
    )


def judging_of(keys: Keys) -> Judging:
    """By what is judged; UsageError for a file that can't be read."""
    from scanner.cli.judging_options import judging

    policies = [str(path_at(text)) if text.endswith(".toml") else text for text in keys.policy]
    return judging(
        policies, paths_at(keys.policy_file), paths_at(keys.registry_overlay), paths_at(keys.waivers), keys.as_of
    )


def extras_of(keys: Keys) -> Extras:
    """What is added to the fingerprints shipped."""
    from scanner.cli.rules_options import Extras

    return Extras.given(paths_at(keys.fingerprints), maybe_path(keys.recog), maybe_path(keys.pins))


def maybe_path(text: str | None) -> Path | None:
    """The path, or None where there is none."""
    return None if text is None else path_at(text)


def paths_at(texts: tuple[str, ...]) -> list[Path]:
    """The paths."""
    return [path_at(text) for text in texts]
