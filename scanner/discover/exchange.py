"""One conversation by datagrams: a spaced schedule of questions, every answer handed over, an adaptive end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec

from scanner.models import CamcensusError, Outcome, OutOfScope
from scanner.net.api import Datagram, DatagramSocket, NetError

Handle = Callable[[Datagram], Awaitable[None]]


class Shot(msgspec.Struct, frozen=True):
    """One datagram to send, `at` seconds after the start.

    `group` says that `host` is a multicast group; `host` "" is everybody on the link, by broadcast.
    """

    data: bytes
    host: str
    port: int
    at: float = 0.0
    group: bool = False


class Patience(msgspec.Struct, frozen=True):
    """How long to listen after the last question, in seconds.

    At least `least`; then until `quiet` seconds pass without an answer; never beyond `most`.
    """

    least: float = 1.0
    quiet: float = 0.5
    most: float = 2.5


async def exchange(sock: DatagramSocket, shots: Sequence[Shot], handle: Handle, patience: Patience) -> list[NetError]:
    """Send the shots on their schedule and hand over whatever comes in meanwhile and after; the failed sends."""
    async with asyncio.TaskGroup() as group:
        sender = group.create_task(_send(sock, shots))
        while not sender.done():
            await _receive(sock, handle, 0.1)
        await _tail(sock, handle, patience)
    return sender.result()


async def hear_on(sock: DatagramSocket, handle: Handle) -> None:
    """Hand over what comes in, until cancelled."""
    while True:
        await _receive(sock, handle, 1.0)


async def _send(sock: DatagramSocket, shots: Iterable[Shot]) -> list[NetError]:
    clock = asyncio.get_running_loop().time
    start = clock()
    failed = []
    for shot in sorted(shots, key=lambda s: s.at):
        await asyncio.sleep(max(0.0, start + shot.at - clock()))
        try:
            if not shot.host:
                await sock.send_broadcast(shot.data, shot.port)
            elif shot.group:
                await sock.send_multicast(shot.data, shot.host, shot.port)
            else:
                await sock.send(shot.data, shot.host, shot.port)
        except NetError as error:
            failed.append(error)
        except OutOfScope as error:
            failed.append(NetError(Outcome.OUT_OF_SCOPE, shot.host, shot.port, str(error)))
    return failed


async def _receive(sock: DatagramSocket, handle: Handle, timeout: float) -> bool:
    try:
        datagram = await sock.receive(timeout)
    except CamcensusError:
        # A socket that fails at once must not spin: behave as silence does.
        await asyncio.sleep(timeout)
        return False
    if datagram is None:
        return False
    await handle(datagram)
    return True


async def _tail(sock: DatagramSocket, handle: Handle, patience: Patience) -> None:
    clock = asyncio.get_running_loop().time
    start = clock()
    end = start + patience.least
    while clock() < end:
        if await _receive(sock, handle, end - clock()):
            end = min(max(end, clock() + patience.quiet), start + patience.most)
