"""The door's manners, on real sockets."""

from __future__ import annotations

import asyncio
import socket
import time
from datetime import datetime
from pathlib import Path

import pytest

from scanner.models import Outcome, OutOfScope, UsageError
from scanner.net.api import NetError, Network, Stream
from scanner.net.rate import RateLimiter
from tests.net.servers import CAMERA, OTHER, STRANGER, door, echo, listening, mute, open_files, served

needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors through /proc")


def outcome(error: pytest.ExceptionInfo[NetError]) -> Outcome:
    return error.value.outcome


async def drink(stream: Stream) -> tuple[int, Outcome]:
    """Read until the door ends it: how much came, and how it ended."""
    size = 0
    try:
        while data := await stream.receive():
            size += len(data)
    except NetError as error:
        return size, error.outcome
    return size, Outcome.ANSWERED


def closed_port(host: str) -> int:
    with socket.socket() as sock:
        sock.bind((host, 0))
        return int(sock.getsockname()[1])


def test_a_conversation_is_counted() -> None:
    async def run() -> None:
        async with served(echo) as port, door() as net:
            typed: Network = net
            stream = await typed.connect(CAMERA, port)
            await stream.send(b"hello")
            assert await stream.receive() == b"hello"
            await stream.send(b"x" * 3000)
            assert await stream.receive(100) == b"x" * 100
            await stream.close()
            await stream.close()
            tally = net.ledger.tally(CAMERA)
            assert (tally.sent, tally.received) == (3005, 105)
            assert (tally.connections, tally.open, tally.peak) == (1, 0, 1)
            # SYN, ACK; two writes of 1 and 3 segments; two reads of one ACK; FIN and its ACK.
            assert tally.packets == 2 + 4 + 2 + 2 == net.ledger.packets
            assert net.ledger.busiest() == (CAMERA, 10)

    asyncio.run(run())


def test_nothing_reaches_a_listener_out_of_scope() -> None:
    async def run() -> None:
        accepted = []

        async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted.append(writer.get_extra_info("peername"))

        async with (
            served(note, STRANGER) as port,
            listening(lambda _: [], STRANGER) as (udp_port, heard),
            door() as net,
        ):
            for host in (STRANGER, f"::ffff:{STRANGER}", "localhost", "198.51.100.1", ""):
                with pytest.raises(OutOfScope):
                    await net.connect(host, port)
                assert not net.in_scope(host)
            async with net.udp() as udp:
                with pytest.raises(OutOfScope):
                    await udp.send(b"x", STRANGER, udp_port)
            await asyncio.sleep(0.05)
            assert accepted == []
            assert heard.heard == []
            assert net.ledger.packets == 0
            assert net.ledger.hosts == {}
            assert net.ledger.refused[STRANGER] == 2

    asyncio.run(run())


def test_at_most_two_connections_at_once_to_a_device() -> None:
    async def run() -> None:
        now, peak = 0, 0

        async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal now, peak
            now += 1
            peak = max(peak, now)
            await reader.read()
            now -= 1

        async def visit(net: Network, port: int) -> None:
            stream = await net.connect(CAMERA, port)
            await stream.send(b"x")
            await asyncio.sleep(0.005)
            await stream.close()

        async with served(count) as port, door() as net:
            await asyncio.gather(*(visit(net, port) for _ in range(20)))
            assert peak == 2
            assert net.ledger.tally(CAMERA).peak == 2
            assert net.ledger.peak == 2
            assert net.ledger.tally(CAMERA).connections == 20

    asyncio.run(run())


def test_a_place_is_free_again_after_every_kind_of_failure() -> None:
    async def run() -> None:
        async with served(mute) as port, door(idle_timeout=0.05) as net:
            for _ in range(5):
                with pytest.raises(NetError) as refused:
                    await net.connect(CAMERA, closed_port(CAMERA))
                assert outcome(refused) is Outcome.REFUSED
                with pytest.raises(NetError) as no_tls:
                    await net.connect(CAMERA, port, tls=True, timeout=0.01)
                assert outcome(no_tls) is Outcome.TIMED_OUT
                task = asyncio.ensure_future(net.connect(CAMERA, port, tls=True))
                await asyncio.sleep(0.01)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            assert net.ledger.tally(CAMERA).open == 0
            async with asyncio.timeout(1):
                streams = [await net.connect(CAMERA, port) for _ in range(2)]
            assert net.ledger.tally(CAMERA).open == 2
            for stream in streams:
                await stream.close()

    asyncio.run(run())


def test_the_rates_hold_on_the_wire() -> None:
    async def run() -> None:
        limiter = RateLimiter(1000, 20)
        started = time.monotonic()
        async with door(limiter=limiter) as net:
            port = closed_port(CAMERA)
            results = await asyncio.gather(*(net.connect(CAMERA, port) for _ in range(20)), return_exceptions=True)
        assert all(isinstance(one, NetError) for one in results)
        # 8 go at once, 12 more at 20 a second.
        assert 0.55 < time.monotonic() - started < 10

    asyncio.run(run())


