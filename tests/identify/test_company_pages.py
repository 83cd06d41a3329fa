"""A maker's name in a page's title is no camera where the page is a company's, not a device's."""

from __future__ import annotations

import pytest

from scanner.identify.engine import identify
from scanner.identify.rules import default_rules
from scanner.models import Evidence

NAMED = [file.name for file in default_rules().files if file.fingerprints and file.role in ("maker", "brand", "both")]


def _titled(title: str) -> list[Evidence]:
    body = f"<html><head><title>{title}</title></head></html>"
    return [Evidence("camera", "http", {"port": 80, "path": "/", "status": 200, "headers": [], "body": body})]


@pytest.mark.parametrize(
    "words", ["Careers", "Structural LLC", "- Distributor", "Support Center", "Firmware Downloads", "- Wikipedia"]
)
def test_a_company_page_with_a_makers_name_is_no_camera(words: str) -> None:
    assert len(NAMED) > 200
    assert [name for name in NAMED if identify(_titled(f"{name} {words}")).is_camera] == []


@pytest.mark.parametrize(
    "title", ["AXIS P1365 Mk II Network Camera", "Network Camera VB-M600", "March Networks 8516 R", "Pelco Sarix"]
)
def test_a_device_with_its_makers_name_stays_one(title: str) -> None:
    assert identify(_titled(title)).is_camera
