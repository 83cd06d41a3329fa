"""Layer 2: what the door refuses anywhere, and what it does on a real link (in namespaces, as root)."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.models import Outcome
from scanner.net.api import Interface, NetError
from scanner.net.link import ARP
from tests.net.servers import LOOPBACK, door

ROOT = Path(__file__).parents[2]
HERE, THERE = f"cct{os.getpid()}a", f"cct{os.getpid()}b"
ETHERNET = Interface(name="gone9", index=9999, mac="02:00:00:00:00:01", addresses=("198.51.100.1/24",))


@pytest.mark.parametrize(
    ("interface", "ethertype", "outcomes"),
    [
        (LOOPBACK, ARP, {Outcome.NOT_PERMITTED}),
        (ETHERNET, 0x0800, {Outcome.NOT_PERMITTED}),
        (ETHERNET, ARP, {Outcome.NOT_PERMITTED, Outcome.UNREACHABLE}),
    ],
)
def test_refused(interface: Interface, ethertype: int, outcomes: set[Outcome]) -> None:
    async def run() -> Outcome:
        with pytest.raises(NetError) as refused:
            async with door().link(interface, ethertype):
                pass
        return refused.value.outcome

    assert asyncio.run(run()) in outcomes


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def findings() -> Iterator[dict[str, Any]]:
    """What in_namespace.py found on a link between two namespaces."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("needs root and iproute2")
    try:
        for name in (HERE, THERE):
            ip("netns", "add", name)
        ip("-n", HERE, "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", THERE)
        for name, address in ((HERE, "198.51.100.1/22"), (THERE, "198.51.100.2/22")):
            ip("-n", name, "addr", "add", address, "dev", "veth0")
            # Without this an IPv6 address may not be used for its first second (duplicate address detection).
            ip("netns", "exec", name, "sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/veth0/accept_dad")
            ip("-n", name, "link", "set", "veth0", "up")
            ip("-n", name, "link", "set", "lo", "up")
        command = ["ip", "netns", "exec", HERE, sys.executable, "-W", "error", "-m", "tests.net.in_namespace"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
        yield json.loads(done.stdout)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"namespaces can't be made here: {error.stderr!r}")
    finally:
        for name in (HERE, THERE):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


@pytest.mark.root
def test_arp_asks_in_scope_and_in_our_own_name_only(findings: dict[str, Any]) -> None:
    assert findings["used"] == ["veth0"]
    assert findings["arp"] == {"reply_from": "198.51.100.2", "absent": None, "refused": 7}


@pytest.mark.root
def test_a_real_link(findings: dict[str, Any]) -> None:
    found = findings["unicast"]
    assert found["on_link"] == [True, False]
    assert (found["closed"], found["absent"]) == ("refused", "timed-out")
    assert found["alive"] == ["198.51.100.2"]
    assert found["table"]["198.51.100.2"] is True
    assert found["table"]["198.51.100.77"] is False


@pytest.mark.root
def test_addresses_that_nobody_answers_for_take_turns(findings: dict[str, Any]) -> None:
    """24 absent addresses, 8 at once, 0.1 s each."""
    assert findings["unicast"]["many"] == ["timed-out"]
    assert 0.29 < findings["unicast"]["many_s"] < 10


@pytest.mark.root
def test_multicast_stays_on_the_link(findings: dict[str, Any]) -> None:
    assert findings["multicast"][0] == "198.51.100.1"
    assert findings["multicast"][1].startswith("fe80::")
    assert findings["multicast_ttl"] == [1]


@pytest.mark.root
def test_nothing_left_the_scope_and_the_ledger_counted_all(findings: dict[str, Any]) -> None:
    assert findings["outside"] == []
    assert 0 < findings["sent"] <= findings["ledger"]
