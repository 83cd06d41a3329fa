"""What a hostile or broken web server does. Each goes on until the peer leaves, or to a bound of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from scanner.lab.station import Connection

DRIP_SECONDS = 120.0
FLOOD_BYTES = 64 * 1024 * 1024

BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE r [\n <!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">\n'
    + "".join(f' <!ENTITY {name} "{f"&{before};" * 16}">\n' for before, name in zip("abcdefg", "bcdefgh", strict=True))
    + "]>\n<r>&h;</r>\n"
)


async def act(connection: Connection, name: str) -> None:
    """Answer in the way `name`: drip, headers, flood, bomb, silence. ValueError for another name."""
    if name not in ACTS:
        raise ValueError(f"no hostile act {name!r}; there are {', '.join(sorted(ACTS))}")
    await ACTS[name](connection)


async def _drip(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\nServer: drip\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(int(DRIP_SECONDS * 2)):
        await connection.send(b".")
        await asyncio.sleep(0.5)


async def _headers(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\n")
    chunk = b"".join(b"X-Filler-%d: %s\r\n" % (number, b"A" * 1000) for number in range(64))
    for _ in range(FLOOD_BYTES // len(chunk)):
        await connection.send(chunk)


async def _flood(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999999\r\n\r\n")
    for _ in range(FLOOD_BYTES // 65536):
        await connection.send(b"<b>" * 21845 + b"\n")


async def _bomb(connection: Connection) -> None:
    body = BOMB.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    await connection.send(head.encode() + body)


async def _silence(_connection: Connection) -> None:
    await asyncio.sleep(DRIP_SECONDS)


ACTS: dict[str, Callable[[Connection], Awaitable[None]]] = {
    "drip": _drip,
    "headers": _headers,
    "flood": _flood,
    "bomb": _bomb,
    "silence": _silence,
}
