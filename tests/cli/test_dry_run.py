"""`--dry-run`: the plan in words and as JSON, for one sweep and for several sites."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from scanner.cli.costs import COSTS, FIRST_CONTACT, SWITCH, expected
from scanner.cli.estimate import report, site_plan
from scanner.cli.planning import Wishes, plan_sweep
from scanner.cli.running import Plan
from scanner.discover import ALL
from scanner.models.plan import PlanCase, SitePlan
from scanner.net.api import Interface
from scanner.probe import PROBES, Login, SwitchAccess
from tests.cli.conftest import Inside

LINK = Interface("eth9", 9, "02:00:00:00:00:09", ("198.51.100.1/25",))
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "plan-1.schema.json"


@pytest.fixture(scope="module")
def planned() -> Plan:
    """Half of the scope on a link, half of it beyond a router; nothing given."""
    return replace(plan_sweep(Wishes(targets=("198.51.100.0/24",), rate=500, out=Path("-"))), used=(LINK,))


def given(plan: Plan, **options: Any) -> Plan:
    return replace(plan, options=msgspec.structs.replace(plan.options, **options))


def most(plan: SitePlan) -> PlanCase:
    return plan.cases[0]


def test_every_discoverer_and_probe_has_its_cost() -> None:
    assert set(COSTS) == {one.name for one in ALL} | {one.name for one in PROBES} | {FIRST_CONTACT, SWITCH}


def test_links_and_routers_are_told_apart(planned: Plan) -> None:
    made = site_plan(planned, raw=True)
    assert (made.addresses, made.on_link, made.routed) == (254, 127, 127)
    full, typical, empty = made.cases
    assert [case.devices for case in made.cases] == [254, 64, 0]
    assert full.amount.sent > typical.amount.sent > empty.amount.sent
    assert empty.amount.connections == 0
    near = site_plan(replace(planned, used=(msgspec.structs.replace(LINK, addresses=("198.51.100.1/24",)),)), raw=True)
    assert near.routed == 0
    assert near.cases[2].amount.sent < empty.amount.sent / 3  # silence beyond a router is asked far more
    assert full.rate_seconds == pytest.approx(full.amount.sent / 500, abs=0.1)


def test_without_raw_sockets_the_kernel_asks(planned: Plan) -> None:
    assert site_plan(planned, raw=False).cases[2].amount.sent > site_plan(planned, raw=True).cases[2].amount.sent


def test_ipv6_counts_where_an_interface_has_it(planned: Plan) -> None:
    both = msgspec.structs.replace(LINK, addresses=(*LINK.addresses, "fe80::9/64"))
    with_it, plain = site_plan(replace(planned, used=(both,)), raw=True), site_plan(planned, raw=True)
    assert (with_it.ipv6, plain.ipv6) == (True, False)
    assert most(with_it).amount.received > most(plain).amount.received
    refused = given(replace(planned, used=(both,)), ipv6=False)
    assert most(site_plan(refused, raw=True)).amount == most(plain).amount


def test_what_switches_and_logins_add(planned: Plan) -> None:
    login = Login("u", "not-shown")
    rich = given(
        planned,
        switches=(SwitchAccess("198.51.100.2", ()),),
        logins=lambda host, _mac: login if host == "198.51.100.9" else None,
    )
    made, plain = site_plan(rich, raw=True), site_plan(planned, raw=True)
    wanted = COSTS[SWITCH].device.plus(COSTS["login"].device)
    assert made.added.sent == wanted.sent == most(made).amount.sent - most(plain).amount.sent
    assert "not-shown" not in repr(made)


def test_several_sites_are_summed(planned: Plan) -> None:
    one = site_plan(planned, raw=True)
    made = report([one, one])
    assert [case.amount.bytes for case in made.total] == [2 * case.amount.bytes for case in one.cases]
    assert made.total[0].seconds == 2 * most(one).seconds


def test_a_sweep_on_a_link_is_expected_to_cost_as_planned(planned: Plan) -> None:
    cost = expected(254, 500)
    assert 0 < cost.least_packets < cost.most_packets < 254 * 75
    assert 0 < cost.least_seconds < cost.most_seconds


def test_as_json_and_in_words(inside: Inside, tmp_path: Path) -> None:
    file = tmp_path / "camcensus.toml"
    kept = tmp_path / "inventory.json"
    kept.write_text("of last night")
    file.write_text(
        f'[[site]]\nname = "a"\ntargets = ["198.51.100.0/29"]\njson = "{kept}"\n'
        '[[site]]\nname = "b"\ntargets = ["203.0.113.0/29"]\n'
    )
    words = inside("sweep", "--site", file, "--dry-run", "--json", tmp_path / "plan.json")
    assert words.returncode == 0, words.stderr
    assert "== All sites" in words.stdout
    assert "not used:" in words.stdout
    assert kept.read_text() == "of last night"
    content = json.loads((tmp_path / "plan.json").read_bytes())
    assert [site["site"] for site in content["sites"]] == ["a", "b"]
    schema = json.loads(SCHEMA.read_bytes())
    assert [error.message for error in Draft202012Validator(schema).iter_errors(content)] == []
    del content["total"]
    assert not Draft202012Validator(schema).is_valid(content)
    single = inside("sweep", "198.51.100.0/29", "--dry-run", "--json", "-")
    assert json.loads(single.stdout)["total"][0]["devices"] == 6
