"""What a zgrab2 result says: its modules' answers (github.com/zmap/zgrab2, schemas of http, tls, ssh, ftp, banner…)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.intake.first_words import BODY_LIMIT, Said, of_pem

_PORTS = {
    "http": 80,
    "https": 443,
    "tls": 443,
    "ssh": 22,
    "ftp": 21,
    "telnet": 23,
    "smtp": 25,
    "imap": 143,
    "pop3": 110,
}
MAX_HEADERS = 200
MAX_MODULES = 64
MAX_BANNER = 4096


def read(record: dict[str, Any]) -> Iterator[tuple[str | None, Said]]:
    """(seen_at, said) of every module that got an answer."""
    modules = record.get("data")
    if not isinstance(modules, dict):
        raise ValueError("no 'data'")
    for name, module in list(modules.items())[:MAX_MODULES]:
        result = module.get("result") if isinstance(module, dict) else None
        if not isinstance(result, dict):
            continue
        seen_at = module.get("timestamp")
        port = module.get("port", _PORTS.get(str(module.get("protocol", name))))
        for said in _of_result(result, port if isinstance(port, int) else None):
            yield seen_at if isinstance(seen_at, str) else None, said


def _of_result(result: dict[str, Any], port: int | None) -> Iterator[Said]:
    placed = {} if port is None else {"port": port}
    response = result.get("response")
    if isinstance(response, dict):
        yield from _http(response, port)
    yield from _certificate(result, port)
    server_id = result.get("server_id")
    banner = server_id.get("raw") if isinstance(server_id, dict) else result.get("banner")
    if isinstance(banner, str) and banner.strip():
        yield "banner", {**placed, "text": banner[:MAX_BANNER]}


def _http(response: dict[str, Any], port: int | None) -> Iterator[Said]:
    request = _inside(response, "request")
    url = _inside(request, "url")
    named = str(url.get("host", "")).rpartition(":")[2]
    if named.isascii() and named.isdigit() and len(named) < 6:
        port = int(named)
    secure = url.get("scheme") == "https" or bool(request.get("tls_log"))
    fields: dict[str, Any] = {"port": port, "tls": secure, "method": request.get("method") or "GET"}
    fields["path"] = str(url.get("path") or "/")
    if isinstance(response.get("status_code"), int):
        fields["status"] = response["status_code"]
    fields["headers"] = list(_headers(response.get("headers")))[:MAX_HEADERS]
    body = response.get("body")
    fields["body"] = body[:BODY_LIMIT] if isinstance(body, str) else ""
    yield "http", {name: value for name, value in fields.items() if value is not None}
    if request.get("tls_log"):
        yield from _certificate(request["tls_log"], port)


def _inside(value: dict[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _headers(headers: object) -> Iterator[list[str]]:
    """zgrab2 writes known names in lower case with underscores, and the others in a list `unknown`."""
    if not isinstance(headers, dict):
        return
    for name, values in headers.items():
        if name == "unknown" and isinstance(values, list):
            for each in values:
                if isinstance(each, dict):
                    yield from _pairs(str(each.get("key", "")), each.get("value"))
        else:
            yield from _pairs(str(name), values)


def _pairs(name: str, values: object) -> Iterator[list[str]]:
    for value in values if isinstance(values, list) else [values]:
        if isinstance(value, str):
            yield [name.replace("_", "-"), value]


def _certificate(log: object, port: int | None) -> Iterator[Said]:
    """handshake_log.server_certificates.certificate.raw, base64 of the DER."""
    found: object = log
    for key in ("handshake_log", "server_certificates", "certificate", "raw"):
        found = found.get(key) if isinstance(found, dict) else None
    if isinstance(found, str):
        yield from of_pem(found, port)
