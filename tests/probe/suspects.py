"""Suspects and answers for the tests of probes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.models import Evidence
from scanner.probe.contract import Suspect
from tests.fakes import Reply, ScriptedNetwork

HOST = "198.51.100.10"


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP answer that keeps its connection."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def pages(by_path: dict[str, bytes], otherwise: bytes | None = None) -> Callable[[bytes], Reply]:
    """A server that answers by the path of the request line, 404 for others."""
    missing = answer(b"no", status="404 Not Found") if otherwise is None else otherwise

    def serve(request: bytes) -> Reply:
        words = request.split(b" ", 2)
        return by_path.get(words[1].decode(), missing) if len(words) > 2 else None

    return serve


def paths(net: ScriptedNetwork, port: int = 80) -> list[str]:
    """The paths that were asked for, in order."""
    return [request.split(b" ", 2)[1].decode() for request in net.requests(HOST, port)]


def suspect(*evidence: Evidence, ports: dict[int, str] | None = None, **more: Any) -> Suspect:
    """A suspect with a web server, unless told otherwise."""
    return Suspect(HOST, {80: "http"} if ports is None else ports, evidence=evidence, **more)


def said(protocol: str, **fields: Any) -> Evidence:
    """Evidence of HOST."""
    return Evidence(HOST, protocol, fields, "2026-11-22T09:00:00Z")


def assert_no_login(net: ScriptedNetwork) -> None:
    """Nothing that was sent carries a login, and nothing went elsewhere."""
    for one in net.sent:
        lower = one.data.lower()
        assert b"authorization" not in lower
        assert b"cookie" not in lower
        assert b"security" not in lower
        assert one.host == HOST
    assert net.surprises == []
    assert net.refused == []
    assert net.open_streams == 0
