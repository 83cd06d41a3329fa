from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.layers.l2 import ARP, Ether

from scanner.discover.arp import Arp, _prepare, askable
from scanner.models import Outcome
from tests.discover.fast import Sink, run
from tests.fakes import ETH0, ScriptedNetwork

OURS = ETH0.mac or ""
CAMERA = "44:19:b6:00:00:01"
MANY = [f"198.51.100.{number}" for number in range(20, 40)]


def _replies(macs: dict[str, str]) -> Callable[[bytes], Iterable[bytes]]:
    def answer(frame: bytes) -> Iterable[bytes]:
        asked = Ether(frame)[ARP].pdst
        if asked in macs:
            yield bytes(
                Ether(dst=OURS, src=macs[asked]) / ARP(op=2, hwsrc=macs[asked], psrc=asked, pdst="198.51.100.1")
            )

    return answer


def test_who_answers_is_alive_with_its_mac() -> None:
    net = ScriptedNetwork(link_script=_replies({"198.51.100.10": CAMERA}))
    sink = Sink()
    result = run(Arp().run(net, ["198.51.100.10", "198.51.100.11"], sink))
    assert result.outcome is Outcome.ANSWERED
    assert result.alive == {"198.51.100.10"}
    assert [(e.host, e.get("mac")) for e in sink.of("mac")] == [("198.51.100.10", CAMERA)]


def test_only_the_silent_are_asked_twice() -> None:
    net = ScriptedNetwork(link_script=_replies({"198.51.100.10": CAMERA}))
    run(Arp().run(net, ["198.51.100.10", *MANY], Sink()))
    asked = [Ether(one.data)[ARP].pdst for one in net.sent]
    assert asked.count("198.51.100.10") == 1
    assert {asked.count(host) for host in MANY} == {2}
    assert all(Ether(one.data)[ARP].psrc == "198.51.100.1" for one in net.sent)


def test_few_are_asked_a_third_time() -> None:
    net = ScriptedNetwork(link_script=_replies({}))
    run(Arp().run(net, ["198.51.100.11"], Sink()))
    assert len(net.sent) == 3


def test_while_a_repeat_finds_somebody_there_is_another_and_the_loss_is_noted() -> None:
    replies, asked = _replies({"198.51.100.10": CAMERA}), []

    def lossy(frame: bytes) -> list[bytes]:
        asked.append(Ether(frame)[ARP].pdst)
        return list(replies(frame)) if asked.count("198.51.100.10") == 2 else []

    net = ScriptedNetwork(link_script=lossy)
    found = run(Arp().run(net, ["198.51.100.10", *MANY], Sink()))
    assert found.alive == {"198.51.100.10"}
    assert asked.count(MANY[0]) == 3
    assert (0, 1) in net.repeats


def test_own_address_and_routed_targets_are_not_asked() -> None:
    net = ScriptedNetwork(scope=("198.51.100.0/24", "203.0.113.0/24"), link_script=_replies({}))
    targets = ["198.51.100.1", "203.0.113.5", "198.51.100.9"]
    assert askable(net, targets) == {"198.51.100.9"}
    run(Arp().run(net, targets, Sink()))
    assert {Ether(one.data)[ARP].pdst for one in net.sent} == {"198.51.100.9"}


def test_without_permission_that_is_said_and_nothing_sent() -> None:
    net = ScriptedNetwork(link_script=None)
    result = run(Arp().run(net, ["198.51.100.10"], Sink()))
    assert result.outcome is Outcome.NOT_PERMITTED
    assert "ARP not used on eth0: raw sockets need root or CAP_NET_RAW" in result.notes[0]
    assert net.sent == []


def test_an_answer_for_an_address_that_was_not_asked_is_nobodys_evidence() -> None:
    net = ScriptedNetwork(link_script=lambda _: [bytes(Ether() / ARP(op=2, hwsrc=CAMERA, psrc="198.51.100.99"))])
    sink = Sink()
    result = run(Arp().run(net, ["198.51.100.10"], sink))
    assert result.outcome is Outcome.EMPTY
    assert sink.evidence == []


def test_garbage_does_not_end_the_pass() -> None:
    def script(frame: bytes) -> Iterable[bytes]:
        yield b"\xff" * 9
        yield frame[:20]
        yield from _replies({"198.51.100.10": CAMERA})(frame)

    result = run(Arp().run(ScriptedNetwork(link_script=script), ["198.51.100.10"], Sink()))
    assert result.alive == {"198.51.100.10"}


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=80))
def test_reader_survives_any_frame(data: bytes) -> None:
    read = _READ[0]
    for frame in (data, bytes(Ether() / ARP())[: len(data)] + data):
        answer = read(frame)
        assert answer is None or len(answer) == 2


_READ: list[Callable[[bytes], tuple[str, str] | None]] = []


@pytest.fixture(autouse=True, scope="module")
def _reader() -> None:
    _READ.append(_prepare(OURS, frozenset({"198.51.100.1"}))[1])
