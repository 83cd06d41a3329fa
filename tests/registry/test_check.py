"""What `check` finds beyond what loading refuses, and the look-ups."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from scanner.models import UsageError
from scanner.registry import list_instruments, show
from scanner.registry.check import check
from tests.registry.devices import shipped


def test_an_old_edition_is_warned_of_and_is_no_error() -> None:
    problems = check(shipped(), date(2027, 6, 1))
    assert {each.entry for each in problems} == set(shipped().instruments)
    assert not any(each.error for each in problems)
    assert "last checked 191 days ago" in problems[0].message


def test_a_young_edition_is_not() -> None:
    assert check(shipped(), date(2027, 1, 1)) == []


def test_a_dangling_owner_reference_is_allowed_and_a_bad_date_is_not() -> None:
    registry = shipped()
    lorex = registry.companies["Lorex"]
    bad = msgspec.structs.replace(lorex.owners[0], until="2011")
    broken = msgspec.structs.replace(lorex, owners=(bad,))
    companies = {**registry.companies, "Lorex": broken}
    problems = check(msgspec.structs.replace(registry, companies=companies))
    assert [(each.file, each.entry) for each in problems] == [("companies.toml", "Lorex")]
    assert "before it begins" in problems[0].message


def test_an_instrument_is_shown_with_its_listings_and_parts() -> None:
    sheet = show("US-FCC-COVERED-LIST", shipped())
    assert sheet.instrument is not None
    assert {each.company for each in sheet.listings} == {
        "Huawei",
        "ZTE",
        "Hytera",
        "Hikvision",
        "Dahua",
        "DJI",
        "Autel",
    }
    assert {each.id for each in sheet.parts} == {"US-FCC-22-84", "US-FCC-25-71", "US-FCC-2026-06-26"}


def test_a_company_is_shown_by_any_of_its_names() -> None:
    sheet = show("UNV", shipped())
    assert sheet.company is not None
    assert sheet.company.name == "Uniview"
    assert {each.instrument for each in sheet.listings} == {"US-BIS-ENTITY-LIST", "US-TX-PROHIBITED"}
    assert "Alibi" in {each.brand for each in sheet.labels}


@pytest.mark.parametrize(("name", "meant"), [("US-NDAA-899", "US-NDAA-889"), ("Hikvison", "Hikvision")])
def test_a_mistyped_name_gets_the_nearest(name: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean '{meant}'"):
        show(name, shipped())


def test_the_list_is_in_the_order_of_the_file() -> None:
    assert [each.id for each in list_instruments(shipped())][:2] == ["US-NDAA-889", "US-FAR-52.204-25"]
