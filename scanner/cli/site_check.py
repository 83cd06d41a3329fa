"""`camcensus init --check FILE`: whether a site file is valid, without a packet and wherever it is checked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scanner.cli.references import path_at, secret_at
from scanner.models import CamcensusError, UsageError
from scanner.sitefile.keys import Keys
from scanner.sitefile.secret import is_variable

if TYPE_CHECKING:
    from scanner.sitefile import Site, SiteFile

_SOME_ADDRESS = "192.0.2.1"  # stands for whatever a name is resolved to, where the site is


@dataclass(frozen=True)
class Checked:
    """A line a site, and what is not as it should be on this machine but may be on the one that sweeps."""

    lines: tuple[str, ...]
    notes: tuple[str, ...]


def check_sites(sites: SiteFile) -> Checked:
    """Read all that the file names; UsageError with a line for each mistake."""
    lines: list[str] = []
    notes: list[str] = []
    wrong: list[str] = []
    for site in sites.sites:
        try:
            lines.append(_line(site))
        except CamcensusError as error:
            wrong.append(sites.place(site, f"site {site.name!r}: {error}"))
        notes += _notes(sites, site)
    if wrong:
        raise UsageError("\n".join(wrong))
    return Checked(tuple(lines), tuple(dict.fromkeys(notes)))


def _line(site: Site) -> str:
    """What the site comes to; the error of the first thing that is wrong with it."""
    from scanner.cli.asked import extras_of, judging_of
    from scanner.net.targets import parse_targets

    keys = site.keys
    scope = parse_targets(
        keys.targets, exclude=keys.exclude, allow_public=keys.allow_public, resolve=lambda _name: [_SOME_ADDRESS]
    )
    context = judging_of(keys).context(extras_of(keys))
    by = f"judged by {', '.join(policy.id for policy in context.policies)}" if context.policies else "no policy"
    when = f"; {site.schedule}" if site.schedule else ""
    return f"{site.name}: {', '.join(scope.texts)} ({scope.size} addresses); {by}{when}"


def _notes(sites: SiteFile, site: Site) -> Iterator[str]:
    """What this machine lacks of what the site needs: secrets, interfaces, an earlier inventory."""
    from scanner.net.interfaces import local_interfaces

    keys = site.keys
    if keys.interface:
        known = {interface.name for interface in local_interfaces()}
        for name in keys.interface:
            if name not in known:
                yield sites.place(site, f"site {site.name!r}: no interface is called '{name}' on this machine")
    for reference in (*keys.snmp_community, *([keys.store] if is_variable(keys.store or "") and keys.store else ())):
        try:
            secret_at(reference)
        except UsageError as error:
            yield sites.place(site, f"site {site.name!r}: {error}")
    for text in _files(keys):
        try:
            missing = not os.access(path_at(text), os.R_OK)
        except UsageError as error:
            yield sites.place(site, f"site {site.name!r}: {error}")
            continue
        if missing:
            yield sites.place(site, f"site {site.name!r}: can't read {text} on this machine")


def _files(keys: Keys) -> tuple[str, ...]:
    baseline = None if (keys.baseline or "").startswith(("store", "git:")) else keys.baseline
    return tuple(text for text in (keys.credentials, baseline) if text and "{" not in text)
