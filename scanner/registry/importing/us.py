"""Lists of the United States: Consolidated Screening List, OFAC's consolidated list, 1260H, Entity and Covered List."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scanner.registry.importing.party import MAX_NAME, Party, Reading, iso, newest, one_day
from scanner.registry.importing.read import csv_records, csv_rows, html_rows, json_objects, local_name, xml_elements

ENTITY_LIST, CMIC, DOD, FCC = "US-BIS-ENTITY-LIST", "US-OFAC-NS-CMIC", "US-DOD-1260H", "US-FCC-COVERED-LIST"
_CMIC_PROGRAMS = ("CMIC-EO13959", "CMIC-EO14032")
_LONG = ("%B %d, %Y", "%b %d, %Y")


def csl_json(path: Path) -> Reading:
    """https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.json: `{"results": […]}`."""
    return _csl((f"results[{n}]", row) for n, row in enumerate(json_objects(path, "results")))


def csl_csv(path: Path) -> Reading:
    """The same list as CSV: `_id,source,entity_number,type,programs,name,…`, several names joined by "; "."""
    return _csl((f"line {line}", row) for line, row in csv_records(path))


def _csl(rows: Iterator[tuple[str, dict[str, Any]]]) -> Reading:
    parties = []
    for place, row in rows:
        name, listed_by = _text(row, "name"), _text(row, "source")
        if name and not name.startswith("Address 0") and _text(row, "type").casefold() not in ("individual", "vessel"):
            own_id = _text(row, "id") or _text(row, "_id")
            parties.append(
                Party(
                    _csl_instrument(listed_by), name, f"{place}, id {own_id}", others=_several(row.get("alt_names")),
                    since=iso(_text(row, "start_date")), until=iso(_text(row, "end_date")), listed_by=listed_by,
                )
            )  # fmt: skip
    return Reading(
        "us-csl", "Consolidated Screening List", (ENTITY_LIST, CMIC),
        "https://www.trade.gov/consolidated-screening-list", "", "", tuple(parties),
    )  # fmt: skip


def _csl_instrument(source: str) -> str:
    if source.startswith("Entity List"):
        return ENTITY_LIST
    return CMIC if "Chinese Military-Industrial Complex" in source else ""


def ofac_csv(path: Path) -> Reading:
    """CONS_PRIM.CSV, without a header: ent_num, name, type, program, …; "-0-" is nothing."""
    parties = []
    for line, row in csv_rows(path):
        if len(row) > 3 and row[2].strip().casefold() not in ("individual", "vessel"):
            cmic = any(program in row[3] for program in _CMIC_PROGRAMS)
            where = f"line {line}, ent_num {row[0].strip()}"
            parties.append(Party(CMIC if cmic else "", row[1].strip()[:MAX_NAME], where, listed_by=f"OFAC {row[3]}"))
    return _ofac(parties, "", "")


def ofac_xml(path: Path) -> Reading:
    """CONSOLIDATED.XML: sdnEntry with lastName, programList and akaList; the day from publshInformation."""
    parties, edition = [], ""
    for name, element in xml_elements(path, ("sdnEntry", "Publish_Date")):
        if name == "Publish_Date":
            edition = one_day(element.text, "%m/%d/%Y") or ""
        elif _child(element, "sdnType").casefold() not in ("individual", "vessel"):
            programs = [each.text or "" for each in element.iter() if local_name(each) == "program"]
            akas = [_child(each, "lastName") for each in element.iter() if local_name(each) == "aka"]
            instrument = CMIC if any(program in _CMIC_PROGRAMS for program in programs) else ""
            where = f"sdnEntry uid {_child(element, 'uid')}"
            own = _child(element, "lastName")
            others = tuple(filter(None, akas))
            parties.append(Party(instrument, own, where, others=others, listed_by=f"OFAC {', '.join(programs)}"))
    return _ofac(parties, edition, "its Publish_Date" if edition else "")


def _ofac(parties: list[Party], edition: str, edition_from: str) -> Reading:
    source = "https://ofac.treasury.gov/consolidated-sanctions-list-non-sdn-lists"
    named = tuple(each for each in parties if each.name)
    return Reading("us-ofac-consolidated", "OFAC consolidated list", (CMIC,), source, edition, edition_from, named)


def dod_csv(path: Path) -> Reading:
    """The 1260H list as CSV: Name, Clean Name, Alias, Previous Name, Parent Name, Note, Start date, End date, …

    Each edition names everybody again, so a company has a row for each, of which the older may lack its end. Who has a
    row of the newest edition is on the list since the first of its rows; who has only older rows without an end is left
    out, and so asked about where the registry has it.
    """
    rows: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for line, row in csv_records(path):
        name = (row.get("clean name") or row.get("name", "")).rstrip("* ")
        rows.setdefault(name.casefold(), []).append((line, row))
    edition = newest(iso(row.get("start date")) for found in rows.values() for _, row in found)
    ends = newest(iso(row.get("end date")) for found in rows.values() for _, row in found)
    parties = (_dod_party(found, edition) for found in rows.values())
    source = "https://media.defense.gov"
    return Reading(
        "us-dod-1260h", "Section 1260H list", (DOD,), source, max(edition, ends), "its newest start or end",
        tuple(each for each in parties if each is not None),
    )  # fmt: skip


def _dod_party(rows: list[tuple[int, dict[str, str]]], edition: str) -> Party | None:
    """One company from all of its rows; None where only rows of older editions are open."""
    line, row = max(rows, key=lambda each: iso(each[1].get("start date")) or "")
    until = iso(row.get("end date"))
    if until is None and iso(row.get("start date")) != edition:
        return None
    others = (row.get("clean name", ""), *row.get("alias", "").split(","), *row.get("previous name", "").split(","))
    return Party(
        DOD, row.get("name", "").rstrip("* ")[:MAX_NAME], f"line {line}",
        others=tuple(each.strip()[:MAX_NAME] for each in others if each.strip()),
        since=min((day for _, each in rows if (day := iso(each.get("start date")))), default=None), until=until,
        source=row.get("source url", "") if row.get("source url", "").startswith("https://") else "",
    )  # fmt: skip


def fcc_page(path: Path) -> Reading:
    """The Covered List's page: a table of prose and "Date of Inclusion", updates glued to it; names stand in bold."""
    parties, days = [], []
    for number, (cells, bold) in enumerate(html_rows(path), start=1):
        if len(cells) != 2:
            continue
        included, *updates = cells[1].replace("Updated:", "|").split("|")
        since = one_day(included, *_LONG)
        if since is None:
            continue
        days += [since, *(one_day(update, *_LONG) for update in updates)]
        names = [each.strip(" .,") for each in bold if each.strip(" .,")] or [""]
        parties += [Party(FCC, name, f"row {number}", since=since, text=cells[0][:500]) for name in names]
    source = "https://www.fcc.gov/supplychain/coveredlist"
    return Reading("us-fcc", "FCC Covered List", (FCC,), source, newest(days), "its newest date", tuple(parties))


