"""What a finding says, to the word: chain, question, sentence."""

from __future__ import annotations

from datetime import date

import msgspec

from scanner.models import Device, Finding, Relation, Status, Strength
from scanner.registry.extend import with_listings
from scanner.registry.judge import WEAK_ONLY, judge
from tests.registry.devices import by_mac, camera, claim, policy, shipped

DAY = date(2026, 11, 22)
GRANTS = "us-grant-recipient"


def ndaa(device: Device, as_of: date = DAY) -> Finding:
    """The section 889 finding of `device` for a recipient of grants."""
    judged = judge(device, shipped(), policy(GRANTS), as_of)
    return next(each for each in judged.findings if each.instrument == "US-NDAA-889")


def ends(finding: Finding) -> list[tuple[str, str]]:
    """The chain as (from, to)."""
    return [(link["from"], link["to"]) for link in finding.chain]


def test_a_rebrand_settled_by_the_device_is_a_finding_of_its_maker() -> None:
    finding = ndaa(camera("Hikvision", "LTS"))
    assert finding.relation is Relation.MAKER
    assert finding.strength is Strength.LISTED
    assert finding.entity == "Hangzhou Hikvision Digital Technology Company"
    assert ends(finding) == [
        ("the device, labelled LTS", "Hikvision"),
        ("Hikvision", "Hangzhou Hikvision Digital Technology Company"),
    ]
    assert finding.statement == (
        "The device's own words indicate Hikvision as its maker under the label LTS; "
        "“Section 889 of the FY2019 National Defense Authorization Act” names "
        "Hangzhou Hikvision Digital Technology Company since 2018-08-13 (prohibits purchase)."
    )


def test_an_affiliate_is_never_said_to_be_named() -> None:
    finding = ndaa(camera("EZVIZ"))
    assert finding.relation is Relation.AFFILIATE
    assert "EZVIZ is a subsidiary of Hikvision" in finding.statement
    assert ends(finding)[1] == ("EZVIZ", "Hikvision")
    assert "names Hangzhou Hikvision" in finding.statement


def test_an_instrument_that_does_not_reach_affiliates_asks() -> None:
    judged = judge(camera("EZVIZ"), shipped(), policy("au-government"), DAY)
    finding = next(each for each in judged.findings if each.instrument == "AU-2023")
    assert "reach its subsidiaries and affiliates?" in finding.purpose_test
    assert "reach its subsidiaries" not in ndaa(camera("EZVIZ")).purpose_test


def test_an_own_brand_is_the_brand_owners() -> None:
    finding = ndaa(camera(None, "HiLook"))
    assert finding.relation is Relation.BRAND_OWNER
    assert ends(finding)[:2] == [("the device", "HiLook"), ("HiLook", "Hikvision")]
    assert "a brand of Hikvision" in finding.statement


def test_a_directory_asks_and_says_that_it_is_one() -> None:
    finding = ndaa(camera(None, "LTS"))
    assert finding.relation is Relation.REBRAND
    assert finding.strength is Strength.REVIEW
    assert "Only a directory of labels says so" in finding.purpose_test
    assert "a person must decide" in finding.statement
    assert finding.chain[1]["certainty"].startswith("reported")


def test_a_past_owner_asks_when_it_was_bought() -> None:
    finding = ndaa(camera(None, "Lorex"))
    assert finding.relation is Relation.AFFILIATE
    assert "until 2022-11-24" in finding.purpose_test
    assert "Lorex was a subsidiary of Dahua until 2022-11-24" in finding.statement


def test_a_reported_owner_asks() -> None:
    assert "not certain" in ndaa(camera("Imou")).purpose_test


def test_a_chip_asks_along_its_own_chain() -> None:
    finding = ndaa(camera("Axis", chip="HiSilicon Hi3516"))
    assert finding.relation is Relation.COMPONENT
    assert finding.strength is Strength.REVIEW
    assert finding.because == ("c3",)
    assert [each[1] for each in ends(finding)] == ["HiSilicon", "Huawei", "Huawei Technologies Company"]
    assert "no text names HiSilicon" in finding.purpose_test


