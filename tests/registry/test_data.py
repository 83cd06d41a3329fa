"""The data shipped: every fact has a source and a date, and nothing is said that the facts do not carry."""

from __future__ import annotations

import pytest

from scanner.dates import day
from scanner.models import Status
from scanner.registry import Company, Component, Instrument, Label, Listing, Owner, list_instruments
from scanner.registry.check import check
from scanner.registry.facts import Question, Stage
from scanner.registry.judge import judge
from tests.registry.devices import camera, shipped

Fact = Instrument | Company | Owner | Listing | Label | Component | Question | Stage

EXPECTED = {
    "US-NDAA-889", "US-FAR-52.204-25", "US-FCC-COVERED-LIST", "US-FCC-22-84", "US-FCC-25-71", "US-FCC-2026-06-26",
    "US-BIS-ENTITY-LIST", "US-OFAC-NS-CMIC", "US-DOD-1260H", "US-TX-PROHIBITED", "US-STATE-AG-SUITS",
    "UK-WMS-2022-11-24", "UK-PROCUREMENT-ACT-2023", "UK-DHSC-2022", "UK-DWP-2022", "UK-BSCC-CODE", "UK-FAC-2021",
    "UK-NCSC-NPSA", "UK-SCOT", "UK-COUNCILS", "AU-2023", "NZ-2023", "CA-HIKVISION-2025", "CA-QC-2023", "TW-2022",
    "IN-ER-2024", "DK-CAPITAL-2022", "NL-2022", "EU-EP-2021", "UA-NACP-2023", "KR-2024", "EU-IRN-359-2011", "UN-UNGP",
}  # fmt: skip
LEFT_OUT = {"US-STATES-OTHER", "UK-MOD", "UK-UYGHUR-TRIBUNAL", "LT", "JP"}
POLICIES = {
    "us-federal", "us-contractor", "us-grant-recipient", "us-texas-agency", "uk-central-government",
    "uk-local-authority", "au-government", "ca-government",
}  # fmt: skip


def facts() -> list[Fact]:
    registry = shipped()
    companies = list(registry.companies.values())
    return [
        *registry.instruments.values(),
        *companies,
        *(owner for company in companies for owner in company.owners),
        *registry.listings,
        *registry.labels,
        *registry.components,
        *registry.questions,
        *(stage for instrument in registry.instruments.values() for stage in instrument.stages),
    ]


def test_every_fact_has_a_source_and_a_date() -> None:
    read_by = day(shipped().edition)
    for fact in facts():
        assert fact.source.startswith(("https://", "http://")), fact
        assert " " not in fact.source, fact
        assert day(fact.checked) <= read_by, fact
    for listing in shipped().listings:
        assert day(listing.since) <= read_by, listing
    for instrument in list_instruments(shipped()):
        assert day(instrument.edition) <= read_by, instrument
        assert all(each.startswith("http") for each in instrument.further_sources), instrument


def test_the_data_is_sound() -> None:
    assert check(shipped()) == []


def test_the_instruments_are_those_that_may_ship() -> None:
    assert set(shipped().instruments) == EXPECTED
    assert not LEFT_OUT & set(shipped().instruments)


def test_the_policies_are_there_and_name_what_counts() -> None:
    registry = shipped()
    assert set(registry.policies) >= POLICIES
    for policy in registry.policies.values():
        for name in policy.instruments or ():
            instrument = registry.instruments[name]
            assert instrument.prohibits or (instrument.effect == "criterion" and policy.criteria), (policy.id, name)


def test_nothing_that_binds_nobody_is_a_ban() -> None:
    for instrument in list_instruments(shipped()):
        if instrument.binds.startswith("Nobody"):
            assert instrument.effect in ("context", "recommendation"), instrument.id


def test_what_is_not_verified_says_so() -> None:
    unverified = [each for each in list_instruments(shipped()) if each.certainty == "unverified"]
    assert all(not each.prohibits for each in unverified)
    assert all(each.certainty != "unverified" for each in shipped().listings)
    owners = [owner for company in shipped().companies.values() for owner in company.owners]
    assert all(each.basis != "unverified" for each in owners)
    assert all(each.basis != "unverified" for each in shipped().labels)


@pytest.mark.parametrize(
    "name",
    ["Hikvision", "Dahua", "Huawei", "HiSilicon", "ZTE", "Hytera", "Uniview", "Tiandy", "Xiongmai", "TP-Link", "Axis",
     "Hanwha Vision", "Bosch", "EZVIZ", "Imou", "HIKMICRO", "Lorex", "TVT", "Reolink", "Megvii"],
)  # fmt: skip
def test_the_companies_asked_for_are_there_by_their_short_names(name: str) -> None:
    assert shipped().companies[name].legal_names


@pytest.mark.parametrize(
    "name", ["Axis", "Hanwha Vision", "Bosch", "Xiongmai", "TVT", "Reolink", "Milesight", "Avigilon"]
)
def test_companies_in_no_list_have_no_listing(name: str) -> None:
    assert name not in shipped().listed


def test_no_label_row_is_a_generic_word() -> None:
    generic = {"capture", "ir", "lux", "smar", "lot", "eds", "bulwark", "funi", "neutron", "full hd 1080p"}
    assert not generic & {label.brand.casefold() for label in shipped().labels}


def test_only_own_brands_are_certain() -> None:
    for label in shipped().labels:
        assert (label.use == "brand-owner") == (label.certainty == "certain"), label


def test_edition_and_digest_identify_the_data() -> None:
    assert shipped().edition == "2026-11-28"
    assert len(bytes.fromhex(shipped().digest)) == 32


def test_a_maker_in_no_list_is_never_flagged() -> None:
    registry = shipped()
    labels = {label.brand for label in registry.labels}
    unlisted = [
        name
        for name, company in registry.companies.items()
        if name not in registry.listed
        and not any(o.name in registry.listed for o in company.owners)
        and name not in labels
    ]
    assert len(unlisted) > 25
    for name in unlisted:
        judged = judge(camera(name), registry)
        assert judged.status is Status.NOT_LISTED, name
        assert judged.findings == (), name


def test_what_is_the_users_own_never_ships() -> None:
    assert not {"own", "imported"} & {getattr(fact, "certainty", "") for fact in facts()}


def test_the_questions_come_from_the_code_and_the_guiding_principles() -> None:
    assert {question.under for question in shipped().questions} == {"UK-BSCC-CODE", "UN-UNGP"}