def bis_page(path: Path) -> Reading:
    """Supplement No. 4 to part 744 as the eCFR shows it: Country, Entity, requirement, policy, citation."""
    parties = []
    for number, (cells, _) in enumerate(html_rows(path), start=1):
        if len(cells) >= 4 and cells[-4].strip() and "license" not in cells[-4].casefold()[:30]:
            name, prefixes = _before_address(cells[-4])
            since = _citation_day(cells[-1])
            parties.append(Party(ENTITY_LIST, name, f"row {number}", others=prefixes, since=since))
    source = "https://www.ecfr.gov/current/title-15/subtitle-B/chapter-VII/subchapter-C/part-744"
    edition = newest(each.since for each in parties)
    return Reading(
        "us-bis", "Entity List (eCFR)", (ENTITY_LIST,), source, edition, "its newest citation", tuple(parties)
    )


def _before_address(cell: str) -> tuple[str, tuple[str, ...]]:
    """The name at the start of an entity's cell, and every beginning of the cell up to a comma that may be the name."""
    name = cell.partition(", a.k.a")[0].partition(", f.k.a")[0]
    parts = name.split(", ")
    prefixes = tuple(", ".join(parts[:end]) for end in range(1, min(len(parts), 6) + 1))
    return name[:MAX_NAME], prefixes


def _citation_day(cell: str) -> str | None:
    """The first date of "84 FR 54004, 10/9/19. 85 FR …"."""
    for word in cell.replace(",", " ").split():
        found = one_day(word.rstrip(".;"), "%m/%d/%y", "%m/%d/%Y")
        if found:
            return found
    return None


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip()[:MAX_NAME] if isinstance(value, str) else ""


def _several(value: Any) -> tuple[str, ...]:
    """Names from a list, or joined by "; "."""
    texts = value if isinstance(value, list) else [value]
    parts = (part.strip()[:MAX_NAME] for text in texts if isinstance(text, str) for part in text.split("; "))
    return tuple(part for part in parts if part)


def _child(element: Any, name: str) -> str:
    found = next((each.text for each in element if local_name(each) == name), None)
    return (found or "").strip()[:MAX_NAME]
