"""A dossier says what is known with its source, and what is not known; a brand's says less."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from scanner.models import Document, Section, UsageError
from scanner.registry.dossier import dossier
from scanner.report.document import render_document_html, render_markdown
from tests.registry.devices import shipped

DAY = date(2026, 11, 28)


def section(name: str, heading: str, as_of: date = DAY) -> Section:
    found = dossier(name, shipped(), as_of)
    return next(each for each in found.sections if each.heading.startswith(heading))


def text(part: Section) -> str:
    return " ".join((*part.paragraphs, *(cell for row in part.rows for cell in row), *part.points))


def test_the_ownership_has_its_history_and_sources() -> None:
    rows = section("Lorex", "Ownership").rows
    dahua = next(row for row in rows if "Dahua" in row[1])
    assert dahua[1] == "was a subsidiary of Dahua"
    assert dahua[3] == "2022-11-24"
    assert all(row[-1].startswith("http") for row in rows)
    owned = section("Dahua", "Ownership").rows
    assert any(row[0] == "Lorex" for row in owned)


def test_listings_are_grouped_by_what_they_do_on_the_day() -> None:
    force = text(section("Megvii", "Named by instruments that prohibit"))
    assert "US-TX-PROHIBITED" in force
    assert "US-DOD-1260H" in text(section("Megvii", "Ended"))
    assert "2025-01-07" in text(section("Megvii", "Ended"))
    assert "US-BIS-ENTITY-LIST" in text(section("Megvii", "Named in lists"))
    assert "2027-06-30" in text(section("Hikvision", "Law already"))
    assert "US-DOD-1260H" in text(section("Hikvision", "Law already", date(2026, 6, 1)))


def test_a_subsidiary_is_not_named_and_its_owner_is() -> None:
    assert "None that the registry knows" in text(section("EZVIZ", "Named by instruments"))
    owner = section("EZVIZ", "Instruments that name an owner")
    assert owner.paragraphs == ("EZVIZ is not named by these; an owner is.",)
    assert "US-NDAA-889" in text(owner)


def test_rebrands_questions_and_criteria() -> None:
    assert any(row[0] == "LTS" for row in section("Hikvision", "Brands").rows)
    asks = section("Axis", "Questions for the buyer").rows
    assert any(row[2].startswith("UK-BSCC-CODE") for row in asks)
    assert any(row[2].startswith("UN-UNGP") for row in asks)
    assert all("http" in row[4] for row in asks)
    assert "UK-WMS-2022-11-24" in text(section("Reolink", "Criteria"))
    assert "None of the criteria" in text(section("Axis", "Criteria"))


def test_what_is_not_known_is_said_of_a_maker_in_no_list_too() -> None:
    gaps = text(section("Axis", "What is not known"))
    assert "US-NDAA-889" in gaps
    assert "The editions read end with" in gaps
    assert "link is reported, not certain" in text(section("Imou", "What is not known"))


def test_a_brand_that_is_no_company_has_makers_as_reported() -> None:
    found = dossier("HiLook", shipped(), DAY)
    assert found.title == "Dossier: HiLook (a brand)"
    assert "Hikvision" in text(found.sections[0])
    assert "Who owns the brand" in text(found.sections[-1])


def test_a_mistyped_name_gets_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'Hikvision'"):
        dossier("Hikvison", shipped(), DAY)


def test_a_maker_that_only_the_fingerprints_know_gets_the_questions_and_no_more() -> None:
    found = dossier("doorbird", shipped(), DAY, ["DoorBird"])
    assert found.title == "Dossier: DoorBird"
    assert "none of its instruments names it" in text(found.sections[0])
    assert [each.heading for each in found.sections[1:]] == ["Questions for the buyer", "What is not known"]
    with pytest.raises(UsageError, match="did you mean 'DoorBird'"):
        dossier("dorbird", shipped(), DAY, ["DoorBird"])


def test_every_company_has_a_dossier_that_claims_nothing_of_law() -> None:
    for name in shipped().companies:
        page = render_markdown(dossier(name, shipped(), DAY))
        assert page.startswith(f"# Dossier: {name}")
        assert "illegal" not in page


def test_hostile_words_stay_words() -> None:
    nasty = "a|b <script>alert(1)</script> [x](javascript:y) `z` \x1b[31m *b*"
    document = Document(nasty, (nasty,), (Section("h", (nasty,), ("one",), ((nasty,),), (nasty,)),))
    page = render_document_html(document)
    assert "<script>" not in page
    assert "\x1b" not in page
    markdown = render_markdown(document)
    assert "<script>" not in markdown.replace("\\<script\\>", "")
    assert "\\[x\\](javascript" in markdown
    assert "a\\|b" in markdown
    company = msgspec.structs.replace(shipped().companies["Axis"], note=nasty)
    hostile = msgspec.structs.replace(shipped(), companies={**shipped().companies, "Axis": company})
    assert "<script>" not in render_document_html(dossier("Axis", hostile, DAY))
