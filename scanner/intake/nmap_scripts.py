"""What nmap's scripts and its service detection repeat of a device's own words.

A page title or header that stands alone becomes the smallest `http` evidence that carries it, marked `rewrapped`.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from scanner.intake.first_words import Said, of_bytes, of_pem
from scanner.text import decode, is_ip, normalise_mac
from scanner.wire.challenge import challenges

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_OUTPUT = 64 * 1024
MAX_WORDS = 16
MAX_LINES = 500
_ESCAPES = {"r": 13, "n": 10, "t": 9, "0": 0, "a": 7, "b": 8, "f": 12, "v": 11}
_UPNP = {
    "Manufacturer": "manufacturer",
    "Model Descr": "modelDescription",
    "Model Name": "modelName",
    "Model Version": "modelNumber",
    "Name": "friendlyName",
}
_NO_TITLE = "Site doesn't have a title"


def read_script(script: _Element, port: int | None, tls: bool) -> Iterator[Said]:
    """The evidence in one script's result; nothing for scripts that tell nmap's opinion."""
    reader = _READERS.get(script.get("id", ""))
    if reader is not None:
        yield from reader(script, port, tls)


def _output(script: _Element) -> str:
    return script.get("output", "")[:MAX_OUTPUT]


def _element(script: _Element, key: str) -> str:
    """The text of the script's own element `key` (not of a table in it)."""
    return next((e.text or "" for e in script.iterfind("elem") if e.get("key") == key), "")


def _placed(port: int | None, **fields: Any) -> dict[str, Any]:
    return fields if port is None else {"port": port, **fields}


def _http(port: int | None, tls: bool, headers: list[list[str]], body: str = "", **more: Any) -> Said:
    return "http", {**_placed(port, tls=tls, **more), "headers": headers, "body": body, "rewrapped": True}


def _title(script: _Element, port: int | None, tls: bool) -> Iterator[Said]:
    title = _element(script, "title") or _output(script).partition("\n")[0]
    if title and not title.startswith(_NO_TITLE):
        yield _http(port, tls, [], f"<title>{html.escape(title)}</title>")


def _server(script: _Element, port: int | None, tls: bool) -> Iterator[Said]:
    values = [e.text for e in script.iter("elem") if e.text] or _output(script).strip().splitlines()[:1]
    for value in values[:MAX_WORDS]:
        yield _http(port, tls, [["Server", value]])


def _headers(script: _Element, port: int | None, tls: bool) -> Iterator[Said]:
    lines = [line.strip() for line in _output(script).splitlines()[:MAX_LINES]]
    pairs = [line.partition(":") for line in lines if not line.startswith("(Request type")]
    headers = [[name.strip(), value.strip()] for name, colon, value in pairs if colon]
    if headers:
        yield _http(port, tls, headers, path="/")


def _login(script: _Element, port: int | None, tls: bool) -> Iterator[Said]:
    """http-auth: a status line, then a challenge a line."""
    lines = [line.strip() for line in _output(script).splitlines()[:MAX_WORDS]]
    asked = [line for line in lines if line and not line.startswith("HTTP/") and _has_realm(line)]
    if asked:
        yield _http(port, tls, [["WWW-Authenticate", line] for line in asked], status=401)


def _has_realm(line: str) -> bool:
    return any("realm" in parameters for _, parameters in challenges((("WWW-Authenticate", line),)))


def _rtsp(script: _Element, port: int | None, _: bool) -> Iterator[Said]:
    methods = _output(script).strip()
    if methods:
        yield "rtsp", _placed(port, method="OPTIONS", headers=[["Public", methods]], body="", rewrapped=True)


def _certificate(script: _Element, port: int | None, _: bool) -> Iterator[Said]:
    yield from of_pem(_element(script, "pem"), port)


def _banner(script: _Element, port: int | None, _: bool) -> Iterator[Said]:
    if text := _output(script).strip():
        yield "banner", _placed(port, text=decode(unescaped(text)))


