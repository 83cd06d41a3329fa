"""A site file from disk, with its paths as seen from the file's folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from scanner.cli.choices import ProgressMode
from scanner.cli.registry_files import read_text
from scanner.models import UsageError
from scanner.own_file import meant
from scanner.report.formats import Format
from scanner.sitefile import Site, SiteFile, Words, from_folder, read_site_file


def load_sites(path: Path) -> SiteFile:
    """Read and check it; UsageError with a line for each mistake."""
    return sites_in(path, read_text(path))


def sites_in(path: Path, text: str) -> SiteFile:
    """The same of a text that is to be the content of `path`."""
    sites = read_site_file(str(path), text, words())
    folder = path.absolute().parent
    return msgspec.structs.replace(
        sites,
        sites=tuple(msgspec.structs.replace(site, keys=from_folder(site.keys, folder)) for site in sites.sites),
    )


def words() -> Words:
    """What may be chosen."""
    from scanner.gates import Gate

    return Words(
        formats=tuple(each.value for each in Format),
        gates=tuple(each.value for each in Gate),
        progress=tuple(each.value for each in ProgressMode),
    )


def chosen(sites: SiteFile, only: Sequence[str]) -> list[Site]:
    """All sites, or those named, in the order of the file; UsageError, with the nearest, for one that is not there."""
    names = [site.name for site in sites.sites]
    for name in only:
        if name not in names:
            hint = meant(name, names) or f"; its sites are: {', '.join(names)}"
            raise UsageError(f"--only {name!r}: {sites.own.name} has no such site{hint}")
    return [site for site in sites.sites if not only or site.name in only]
