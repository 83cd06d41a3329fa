"""One connection, whatever its peer does."""

from __future__ import annotations

import asyncio
import socket
import struct
import time

import pytest

from scanner.models import Outcome
from scanner.net.api import NetError
from tests.net.servers import CAMERA, DeafLoop, door, mute, served


async def ending(host: str, port: int, **options: float) -> tuple[bytes, Outcome, float]:
    """Read all that a connection gives: the bytes, how it ended, and after how many seconds."""
    started, heard, outcome = time.monotonic(), b"", Outcome.ANSWERED
    async with door(**options) as net:
        stream = await net.connect(host, port)
        await stream.send(b"GET / HTTP/1.0\r\n\r\n")
        try:
            while data := await stream.receive():
                heard += data
        except NetError as error:
            outcome = error.outcome
        await stream.close()
    return heard, outcome, time.monotonic() - started


def test_silence_ends_after_the_idle_timeout() -> None:
    async def run() -> None:
        async with served(mute) as port:
            heard, outcome, elapsed = await ending(CAMERA, port, idle_timeout=0.1)
        assert (heard, outcome) == (b"", Outcome.TIMED_OUT)
        assert 0.09 < elapsed < 3

    asyncio.run(run())


def test_a_slow_drip_ends_at_the_deadline() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"x")
            await asyncio.sleep(0.02)

    async def run() -> None:
        async with served(drip) as port:
            heard, outcome, elapsed = await ending(CAMERA, port, idle_timeout=0.2, stream_timeout=0.3)
        assert outcome is Outcome.CUT
        assert 1 <= len(heard) < 30
        assert 0.25 < elapsed < 5

    asyncio.run(run())


def test_a_cap_cuts_and_what_came_before_is_kept() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x" * 1_000_000)
        await writer.drain()
        await reader.read()

    async def run() -> None:
        async with served(flood) as port:
            heard, outcome, _ = await ending(CAMERA, port, stream_cap=50_000)
        assert (len(heard), outcome) == (50_000, Outcome.CUT)

    asyncio.run(run())


def reset(writer: asyncio.StreamWriter) -> None:
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


@pytest.mark.parametrize(("answer", "outcome"), [(b"HTTP/1.0 200 OK\r\n", Outcome.ANSWERED), (b"", Outcome.REFUSED)])
def test_a_reset_after_an_answer_is_its_end_and_before_it_a_refusal(answer: bytes, outcome: Outcome) -> None:
    async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        await asyncio.sleep(0.05)
        reset(writer)

    async def run() -> None:
        async with served(slam) as port:
            heard, ended, _ = await ending(CAMERA, port)
        assert (heard, ended) == (answer, outcome)

    asyncio.run(run())


def test_sending_to_a_peer_that_is_gone_or_does_not_read() -> None:
    async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reset(writer)

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(60)

    async def run() -> None:
        async with served(slam) as port, served(deaf) as deaf_port, door(idle_timeout=0.1) as net:
            stream = await net.connect(CAMERA, port)
            await asyncio.sleep(0.05)
            with pytest.raises(NetError) as gone:
                await stream.send(b"x")
            assert gone.value.outcome is Outcome.REFUSED
            await stream.close()
            stream = await net.connect(CAMERA, deaf_port)
            with pytest.raises(NetError) as full:
                await stream.send(b"x" * 32_000_000)
            assert full.value.outcome is Outcome.TIMED_OUT

    asyncio.run(run())


@pytest.mark.parametrize("speaks", [False, True])
def test_a_connection_on_which_nothing_passed_is_reset(speaks: bool) -> None:
    async def run() -> None:
        ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def watch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while await reader.read(100):
                    pass
                ended.set_result("FIN")
            except ConnectionResetError:
                ended.set_result("RST")

        async with served(watch) as port, door() as net:
            stream = await net.connect(CAMERA, port)
            if speaks:
                await stream.send(b"x")
            await stream.close()
            assert await ended == ("FIN" if speaks else "RST")
            assert net.ledger.tally(CAMERA).packets == (5 if speaks else 3)

    asyncio.run(run())


def test_a_busy_loop_does_not_lose_what_has_come() -> None:
    async def run() -> None:
        with socket.create_server((CAMERA, 0)) as server:
            async with door(idle_timeout=0.05) as net:
                stream = await net.connect(CAMERA, server.getsockname()[1], timeout=0.05)
                peer, _ = server.accept()
                with peer:
                    peer.sendall(b"hello")
                    assert await stream.receive(2) == b"he"
                    assert await stream.receive() == b"llo"
                    with pytest.raises(NetError) as silent:
                        await stream.receive()
                    assert silent.value.outcome is Outcome.TIMED_OUT

    with asyncio.Runner(loop_factory=DeafLoop) as runner:
        runner.run(run())
