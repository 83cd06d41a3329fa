"""The table: (device, policies, day) → status, the instruments that count, the instruments shown as context."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from scanner.models import Conflict, Device, Status, Strength, Weight
from scanner.registry.judge import judge
from tests.registry.devices import by_mac, camera, claim, policy, shipped

LISTED, REVIEW, NOT_LISTED = Status.LISTED, Status.REVIEW, Status.NOT_LISTED
UNDETERMINED, NOT_A_CAMERA = Status.UNDETERMINED, Status.NOT_A_CAMERA

NDAA, FCC, DOD, TEXAS = "US-NDAA-889", "US-FCC-COVERED-LIST", "US-DOD-1260H", "US-TX-PROHIBITED"
ENTITY, CMIC, UK, QUEBEC = "US-BIS-ENTITY-LIST", "US-OFAC-NS-CMIC", "UK-WMS-2022-11-24", "CA-QC-2023"
FEDERAL, CENTRAL, COUNCIL = "us-federal", "uk-central-government", "uk-local-authority"
TODAY = "2026-11-22"


class Row(NamedTuple):
    """`counted` are exactly the instruments with a finding that counts; `context` must be among those shown."""

    device: Device
    policies: tuple[str, ...]
    as_of: str
    status: Status
    counted: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()


def row(
    device: Device,
    policies: str,
    as_of: str,
    status: Status,
    counted: tuple[str, ...] = (),
    context: tuple[str, ...] = (),
) -> Row:
    return Row(device, tuple(policies.split()), as_of, status, frozenset(counted), frozenset(context))


LTS_RIVAL = camera(
    "Hikvision", conflicts=(Conflict("maker", "Hikvision", "Axis", ("c9",)),), more=(claim(9, "maker", "Axis"),)
)
AXIS_RIVAL = camera(
    "Axis", conflicts=(Conflict("maker", "Axis", "Hikvision", ("c9",)),), more=(claim(9, "maker", "Hikvision"),)
)
TWO_LISTED = camera(
    "Hikvision", conflicts=(Conflict("maker", "Hikvision", "Dahua", ("c9",)),), more=(claim(9, "maker", "Dahua"),)
)
UNSETTLED = camera(
    conflicts=(Conflict("maker", "", "Axis", ("c8",)), Conflict("maker", "", "Dahua", ("c9",))),
    more=(claim(8, "maker", "Axis"), claim(9, "maker", "Dahua")),
)
TWO_LABELS = camera(
    "Hikvision", "LTS", conflicts=(Conflict("brand", "LTS", "ACME Watch"),), more=(claim(9, "brand", "ACME Watch"),)
)

TABLE = {
    # Named makers, as of a day
    "hikvision before the statute": row(camera("Hikvision"), FEDERAL, "2018-01-01", NOT_LISTED),
    "hikvision named, not yet in force": row(camera("Hikvision"), FEDERAL, "2018-09-01", NOT_LISTED, (), (NDAA,)),
    "hikvision the day before part A": row(camera("Hikvision"), FEDERAL, "2019-08-12", NOT_LISTED, (), (NDAA,)),
    "hikvision from part A on": row(camera("Hikvision"), FEDERAL, "2019-08-13", LISTED, (NDAA,)),
    "hikvision 2020": row(camera("Hikvision"), FEDERAL, "2020-01-01", LISTED, (NDAA,), (ENTITY,)),
    "hikvision 2026": row(camera("Hikvision"), FEDERAL, TODAY, LISTED, (NDAA, FCC, DOD), (ENTITY, CMIC)),
    "1260H without effect": row(camera("Hikvision"), FEDERAL, "2026-06-01", LISTED, (NDAA, FCC), (DOD,)),
    "hikvision canada": row(camera("Hikvision"), "ca-government", TODAY, LISTED, ("CA-HIKVISION-2025",)),
    "hikvision canada before": row(camera("Hikvision"), "ca-government", "2025-06-26", NOT_LISTED),
    "dahua canada": row(camera("Dahua"), "ca-government", TODAY, NOT_LISTED),
    "dahua quebec": row(camera("Dahua"), "ca-quebec-public-body", TODAY, LISTED, (QUEBEC,)),
    "dahua australia": row(camera("Dahua"), "au-government", TODAY, LISTED, ("AU-2023",)),
    "dahua default": row(camera("Dahua"), "", TODAY, LISTED, (NDAA, FCC, DOD, TEXAS, QUEBEC, "AU-2023")),
    "dahua grants": row(camera("Dahua"), "us-grant-recipient", TODAY, LISTED, (NDAA,)),
    # Section 889(b) binds who takes grants a year after part A bound agencies and what contractors sell them
    "grants the day before": row(
        camera("Hikvision"), "us-grant-recipient", "2020-08-12", NOT_LISTED, (), (NDAA, ENTITY)
    ),
    "grants from their day on": row(
        camera("Hikvision"), "us-grant-recipient", "2020-08-13", LISTED, (NDAA,), (ENTITY,)
    ),
    "ezviz, grants before": row(camera("EZVIZ"), "us-grant-recipient", "2019-12-01", NOT_LISTED, (), (NDAA,)),
    "mac only, grants before": row(by_mac("Hikvision"), "us-grant-recipient", "2020-08-12", UNDETERMINED),
    "chip, grants before": row(
        camera("Axis", chip="Hi3516EV200"), "us-grant-recipient", "2020-08-12", NOT_LISTED, (), (NDAA,)
    ),
    "contractors, part A": row(camera("Hikvision"), "us-contractor", "2019-08-13", LISTED, (NDAA,)),
    "an agency that also takes grants": row(
        camera("Hikvision"), f"us-grant-recipient {FEDERAL}", "2019-08-13", LISTED, (NDAA,)
    ),
    "contractor, 1260H the day before": row(camera("Dahua"), "us-contractor", "2026-06-29", LISTED, (NDAA,), (DOD,)),
    "contractor, 1260H": row(camera("Dahua"), "us-contractor", "2026-06-30", LISTED, (NDAA, DOD)),
    "covered list the day before": row(camera("Dahua"), FEDERAL, "2021-03-11", LISTED, (NDAA,), (ENTITY,)),
    "covered list": row(camera("Dahua"), FEDERAL, "2021-03-12", LISTED, (NDAA, FCC), (ENTITY,)),
    "australia the day before": row(camera("Hikvision"), "au-government", "2023-02-08", NOT_LISTED),
    "australia": row(camera("Hikvision"), "au-government", "2023-02-09", LISTED, ("AU-2023",)),
    "quebec the day before": row(camera("Hikvision"), "ca-quebec-public-body", "2023-12-20", NOT_LISTED),
    "taiwan the day before": row(camera("Hikvision"), "tw-government", "2021-12-31", NOT_LISTED),
    "uk central from its day on": row(camera("Hikvision"), CENTRAL, "2022-11-24", REVIEW, (UK,)),
    "dji contractor before": row(camera("DJI"), "us-contractor", "2026-06-29", NOT_LISTED, (), (DOD,)),
    "dji contractor": row(camera("DJI"), "us-contractor", TODAY, LISTED, (DOD,)),
    "hytera contractor": row(camera("Hytera"), "us-contractor", TODAY, LISTED, (NDAA,)),
    "xiongmai": row(camera("Xiongmai"), FEDERAL, TODAY, NOT_LISTED),
    "zte": row(camera("ZTE"), FEDERAL, TODAY, LISTED, (NDAA, FCC)),
    "hytera": row(camera("Hytera"), FEDERAL, TODAY, LISTED, (NDAA, FCC)),
    "huawei camera": row(camera("Huawei"), FEDERAL, TODAY, LISTED, (NDAA, FCC, DOD), (ENTITY, CMIC)),
    "huawei 2020": row(camera("Huawei"), FEDERAL, "2020-01-01", LISTED, (NDAA,), (ENTITY,)),
    "dji covered": row(camera("DJI"), FEDERAL, "2026-01-01", LISTED, (FCC,), (DOD, ENTITY)),
    "dji before": row(camera("DJI"), FEDERAL, "2025-12-21", NOT_LISTED, (), (DOD, ENTITY)),
    "xiaomi texas": row(camera("Xiaomi"), "us-texas-agency", TODAY, LISTED, (TEXAS,)),
    # Uniview, Tiandy, TP-Link, Megvii: lists that name some and not others
    "uniview federal": row(camera("Uniview"), FEDERAL, TODAY, NOT_LISTED, (), (ENTITY,)),
    "uniview default 2025": row(camera("Uniview"), "", "2025-12-31", NOT_LISTED, (), (ENTITY,)),
    "uniview default 2026": row(camera("Uniview"), "", "2026-01-26", LISTED, (TEXAS,), (ENTITY,)),
    "uniview the day before": row(camera("Uniview"), "", "2026-01-25", NOT_LISTED, (), (ENTITY,)),
    "uniview before its entity listing": row(camera("Uniview"), "", "2024-12-09", NOT_LISTED),
    "tiandy": row(camera("Tiandy"), "", TODAY, NOT_LISTED, (), (ENTITY,)),
    "tp-link camera default": row(camera("TP-Link"), "", TODAY, LISTED, (TEXAS, DOD)),
    "tp-link camera federal": row(camera("TP-Link"), FEDERAL, TODAY, REVIEW, (DOD,)),
    "tp-link federal before": row(camera("TP-Link"), FEDERAL, "2026-06-07", NOT_LISTED),
    "tp-link default before texas": row(camera("TP-Link"), "", "2026-01-25", NOT_LISTED),
    "tapo texas": row(camera(None, "Tapo"), "us-texas-agency", TODAY, LISTED, (TEXAS,)),
    "megvii on 1260H": row(camera("Megvii"), FEDERAL, "2024-06-01", NOT_LISTED, (), (DOD, ENTITY, CMIC)),
    "megvii off 1260H": row(camera("Megvii"), FEDERAL, "2026-11-22", NOT_LISTED, (), (ENTITY, CMIC)),
    "megvii texas": row(camera("Megvii"), "", TODAY, LISTED, (TEXAS,)),
    "texas since february 2023": row(camera("Hikvision"), "us-texas-agency", "2023-02-28", LISTED, (TEXAS,)),
    "texas within an unsure month": row(camera("Hikvision"), "us-texas-agency", "2023-02-15", NOT_LISTED),
    "ukraine's closed list is over": row(camera("Dahua"), COUNCIL, "2025-01-01", NOT_LISTED, (), (ENTITY,)),
    "ukraine's list while open": row(camera("Dahua"), COUNCIL, "2023-07-01", NOT_LISTED, (), ("UA-NACP-2023",)),
    # In no list
    "axis": row(camera("Axis"), "", TODAY, NOT_LISTED),
    "axis federal": row(camera("Axis"), FEDERAL, TODAY, NOT_LISTED),
    "axis central": row(camera("Axis"), CENTRAL, TODAY, NOT_LISTED),
    "hanwha": row(camera("Hanwha Vision", "Wisenet"), "", TODAY, NOT_LISTED),
    "bosch": row(camera("Bosch"), "", TODAY, NOT_LISTED),
    "reolink": row(camera("Reolink"), "", TODAY, NOT_LISTED),
    "a maker the registry does not know": row(camera("Acme Cameras"), "", TODAY, NOT_LISTED),
    "tvt": row(camera("TVT"), "", TODAY, NOT_LISTED),
    # Owners and own brands
    "hilook": row(camera(None, "HiLook"), FEDERAL, TODAY, LISTED, (NDAA, FCC, DOD)),
    "hiwatch spelt otherwise": row(camera(None, "HIWATCH"), "us-grant-recipient", TODAY, LISTED, (NDAA,)),
    "ezviz as maker": row(camera("EZVIZ"), FEDERAL, TODAY, LISTED, (NDAA, FCC, DOD)),
    "ezviz as label": row(camera(None, "EZVIZ"), "us-grant-recipient", TODAY, LISTED, (NDAA,)),
    "hikmicro": row(camera("HIKMICRO"), "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "imou": row(camera("Imou"), "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "lorex owned by dahua": row(camera(None, "Lorex"), "us-grant-recipient", "2022-11-23", LISTED, (NDAA,)),
    "lorex sold": row(camera(None, "Lorex"), "us-grant-recipient", "2022-11-24", REVIEW, (NDAA,)),
    "lorex today": row(camera(None, "Lorex"), FEDERAL, TODAY, REVIEW, (NDAA, FCC, DOD), ("US-STATE-AG-SUITS",)),
    "lorex before dahua": row(camera("Lorex"), "", "2014-01-01", NOT_LISTED),
    # Labels by directory, and settled by the device
    "lts by directory": row(camera(None, "LTS"), FEDERAL, TODAY, REVIEW, (NDAA, FCC, DOD)),
    "lts by its own words": row(camera("Hikvision", "LTS"), "us-grant-recipient", TODAY, LISTED, (NDAA,)),
    "lts that says uniview": row(camera("Uniview", "LTS"), FEDERAL, TODAY, NOT_LISTED, (), (ENTITY,)),
    "a past owner of the label of another maker": row(
        camera("Uniview", "Lorex"), FEDERAL, TODAY, NOT_LISTED, (), (ENTITY,)
    ),
    "amcrest named as a maker": row(camera("Amcrest"), "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "amcrest by its own words": row(camera("Dahua", "Amcrest"), "us-grant-recipient", TODAY, LISTED, (NDAA,)),
    "xiongmai label": row(camera(None, "Hiseeu"), "", TODAY, UNDETERMINED),
    "honeywell's past models": row(camera(None, "Honeywell"), "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "honeywell that says it is the maker": row(camera("Honeywell"), FEDERAL, TODAY, NOT_LISTED),
    "label of a brand nobody knows": row(camera(None, "Acme Watch"), "", TODAY, UNDETERMINED),
    "near name: prama": row(camera(None, "Prama"), "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "near name: dahua scale": row(camera("Shanghai Dahua Scale Factory"), "", TODAY, NOT_LISTED),
    "near name: dahua lighting": row(camera("Dahua Lighting"), "", TODAY, NOT_LISTED),
    "near name: standaard": row(camera("standaard"), "", TODAY, NOT_LISTED),
    # Weak evidence
    "mac only hikvision": row(by_mac("Hikvision"), "", TODAY, REVIEW),
    "mac only ezviz": row(by_mac("EZVIZ"), "", TODAY, REVIEW),
    "mac only hikvision, perhaps a camera": row(by_mac("Hikvision", is_camera=None), "", TODAY, REVIEW),
    "mac only huawei, unknown kind": row(by_mac("Huawei", is_camera=None), "", TODAY, UNDETERMINED),
    "mac only axis": row(by_mac("Axis"), "", TODAY, UNDETERMINED),
    "weak signs only": row(camera("Dahua", weight=Weight.WEAK, confidence=0.5), "", TODAY, REVIEW),
    "low confidence": row(camera("Dahua", confidence=0.79), "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "confidence at the floor": row(camera("Dahua", confidence=0.8), "us-grant-recipient", TODAY, LISTED, (NDAA,)),
    "nothing known": row(camera(), "", TODAY, UNDETERMINED),
    # Cameras, perhaps cameras, no cameras
    "printer by huawei": row(camera("Huawei", is_camera=False), "", TODAY, NOT_A_CAMERA),
    "switch by hikvision": row(camera("Hikvision", is_camera=False), "", TODAY, NOT_A_CAMERA),
    "huawei of unknown kind": row(camera("Huawei", is_camera=None), "", TODAY, UNDETERMINED),
    "tp-link of unknown kind": row(camera("TP-Link", is_camera=None), "", TODAY, UNDETERMINED),
    "hikvision of unknown kind": row(camera("Hikvision", is_camera=None), "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "axis of unknown kind": row(camera("Axis", is_camera=None), "", TODAY, NOT_LISTED),
    "nothing known, perhaps a camera": row(camera(is_camera=None), "", TODAY, UNDETERMINED),
    # Chips
    "hisilicon in an axis": row(camera("Axis", chip="HiSilicon Hi3516"), FEDERAL, TODAY, REVIEW, (NDAA,)),
    "hisilicon by part number": row(camera("Axis", chip="Hi3519AV100"), "us-contractor", TODAY, REVIEW, (NDAA,)),
    "hisilicon, texas": row(camera("Axis", chip="HiSilicon"), "us-texas-agency", TODAY, NOT_LISTED),
    "hisilicon, unknown maker": row(camera(chip="HiSilicon"), FEDERAL, TODAY, REVIEW, (NDAA,)),
    "hisilicon before the statute": row(
        camera("Axis", chip="HiSilicon"), FEDERAL, "2019-08-12", NOT_LISTED, (), (NDAA,)
    ),
    "hisilicon in what may be no camera": row(
        camera("Axis", chip="HiSilicon", is_camera=None), FEDERAL, TODAY, NOT_LISTED
    ),
    "another chip": row(camera("Axis", chip="ARTPEC-7"), FEDERAL, TODAY, NOT_LISTED),
    "a chip whose name only contains it": row(camera("Axis", chip="Ahi35"), FEDERAL, TODAY, NOT_LISTED),
    # Criteria
    "uk central dahua": row(camera("Dahua"), CENTRAL, TODAY, REVIEW, (UK,)),
    "uk central uniview": row(camera("Uniview"), CENTRAL, TODAY, REVIEW, (UK,)),
    "uk central reolink": row(camera("Reolink"), CENTRAL, TODAY, REVIEW, (UK,)),
    "uk central tp-link": row(camera("TP-Link"), CENTRAL, TODAY, REVIEW, (UK,)),
    "uk central ezviz": row(camera("EZVIZ"), CENTRAL, TODAY, REVIEW, (UK,)),
    "uk central annke by label": row(camera(None, "Annke"), CENTRAL, TODAY, REVIEW, (UK,)),
    "uk central before": row(camera("Dahua"), CENTRAL, "2022-11-23", NOT_LISTED),
    "uk council dahua": row(camera("Dahua"), COUNCIL, TODAY, NOT_LISTED, (), ("UK-COUNCILS", "UK-FAC-2021")),
    "uk central huawei's chip": row(camera("Axis", chip="HiSilicon"), CENTRAL, TODAY, NOT_LISTED),
    "two policies": row(camera("Dahua"), f"us-grant-recipient {CENTRAL}", TODAY, LISTED, (NDAA, UK)),
    "uk council lts": row(camera(None, "LTS"), COUNCIL, TODAY, UNDETERMINED),
    "uk central mac only": row(by_mac("Dahua"), CENTRAL, TODAY, REVIEW),
    "uk council mac only": row(by_mac("Dahua"), COUNCIL, TODAY, UNDETERMINED),
    "taiwan": row(camera("Uniview"), "tw-government", TODAY, REVIEW, ("TW-2022",)),
    # Contradictions
    "listed against unlisted": row(LTS_RIVAL, "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "unlisted against listed": row(AXIS_RIVAL, "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "both listed": row(TWO_LISTED, "us-grant-recipient", TODAY, LISTED, (NDAA,)),
    "neither chosen": row(UNSETTLED, "us-grant-recipient", TODAY, REVIEW, (NDAA,)),
    "two labels on a settled maker": row(TWO_LABELS, "us-grant-recipient", TODAY, LISTED, (NDAA,)),
    "contradiction where nothing is listed": row(AXIS_RIVAL, COUNCIL, TODAY, NOT_LISTED),
}


@pytest.mark.parametrize("name", TABLE)
def test_verdict(name: str) -> None:
    expected = TABLE[name]
    judged = judge(expected.device, shipped(), policy(*expected.policies), date.fromisoformat(expected.as_of))
    assert judged.status is expected.status
    assert (
        frozenset(each.instrument for each in judged.findings if each.strength is not Strength.CONTEXT)
        == expected.counted
    )
    context = {each.instrument for each in judged.findings if each.strength is Strength.CONTEXT}
    assert expected.context <= context


@pytest.mark.parametrize("name", TABLE)
def test_every_finding_can_be_checked(name: str) -> None:
    expected = TABLE[name]
    judged = judge(expected.device, shipped(), policy(*expected.policies), date.fromisoformat(expected.as_of))
    ids = {each.id for each in judged.claims}
    for finding in judged.findings:
        assert finding.because
        assert set(finding.because) <= ids
        assert finding.source.startswith("http")
        assert finding.edition
        assert finding.since
        assert finding.binds
        assert finding.statement.endswith(".")
        assert "indicate" in finding.statement or "signs" in finding.statement
        assert "illegal" not in finding.statement
        assert all(set(link) == {"from", "to", "relation", "certainty", "source"} for link in finding.chain)
        assert all(link["source"] and link["certainty"] for link in finding.chain)
        assert finding.chain[-1]["to"] == finding.entity


def test_the_status_agrees_with_the_strengths() -> None:
    for expected in TABLE.values():
        judged = judge(expected.device, shipped(), policy(*expected.policies), date.fromisoformat(expected.as_of))
        strengths = {each.strength for each in judged.findings}
        assert (judged.status is Status.LISTED) == (Strength.LISTED in strengths)
        if judged.status in (NOT_LISTED, UNDETERMINED, NOT_A_CAMERA):
            assert strengths <= {Strength.CONTEXT}
