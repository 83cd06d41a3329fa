"""The fake keeps the door's rules, or the tests that rest on it prove nothing."""

from __future__ import annotations

import asyncio

import pytest

from scanner.models import Outcome, OutOfScope
from scanner.net.api import Datagram, NetError, Network
from tests.fakes import ETH0, Peer, ScriptedNetwork, SurpriseError

CAMERA = "198.51.100.10"


def test_a_stream_says_its_greeting_answers_and_ends() -> None:
    async def run() -> list[bytes]:
        net: Network = script
        stream = await net.connect(CAMERA, 21)
        heard = [await stream.receive()]
        await stream.send(b"HELP\r\n")
        heard += [await stream.receive(2), await stream.receive(), await stream.receive()]
        await stream.close()
        await stream.close()
        return heard

    script = ScriptedNetwork(tcp={(CAMERA, 21, False): Peer(lambda asked: b"re: " + asked, greeting=b"220 hi\r\n")})
    assert asyncio.run(run()) == [b"220 hi\r\n", b"re", b": HELP\r\n", b""]
    assert script.requests(CAMERA, 21) == [b"HELP\r\n"]
    assert script.open_streams == 0


def test_scripted_failures_and_silence() -> None:
    async def run() -> list[Outcome]:
        outcomes = []
        with pytest.raises(NetError) as refused:
            await script.connect(CAMERA, 80)
        outcomes.append(refused.value.outcome)
        stream = await script.connect(CAMERA, 443, tls=True)
        assert stream.tls is not None
        with pytest.raises(NetError) as silent:
            await stream.receive()
        outcomes.append(silent.value.outcome)
        await stream.close()
        return outcomes

    script = ScriptedNetwork(tcp={(CAMERA, 80, False): Outcome.REFUSED, (CAMERA, 443, True): Peer(stays_open=True)})
    assert asyncio.run(run()) == [Outcome.REFUSED, Outcome.TIMED_OUT]


def test_a_surprise_is_raised_and_kept() -> None:
    async def run() -> None:
        with pytest.raises(SurpriseError):
            await script.connect(CAMERA, 8080)
        async with script.udp() as udp:
            with pytest.raises(SurpriseError):
                await udp.send(b"x", CAMERA, 161)

    script = ScriptedNetwork()
    asyncio.run(run())
    assert len(script.surprises) == 2


def test_nothing_leaves_the_scope() -> None:
    async def run() -> None:
        with pytest.raises(OutOfScope):
            await script.connect("203.0.113.1", 80)
        async with script.udp() as udp:
            with pytest.raises(OutOfScope):
                await udp.send(b"x", "203.0.113.1", 161)

    script = ScriptedNetwork(unscripted=Outcome.REFUSED)
    asyncio.run(run())
    assert script.refused == ["203.0.113.1", "203.0.113.1"]
    assert script.sent == []


def test_datagrams_and_frames_come_back() -> None:
    async def run() -> tuple[list[Datagram | None], bytes | None]:
        heard: list[Datagram | None] = []
        async with script.udp(ETH0) as udp:
            await udp.send_multicast(b"who", "239.255.255.250", 3702)
            heard += [await udp.receive(1), await udp.receive(1)]
        async with script.link(ETH0, 0x0806) as link:
            await link.send(b"frame")
            return heard, await link.receive(1)

    me = Datagram(b"me", CAMERA, 3702)
    script = ScriptedNetwork(
        udp_script={("239.255.255.250", 3702): lambda _asked: [me]}, link_script=lambda frame: [frame[::-1]]
    )
    assert asyncio.run(run()) == ([me, None], b"emarf")
    assert script.open_sockets == 0


def test_a_third_connection_waits_for_a_place() -> None:
    async def run() -> None:
        first, _second = [await script.connect(CAMERA, 80) for _ in range(2)]
        third = asyncio.ensure_future(script.connect(CAMERA, 80))
        await asyncio.sleep(0.01)
        assert not third.done()
        await first.close()
        await third

    script = ScriptedNetwork(tcp={(CAMERA, 80, False): b""})
    asyncio.run(run())
    assert script.peak[CAMERA] == 2
