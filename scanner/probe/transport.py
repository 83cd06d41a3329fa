"""httpx over the door: a transport whose every byte passes `Network.connect`, with the raw answer kept.

Imported lazily, as httpx and httpcore take a fifth of a second to load. Certificates are not judged here (the door's
TLS accepts what old cameras speak); the answer of a device is evidence, never trusted.
"""

# ruff: noqa: ARG002 - the signatures are httpcore's
from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore
import httpx

from scanner.models import Outcome
from scanner.net.api import NetError, Network, Stream
from scanner.wire.http import USER_AGENT

RAW_LIMIT = 256 * 1024


class Recorder:
    """The raw bytes of the answer to the current request, capped, and whether a connection was opened for it.

    `parked` is a connection that first contact left open, to be used before a new one.
    """

    def __init__(self, parked: Stream | None = None) -> None:
        self.raw = bytearray()
        self.fresh = False
        self.parked = parked
        self.tls_ports: set[int] = set()

    def begin(self) -> None:
        """A new request begins."""
        self.raw.clear()
        self.fresh = False

    def unpark(self, port: int, *, tls: bool) -> Stream | None:
        """The parked connection where it leads to `port`; it is then no longer parked."""
        stream = self.parked
        if stream is None or (stream.port, stream.tls is not None) != (port, tls):
            return None
        self.parked = None
        return stream

    def take(self, data: bytes) -> None:
        """Keep what fits."""
        self.raw += data[: max(0, RAW_LIMIT - len(self.raw))]


class _DoorStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: Stream, recorder: Recorder) -> None:
        self._stream = stream
        self._recorder = recorder
        self._unsent = bytearray()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            if self._unsent:
                unsent, self._unsent = bytes(self._unsent), bytearray()
                await self._stream.send(unsent)
            data = await self._stream.receive(max_bytes)
        except NetError as error:
            raise _foreign(error, httpcore.ReadTimeout, httpcore.ReadError) from error
        self._recorder.take(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # httpx writes head and body apart; sent together they cost one packet less.
        self._unsent += buffer

    async def aclose(self) -> None:
        await self._stream.close()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return self  # the door has done it: `connect_tcp` asked for TLS on this port

    def get_extra_info(self, info: str) -> Any:
        return None


def _foreign(error: NetError, timed_out: type[Exception], other: type[Exception]) -> Exception:
    return timed_out(str(error)) if error.outcome is Outcome.TIMED_OUT else other(str(error))


class _DoorBackend(httpcore.AsyncNetworkBackend):
    """Opens connections through the door, to the one address it was made for."""

    def __init__(self, net: Network, host: str, recorder: Recorder) -> None:
        self._net = net
        self._host = host
        self._recorder = recorder

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        tls = port in self._recorder.tls_ports
        stream = self._recorder.unpark(port, tls=tls)
        if stream is None:
            stream = await self._net.connect(self._host, port, tls=tls)
            self._recorder.fresh = True
        return _DoorStream(stream, self._recorder)


class DoorTransport(httpx.AsyncBaseTransport):
    """One connection at a time, kept alive between requests."""

    def __init__(self, net: Network, host: str, recorder: Recorder) -> None:
        self._recorder = recorder
        self._pool = httpcore.AsyncConnectionPool(
            # Never used for a handshake; the default one costs 35 ms.
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=4.0,
            network_backend=_DoorBackend(net, host, recorder),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            self._recorder.tls_ports.add(request.url.port or 443)
        else:
            self._recorder.tls_ports.discard(request.url.port or 80)
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


def client(net: Network, host: str, recorder: Recorder) -> httpx.AsyncClient:
    """A client for one device: no redirects, no environment, no cookies kept, no login."""
    no_cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(
        transport=DoorTransport(net, host, recorder),
        headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"},
        cookies=no_cookies,
        follow_redirects=False,
        trust_env=False,
        timeout=None,  # noqa: S113 - the door's idle timeouts and the session's deadline hold
    )


FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpcore.NetworkError, httpcore.ProtocolError)
TIMEOUTS = (httpx.TimeoutException, httpcore.TimeoutException)


def url(host: str, port: int, path: str, *, tls: bool) -> httpx.URL:
    """The address of `path` on the device; httpx.InvalidURL for a path that can't stand in a request line."""
    target = path.encode("ascii", "ignore")
    if not target.startswith(b"/") or any(byte <= 0x20 or byte == 0x7F for byte in target):
        raise httpx.InvalidURL("not a path")
    return httpx.URL(scheme="https" if tls else "http", host=host, port=port, raw_path=target)
