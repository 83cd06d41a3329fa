"""Contract 1's fields from what was read: one place that shapes and caps them."""

from __future__ import annotations

import base64
from typing import Any

from scanner.models import Evidence
from scanner.net.api import Network
from scanner.wire import http
from scanner.wire.message import HttpResponse

BODY_LIMIT = 64 * 1024
_TEXT_SAMPLE = 4096
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}


def evidence(net: Network, host: str, protocol: str, **fields: Any) -> Evidence:
    """One observation of `host`, now; fields that are None are left out."""
    return Evidence(host, protocol, {k: v for k, v in fields.items() if v is not None}, net.now())


def http_fields(answer: HttpResponse, *, port: int, tls: bool, method: str, path: str) -> dict[str, Any]:
    """The fields of `http` evidence. A body that is no text goes in as `body_b64`."""
    fields: dict[str, Any] = {"port": port, "tls": tls, "method": method, "path": path}
    if answer.status is not None:
        fields["status"] = answer.status
    fields["headers"] = [[name, value] for name, value in answer.headers]
    if answer.faults:
        fields["faults"] = list(answer.faults)
    if looks_binary(answer):
        fields["body_b64"] = base64.b64encode(answer.body[:BODY_LIMIT]).decode("ascii")
    else:
        fields["body"] = http.decode_body(answer.body, answer.headers)[:BODY_LIMIT]
    return fields


def rtsp_fields(answer: HttpResponse, *, port: int, method: str) -> dict[str, Any]:
    """The fields of `rtsp` evidence."""
    fields: dict[str, Any] = {"port": port, "method": method}
    if answer.status is not None:
        fields["status"] = answer.status
    fields["headers"] = [[name, value] for name, value in answer.headers]
    fields["body"] = http.decode_body(answer.body, answer.headers)[:BODY_LIMIT]
    return fields


def looks_binary(answer: HttpResponse) -> bool:
    """Whether the body holds control bytes that no text has, and is not a compressed text."""
    if http.header(answer.headers, "content-encoding") or answer.body[:3] == b"\x1f\x8b\x08":
        return False
    sample = answer.body[:_TEXT_SAMPLE]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    return sum(byte in _CONTROLS for byte in sample) * 50 > len(sample)
