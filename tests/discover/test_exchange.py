import asyncio
from contextlib import suppress

from scanner.discover.exchange import Patience, Shot, exchange
from scanner.models import Outcome
from scanner.net.api import Datagram, NetError
from tests.discover.fast import run
from tests.fakes import ScriptedNetwork

HOST = "198.51.100.10"


async def _exchange(net: ScriptedNetwork, shots: list[Shot], patience: Patience) -> tuple[list[bytes], list[NetError]]:
    heard: list[bytes] = []

    async def take(datagram: Datagram) -> None:
        heard.append(datagram.data)

    async with net.udp() as sock:
        return heard, await exchange(sock, shots, take, patience)


def test_shots_go_out_in_the_order_of_their_times() -> None:
    net = ScriptedNetwork(udp_script={(HOST, 9): lambda data: [b"re:" + data]})
    shots = [Shot(b"late", HOST, 9, at=0.5), Shot(b"early", HOST, 9)]
    heard, failed = run(_exchange(net, shots, Patience(0.2, 0.1, 0.5)))
    assert heard == [b"re:early", b"re:late"]
    assert failed == []


def test_out_of_scope_is_not_sent_and_the_rest_goes_on() -> None:
    net = ScriptedNetwork(udp_script={(HOST, 9): lambda _: [b"here"]})
    shots = [Shot(b"x", "203.0.113.1", 9), Shot(b"x", HOST, 9)]
    heard, failed = run(_exchange(net, shots, Patience(0.2, 0.1, 0.5)))
    assert heard == [b"here"]
    assert [error.outcome for error in failed] == [Outcome.OUT_OF_SCOPE]


class _Flood:
    """A peer that never stops talking."""

    async def send(self, data: bytes, host: str, port: int) -> None:
        pass

    async def send_multicast(self, data: bytes, group: str, port: int) -> None:
        pass

    async def send_broadcast(self, data: bytes, port: int) -> None:
        pass

    async def receive(self, timeout: float) -> Datagram | None:
        await asyncio.sleep(0.01)
        return Datagram(b"noise", HOST, 9)


class _Broken(_Flood):
    """A socket on which everything fails."""

    async def send(self, data: bytes, host: str, port: int) -> None:
        raise NetError(Outcome.UNREACHABLE, host, port)

    async def receive(self, timeout: float) -> Datagram | None:
        raise NetError(Outcome.FAILED, HOST, 9)


async def _timed(sock: _Flood, patience: Patience) -> tuple[float, list[NetError]]:
    async def take(_: Datagram) -> None:
        pass

    clock = asyncio.get_running_loop().time
    start = clock()
    failed = await exchange(sock, [Shot(b"x", HOST, 9)], take, patience)
    return clock() - start, failed


def test_a_flood_ends_at_the_most() -> None:
    seconds, _ = run(_timed(_Flood(), Patience(least=0.5, quiet=0.5, most=2.0)))
    assert seconds < 10


def test_a_broken_socket_ends_too() -> None:
    with suppress(TimeoutError):
        seconds, failed = run(_timed(_Broken(), Patience(least=0.5, quiet=0.5, most=2.0)))
    assert seconds < 10
    assert [error.outcome for error in failed] == [Outcome.UNREACHABLE]
