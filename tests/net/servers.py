"""Small real servers on loopback, and a door to them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from scanner.net.api import Interface
from scanner.net.door import SocketNetwork
from scanner.net.rate import RateLimiter
from scanner.net.targets import parse_targets

CAMERA = "127.0.0.10"
OTHER = "127.0.0.11"
STRANGER = "127.0.1.10"
LOOPBACK = Interface(name="lo", index=1, addresses=("127.0.0.1/8", "::1/128"), loopback=True)

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def door(*targets: str, **options: Any) -> SocketNetwork:
    """A door to 127.0.0.0/24 (or to `targets`), fast unless a test asks for rates."""
    options.setdefault("limiter", RateLimiter(1e6, 1e6))
    options.setdefault("interfaces", (LOOPBACK,))
    return SocketNetwork(parse_targets(targets or ("127.0.0.0/24",)), **options)


@asynccontextmanager
async def served(handler: Handler, host: str = CAMERA, **options: Any) -> AsyncIterator[int]:
    """A TCP server on an ephemeral port of `host`; its connections end with it."""
    running: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            running.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(handle, host, 0, **options)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(running):
            task.cancel()
        await asyncio.sleep(0.01)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each message with itself."""
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Never say anything."""
    await asyncio.sleep(60)


class DeafLoop(asyncio.SelectorEventLoop):
    """A loop too busy to see what the kernel has long done: it never reports a connection, a byte or a datagram."""

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        sock.connect_ex(address)
        await asyncio.sleep(60)

    async def sock_recv(self, sock: socket.socket, nbytes: int) -> bytes:
        await asyncio.sleep(60)
        return b""


class Listener(asyncio.DatagramProtocol):
    """A UDP server; `answer` gives what to send back to whom asked."""

    def __init__(self, answer: Callable[[bytes], list[bytes]]) -> None:
        self.heard: list[bytes] = []
        self._answer = answer
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self.heard.append(data)
        for reply in self._answer(data):
            self.transport.sendto(reply, addr)


@asynccontextmanager
async def listening(answer: Callable[[bytes], list[bytes]], host: str = CAMERA) -> AsyncIterator[tuple[int, Listener]]:
    """A UDP server on an ephemeral port of `host`."""
    loop = asyncio.get_running_loop()
    transport, listener = await loop.create_datagram_endpoint(lambda: Listener(answer), local_addr=(host, 0))
    try:
        yield transport.get_extra_info("sockname")[1], listener
    finally:
        transport.close()
        await asyncio.sleep(0)


def open_files() -> int:
    """How many descriptors this process holds."""
    return len(list(Path("/proc/self/fd").iterdir()))
