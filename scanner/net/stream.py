"""One TCP connection of the door: counted, capped, and ended in time whatever the peer does."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from typing import TypeVar

from scanner.models import Outcome
from scanner.net.api import NetError, TlsPeer
from scanner.net.dial import net_error
from scanner.net.gate import Gate
from scanner.net.ledger import ack_packets, write_packets
from scanner.net.tls import TlsSession

_T = TypeVar("_T")
_SEGMENT = 1400
_RECORD = 16 * 1024 + 2048
_LINGER_NOT = struct.pack("ii", 1, 0)


class Wire:
    """The bytes of one socket, in cleartext or not. `cap` is the most that is read, `life` the seconds it may last."""

    def __init__(self, gate: Gate, sock: socket.socket, host: str, port: int, *, idle: float, cap: int, life: float):
        self._gate = gate
        self._sock = sock
        self._host = host
        self._port = port
        self._idle = idle
        self._left = cap
        self._loop = asyncio.get_running_loop()
        self._end = self._loop.time() + life
        self.sent = 0
        self.received = 0

    async def write(self, data: bytes) -> None:
        """Send all, a burst of packets at a time."""
        step = self._gate.limiter.chunk * _SEGMENT
        for at in range(0, len(data), step):
            part = data[at : at + step]
            await self._gate.limiter.take(self._host, write_packets(len(part)))
            self._gate.ledger.count(self._host, packets=write_packets(len(part)), sent=len(part))
            self.sent += len(part)
            try:
                async with asyncio.timeout(self._wait()):
                    await self._loop.sock_sendall(self._sock, part)
            except TimeoutError:
                raise self.error(Outcome.TIMED_OUT, "the peer does not take what is sent") from None
            except OSError as error:
                raise net_error(error, self._host, self._port) from None

    async def read(self, limit: int) -> bytes:
        """What has come, b"" at the end; a reset after an answer counts as its end."""
        room = min(limit, self._left, self._gate.allowance(self._host))
        if room <= 0:
            raise self.error(Outcome.CUT, "more bytes than one stream or device may send")
        try:
            data = await self._receive(room)
        except OSError as error:
            if isinstance(error, ConnectionResetError) and self.received:
                return b""
            raise net_error(error, self._host, self._port) from None
        self._left -= len(data)
        self.received += len(data)
        self._gate.arrived(self._host, len(data), packets=ack_packets(len(data)))
        return data

    def close(self) -> None:
        """Close the socket. One on which nothing passed is reset, which spares its device two packets."""
        unused = not (self.sent or self.received)
        if unused:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        packets = 1 if unused else 2
        self._gate.ledger.count(self._host, packets=packets)
        self._gate.limiter.debit(self._host, packets)
        self._sock.close()

    def error(self, outcome: Outcome, detail: str) -> NetError:
        """An error of this connection."""
        return NetError(outcome, self._host, self._port, detail)

    async def _receive(self, room: int) -> bytes:
        try:
            async with asyncio.timeout(self._wait()):
                return await self._loop.sock_recv(self._sock, room)
        except TimeoutError:
            pass
        try:
            # The loop may have been too busy to see what lies there.
            return self._sock.recv(room)
        except (BlockingIOError, InterruptedError):
            self._wait()
            raise self.error(Outcome.TIMED_OUT, f"silent for {self._idle:g} s") from None

    def _wait(self) -> float:
        left = self._end - self._loop.time()
        if left <= 0:
            raise self.error(Outcome.CUT, "the connection lasted too long")
        return min(self._idle, left)


class SocketStream:
    """The door's Stream. `closed` is called once, when it closes."""

    def __init__(self, wire: Wire, host: str, port: int, closed: Callable[[SocketStream], None]) -> None:
        self.host = host
        self.port = port
        self.tls: TlsPeer | None = None
        self._wire = wire
        self._closed: Callable[[SocketStream], None] | None = closed
        self._session: TlsSession | None = None
        self._failure: NetError | None = None

    async def start_tls(self, timeout: float) -> None:
        """The handshake. When it fails after the peer showed its certificate, that is kept and the stream is dead.

        NetError: TIMED_OUT, CUT, or MALFORMED for whatever else goes wrong in it.
        """
        self._session = TlsSession(self.host)
        failure: NetError | None = None
        try:
            async with asyncio.timeout(timeout):
                await self._run(self._session, self._session.handshake)
        except TimeoutError:
            failure = self._wire.error(Outcome.TIMED_OUT, "TLS handshake")
        except NetError as error:
            failure = error
            if error.outcome not in (Outcome.TIMED_OUT, Outcome.CUT, Outcome.MALFORMED):
                failure = self._wire.error(Outcome.MALFORMED, "the TLS handshake was broken off")
        certificate = self._session.certificate
        if failure is not None and certificate is None:
            raise failure
        self._failure = failure
        self.tls = TlsPeer(certificate=certificate, version=self._session.version)

    async def send(self, data: bytes) -> None:
        """See Stream."""
        self._check()
        if self._session is None:
            await self._wire.write(data)
            return
        session = self._session
        await self._run(session, lambda: session.write(data) if data else None)

    async def receive(self, limit: int = 65536) -> bytes:
        """See Stream."""
        self._check()
        if self._session is None:
            return await self._wire.read(limit)
        session = self._session
        return await self._run(session, lambda: session.read(limit))

    async def close(self) -> None:
        """See Stream."""
        self.abort()

    def abort(self) -> None:
        """Close at once."""
        if self._closed is not None:
            closed, self._closed = self._closed, None
            self._wire.close()
            closed(self)

    def _check(self) -> None:
        if self._closed is None:
            raise self._wire.error(Outcome.FAILED, "used after it was closed")
        if self._failure is not None:
            raise self._failure

    async def _run(self, session: TlsSession, step: Callable[[], _T]) -> _T:
        """One TLS step, with as much of the wire as it needs."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                await self._flush(session)
                session.feed(await self._wire.read(_RECORD))
                continue
            except ssl.SSLError as error:
                session.outgoing()
                raise self._wire.error(Outcome.MALFORMED, f"TLS: {error.reason or error}") from None
            await self._flush(session)
            return result

    async def _flush(self, session: TlsSession) -> None:
        if data := session.outgoing():
            await self._wire.write(data)
