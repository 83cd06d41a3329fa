"""Many sites: counted as sites and as devices, nothing guessed, nothing mixed up."""

from __future__ import annotations

import csv
import io
import json

import msgspec

from scanner.models import Inventory, Status
from scanner.portfolio import gather
from scanner.report.portfolio import (
    render_portfolio,
    render_portfolio_csv,
    render_portfolio_html,
    render_portfolio_json,
    render_portfolio_markdown,
    sentence,
)  # fmt: skip
from tests.samples import HOSTILE, device, inventory


def at(value: Inventory, finished: str = "2026-11-22T09:00:20Z", complete: bool = True) -> Inventory:
    return msgspec.structs.replace(
        value, sweep=msgspec.structs.replace(value.sweep, finished=finished, complete=complete)
    )


OTHER = {"status": Status.NOT_LISTED, "maker": "Axis", "brand": "Axis", "findings": ()}


def test_sites_and_devices_are_counted_apart() -> None:
    depot = inventory(device(id="1", mac=None), device("198.51.100.11", id="2", mac=None))
    school = inventory(device(id="3", mac=None, **OTHER))  # type: ignore[arg-type]
    found = gather([("school", school), ("depot", depot), ("empty", inventory())])
    assert [site.site for site in found.sites] == ["depot", "empty", "school"]
    assert found.totals["listed"] == 2
    assert found.sites_with["listed"] == 1
    assert found.makers == {"Axis": 1, "Hikvision": 2}
    assert found.makers_at == {"Axis": 1, "Hikvision": 1}
    assert "1 of 3 swept sites (33%) have at least one listed device; 3 cameras" in sentence(found)


def test_one_private_address_at_two_sites_is_two_devices() -> None:
    one, other = inventory(device(id="1", mac=None)), inventory(device(id="2", mac=None, **OTHER))  # type: ignore[arg-type]
    found = gather([("a", one), ("b", other)])
    assert {(d.site, d.host, d.maker) for d in found.devices} == {
        ("a", "198.51.100.10", "Hikvision"), ("b", "198.51.100.10", "Axis"),
    }  # fmt: skip
    assert not [note for note in found.notes if "more than one site" in note]


def test_a_camera_that_is_at_two_sites_is_told() -> None:
    found = gather([("a", inventory(device(serial="S1"))), ("b", inventory(device("203.0.113.5", serial="S1")))])
    assert any("serial number S1 at a and b" in note for note in found.notes)


def test_the_latest_complete_sweep_of_a_site_counts() -> None:
    old, new = at(inventory(device()), "2026-01-01T00:00:00Z"), at(inventory(), "2026-02-01T00:00:00Z")
    cut = at(inventory(), "2026-03-01T00:00:00Z", complete=False)
    found = gather([("a", old), ("a", cut), ("a", new)])
    assert found.sites[0].finished == "2026-02-01T00:00:00Z"
    assert any("3 sweeps" in note for note in found.notes)
    assert any("Not complete at b" in note for note in gather([("b", cut)]).notes)


def test_sites_that_were_judged_otherwise_are_told() -> None:
    one = inventory(device())
    other = msgspec.structs.replace(one, sweep=msgspec.structs.replace(one.sweep, policy=("us-federal",)))
    assert any("not judged alike" in note for note in gather([("a", one), ("b", other)]).notes)


def test_every_format_has_every_site_and_lets_nothing_act() -> None:
    found = gather(
        [(HOSTILE, inventory(device(model=HOSTILE, brand=HOSTILE))), ("b", inventory(device(id="x", mac=None)))]
    )
    for text in (render_portfolio(found), render_portfolio_markdown(found), render_portfolio_html(found)):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "did not answer" in text
    assert "<script>alert" not in render_portfolio_html(found) + render_portfolio_markdown(found)
    rows = list(csv.DictReader(io.StringIO(render_portfolio_csv(found), newline="")))
    assert len(rows) == 2
    assert json.loads(render_portfolio_json(found))["schema"] == "camcensus.portfolio/1"
