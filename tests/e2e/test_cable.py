"""The cable's own promises: what it loses, holds and walls off, the same for the same seed."""

from __future__ import annotations

from ipaddress import IPv4Address

from tests.e2e.cable import Fate, Plan

HOST = "198.51.100.28"


def frame(to: str, protocol: int = 6, port: int = 80, ethertype: bytes = b"\x08\x00") -> bytes:
    ip = bytes([0x45, *bytes(8), protocol, 0, 0]) + IPv4Address("198.51.100.1").packed + IPv4Address(to).packed
    return bytes(12) + ethertype + ip + (40000).to_bytes(2, "big") + port.to_bytes(2, "big") + bytes(16)


def test_loss_and_delay_are_those_of_the_plan_and_of_the_seed() -> None:
    plan = Plan(loss=0.05, delay=(0.001, 0.15), seed=7)
    first, second = ([Fate(plan).hold(frame(HOST))] for _ in range(2))
    assert first == second
    fate = Fate(plan)
    held = [fate.hold(frame(HOST)) for _ in range(5000)]
    assert 150 < held.count(None) < 350
    assert all(0.001 <= one <= 0.15 for one in held if one is not None)
    assert fate.counts["lost"] == held.count(None)


def test_a_wall_lets_pass_what_is_named_and_arp() -> None:
    fate = Fate(Plan(walls={HOST: (("tcp", 8081), ("udp", 3702))}))
    assert fate.hold(frame(HOST, port=8081)) is not None
    assert fate.hold(frame(HOST, protocol=17, port=3702)) is not None
    assert fate.hold(frame(HOST, ethertype=b"\x08\x06")) is not None
    assert fate.hold(frame("198.51.100.29")) is not None
    assert fate.hold(frame(HOST)) is None
    assert fate.hold(frame(HOST, protocol=17, port=80)) is None
    assert fate.hold(frame(HOST, protocol=1)) is None
