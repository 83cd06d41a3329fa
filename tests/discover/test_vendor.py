"""Vendor discovery on the links: each protocol once a round, evidence by contract, strangers told of and left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import pytest

from scanner.discover.announced import MAX_NOTED, Announced
from scanner.discover.contract import DiscoverResult
from scanner.discover.vendor import Vendors
from scanner.models import Outcome
from scanner.net.api import Datagram, Interface
from scanner.wire.vendor import PROTOCOLS, VendorProtocol
from tests.discover.fast import Sink, run
from tests.fakes import BROADCAST, ETH0, ScriptedNetwork
from tests.wire.vendor_samples import ANSWERS, SECRET

CAMERA, FACTORY = "198.51.100.10", "192.168.1.64"
Script = Callable[[bytes], Iterable[bytes | Datagram]]


def _place(protocol: VendorProtocol) -> tuple[str, int]:
    return (BROADCAST if protocol.broadcast else protocol.group), protocol.port


def _network(name: str, sender: str, data: bytes | None = None) -> ScriptedNetwork:
    """All are asked; `name` is answered from `sender`."""
    protocol = next(one for one in PROTOCOLS if one.name == name)
    said = Datagram(ANSWERS[name] if data is None else data, sender, protocol.port)

    def answer(asked: bytes) -> Iterator[Datagram]:
        if asked == protocol.build():
            yield said

    return ScriptedNetwork(udp_script={_place(protocol): answer}, unscripted=Outcome.TIMED_OUT)


def _run(net: ScriptedNetwork, sink: Sink, targets: tuple[str, ...] = (CAMERA,)) -> DiscoverResult:
    return run(Vendors().run(net, targets, sink))


@pytest.mark.parametrize("name", [protocol.name for protocol in PROTOCOLS])
def test_an_answer_is_evidence_once(name: str) -> None:
    protocol = next(one for one in PROTOCOLS if one.name == name)
    net, sink = _network(name, CAMERA), Sink()
    found = _run(net, sink)
    assert found.outcome is Outcome.ANSWERED
    assert found.alive == {CAMERA}
    [only] = sink.evidence
    assert (only.host, only.protocol, dict(only.fields)) == (CAMERA, protocol.evidence, protocol.fields(ANSWERS[name]))
    assert SECRET not in str(only)


def test_what_is_sent() -> None:
    net = ScriptedNetwork(unscripted=Outcome.TIMED_OUT)
    assert _run(net, Sink()).outcome is Outcome.EMPTY
    sent = Counter((one.kind, one.host, one.port, one.data) for one in net.sent)
    times = {one.name: 1 if one.rare else 2 for one in PROTOCOLS}
    wanted = {("broadcast", BROADCAST, one.port, one.build()): times[one.name] for one in PROTOCOLS if one.broadcast}
    wanted |= {("multicast", one.group, one.port, one.build()): times[one.name] for one in PROTOCOLS if one.group}
    assert sent == wanted


def test_a_camera_with_its_factory_address_is_told_of_and_left_alone() -> None:
    net, sink = _network("sadp", FACTORY), Sink()
    found = _run(net, sink)
    assert sink.evidence == []
    assert found.alive == frozenset()
    [note] = found.notes
    assert note == (
        "A device that calls itself DS-2CD2385G1-I announces itself on eth0 from 192.168.1.64 (Hikvision SADP, MAC "
        "44-19-b6-00-00-01): not in scope, and not routable from here; not asked."
    )
    assert set(net.outsiders) == {("vendor discovery answer", FACTORY)}
    assert FACTORY not in {one.host for one in net.sent}


def test_one_on_the_own_network_and_out_of_scope_is_called_so() -> None:
    net = _network("dhip", "198.51.100.99")
    net.scope = ("198.51.100.10",)
    [note] = _run(net, Sink()).notes
    assert "calls itself W461ASC" in note
    assert "not in scope; not asked" in note


@pytest.mark.parametrize("data", [b"", b"\xff" * 40, b"<ProbeMatch", b"{}"])
def test_garbage_is_nobody(data: bytes) -> None:
    for name in ("sadp", "dhip", "dvrip", "tplink"):
        for sender in (CAMERA, FACTORY):
            net, sink = _network(name, sender, data), Sink()
            assert _run(net, sink).notes == ()
            assert sink.evidence == []


def test_a_flood_of_strangers_is_bounded_and_their_words_are_safe() -> None:
    announced = Announced(ScriptedNetwork())
    for number in range(100):
        announced.heard(f"192.168.1.{number}", "eth0", "Hikvision SADP", {"fields": {"model": "\x1b[31mX" + "y" * 500}})
    notes = announced.notes()
    assert len(notes) == MAX_NOTED + 1
    assert all("\x1b" not in note and len(note) < 300 for note in notes)


def test_a_link_without_a_target_is_not_spoken_to() -> None:
    other = Interface(name="eth1", index=3, addresses=("203.0.113.1/24",))
    net = ScriptedNetwork(chosen=(other,), unscripted=Outcome.TIMED_OUT)
    assert _run(net, Sink()).outcome is Outcome.EMPTY
    assert net.sent == []


def test_each_link_is_asked() -> None:
    second = Interface(name="eth1", index=3, addresses=("198.51.100.2/24",))
    net = ScriptedNetwork(chosen=(ETH0, second), unscripted=Outcome.TIMED_OUT)
    _run(net, Sink())
    assert len(net.sent) == 2 * sum((bool(one.group) + one.broadcast) * (1 if one.rare else 2) for one in PROTOCOLS)
