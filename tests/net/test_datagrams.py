"""UDP: in scope, to discovery groups only, bounded whatever comes, errors read as signs of life."""

from __future__ import annotations

import asyncio
import socket
import sys

import pytest

from scanner.models import Outcome, OutOfScope
from scanner.net.api import Datagram, Interface, NetError
from scanner.net.datagrams import MAX_QUEUE
from scanner.net.rate import RateLimiter
from tests.net.clocks import VirtualTime
from tests.net.servers import CAMERA, LOOPBACK, OTHER, STRANGER, door, listening

linux = pytest.mark.skipif(sys.platform != "linux", reason="IP_RECVERR is Linux's")
GROUP = "239.255.255.250"


def test_question_and_answers() -> None:
    async def run() -> None:
        async with listening(lambda data: [data, b"2"]) as (port, _), door() as net, net.udp(LOOPBACK) as udp:
            await udp.send(b"who", CAMERA, port)
            heard = [await udp.receive(1), await udp.receive(1)]
            assert heard == [Datagram(b"who", CAMERA, port), Datagram(b"2", CAMERA, port)]
            assert await udp.receive(0.01) is None
            assert await udp.receive(0) is None
            tally = net.ledger.tally(CAMERA)
            assert (tally.packets, tally.sent, tally.received) == (1, 3, 4)

    asyncio.run(run())


def test_a_large_datagram_counts_as_its_fragments() -> None:
    async def run() -> None:
        async with listening(lambda data: []) as (port, _), door() as net, net.udp() as udp:
            await udp.send(b"x" * 3000, CAMERA, port)
            assert net.ledger.tally(CAMERA).packets == 3

    asyncio.run(run())


@linux
def test_who_refuses_is_alive_and_the_next_send_is_not_lost() -> None:
    async def run() -> None:
        async with listening(lambda data: [data], OTHER) as (port, _), door() as net, net.udp() as udp:
            for _ in range(5):
                await udp.send(b"x", CAMERA, 9)
                await udp.send(b"who", OTHER, port)
            heard = [await udp.receive(1) for _ in range(5)]
            assert heard == [Datagram(b"who", OTHER, port)] * 5
            assert net.ledger.refused_udp == {CAMERA}
            assert net.ledger.icmp_errors == 5

    asyncio.run(run())


def test_multicast_to_the_discovery_groups_of_the_interface() -> None:
    async def run() -> None:
        async with door() as net, net.udp(LOOPBACK, port=37020, join=[GROUP]) as member, net.udp(LOOPBACK) as asker:
            await asker.send_multicast(b"probe", GROUP, 37020)
            heard = await member.receive(1)
            assert heard is not None
            assert (heard.data, heard.host) == (b"probe", "127.0.0.1")
            assert net.ledger.packets == 1

    asyncio.run(run())


@pytest.mark.parametrize("group", ["239.1.2.3", "224.0.0.1", "255.255.255.255", "127.255.255.255", CAMERA, "ff05::c"])
def test_no_other_group(group: str) -> None:
    async def run() -> None:
        async with door() as net, net.udp(LOOPBACK) as udp:
            with pytest.raises(OutOfScope):
                await udp.send_multicast(b"x", group, 3702)
            with pytest.raises(OutOfScope):
                async with net.udp(LOOPBACK, join=[group]):
                    pass
            with pytest.raises(OutOfScope):
                await udp.send(b"x", GROUP, 3702)
            assert net.ledger.packets == 0

    asyncio.run(run())


def test_the_broadcast_address_of_the_scope_can_not_be_sent_to() -> None:
    async def run() -> None:
        async with door("127.255.255.0-255", interfaces=()) as net, net.udp() as udp:
            with pytest.raises(NetError) as forbidden:
                await udp.send(b"x", "127.255.255.255", 3702)
            assert forbidden.value.outcome is Outcome.NOT_PERMITTED

    asyncio.run(run())


