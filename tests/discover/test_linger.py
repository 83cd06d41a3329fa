"""Answers that come after a conversation's end are heard while the sweep goes on."""

from __future__ import annotations

import asyncio

import pytest

from scanner.discover.answers import over
from scanner.discover.exchange import Patience, Shot
from scanner.discover.linger import lingering
from scanner.net.api import Datagram
from tests.discover.fast import run
from tests.fakes import ETH0, ScriptedNetwork

HOST = "198.51.100.10"
PATIENCE = Patience(least=0.2, quiet=0.1, most=0.3)
SHOT = Shot(b"who?", HOST, 3702)


async def _hear_late(net: ScriptedNetwork, *, linger: bool) -> list[bytes]:
    heard: list[bytes] = []

    async def take(datagram: Datagram) -> None:
        heard.append(datagram.data)

    async def talk() -> None:
        await over(net, ETH0, [SHOT], take, PATIENCE)
        for member in net.open_members:
            member.arrive(Datagram(b"late", HOST, 3702))

    if not linger:
        await talk()
        return heard
    async with lingering(latest=2.0) as late:
        await talk()
        await late.heard_out()
    return heard


@pytest.mark.parametrize(("linger", "heard"), [(True, [b"at once", b"late"]), (False, [b"at once"])])
def test_the_late_are_heard_within_and_the_socket_is_closed_after(linger: bool, heard: list[bytes]) -> None:
    net = ScriptedNetwork(udp_script={(HOST, 3702): lambda _data: [b"at once"]})
    assert run(_hear_late(net, linger=linger)) == heard
    assert net.open_sockets == 0


def test_an_error_in_the_log_ends_it_all() -> None:
    async def take(_datagram: Datagram) -> None:
        raise OSError("disk full")

    async def main() -> None:
        async with lingering():
            await over(net, ETH0, [SHOT], take, PATIENCE)

    net = ScriptedNetwork(udp_script={(HOST, 3702): lambda _data: [b"at once"]})
    with pytest.raises(ExceptionGroup):
        run(main())
    assert net.open_sockets == 0


def test_who_is_cancelled_leaves_no_socket() -> None:
    async def main() -> None:
        async with lingering():
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await over(net, ETH0, [SHOT], lambda _datagram: asyncio.sleep(0), Patience(least=30, most=30))
            await asyncio.sleep(0.1)
            assert net.open_sockets == 0

    net = ScriptedNetwork(unscripted=None, udp_script={(HOST, 3702): lambda _data: []})
    run(main())


def test_where_nothing_was_asked_nothing_is_waited_for() -> None:
    async def main() -> float:
        clock = asyncio.get_running_loop().time
        start = clock()
        async with lingering(latest=3600) as late:
            await late.heard_out()
        return clock() - start

    assert run(main()) < 3600
