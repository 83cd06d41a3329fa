"""TCP services that speak first (FTP, Telnet, SSH), and proprietary ports that accept and stay silent."""

from __future__ import annotations

import asyncio

from scanner.lab.spec import Tcp
from scanner.lab.station import Connection

IDLE_SECONDS = 20.0
_FLOOD_BYTES = 16 * 1024 * 1024
_LOGIN_WORDS = (b"USER ", b"PASS ", b"AUTH ")
_XIONGMAI_LOGIN = 1000  # message id, little endian at offset 14 of the DVRIP header
_TELNET_COMMAND = 0xFF


async def serve(connection: Connection, service: Tcp) -> None:
    """Say the banner, then read until the peer leaves; what it sends is judged."""
    if service.banner:
        await connection.send(connection.station.live(service.banner).encode("latin-1", "replace"))
    if service.flood:
        for _ in range(_FLOOD_BYTES // 65536):
            await connection.send(b"A" * 65536)
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            while data := await connection.reader.read(4096):
                connection.request("tcp", f"{len(data)} bytes: {data[:24].hex()}")
                if is_login(service.port, data):
                    connection.violation("login", f"port {service.port}: {data[:24].hex()}")
    except (TimeoutError, OSError):
        return


def is_login(port: int, data: bytes) -> bool:
    """Whether `data` begins a login at a banner service or a proprietary port."""
    if port == 23:
        return data[0] != _TELNET_COMMAND
    if port == 34567:
        return len(data) >= 20 and int.from_bytes(data[14:16], "little") == _XIONGMAI_LOGIN
    if port == 37777:
        return data[0] in (0xA0, 0xA1)
    return any(data.upper().startswith(word) for word in _LOGIN_WORDS)
