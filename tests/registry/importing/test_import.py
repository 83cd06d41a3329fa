"""Official files against the registry: what is added, ended, asked about; hostile files are refused and no more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.models import DataError, UsageError
from scanner.registry.importing import READERS, import_lists
from scanner.registry.importing.match import Matcher
from scanner.registry.importing.party import Party
from scanner.registry.importing.recognise import read_list, recognise
from scanner.registry.overlay import Overlay
from tests.registry.devices import shipped
from tests.registry.importing import lists

TODAY = date(2026, 11, 28)


def run(folder: Path, text: str, edition: str | None = None) -> Overlay:
    return import_lists([lists.write(folder, text)], shipped(), TODAY, edition=edition)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (lists.DOD, "us-dod-1260h"), (lists.CSL_JSON, "us-csl-json"), (lists.CSL_CSV, "us-csl-csv"),
        (lists.OFAC_CSV, "us-ofac-csv"), (lists.OFAC_XML, "us-ofac-xml"), (lists.FCC, "us-fcc"), (lists.BIS, "us-bis"),
        (lists.UK, "uk-sanctions"), (lists.DEBARMENT, "uk-debarment-csv"), (lists.OPENSANCTIONS, "opensanctions"),
        ("<html><h1>Debarment list</h1><table><tr><td>Supplier</td></tr></table>", "uk-debarment-page"),
    ],
)  # fmt: skip
def test_a_list_is_recognised_by_what_stands_in_it(tmp_path: Path, text: str, form: str) -> None:
    assert recognise(lists.write(tmp_path, text)) == form


def test_the_1260h_list_adds_ends_confirms_and_asks(tmp_path: Path) -> None:
    found = run(tmp_path, lists.DOD)
    assert [(e.instrument, e.entity, e.company, e.since, e.source) for e in found.added] == [
        ("US-DOD-1260H", "Zhejiang Uniview Technologies Co., Ltd.", "Uniview", "2026-11-20",
         "https://media.defense.gov/x.pdf"),
    ]  # fmt: skip
    assert [(e.company, e.until) for e in found.ended] == [("Dahua", "2026-11-20")]
    assert "Hikvision" in {e.company for e in found.confirmed}
    asked = {(e.kind, e.company) for e in found.review}
    assert ("near", "Tiandy") in asked  # a short name among the aliases of another legal person
    assert ("absent", "Huawei") in asked  # only a row of an older edition
    told_of = [*((e.company, e.entity) for e in found.added), *((e.company, e.entity) for e in found.review)]
    assert "Megvii" not in {company for company, _ in told_of}  # ended before
    assert not any("Scale" in entity for _, entity in told_of)
    told = found.inputs[0]
    assert (told.edition, told.parties) == ("2026-11-20", 6)
    assert len(bytes.fromhex(told.sha256)) == 32


def test_what_the_screening_list_says_and_where_it_stands(tmp_path: Path) -> None:
    found = run(tmp_path, lists.CSL_JSON, "2026-11-21")
    assert [(e.company, e.since, e.row) for e in found.added] == [
        ("Hanwha Vision", "2026-11-01", "input 1, results[1], id a2")
    ]
    assert ("Uniview", "US-BIS-ENTITY-LIST") in {(e.company, e.instrument) for e in found.confirmed}
    dated = [e for e in found.review if e.kind == "date"]
    assert [(e.company, e.instrument, e.day) for e in dated] == [("Tiandy", "US-OFAC-NS-CMIC", "2026-11-21")]
    assert [(e.company, e.listed_by) for e in found.elsewhere] == [
        ("Axis", "Specially Designated Nationals (SDN) - Treasury Department")
    ]


def test_the_csv_of_it_matches_a_legal_name_among_other_names(tmp_path: Path) -> None:
    found = run(tmp_path, lists.CSL_CSV, "2026-11-21")
    assert [(e.entity, e.company, e.matched_on) for e in found.added] == [
        ("Somebody Else", "Hanwha Vision", "legal name 'Hanwha Vision Co., Ltd.' among its other names")
    ]


def test_a_file_that_does_not_say_its_day_needs_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--edition"):
        run(tmp_path, lists.CSL_JSON)


def test_ofac_lists_place_only_the_programme_that_the_registry_has(tmp_path: Path) -> None:
    assert {e.company for e in run(tmp_path, lists.OFAC_CSV, "2026-11-21").confirmed} == {"Hikvision"}
    found = run(tmp_path, lists.OFAC_XML)
    assert {e.company for e in found.confirmed} == {"Huawei"}
    assert found.inputs[0].edition == "2026-11-20"


def test_the_covered_lists_page(tmp_path: Path) -> None:
    found = run(tmp_path, lists.FCC)
    assert found.inputs[0].edition == "2026-11-20"
    assert [(e.company, e.since) for e in found.added] == [("Uniview", "2026-11-02")]
    assert {e.company for e in found.confirmed} == {"Huawei", "Dahua"}
    absent = {e.company for e in found.review if e.kind == "absent"}
    assert {"Hikvision", "ZTE", "Hytera"} <= absent
    assert not absent & {"DJI", "Autel"}  # a row of their day names a category, not a company


def test_the_entity_list_as_the_ecfr_shows_it(tmp_path: Path) -> None:
    found = run(tmp_path, lists.BIS)
    assert [(e.company, e.since) for e in found.added] == [("Hanwha Vision", "2026-11-20")]
    assert "Uniview" in {e.company for e in found.confirmed}


def test_the_uks_lists(tmp_path: Path) -> None:
    sanctions = run(tmp_path, lists.UK)
    assert [(e.company, e.listed_by) for e in sanctions.elsewhere] == [("Tiandy", "UK-SANCTIONS-LIST")]
    debarred = run(tmp_path, lists.DEBARMENT, "2026-11-21")
    assert [(e.instrument, e.company, e.since) for e in debarred.added] == [
        ("UK-PROCUREMENT-ACT-2023", "Uniview", "2026-11-20")
    ]
    nobody = run(tmp_path, "Supplier name,Date added\n", "2026-11-21")
    assert nobody.inputs[0].parties == 0
    assert not nobody.added


def test_opensanctions_days_are_not_the_lists_and_so_are_asked_about(tmp_path: Path) -> None:
    found = run(tmp_path, lists.OPENSANCTIONS)
    assert not found.added
    assert [(e.kind, e.company, e.day) for e in found.review if e.kind == "date"] == [("date", "Uniview", "2026-11-10")]


@pytest.mark.parametrize(
    ("name", "company", "exact"),
    [
        ("Hangzhou Hikvision Digital Technology Co., Ltd. (Hikvision)*", "Hikvision", True),
        ("Dahua Technology Company", "Dahua", True),
        ("HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO LTD", "Hikvision", True),
        ("Urumqi Hikvision Co., Ltd.", "Hikvision", False),
        ("Zhejiang Uniview Technolgies Co., Ltd.", "Uniview", False),
        ("Shanghai Dahua Scale Factory", "Dahua", False),
        ("standaard", None, False),
        ("Some Digital Technology Co., Ltd.", None, False),
    ],
)
def test_matching_is_whole_or_for_a_person(name: str, company: str | None, exact: bool) -> None:
    match = Matcher(shipped()).match(Party("US-DOD-1260H", name, "line 1"))
    assert (match.company if match else None) == company
    assert (match.exact if match else False) is exact


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello", "none of the lists that are known"),
        ("", "none of the lists"),
        ('{"a": 1}', 'no array "results"'),
        ('{"results": [{"name": "x"', "no JSON, or has no end"),
        ('{"results": [' + '{"a":' * 100_000, "nested too deep"),
        ("<sdnList><sdnEntry>", "not XML"),
        ('<!DOCTYPE sdnList [<!ENTITY a "b">]><sdnList><sdnEntry/></sdnList>', "document type declaration"),
        ("<Sanctions><DistinctParties/></Sanctions>", "advanced XML is not read"),
        ("<html><table><tr><td>x</td></tr></table></html>", "a page that is neither"),
        ("Name,Clean Name,Start date,End date\n", "no party is in it"),
        ("Supplier details,Date\nx,y\n", "no column with the supplier's name"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError) as refused:
        read_list(lists.write(tmp_path, text))
    assert message in str(refused.value)


def test_an_entity_bomb_never_grows(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<?xml version="1.0"?><!doctype sdnList [<!ENTITY l0 "x">{bomb}]><sdnList>&l11;</sdnList>'
    with pytest.raises(DataError, match="document type declaration"):
        read_list(lists.write(tmp_path, text), "us-ofac-xml")


@pytest.mark.parametrize("form", READERS)
def test_bytes_of_any_kind_end_in_a_reading_or_a_refusal(form: str, tmp_path: Path) -> None:
    path = tmp_path / "list"

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.one_of(st.binary(max_size=200), st.sampled_from([lists.DOD, lists.FCC, lists.UK, lists.CSL_JSON]).flatmap(
        lambda text: st.integers(0, len(text)).map(lambda cut: text[:cut].encode())
    )))  # fmt: skip
    def read(data: bytes) -> None:
        path.write_bytes(data)
        try:
            read_list(path, form)
        except DataError:
            return

    read()
