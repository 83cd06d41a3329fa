"""The first use of an open port, on the connection that found it open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from scanner.models import Evidence, Outcome
from scanner.net.api import Network, Stream
from scanner.net.elsewhere import note_elsewhere
from scanner.probe.converse import Patience, Said, ask
from scanner.probe.page import Lead, lead
from scanner.probe.ports import Use
from scanner.probe.record import evidence, http_fields, rtsp_fields
from scanner.text import decode
from scanner.wire import http, rtsp
from scanner.wire.message import HttpResponse

_MAX_LEADS = 2
_BANNER_LIMIT = 4096
_BANNER = Patience(first=1.0, next=0.3, total=1.5)
_MOMENT = Patience(first=0.3, next=0.2, total=0.5)
_KEEP = (("Connection", "keep-alive"),)
_WANTS_TLS = (b"plain HTTP request", b"HTTP request to an HTTPS", b"speaking plain HTTP to an SSL")

Take = Callable[[Evidence], Awaitable[None]]


class Used(msgspec.Struct, frozen=True):
    """How it ended; what really speaks there; whether it must be asked again under TLS; ports that its pages name;
    whether the connection is still good for another HTTP request.
    """

    outcome: Outcome
    service: Use
    retry_tls: bool = False
    named_ports: tuple[int, ...] = ()
    lasting: bool = False


async def use(net: Network, stream: Stream, kind: Use, take: Take, patience: Patience = Patience()) -> Used:  # noqa: B008 - frozen
    """Use the open `stream` as `kind` says; what it says goes to `take`. The caller closes it.

    `patience` is with answers to questions; a banner has its own.
    """
    if kind is Use.HTTPS:
        await _certificate(net, stream, take)
    if kind in (Use.HTTP, Use.HTTPS):
        return await _pages(net, stream, kind, take, patience)
    if kind is Use.RTSP:
        return await _rtsp(net, stream, take, patience)
    return await _banner(net, stream, kind, take)


async def _certificate(net: Network, stream: Stream, take: Take) -> None:
    if stream.tls is None or stream.tls.certificate is None:
        return
    from scanner.wire.certificate import describe

    fields = describe(stream.tls.certificate, stream.tls.version)
    await take(evidence(net, stream.host, "tls", port=stream.port, **fields))


async def _pages(net: Network, stream: Stream, kind: Use, take: Take, patience: Patience) -> Used:
    """GET / and the pages of the same address and port that it leads to, while the connection lasts."""
    tls = kind is Use.HTTPS
    path = "/"
    outcome = Outcome.EMPTY
    lasting = False
    named: list[int] = []
    for _ in range(1 + _MAX_LEADS):
        question = http.build_request("GET", _host_header(stream), path, _KEEP)
        said = await ask(stream, question, http.is_complete, patience=patience)
        if not said.raw:
            return Used(said.outcome if outcome is Outcome.EMPTY else outcome, kind, named_ports=tuple(named))
        if not tls and _asks_for_tls(said.raw):
            return Used(Outcome.ANSWERED, kind, retry_tls=True)
        answer = http.parse_response(said.raw)
        if answer.version.upper().startswith("RTSP"):
            await take(evidence(net, stream.host, "rtsp", **rtsp_fields(answer, port=stream.port, method="GET")))
            return Used(Outcome.ANSWERED, Use.RTSP)
        fields = http_fields(answer, port=stream.port, tls=tls, method="GET", path=path)
        await take(evidence(net, stream.host, "http", **fields))
        outcome = Outcome.ANSWERED
        lasting = _lasts(said, answer)
        onward = lead(answer, tls=tls, host=stream.host, port=stream.port, path=path)
        if onward is None or not _here(net, stream, tls, onward, named) or not lasting:
            break
        path = onward.path
    return Used(outcome, kind, named_ports=tuple(named), lasting=lasting)


def _here(net: Network, stream: Stream, tls: bool, onward: Lead, named: list[int]) -> bool:
    """Whether `onward` is on this very port; another port of the device is kept for later, another host noted."""
    if onward.host != stream.host.lower():
        note_elsewhere(net, stream.host, f"//{_bracketed(onward.host)}/")
        return False
    if (onward.tls, onward.port) != (tls, stream.port):
        named.append(onward.port)
        return False
    return True


def _lasts(said: Said, answer: HttpResponse) -> bool:
    close = (http.header(answer.headers, "connection") or "").lower()
    old = answer.version.upper() == "HTTP/1.0" and "keep-alive" not in close
    return said.open and "close" not in close and not old


def _asks_for_tls(raw: bytes) -> bool:
    """A TLS alert record (RFC 8446 section 5.1), or an HTTP answer that says so."""
    return raw[:2] == b"\x15\x03" or (raw[:5] == b"HTTP/" and any(sign in raw[:2048] for sign in _WANTS_TLS))


async def _rtsp(net: Network, stream: Stream, take: Take, patience: Patience) -> Used:
    """OPTIONS, then DESCRIBE of the root: neither opens a stream."""
    url = f"rtsp://{_host_header(stream)}/"
    outcome = Outcome.EMPTY
    for sequence, method in enumerate(("OPTIONS", "DESCRIBE"), start=1):
        more = (("Accept", "application/sdp"),) if method == "DESCRIBE" else ()
        said = await ask(stream, rtsp.build_request(method, url, sequence, more), rtsp.is_complete, patience=patience)
        if not said.raw:
            return Used(said.outcome if outcome is Outcome.EMPTY else outcome, Use.RTSP)
        answer = rtsp.parse_response(said.raw)
        outcome = Outcome.ANSWERED
        if answer.version.upper().startswith("HTTP"):
            fields = http_fields(answer, port=stream.port, tls=False, method=method, path="/")
            await take(evidence(net, stream.host, "http", **fields))
            return Used(outcome, Use.HTTP)
        await take(evidence(net, stream.host, "rtsp", **rtsp_fields(answer, port=stream.port, method=method)))
        if not said.open:
            break
    return Used(outcome, Use.RTSP)


async def _banner(net: Network, stream: Stream, kind: Use, take: Take) -> Used:
    patience = _BANNER if kind is Use.BANNER else _MOMENT
    said = await ask(stream, b"", lambda raw: raw.endswith(b"\n"), patience=patience, limit=_BANNER_LIMIT)
    if not said.raw:
        return Used(Outcome.EMPTY, kind)
    await take(evidence(net, stream.host, "banner", port=stream.port, text=decode(said.raw)))
    return Used(Outcome.ANSWERED, Use.BANNER)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _host_header(stream: Stream) -> str:
    """Host as a browser sends it: without the port where it is the scheme's own."""
    usual = {80: False, 443: True}
    plain = stream.port in usual and usual[stream.port] is (stream.tls is not None)
    return _bracketed(stream.host) if plain or stream.port == 554 else f"{_bracketed(stream.host)}:{stream.port}"
