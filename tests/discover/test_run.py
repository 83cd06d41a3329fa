import asyncio
from collections.abc import Sequence

import pytest

from scanner.discover import ALL, unique
from scanner.discover.arp import Arp
from scanner.discover.contract import Discoverer, DiscoverResult, Emit
from scanner.discover.neighbours import Neighbours
from scanner.discover.run import Discovery, discover_all
from scanner.models import Evidence, Outcome
from scanner.net.api import Neighbour, Network
from tests.discover.fast import Sink, run
from tests.fakes import ScriptedNetwork

A, B, FAR, FARTHER = "198.51.100.10", "198.51.100.11", "203.0.113.5", "203.0.113.6"


class Said:
    """A discoverer that hears what it is told to hear, and remembers whom it was asked for."""

    sends = "nothing"

    def __init__(self, name: str, *hosts: str, outcome: Outcome = Outcome.ANSWERED) -> None:
        self.name = name
        self.asked: list[str] = []
        self._hosts = hosts
        self._outcome = outcome

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        self.asked = list(targets)
        for host in self._hosts:
            await emit(Evidence(host, self.name.removesuffix("-unicast"), {"n": 1}))
        return DiscoverResult(self._outcome, frozenset(self._hosts), (f"note of {self.name}",))


class Broken(Said):
    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        await super().run(net, targets, emit)
        raise RuntimeError("a fault of ours\nwith a long story")


class Hanging(Said):
    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        await super().run(net, targets, emit)
        await asyncio.sleep(3600)
        raise AssertionError


def _discover(
    net: ScriptedNetwork,
    sink: Sink,
    *,
    targets: Sequence[str] = (A, B),
    multicast: Sequence[Discoverer] = (),
    unicast: Sequence[Discoverer] = (),
    arp: Discoverer | None = None,
    routed: Discoverer | None = None,
) -> Discovery:
    work = discover_all(
        net,
        targets,
        sink,
        multicast=multicast,
        unicast=unicast,
        routed=routed or Said("routed-unicast"),
        arp=arp or Arp(),
        table=Neighbours(),
    )
    return run(work)


def test_where_arp_ran_the_silent_are_absent_and_not_asked_again() -> None:
    unicast = Said("ssdp-unicast")
    net = ScriptedNetwork(scope=("198.51.100.0/24", "203.0.113.0/24"))
    found = _discover(net, Sink(), targets=(A, B, FAR), unicast=[unicast], arp=Said("arp", A))
    assert unicast.asked == [A, FAR]
    assert found.absent == {B}
    assert found.candidates == (A, FAR)
    assert found.alive == {A}


def test_beyond_a_router_the_silent_are_asked_the_makers_questions() -> None:
    routed = Said("routed-unicast")
    net = ScriptedNetwork(scope=("198.51.100.0/24", "203.0.113.0/24"))
    heard = Said("ssdp-unicast", FAR)
    _discover(net, Sink(), targets=(A, FAR, FARTHER), unicast=[heard], routed=routed)
    assert routed.asked == [FARTHER]


def test_without_arp_the_neighbour_table_tells_who_is_absent() -> None:
    unicast = Said("ssdp-unicast")
    table = (
        Neighbour(A, "44:19:b6:00:00:01", "eth0", resolved=True),
        Neighbour(B, None, "eth0", resolved=False),
    )
    sink = Sink()
    found = _discover(ScriptedNetwork(table=table), sink, unicast=[unicast])
    assert unicast.asked == [A, B]
    assert found.alive == {A}
    assert found.absent == {B}
    assert found.outcomes["arp"] is Outcome.NOT_PERMITTED
    assert any("ARP not used on eth0" in note for note in found.notes)
    assert [one.get("mac") for one in sink.of("mac")] == ["44:19:b6:00:00:01"]


def test_who_answers_is_alive_even_where_the_table_says_absent() -> None:
    table = (Neighbour(A, None, "eth0", resolved=False),)
    found = _discover(ScriptedNetwork(table=table), Sink(), targets=(A,), multicast=[Said("ssdp", A)])
    assert found.candidates == (A,)
    assert found.alive == {A}


def test_who_has_answered_by_multicast_is_not_asked_by_unicast() -> None:
    unicast = Said("ssdp-unicast")
    _discover(ScriptedNetwork(), Sink(), multicast=[Said("ssdp", A)], unicast=[unicast])
    assert unicast.asked == [B]


def test_the_same_evidence_is_handed_on_once() -> None:
    sink = Sink()
    _discover(ScriptedNetwork(), sink, multicast=[Said("mdns", A, A)], unicast=[Said("mdns-unicast", A)])
    assert len(sink.of("mdns")) == 1


def test_a_fault_costs_one_discoverer_and_what_it_heard_is_kept() -> None:
    found = _discover(ScriptedNetwork(), Sink(), multicast=[Broken("ssdp", A), Said("mdns", B)])
    assert found.outcomes["ssdp"] is Outcome.FAILED
    assert found.alive == {A, B}
    assert "ssdp did not finish: RuntimeError: a fault of ours" in found.notes


def test_one_that_hangs_is_cut() -> None:
    found = _discover(ScriptedNetwork(), Sink(), multicast=[Hanging("ssdp", A)])
    assert found.outcomes["ssdp"] is Outcome.CUT
    assert found.alive == {A}


def test_what_is_nested_too_deeply_costs_nobody_else() -> None:
    class Deep(Said):
        async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
            value: object = 1
            for _ in range(20_000):
                value = [value]
            await emit(Evidence(A, "dhip", {"json": value}))
            await emit(Evidence(B, "dhip", {"json": {1: "a", "b": 2}}))
            return DiscoverResult(Outcome.ANSWERED)

    sink = Sink()
    found = _discover(ScriptedNetwork(chosen=()), sink, multicast=[Deep("dhip")])
    assert found.outcomes["dhip"] is Outcome.ANSWERED
    assert found.alive == {A, B}


def test_names_are_unique() -> None:
    with pytest.raises(ValueError, match="twice"):
        unique([*ALL, Arp()])
    assert all(one.sends for one in ALL)
