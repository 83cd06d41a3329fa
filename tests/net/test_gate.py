"""The gate by itself: which address a packet really goes to, and whether it may."""

from __future__ import annotations

import pytest

from scanner.models import OutOfScope
from scanner.net.api import Interface
from scanner.net.gate import Gate, PortMap
from scanner.net.rate import RateLimiter
from scanner.net.targets import parse_targets

LAN = Interface(name="eth0", index=7, addresses=("198.51.100.1/24", "fe80::1/64"))
LO = Interface(name="lo", index=1, addresses=("127.0.0.1/8", "::1/128", "fe80::2/64"), loopback=True)


def gate(*targets: str, port_map: PortMap | None = None, device_cap: int = 100) -> Gate:
    scope = parse_targets(targets or ("198.51.100.0/24",))
    return Gate(scope, (LO, LAN), RateLimiter(), device_cap=device_cap, pending=4, port_map=port_map)


@pytest.mark.parametrize("text", ["198.51.100.7", "::ffff:198.51.100.7", "::FFFF:c633:6407"])
def test_admitted_is_the_address_that_packets_go_to(text: str) -> None:
    assert gate().admit(text) == "198.51.100.7"


@pytest.mark.parametrize(
    "text", ["198.51.101.7", "198.51.100.255", "camera", "", "::ffff:203.0.113.1", "198.51.100.7:80"]
)
def test_anything_else_is_refused_and_noted(text: str) -> None:
    one = gate()
    with pytest.raises(OutOfScope, match="nothing was sent"):
        one.admit(text)
    assert one.ledger.refused == {text: 1}


def test_a_link_local_address_gets_the_zone_of_its_link() -> None:
    one = gate("fe80::9", "fd00::9")
    assert one.admit("fe80::9%eth0") == "fe80::9"
    assert one.sockaddr("fe80::9", 80, "tcp") == ("fe80::9", 80, 0, 7)
    assert one.sockaddr("fe80::9", 80, "tcp", LO) == ("fe80::9", 80, 0, 1)
    assert one.sockaddr("fd00::9", 80, "tcp") == ("fd00::9", 80, 0, 0)
    assert one.sockaddr("198.51.100.7", 80, "tcp") == ("198.51.100.7", 80)


def test_the_port_map_is_by_protocol_and_reads_both_ways() -> None:
    one = gate(port_map={("198.51.100.7", 161, "udp"): ("127.0.0.1", 40161)})
    assert one.sockaddr("198.51.100.7", 161, "udp") == ("127.0.0.1", 40161)
    assert one.sockaddr("198.51.100.7", 161, "tcp") == ("198.51.100.7", 161)
    assert one.named("127.0.0.1", 40161, "udp") == ("198.51.100.7", 161)
    assert one.named("127.0.0.1", 40161, "tcp") == ("127.0.0.1", 40161)
    assert one.named("fe80::9%eth0", 3702, "udp") == ("fe80::9", 3702)


def test_on_link_and_resolved() -> None:
    one = gate("198.51.100.0/24", "203.0.113.0/24")
    assert one.on_link("198.51.100.7")
    assert not one.on_link("203.0.113.7")
    assert not one.on_link("127.0.0.1")
    assert one.unresolved("198.51.100.7")
    assert not one.unresolved("203.0.113.7")
    one.arrived("198.51.100.7", 10)
    assert not one.unresolved("198.51.100.7")


def test_the_allowance_shrinks_by_what_arrives() -> None:
    one = gate(device_cap=100)
    assert one.allowance("198.51.100.7") == 100
    tally = one.arrived("198.51.100.7", 99, packets=1)
    assert (one.allowance("198.51.100.7"), tally.cut, tally.packets) == (1, False, 1)
    one.arrived("198.51.100.7", 50)
    assert (one.allowance("198.51.100.7"), tally.cut) == (0, True)
    assert one.allowance("198.51.100.8") == 100
