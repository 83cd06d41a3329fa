"""Judging many devices gives each what judging it alone gives."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from scanner.identify.engine import identify
from scanner.models import Device, Evidence
from scanner.registry import load_registry
from scanner.registry.judge import judge
from scanner.registry.load import compiled_registry
from scanner.registry.policy_file import read_policy
from scanner.registry.verdicts import Verdicts

DAY = date(2026, 11, 22)
SITES = """\
name = "ministry"
extends = ["uk-central-government"]
[[site]]
name = "gate"
networks = ["198.51.100.0/28"]
sensitive = false
"""


def device(host: str, server: str) -> Device:
    return identify([Evidence(host, "http", {"port": 80, "headers": [["Server", server]]})])


def devices() -> list[Device]:
    servers = ("App-webs/", "DNVRS-Webs", "Boa/0.94.13", "AXIS Something", "App-webs/", "lighttpd")
    return [device(f"198.51.100.{number}", servers[number % len(servers)]) for number in range(1, 31)]


@pytest.mark.parametrize("policies", [(), ("us-federal",), ("uk-central-government", "us-texas-agency")])
def test_each_gets_what_it_gets_alone(policies: tuple[str, ...]) -> None:
    registry = load_registry()
    chosen = [registry.policies[name] for name in policies]
    verdicts = Verdicts(registry, chosen, DAY)
    for each in [*devices(), *(msgspec.structs.replace(one, maker=None) for one in devices())]:
        assert verdicts.judge(each) == judge(each, registry, chosen, DAY)


def test_devices_that_say_the_same_share_their_findings() -> None:
    verdicts = Verdicts(load_registry(), (), DAY)
    one, other = (verdicts.judge(device(host, "App-webs/")) for host in ("198.51.100.1", "198.51.100.2"))
    assert one.findings
    assert one.findings is other.findings


def test_a_policy_that_knows_sites_is_asked_of_each_device() -> None:
    policy, registry = read_policy("own.toml", SITES, load_registry(), ())
    verdicts = Verdicts(registry, (policy,), DAY)
    at_the_gate, elsewhere = (device(host, "App-webs/") for host in ("198.51.100.1", "203.0.113.1"))
    assert verdicts.judge(at_the_gate) == judge(at_the_gate, registry, (policy,), DAY)
    assert verdicts.judge(elsewhere) == judge(elsewhere, registry, (policy,), DAY)
    assert verdicts.judge(at_the_gate).findings != verdicts.judge(elsewhere).findings


def test_what_was_kept_at_the_installation_is_what_the_files_say() -> None:
    assert load_registry() == compiled_registry()[1]
