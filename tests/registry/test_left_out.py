"""Each instrument that was researched is shipped, or stands among those left out with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.registry.devices import shipped

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "registry" / "facts.json"


def left_out() -> dict[str, str]:
    """Id → reason, from the table of docs/registry.md."""
    rows = {}
    for line in (ROOT / "docs" / "registry.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 2 and cells[0].count("`") == 2:
            rows[cells[0].strip("`")] = cells[1]
    return rows


@pytest.mark.skipif(not FACTS.exists(), reason="the researched facts are not here")
def test_every_instrument_researched_is_shipped_or_left_out_with_a_reason() -> None:
    researched = {each["id"] for each in json.loads(FACTS.read_text("utf-8"))["instruments"]}
    reasons = left_out()
    missing = researched - set(shipped().instruments)
    assert missing <= set(reasons)
    assert all(len(reasons[each]) > 20 for each in missing)
    assert not set(reasons) & set(shipped().instruments)


@pytest.mark.skipif(not FACTS.exists(), reason="the researched facts are not here")
def test_what_is_unsure_is_not_shipped() -> None:
    for each in json.loads(FACTS.read_text("utf-8"))["instruments"]:
        if str(each.get("certainty", "")).upper().startswith("UNSURE"):
            assert each["id"] not in shipped().instruments, each["id"]
