"""The UK's sanctions and debarment lists, and OpenSanctions' simple targets (for who has a right to use them)."""

from __future__ import annotations

from pathlib import Path

from scanner.models import DataError
from scanner.registry.importing.party import MAX_NAME, Party, Reading, iso, newest, one_day
from scanner.registry.importing.read import csv_records, csv_rows, html_rows

SANCTIONS, DEBARMENT = "UK-SANCTIONS-LIST", "UK-PROCUREMENT-ACT-2023"
_UK_DAYS = ("%d/%m/%Y", "%d-%b-%Y", "%d %B %Y", "%Y-%m-%d")

# https://www.opensanctions.org/datasets/: the dataset's name → the instrument whose list it restates
_DATASETS = {
    "us_fcc_covered_list": "US-FCC-COVERED-LIST",
    "us_special_leg": "US-NDAA-889",
    "us_dod_chinese_milcorps": "US-DOD-1260H",
    "us_trade_csl": "US-BIS-ENTITY-LIST",
    "us_ofac_cons": "US-OFAC-NS-CMIC",
    "gb_fcdo_sanctions": SANCTIONS,
}
_SUPPLIER = ("supplier name", "supplier", "name of supplier", "name", "organisation", "organisation name")
_ADDED = ("date added", "date of entry", "date entered", "date of decision", "start date", "date")
_REMOVED = ("date removed", "end date", "expires", "expiry date", "date of expiry", "date to be removed")


def uk_sanctions_csv(path: Path) -> Reading:
    """UK-Sanctions-List.csv: "Report Date: …", a header, a row for each name and address of an entry (Unique ID)."""
    first = next(csv_rows(path), (0, [""]))[1][0]
    edition = one_day(first.partition(":")[2], *_UK_DAYS) or ""
    found: dict[str, tuple[int, list[str], str | None]] = {}
    for line, row in csv_records(path, skip=1):
        if row.get("designation type", "").casefold() in ("individual", "ship"):
            continue
        name = " ".join(filter(None, (row.get(f"name {number}", "") for number in (1, 2, 3, 4, 5, 6))))[:MAX_NAME]
        since = one_day(row.get("date designated"), *_UK_DAYS)
        _, names, _ = found.setdefault(row.get("unique id", f"line {line}"), (line, [], since))
        primary = row.get("name type", "").casefold().startswith("primary")
        names.insert(0 if primary else len(names), name)
    parties = tuple(
        Party(
            SANCTIONS, names[0], f"line {line}, Unique ID {own_id}", others=tuple(dict.fromkeys(names[1:])), since=since
        )
        for own_id, (line, names, since) in found.items()
        if names[0]
    )
    source = "https://www.gov.uk/government/publications/the-uk-sanctions-list"
    return Reading("uk-sanctions", "UK Sanctions List", (SANCTIONS,), source, edition, "its Report Date", parties)


def debarment_csv(path: Path) -> Reading:
    """The debarment list as a table whose columns are recognised by name: supplier, and dates where there are any."""
    return _debarment(path, [(f"line {line}", row) for line, row in csv_records(path)])


def debarment_page(path: Path) -> Reading:
    """The same from a page's table."""
    rows = [cells for cells, _ in html_rows(path) if cells]
    names = [cell.casefold() for cell in rows[0]] if rows else []
    return _debarment(
        path, [(f"row {number}", dict(zip(names, row, strict=False))) for number, row in enumerate(rows[1:], start=2)]
    )


def _debarment(path: Path, rows: list[tuple[str, dict[str, str]]]) -> Reading:
    if rows and not any(name in rows[0][1] for name in _SUPPLIER):
        raise DataError(f"{path}: no column with the supplier's name: {', '.join(sorted(rows[0][1]))}")
    parties = [
        Party(
            DEBARMENT, _first(row, _SUPPLIER)[:MAX_NAME], where,
            since=one_day(_first(row, _ADDED), *_UK_DAYS), until=one_day(_first(row, _REMOVED), *_UK_DAYS),
        )
        for where, row in rows
    ]  # fmt: skip
    named = tuple(each for each in parties if each.name)
    source = "https://www.gov.uk/government/collections/transforming-public-procurement"
    return Reading("uk-debarment", "Procurement Act debarment list", (DEBARMENT,), source, "", "", named)


def opensanctions_csv(path: Path) -> Reading:
    """targets.simple.csv: id, schema, name, aliases, …, dataset, first_seen, last_seen, last_change; lists by ";"."""
    parties, editions, instruments = [], set(), set()
    for line, row in csv_records(path):
        editions.add(iso(row.get("last_seen")) or "")
        if row.get("schema") not in ("Company", "Organization", "LegalEntity", "PublicBody"):
            continue
        datasets = [each.strip() for each in row.get("dataset", "").split(";")]
        for dataset in datasets:
            instruments.add(_DATASETS.get(dataset, ""))
            parties.append(
                Party(
                    _DATASETS.get(dataset, ""), row.get("name", "")[:MAX_NAME], f"line {line}, id {row.get('id', '')}",
                    others=tuple(filter(None, (each.strip()[:MAX_NAME] for each in row.get("aliases", "").split(";")))),
                    since=iso(row.get("first_seen")), listed_by=dataset,
                    date_note="the day when OpenSanctions first saw it, not the list's own date",
                )
            )  # fmt: skip
    named = tuple(each for each in parties if each.name)
    known = tuple(sorted(filter(None, instruments)))
    source = "https://www.opensanctions.org/datasets/"
    return Reading(
        "opensanctions", "OpenSanctions targets", known, source, newest(editions), "its newest last_seen", named
    )


def _first(row: dict[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