def _engine(script: _Element, _: int | None, __: bool) -> Iterator[Said]:
    """snmp-info names the enterprise in words, so its number stands as 0 (reserved); the MAC is kept."""
    mac = normalise_mac(_element(script, "engineIDData")) if _element(script, "engineIDFormat") == "mac" else None
    if mac:
        yield "snmp", {"engine_id": f"8000000003{mac.replace(':', '')}", "rewrapped": True}


def _sysdescr(script: _Element, _: int | None, __: bool) -> Iterator[Said]:
    text = _output(script).strip()
    described = text.partition("\n  System uptime:")[0].strip()
    if described:
        yield "snmp", {"oids": {"1.3.6.1.2.1.1.1.0": described}}


def _upnp(script: _Element, _: int | None, __: bool) -> Iterator[Said]:
    for _address, protocol, fields in _of_upnp(_output(script)):
        yield protocol, fields


def _of_upnp(output: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(address or "", protocol, fields): lines `Name: value`, under a line with the address where there are several."""
    address = ""
    told: dict[str, str] = {}
    for line in [*output.splitlines()[:MAX_LINES], "end"]:
        text = line.strip()
        if is_ip(text) or text == "end":
            yield from ((address, protocol, fields) for protocol, fields in _described(told))
            address, told = text, {}
            continue
        name, _, value = text.partition(":")
        told.setdefault(name.strip(), value.strip())


def _described(told: dict[str, str]) -> Iterator[Said]:
    headers = [[name.upper(), told[name]] for name in ("Server", "Location") if told.get(name)]
    if headers:
        yield "ssdp", {"headers": headers, "rewrapped": True}
    parts = [f"<{tag}>{html.escape(told[name])}</{tag}>" for name, tag in _UPNP.items() if told.get(name)]
    if parts:
        yield "upnp", {"xml": f"<device>{''.join(parts)}</device>", "rewrapped": True}


def read_broadcast(script: _Element) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(address, protocol, fields) of a broadcast script's output; only what stands under an address."""
    if script.get("id") == "broadcast-upnp-info":
        yield from (found for found in _of_upnp(_output(script)) if is_ip(found[0]))


def of_service_words(fingerprint: str, port: int, tls: bool) -> Iterator[Said]:
    """The answers that nmap quotes of a service it did not recognise: `%r(Probe,length,"…")` in `servicefp`."""
    text = fingerprint[: 4 * MAX_OUTPUT]
    seen = set()
    for part in text.split("%r(")[1 : MAX_WORDS + 1]:
        _, opened, quoted = part.partition(',"')
        data = unescaped(quoted[: _end_of_quote(quoted)]) if opened else b""
        for protocol, fields in of_bytes(data, port):
            if protocol == "http":
                fields["tls"] = tls
            key = str([value for name, value in fields.items() if name != "headers"])
            if key not in seen:
                seen.add(key)
                yield protocol, fields


def _end_of_quote(text: str) -> int:
    at = 0
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return at


def unescaped(text: str) -> bytes:
    r"""The bytes of a text with \xNN, \r, \n, \t, \0 and escaped punctuation."""
    found = bytearray()
    at = 0
    while at < len(text):
        character, following = text[at], text[at + 1 : at + 2]
        digits = text[at + 2 : at + 4]
        if character != "\\" or not following:
            found += character.encode("utf-8", "replace")
            at += 1
        elif following == "x" and len(digits) == 2 and all(c in "0123456789abcdefABCDEF" for c in digits):
            found.append(int(digits, 16))
            at += 4
        else:
            found += bytes((_ESCAPES[following],)) if following in _ESCAPES else following.encode("utf-8", "replace")
            at += 2
    return bytes(found)


_READERS: dict[str, Callable[[_Element, int | None, bool], Iterator[Said]]] = {
    "banner": _banner,
    "http-auth": _login,
    "http-headers": _headers,
    "http-server-header": _server,
    "http-title": _title,
    "rtsp-methods": _rtsp,
    "snmp-info": _engine,
    "snmp-sysdescr": _sysdescr,
    "ssl-cert": _certificate,
    "upnp-info": _upnp,
}
"""By the name of the script (nmap.org/nsedoc)."""
