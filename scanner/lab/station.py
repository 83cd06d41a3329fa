"""A device while it runs: what its protocol handlers share."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import socket
import sys
from dataclasses import dataclass, field
from email.utils import formatdate

from scanner.lab.auth import Gate
from scanner.lab.record import Record
from scanner.lab.sites import fill
from scanner.lab.spec import DeviceSpec, Site

_TCP_INFO = getattr(socket, "TCP_INFO", None)
_ESTABLISHED = 1


@dataclass
class Station:
    """One running device: its description, the site's record, and the connections that it holds."""

    spec: DeviceSpec
    site: Site
    record: Record
    gate: Gate
    open: set[socket.socket] = field(default_factory=set)
    counter: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def host(self) -> str:
        """The device's address, also where it is bound elsewhere and reached through the port map."""
        return self.spec.host

    def live(self, text: str) -> str:
        """`text` with the values that change from answer to answer put in."""
        if "{{" not in text:
            return text
        fresh = {"date": formatdate(usegmt=True), "nonce": self.gate.nonce(), "random": secrets.token_hex(8)}
        return str(fill(text, fresh))

    def held_by_peers(self) -> int:
        """How many connections the peers hold open now.

        One that the peer has closed and the lab has not yet read to its end does not count: Linux knows that
        (tcpi_state), elsewhere it counts until it is read.
        """
        return sum(1 for sock in self.open if _established(sock))


@dataclass
class Connection:
    """One accepted TCP connection, after the TLS handshake where there is one."""

    station: Station
    port: int
    peer: str
    tls: bool
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def request(self, protocol: str, detail: str) -> None:
        """Note a request."""
        self.station.record.request(self.station.host, self.port, self.peer, protocol, detail)

    def violation(self, kind: str, detail: str) -> None:
        """Note something that should not have been sent."""
        self.station.record.violation(self.station.host, self.port, self.peer, kind, detail)

    async def send(self, data: bytes) -> None:
        """Write `data` and wait until it is taken."""
        self.writer.write(data)
        await self.writer.drain()


def _established(sock: socket.socket) -> bool:
    if _TCP_INFO is None or sys.platform != "linux":
        return True
    try:
        return sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, 1)[0] == _ESTABLISHED
    except OSError:
        return False