def test_the_purpose_limit_is_asked_of_those_it_covers() -> None:
    assert "physical security surveillance of critical infrastructure" in ndaa(camera("Dahua")).purpose_test
    assert "Is it telecommunications equipment?" in ndaa(camera("Huawei")).purpose_test


def test_before_it_is_in_force_it_is_shown_as_coming() -> None:
    finding = ndaa(camera("Dahua"), date(2019, 1, 1))
    assert finding.strength is Strength.CONTEXT
    assert "with effect from 2020-08-13" in finding.statement  # grants and loans: a year after agencies
    assert finding.purpose_test == ""
    federal = judge(camera("Dahua"), shipped(), policy("us-federal"), date(2019, 1, 1)).findings[0]
    assert "with effect from 2019-08-13" in federal.statement


def test_context_says_that_it_does_not_count() -> None:
    judged = judge(camera("Uniview"), shipped(), policy("us-federal"), DAY)
    assert [each.instrument for each in judged.findings] == ["US-BIS-ENTITY-LIST"]
    assert judged.findings[0].statement.endswith("which is context and is not counted.")


def test_context_is_only_of_who_is_named_itself() -> None:
    for device in (camera("EZVIZ"), camera(None, "LTS"), camera("Axis", chip="HiSilicon")):
        judged = judge(device, shipped(), policy("us-federal"), DAY)
        assert all(each.strength is not Strength.CONTEXT for each in judged.findings)


def test_an_instrument_that_ended_says_nothing_more() -> None:
    registry = shipped()
    ended = msgspec.structs.replace(registry.instruments["AU-2023"], until="2024-01-01")
    over = msgspec.structs.replace(registry, instruments={**registry.instruments, "AU-2023": ended})
    assert judge(camera("Dahua"), over, policy("au-government"), date(2023, 12, 31)).status is Status.LISTED
    assert judge(camera("Dahua"), over, policy("au-government"), date(2024, 1, 1)).status is Status.NOT_LISTED


def test_a_criterion_names_no_company() -> None:
    judged = judge(camera("Uniview"), shipped(), policy("uk-central-government"), DAY)
    finding = next(each for each in judged.findings if each.relation is Relation.CRITERION)
    assert "no company is named" in finding.entity
    assert "sensitive" in finding.purpose_test
    assert "for a person to decide" in finding.statement


def test_which_tp_link_is_asked_of_the_list_that_names_one() -> None:
    judged = judge(camera("TP-Link"), shipped(), policy("us-federal", "us-texas-agency"), DAY)
    strengths = {each.instrument: each for each in judged.findings}
    assert strengths["US-TX-PROHIBITED"].strength is Strength.LISTED
    assert strengths["US-DOD-1260H"].strength is Strength.REVIEW
    assert "TP-Link Systems Inc." in strengths["US-DOD-1260H"].purpose_test


def test_a_contradiction_is_asked_about() -> None:
    from scanner.models import Conflict

    conflict = Conflict("maker", "Hikvision", "Axis", ("c9",))
    judged = judge(
        camera("Hikvision", conflicts=(conflict,), more=(claim(9, "maker", "Axis"),)), shipped(), policy(GRANTS), DAY
    )
    assert judged.status is Status.REVIEW
    assert "signs of Axis: which is right?" in judged.findings[0].purpose_test


def test_of_an_unknown_kind_the_question_is_whether_it_is_a_camera() -> None:
    finding = ndaa(camera("Hikvision", is_camera=None))
    assert "Is it a camera?" in finding.purpose_test


def test_a_mac_prefix_makes_no_finding_and_the_device_says_why() -> None:
    judged = judge(by_mac("Hikvision"), shipped(), (), DAY)
    assert judged.findings == ()
    assert judged.why == f"MAC prefix registered to Hikvision; {WEAK_ONLY}"
    assert judge(judged, shipped(), (), DAY) == judged