def test_a_device_that_has_sent_its_share_is_left_alone() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async def run() -> None:
        async with served(flood) as port, door(stream_cap=100_000, device_cap=250_000) as net:
            sizes = []
            for _ in range(3):
                stream = await net.connect(CAMERA, port)
                size, ended = await drink(stream)
                assert ended is Outcome.CUT
                sizes.append(size)
                await stream.close()
            assert sizes == [100_000, 100_000, 50_000]
            with pytest.raises(NetError) as refused:
                await net.connect(CAMERA, port)
            assert outcome(refused) is Outcome.CUT
            assert net.ledger.tally(CAMERA).cut
            assert net.ledger.tally(CAMERA).connections == 4
            assert net.ledger.tally(CAMERA).open == 0

    asyncio.run(run())


def test_the_port_map_leads_elsewhere_and_keeps_the_names() -> None:
    async def run() -> None:
        async with served(echo, OTHER) as port, listening(lambda data: [data[::-1]], OTHER) as (udp_port, _):
            ports = {("198.51.100.5", 80, "tcp"): (OTHER, port), ("198.51.100.5", 161, "udp"): (OTHER, udp_port)}
            async with door("198.51.100.0/24", port_map=ports, interfaces=()) as net:
                stream = await net.connect("198.51.100.5", 80)
                assert (stream.host, stream.port) == ("198.51.100.5", 80)
                await stream.close()
                async with net.udp() as udp:
                    await udp.send(b"abc", "198.51.100.5", 161)
                    answer = await udp.receive(1)
                assert answer is not None
                assert (answer.data, answer.host, answer.port) == (b"cba", "198.51.100.5", 161)
                with pytest.raises(OutOfScope):
                    await net.connect(OTHER, port)
                assert set(net.ledger.hosts) == {"198.51.100.5"}

    asyncio.run(run())


@pytest.mark.parametrize(
    "ports",
    [
        {("198.51.100.5", 80, "tcp"): ("203.0.113.1", 80)},
        {("198.51.100.5", 80, "tcp"): (OTHER, 80), ("198.51.100.6", 80, "tcp"): (OTHER, 80)},
    ],
)
def test_a_port_map_that_would_leave_the_scope_is_refused(ports: dict[tuple[str, int, str], tuple[str, int]]) -> None:
    with pytest.raises(UsageError, match="port map"):
        door(port_map=ports)


@needs_proc
def test_cancelling_leaves_nothing_open() -> None:
    async def busy(net: Network, port: int) -> None:
        stream = await net.connect(CAMERA, port)
        async with net.udp(port=0) as udp:
            try:
                await asyncio.gather(stream.receive(), udp.receive(60))
            finally:
                await stream.close()

    async def run() -> None:
        async with served(mute) as port, served(mute, OTHER) as other, door() as net:
            before, tasks_before = open_files(), len(asyncio.all_tasks())
            tasks = [asyncio.ensure_future(busy(net, port)) for _ in range(10)]
            tasks += [asyncio.ensure_future(busy(net, port)) for _ in range(2)]
            handshake = asyncio.ensure_future(net.connect(OTHER, other, tls=True))
            await asyncio.sleep(0.05)
            for task in [*tasks, handshake]:
                task.cancel()
            results = await asyncio.gather(*tasks, handshake, return_exceptions=True)
            assert all(isinstance(one, asyncio.CancelledError) for one in results)
            assert len(asyncio.all_tasks()) <= tasks_before + 3  # the server's own ends of the connections
            await asyncio.sleep(0.05)
            ours = net.ledger.tally(CAMERA).open + net.ledger.tally(OTHER).open
            assert ours == 0
        assert open_files() <= before

    asyncio.run(run())


def test_leaving_closes_what_is_still_open() -> None:
    async def run() -> None:
        async with served(mute) as port:
            async with door() as net:
                stream = await net.connect(CAMERA, port)
            assert net.ledger.tally(CAMERA).open == 0
            with pytest.raises(NetError, match="after it was closed"):
                await stream.receive()
            with pytest.raises(NetError, match="after it was closed"):
                await stream.send(b"x")

    asyncio.run(run())


def test_outside_is_noted_once() -> None:
    async def run() -> None:
        net = door()
        for _ in range(3):
            net.outside(CAMERA, "http://203.0.113.9/onvif")
        assert net.ledger.outside == ((CAMERA, "http://203.0.113.9/onvif"),)

    asyncio.run(run())


def test_now_is_rfc_3339_in_utc() -> None:
    text = door().now()
    assert text.endswith("Z")
    assert abs(datetime.fromisoformat(text).timestamp() - time.time()) < 5


def test_on_link_and_neighbours_keep_to_the_scope() -> None:
    net = door()
    assert not net.on_link(CAMERA)
    assert not net.on_link("camera.local")
    assert all(net.in_scope(row.host) for row in net.neighbours())
    assert [one.name for one in net.interfaces()] == ["lo"]
    assert net.scope.size == 254
