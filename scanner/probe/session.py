"""HTTP requests to one device over httpx, one at a time, on one connection where the device keeps it.

What httpx refuses to read is read again from the raw bytes, so that a malformed answer still becomes evidence.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import msgspec

from scanner.models import Evidence, Outcome, OutOfScope
from scanner.net.api import NetError, Network, Stream
from scanner.probe.record import evidence, http_fields
from scanner.text import decode
from scanner.wire import http
from scanner.wire.message import HttpResponse

if TYPE_CHECKING:
    import httpx

    from scanner.probe.transport import Recorder

BODY_CAP = 256 * 1024
DEADLINE = 4.0  # seconds for one request with its answer
_STRIKES = 2  # so many requests without a whole answer in time, and this device is not asked any further

_SHARED: ContextVar[HttpSession | None] = ContextVar("shared HTTP session", default=None)


class Reply(msgspec.Struct, frozen=True):
    """How a request ended. `answer` is None where nothing came; `fields` are those of `http` evidence."""

    outcome: Outcome
    answer: HttpResponse | None = None
    fields: dict[str, Any] = {}

    @classmethod
    def nothing(cls) -> Reply:
        """What stands for a question that was not asked."""
        return cls(Outcome.SKIPPED)

    @property
    def ok(self) -> bool:
        """Whether the device answered with a 200."""
        return self.answer is not None and self.answer.status == 200


class HttpSession:
    """No redirect is followed, no login is sent, no cookie is kept."""

    def __init__(self, net: Network, host: str) -> None:
        self.net = net
        self.host = host
        self._lock = asyncio.Lock()
        self._client: httpx.AsyncClient | None = None
        self._recorder: Recorder | None = None
        self._strikes = 0
        self._parked: Stream | None = None

    def park(self, stream: Stream) -> bool:
        """Take over a connection that is still good for a request; False where there is one already."""
        if self._client is not None or self._parked is not None:
            return False
        self._parked = stream
        return True

    async def unpark(self) -> None:
        """Close the connection that was taken over and not used yet: its place is needed."""
        if self._client is None and self._parked is not None:
            await self._parked.close()
            self._parked = None

    async def request(
        self,
        method: str,
        port: int,
        path: str,
        *,
        tls: bool = False,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        again: bool = True,
    ) -> Reply:
        """Ask once; a connection that the device closed while it was idle is replaced once, unless `again` is False."""
        if self._strikes >= _STRIKES:
            return Reply(Outcome.SKIPPED)
        async with self._lock:
            recorder, client = await self._ready()
            for _ in range(2 if again else 1):
                recorder.begin()
                status, answer = await self._once(client, recorder, method, port, path, tls, headers, body)
                if status is not Outcome.EMPTY or recorder.fresh:
                    break
        self._strikes += status is Outcome.TIMED_OUT
        if answer is None:
            return Reply(status)
        return Reply(status, answer, http_fields(answer, port=port, tls=tls, method=method, path=path))

    def evidence(self, reply: Reply) -> Evidence:
        """The `http` evidence of a reply that has an answer."""
        return evidence(self.net, self.host, "http", **reply.fields)

    async def close(self) -> None:
        """Close the connections."""
        await self.unpark()
        if self._recorder is not None and self._recorder.parked is not None:
            await self._recorder.parked.close()
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _ready(self) -> tuple[Recorder, httpx.AsyncClient]:
        if self._client is None or self._recorder is None:
            transport = await asyncio.to_thread(_load)
            self._recorder = transport.Recorder(self._parked)
            self._client = transport.client(self.net, self.host, self._recorder)
        return self._recorder, self._client

    async def _once(
        self,
        client: httpx.AsyncClient,
        recorder: Recorder,
        method: str,
        port: int,
        path: str,
        tls: bool,
        headers: Sequence[tuple[str, str]],
        body: bytes | None,
    ) -> tuple[Outcome, HttpResponse | None]:
        from scanner.probe import transport

        try:
            async with asyncio.timeout(DEADLINE):
                url = transport.url(self.host, port, path, tls=tls)
                async with client.stream(method, url, headers=list(headers), content=body) as response:
                    return await _read(response)
        except NetError as error:
            return error.outcome, None
        except OutOfScope:
            return Outcome.OUT_OF_SCOPE, None
        except (TimeoutError, *transport.TIMEOUTS):
            outcome = Outcome.TIMED_OUT
        except transport.FAILURES:
            outcome = Outcome.MALFORMED
        if not recorder.raw:
            return Outcome.EMPTY if outcome is Outcome.MALFORMED else outcome, None
        answered = outcome if outcome is Outcome.TIMED_OUT else Outcome.ANSWERED
        return answered, http.parse_response(bytes(recorder.raw), method=method)


def _load() -> Any:
    """Import httpx off the event loop: it takes a sixth of a second."""
    from scanner.probe import transport

    return transport


async def _read(response: httpx.Response) -> tuple[Outcome, HttpResponse]:
    body = bytearray()
    outcome = Outcome.ANSWERED
    async for part in response.aiter_raw():
        body += part
        if len(body) >= BODY_CAP:
            outcome = Outcome.CUT
            break
    headers = tuple((decode(name), decode(value)) for name, value in response.headers.raw)
    return outcome, HttpResponse(response.status_code, "", "HTTP/1.1", headers, bytes(body[:BODY_CAP]))


def open_session(net: Network, host: str) -> HttpSession | None:
    """The session that an outer `http_session` holds open for `host`."""
    outer = _SHARED.get()
    return outer if outer is not None and outer.host == host and outer.net is net else None


@asynccontextmanager
async def http_session(net: Network, host: str) -> AsyncIterator[HttpSession]:
    """The session that an outer `http_session` for this very address holds open, or a new one.

    Several probes of one visit so share one connection.
    """
    outer = open_session(net, host)
    if outer is not None:
        yield outer
        return
    session = HttpSession(net, host)
    token = _SHARED.set(session)
    try:
        yield session
    finally:
        _SHARED.reset(token)
        await session.close()