def test_claims_of_a_mac_prefix_never_back_a_finding() -> None:
    from scanner.models import Weight

    strong_by_mistake = claim(2, "maker", "Dahua", Weight.STRONG, "mac.registrant")
    device = msgspec.structs.replace(by_mac("Dahua"), confidence=0.99, claims=(strong_by_mistake,))
    assert judge(device, shipped(), (), DAY).findings == ()


def test_a_brand_claim_of_the_makers_name_backs_it() -> None:
    device = msgspec.structs.replace(camera(None, "HIKVISION"), maker="Hikvision", confidence=0.9)
    assert ndaa(device).because == ("c2",)
    assert ndaa(device).relation is Relation.MAKER


def test_one_finding_for_an_entity_and_the_weightiest_of_them() -> None:
    judged = judge(camera("Hikvision", "HiLook"), shipped(), (), DAY)
    keys = [(each.instrument, each.entity) for each in judged.findings]
    assert len(keys) == len(set(keys))
    assert all(each.relation is Relation.MAKER for each in judged.findings)


def test_judging_again_changes_nothing_and_the_old_verdict_is_gone() -> None:
    judged = judge(camera("Dahua"), shipped(), policy("us-federal"), DAY)
    assert judge(judged, shipped(), policy("us-federal"), DAY) == judged
    assert judge(judged, shipped(), policy("ca-government"), DAY).status is Status.NOT_LISTED


def test_a_verdict_survives_json() -> None:
    judged = judge(camera("EZVIZ", "EZVIZ"), shipped(), (), DAY)
    assert msgspec.json.decode(msgspec.json.encode(judged), type=Device) == judged


def test_what_takes_effect_later_is_told_as_upcoming() -> None:
    federal = judge(camera("Hikvision"), shipped(), policy("us-federal"), DAY)
    dod = next(each for each in federal.findings if each.instrument == "US-DOD-1260H")
    assert dod.upcoming.startswith("From 2027-06-30: contracts for goods or services that include")
    assert "law since 2023-12-22" in dod.upcoming
    before = judge(camera("Hikvision"), shipped(), policy("us-federal"), date(2018, 9, 1)).findings[0]
    assert before.strength is Strength.CONTEXT
    assert before.upcoming.endswith("takes effect on 2019-08-13.")
    after = judge(camera("Hikvision"), shipped(), policy("us-federal"), date(2027, 6, 30))
    assert not any(each.upcoming for each in after.findings)


def test_a_listing_that_begins_later_is_upcoming_once_it_is_known() -> None:
    listing = next(each for each in shipped().listed["Uniview"] if each.instrument == "US-TX-PROHIBITED")
    later = msgspec.structs.replace(listing, since="2027-01-01", checked="2026-11-20")
    kept = [later if each == listing else each for each in shipped().listings]
    registry = with_listings(shipped(), kept)
    known = judge(camera("Uniview"), registry, policy("us-texas-agency"), DAY)
    assert known.status is Status.NOT_LISTED
    finding = next(each for each in known.findings if each.instrument == "US-TX-PROHIBITED")
    assert finding.strength is Strength.CONTEXT
    assert "with effect from 2027-01-01" in finding.statement
    unknown = judge(camera("Uniview"), registry, policy("us-texas-agency"), date(2026, 11, 19))
    assert not any(each.instrument == "US-TX-PROHIBITED" for each in unknown.findings)
    day = judge(camera("Uniview"), registry, policy("us-texas-agency"), date(2027, 1, 1))
    assert day.status is Status.LISTED


def test_the_question_about_the_site_stands_beside_that_about_the_maker() -> None:
    judged = judge(camera("Dahua"), shipped(), policy("uk-central-government"), DAY)
    assert judged.findings[0].purpose_test.startswith("Is the maker subject to the National Intelligence Law")
    assert "Is the site sensitive" in judged.findings[0].purpose_test