def test_two_sockets_share_a_port_and_a_stranger_is_heard_but_never_answered() -> None:
    async def run() -> None:
        async with door() as net, net.udp(LOOPBACK, port=37020, join=[GROUP]) as one:
            async with net.udp(LOOPBACK, port=37020, join=[GROUP]):
                pass
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.bind((STRANGER, 0))
                stranger.sendto(b"hello", ("127.0.0.1", 37020))
                heard = await one.receive(1)
                assert heard == Datagram(b"hello", STRANGER, stranger.getsockname()[1])
            assert STRANGER not in net.ledger.hosts
            assert net.ledger.received == 5

    asyncio.run(run())


def test_a_flood_is_bounded_and_what_is_dropped_is_counted() -> None:
    async def run() -> None:
        async with door(device_cap=10**9) as net, net.udp(LOOPBACK) as udp:
            await flood(net_port(udp), MAX_QUEUE + 500, b"x")
            heard = 0
            while await udp.receive(0.01):
                heard += 1
            assert heard == MAX_QUEUE
            assert net.ledger.dropped == 500

    asyncio.run(run())


def test_a_device_that_has_sent_its_share_is_no_longer_heard() -> None:
    async def run() -> None:
        async with door(device_cap=10_000) as net, net.udp(LOOPBACK) as udp:
            await flood(net_port(udp), 30, b"x" * 1000)
            heard = 0
            while await udp.receive(0.01):
                heard += 1
            assert (heard, net.ledger.dropped) == (10, 20)
            assert net.ledger.tally(CAMERA).cut

    asyncio.run(run())


def net_port(udp: object) -> int:
    (sock,) = udp._sockets.values()  # type: ignore[attr-defined]
    return int(sock.getsockname()[1])


async def flood(port: int, count: int, data: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.bind((CAMERA, 0))
        for number in range(count):
            device.sendto(data, ("127.0.0.1", port))
            if number % 100 == 0:
                await asyncio.sleep(0)
    await asyncio.sleep(0.01)


def test_a_busy_loop_does_not_lose_a_datagram() -> None:
    class NoReader(asyncio.SelectorEventLoop):
        def add_reader(self, fd: object, callback: object, *args: object) -> None:
            pass

    async def run() -> None:
        async with door() as net, net.udp(LOOPBACK) as udp:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
                device.bind((CAMERA, 0))
                device.sendto(b"late", ("127.0.0.1", net_port(udp)))
                heard = await udp.receive(0.01)
            assert heard is not None
            assert heard.data == b"late"

    with asyncio.Runner(loop_factory=NoReader) as runner:
        runner.run(run())


def test_the_rates_hold_for_datagrams() -> None:
    time = VirtualTime()

    async def main() -> None:
        limiter = RateLimiter(1000, 40, clock=time.clock, sleep=time.sleep)
        async with door(limiter=limiter) as net, net.udp() as udp:
            for _ in range(48):
                await udp.send(b"x", CAMERA, 9)

    time.run(main())
    assert time.now == pytest.approx(1.0)


def test_a_socket_that_can_not_be_opened() -> None:
    async def run() -> None:
        nowhere = Interface(name="gone9", index=9999, addresses=("198.51.100.1/24",))
        async with door() as net:
            with pytest.raises(NetError) as gone:
                async with net.udp(nowhere, join=[GROUP]):
                    pass
            assert gone.value.outcome is Outcome.UNREACHABLE
            with pytest.raises(NetError) as absent:
                async with net.udp(nowhere):
                    pass
            assert absent.value.outcome is Outcome.UNREACHABLE
            assert absent.value.host == "gone9"

    asyncio.run(run())


def test_ipv6_is_opened_when_needed() -> None:
    async def run() -> None:
        try:
            server = listening(lambda data: [data], "::1")
            async with server as (port, _), door("::1", CAMERA) as net, net.udp() as udp:
                await udp.send(b"six", "::1", port)
                assert await udp.receive(1) == Datagram(b"six", "::1", port)
        except OSError:
            pytest.skip("no IPv6 here")

    asyncio.run(run())


def test_ipv6_multicast() -> None:
    async def run() -> None:
        try:
            async with door() as net, net.udp(LOOPBACK, port=37021, join=["ff02::c"]) as udp:
                await udp.send_multicast(b"probe", "ff02::c", 37021)
                heard = await udp.receive(1)
        except NetError:
            pytest.skip("no IPv6 multicast on loopback here")
        assert heard is not None
        assert heard.data == b"probe"

    asyncio.run(run())
