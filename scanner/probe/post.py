"""A UDP port that answers to many devices come to: one socket, shared while somebody waits, each answer to its asker.

Two sockets on one port would take each other's answers.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scanner.models import OutOfScope
from scanner.net.api import Datagram, DatagramSocket, NetError, Network

MAX_WAITING = 16  # answers of one device that lie unread

_OFFICES: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[int, int], _Office]] = (
    weakref.WeakKeyDictionary()
)


class Box:
    """One device's answers on the shared port."""

    def __init__(self, sock: DatagramSocket, host: str) -> None:
        self._sock = sock
        self._host = host
        self.letters: asyncio.Queue[Datagram] = asyncio.Queue(MAX_WAITING)

    async def send(self, data: bytes, port: int) -> None:
        """One datagram to the device. NetError, OutOfScope as for any socket."""
        await self._sock.send(data, self._host, port)

    async def receive(self, timeout: float) -> Datagram | None:
        """The device's next datagram, or None when `timeout` seconds pass."""
        try:
            async with asyncio.timeout(max(0.0, timeout)):
                return await self.letters.get()
        except TimeoutError:
            return None

    async def collect(self) -> None:
        """Read the socket for this box alone, until cancelled."""
        while True:
            datagram = await self._sock.receive(1.0)
            if datagram is not None and datagram.host == self._host and not self.letters.full():
                self.letters.put_nowait(datagram)


class _Office:
    """The socket, the task that reads it, and who waits."""

    def __init__(self, net: Network, port: int) -> None:
        self.boxes: dict[str, Box] = {}
        self.users = 0
        self.opened: asyncio.Future[DatagramSocket] = asyncio.get_running_loop().create_future()
        self.reader = asyncio.create_task(self._read(net, port))
        self.reader.add_done_callback(self._ended)

    async def _read(self, net: Network, port: int) -> None:
        try:
            async with net.udp(port=port) as sock:
                self.opened.set_result(sock)
                while True:
                    datagram = await sock.receive(1.0)
                    if datagram is not None and (box := self.boxes.get(datagram.host)) and not box.letters.full():
                        box.letters.put_nowait(datagram)
        except (NetError, OutOfScope) as error:
            if not self.opened.done():
                self.opened.set_exception(error)

    def _ended(self, reader: asyncio.Task[None]) -> None:
        """Whoever waits for a socket that will never be there hears why."""
        if not self.opened.done() and not reader.cancelled() and (error := reader.exception()) is not None:
            self.opened.set_exception(error)

    async def close(self) -> None:
        self.reader.cancel()
        await asyncio.gather(self.reader, return_exceptions=True)


@asynccontextmanager
async def box(net: Network, host: str, port: int) -> AsyncIterator[Box]:
    """The box of `host` on local `port`; one at a time for a host and port. NetError where it can't be opened."""
    offices = _OFFICES.setdefault(asyncio.get_running_loop(), {})
    key = (id(net), port)
    office = offices.get(key)
    if office is None:
        office = offices[key] = _Office(net, port)
    office.users += 1
    try:
        mine = office.boxes[host] = Box(await asyncio.shield(office.opened), host)
        yield mine
    finally:
        office.boxes.pop(host, None)
        office.users -= 1
        if not office.users:
            del offices[key]
            await office.close()
