"""Which official list a file is, by what stands in it; never by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scanner.models import DataError
from scanner.registry.importing import others, us
from scanner.registry.importing.party import Reading
from scanner.registry.importing.read import head

READERS: dict[str, Callable[[Path], Reading]] = {
    "us-csl-json": us.csl_json,
    "us-csl-csv": us.csl_csv,
    "us-ofac-csv": us.ofac_csv,
    "us-ofac-xml": us.ofac_xml,
    "us-dod-1260h": us.dod_csv,
    "us-fcc": us.fcc_page,
    "us-bis": us.bis_page,
    "uk-sanctions": others.uk_sanctions_csv,
    "uk-debarment-csv": others.debarment_csv,
    "uk-debarment-page": others.debarment_page,
    "opensanctions": others.opensanctions_csv,
}


def read_list(path: Path, form: str | None = None) -> Reading:
    """The list in the file; DataError where it is none that is known, or holds nobody."""
    chosen = form or recognise(path)
    if chosen not in READERS:
        raise DataError(f"unknown format {chosen!r}: choose from {', '.join(READERS)}")
    reading = READERS[chosen](path)
    if not reading.parties and not chosen.startswith("uk-debarment"):
        raise DataError(f"{path}: read as {chosen}, and no party is in it: is the file whole?")
    return reading


def recognise(path: Path) -> str:
    """The key of READERS; DataError says what to do where it is none."""
    text = head(path)
    start = text.lstrip()
    lowered = start.casefold()
    if start.startswith(("{", "[")):
        return "us-csl-json"
    if lowered.startswith(("<!doctype html", "<html", "<table", "<div")) or "<table" in lowered:
        return _page(lowered, path)
    if start.startswith("<"):
        return _xml(start, path)
    return _csv(lowered, path)


def _page(lowered: str, path: Path) -> str:
    whole = path.read_bytes()[: 32 << 20].decode("utf-8", "replace").casefold() if len(lowered) >= 1 << 15 else lowered
    if "date of inclusion on covered list" in " ".join(whole.split()):
        return "us-fcc"
    if "debarment" in whole:
        return "uk-debarment-page"
    if "federal register" in whole and "entity" in whole and "license requirement" in whole:
        return "us-bis"
    raise DataError(f"{path}: a page that is neither the Covered List, the Entity List nor the debarment list")


def _xml(start: str, path: Path) -> str:
    if "<sdnList" in start:
        return "us-ofac-xml"
    if "DistinctPart" in start or "<Sanctions" in start:
        raise DataError(f"{path}: the advanced XML is not read: take CONSOLIDATED.XML or CONS_PRIM.CSV")
    raise DataError(f"{path}: XML that is no OFAC list; of the UK's list take the CSV")


def _csv(lowered: str, path: Path) -> str:
    first, _, rest = lowered.partition("\n")
    cells = [cell.strip(' "\r') for cell in first.split(",")]
    if {"source", "entity_number", "alt_names"} <= set(cells):
        return "us-csl-csv"
    if {"name", "clean name", "start date", "end date"} <= set(cells):
        return "us-dod-1260h"
    if {"schema", "aliases", "dataset"} <= set(cells):
        return "opensanctions"
    if first.startswith("report date") and "unique id" in rest.partition("\n")[0]:
        return "uk-sanctions"
    if len(cells) >= 12 and cells[0].isdigit() and "-0-" in cells:
        return "us-ofac-csv"
    if any("supplier" in cell for cell in cells):
        return "uk-debarment-csv"
    raise DataError(f"{path}: none of the lists that are known; name it with --format: {', '.join(READERS)}")
