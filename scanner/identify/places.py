"""Evidence to (place, text) pairs, as fingerprints/README.md defines the places. Never raises for what fields hold.

A text is given without white space around it (bodies and XML as they are). One record gives at most `MAX_PAIRS` pairs.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
import re2  # type: ignore[import-untyped]

from scanner.identify.xml_places import onvif_places, upnp_places, vendor_xml_places, ws_discovery_places
from scanner.models import Evidence
from scanner.wire.challenge import challenges
from scanner.wire.html import title
from scanner.wire.recorder import channel_page

Pair = tuple[str, str]
MAX_PAIRS = 600
_BODY_CAP = 64 * 1024
_JSON_CAP = 512 * 1024
_MAX_DEPTH = 12
_BANNERS = {21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 2323: "telnet", 5060: "sip", 554: "rtsp", 110: "pop3",
            143: "imap", 3306: "mysql", 9100: "pjl"}  # fmt: skip
_SNMP = {
    "1.3.6.1.2.1.1.1.0": "snmp.sysdescr",
    "1.3.6.1.2.1.1.2.0": "snmp.sysobjectid",
    "1.3.6.1.2.1.1.5.0": "snmp.sysname",
}
# What a greeting writes to a terminal: a jump to another line, and all else that shows nothing (ECMA-48, RFC 854).
# Some who record greetings write line ends as "\\r\\n".
_NEW_LINES = re2.compile(r"(?:\x1b\[|\x9b)[0-9;]*[Hf]|\x1b[DEM]|(?:\\r)?\\n|\\r")
_UNSHOWN = re2.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]+[0-~]|\x1b[0-~]|\xff[\xfb-\xfe].|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
# What a greeting calls its device: "<name> login:", "220 <name> FTP server ready".
_CALLED = re2.compile(
    r"(?i)(?:^|\n)\s*(?:220[ -])?\s*(?:welcome to (?:the )?)?"
    r"([^\s-][^\r\n]{0,60}?)\s+(?:login:|FTP (?:server|service)\b)"
)
_ENVELOPE = frozenset({"port", "json", "fields", "xml", "text", "hex", "rewrapped", "fragment", "cut"})


def places(evidence: Evidence) -> list[Pair]:
    """Every place of one record with its text, in a stable order; places are in lower case."""
    read = _READERS.get(evidence.protocol, _other)
    return [(place, text) for place, text in islice(read(evidence), MAX_PAIRS) if text]


def as_text(value: object) -> str:
    """A scalar as text; "" for None and containers."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return ""


def as_number(value: object) -> int | None:
    """A port-like number, also from text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9:
        return int(value)
    return None


def leaves(value: Any) -> Iterator[Pair]:
    """(last key, text) of each scalar leaf of a JSON value; items of a list carry the list's key."""
    stack: list[tuple[str, Any, int]] = [("", value, 0)]
    while stack:
        key, item, depth = stack.pop()
        if depth > _MAX_DEPTH:
            continue
        if isinstance(item, Mapping):
            stack.extend((str(name), child, depth + 1) for name, child in reversed(list(item.items())))
        elif isinstance(item, list | tuple):
            stack.extend((key, child, depth + 1) for child in reversed(item))
        elif text := as_text(item):
            yield key, text


def header_pairs(value: object) -> Iterator[Pair]:
    """(lower-case name, value) of headers given as a list of pairs, a mapping, or lines of text."""
    items: Iterable[Any] = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list | tuple):
        items = value
    for item in items:
        if isinstance(item, str):
            name, _, rest = item.partition(":")
            yield name.strip().lower(), rest.strip()
        elif isinstance(item, list | tuple) and len(item) >= 2:
            for text in item[1] if isinstance(item[1], list | tuple) else (item[1],):
                yield as_text(item[0]).lower(), as_text(text)


def body_text(evidence: Evidence, cap: int = _BODY_CAP) -> str:
    """The body as text: `body`, or `body_b64` decoded as UTF-8, else as Latin-1; at most `cap` characters."""
    body = evidence.get("body")
    if isinstance(body, str):
        return body[:cap]
    encoded = evidence.get("body_b64")
    if not isinstance(encoded, str):
        return ""
    try:
        raw = base64.b64decode(encoded[: cap * 4 // 3 + 4 & ~3], validate=False)
    except (binascii.Error, ValueError):
        return ""
    try:
        return raw.decode("utf-8")[:cap]
    except UnicodeDecodeError:
        return raw.decode("latin-1")[:cap]


def _http(evidence: Evidence) -> Iterator[Pair]:
    yield from _headers("http", evidence)
    yield "http.transport", _transport(evidence)
    # What a recorder lists of the cameras behind it says nothing of itself.
    body = "" if channel_page(as_text(evidence.get("path"))) else body_text(evidence)
    if not body:
        return
    yield "http.title", title(body) or ""
    yield "http.body", body
    if body.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        yield from (("http.json." + key.lower(), text) for key, text in _json_leaves(body) if key)


def _headers(root: str, evidence: Evidence) -> Iterator[Pair]:
    for name, value in header_pairs(evidence.get("headers")):
        yield f"{root}.header.{name}", value
        if name == "www-authenticate":
            yield from ((f"{root}.realm", realm) for realm in _realms(value))
        elif name == "set-cookie" and root == "http":
            yield "http.cookie", value.partition(";")[0].strip()


def _realms(value: str) -> list[str]:
    found = (parameters.get("realm", "") for _, parameters in challenges((("WWW-Authenticate", value),)))
    return list(dict.fromkeys(realm.strip() for realm in found))


def _json_leaves(text: str) -> Iterator[Pair]:
    try:
        value = msgspec.json.decode(text[:_JSON_CAP].lstrip("\ufeff").encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return
    yield from leaves(value)


def _favicon(evidence: Evidence) -> Iterator[Pair]:
    yield "favicon.md5", as_text(evidence.get("md5")).lower()
    yield "favicon.mmh3", as_text(evidence.get("mmh3"))


def _tls(evidence: Evidence) -> Iterator[Pair]:
    for field in ("subject", "issuer"):
        name = as_text(evidence.get(field))
        yield f"tls.{field}", name
        for key, value in _name_parts(name):
            if key in ("cn", "o", "ou"):
                yield f"tls.{field}.{key}", value
    san = evidence.get("san")
    for each in san if isinstance(san, list | tuple) else (san,):
        yield "tls.san", as_text(each)
    yield "tls.version", as_text(evidence.get("version"))
    key = evidence.get("key")
    if isinstance(key, Mapping):
        yield "tls.key", " ".join(as_text(key.get(part)) or "?" for part in ("type", "bits", "signature_hash"))
    subject = as_text(evidence.get("subject"))
    yield "tls.self_signed", "true" if subject and subject == as_text(evidence.get("issuer")) else ""


def _port(evidence: Evidence) -> Iterator[Pair]:
    if evidence.get("state", "open") == "open":
        yield "port.open", as_text(evidence.get("port"))


def _transport(evidence: Evidence) -> str:
    """ "plain 200" or "tls 401": whether an answer came over TLS, and its status; "" where the record does not say."""
    tls, status = evidence.get("tls"), as_number(evidence.get("status"))
    return f"{'tls' if tls else 'plain'} {status}" if isinstance(tls, bool) and status else ""


def _name_parts(name: str) -> Iterator[Pair]:
    """(key in lower case, value) of the parts of an RFC 4514-like name, or of OpenSSL's one-line "/C=US/O=…".

    A separator that no "key=" follows belongs to the value before it ("O=Acme, Inc.,CN=x").
    """
    slashed = name.startswith("/")
    parts: list[list[str]] = []
    for separator, segment in _segments(name[1:4096] if slashed else name[:4096], "/" if slashed else ",+"):
        key, equals, value = segment.partition("=")
        if equals and key.strip().replace(".", "").isalnum():
            parts.append([key.strip().lower(), value])
        elif parts:
            parts[-1][1] += separator + segment
    for key, value in parts:
        yield key, value.strip()


def _segments(text: str, separators: str) -> Iterator[Pair]:
    """(separator before it, segment): not parted after a backslash or in quotes, both of which go."""
    before, segment = "", ""
    quoted = escaped = False
    for character in text:
        if escaped or (character not in separators and character not in '\\"') or (quoted and character in separators):
            segment, escaped = segment + character, False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        else:
            yield before, segment
            before, segment = character, ""
    yield before, segment


def _rtsp(evidence: Evidence) -> Iterator[Pair]:
    yield from _headers("rtsp", evidence)
    yield "rtsp.transport", _transport(evidence) or ("" if evidence.get("tls") else "plain")
    body = body_text(evidence)
    if not body:
        return
    yield "rtsp.body", body
    for line in map(str.lstrip, body.splitlines()):
        if line[1:2] == "=" and line[0] in "siuoa":
            yield f"rtsp.sdp.{line[0]}", line[2:].strip()


def _mdns(evidence: Evidence) -> Iterator[Pair]:
    service = as_text(evidence.get("service"))
    yield "mdns.service", service
    yield "mdns.name", _instance(as_text(evidence.get("name")), service)
    yield "mdns.host", as_text(evidence.get("hostname") or evidence.get("server"))
    txt = evidence.get("txt")
    if isinstance(txt, Mapping):
        for key, value in txt.items():
            text = as_text(value)
            yield "mdns.txt", f"{key}={text}"
            yield f"mdns.txt.{str(key).lower()}", text


def _instance(name: str, service: str) -> str:
    """The instance name without the service: "AXIS M5014._rtsp._tcp.local." → "AXIS M5014"."""
    short = name.removesuffix(".")
    kind = service.removesuffix(".").removesuffix(".local")
    for ending in (f".{kind}.local", f".{kind}"):
        if kind and short.endswith(ending):
            return short.removesuffix(ending)
    cut = short.find("._")
    return short[:cut] if cut > 0 else short


def _ssdp(evidence: Evidence) -> Iterator[Pair]:
    yield from ((f"ssdp.header.{name}", value) for name, value in header_pairs(evidence.get("headers")))


def _snmp(evidence: Evidence) -> Iterator[Pair]:
    oids = evidence.get("oids")
    if isinstance(oids, Mapping):
        for oid, value in oids.items():
            text = as_text(value)
            dotted = str(oid).removeprefix(".")
            if place := _SNMP.get(dotted):
                yield place, text.removeprefix(".") if place == "snmp.sysobjectid" else text
            yield "snmp.oid", f"{dotted}={text}"
    yield "snmp.engine_id", as_text(evidence.get("engine_id")).lower().removeprefix("0x").replace(":", "")


def _banner(evidence: Evidence) -> Iterator[Pair]:
    text = as_text(evidence.get("text"))
    if not text:
        return
    service = _BANNERS.get(as_number(evidence.get("port")) or 0)
    shown = _UNSHOWN.sub("", _NEW_LINES.sub("\n", text)).strip() or text
    called = _CALLED.search(shown)
    name = called[1] if called and not called[1].isdigit() else ""
    for form in _banner_forms(text, shown, name):
        yield "banner", form
        if service:
            yield f"banner.{service}", form
    yield "banner.login", name


def _banner_forms(text: str, shown: str, name: str) -> list[str]:
    """The banner, and without what stands in front of it: recorded banners have it or not.

    That is the reply code of FTP and SMTP, and the name of the header that a SIP device names itself in. One with codes
    for a terminal also comes as a person would see it (`shown`), and the name that it gives its device also alone.
    """
    return list(dict.fromkeys([*_bare_forms(text), *_bare_forms(shown), *([name] if name else [])]))


def _bare_forms(text: str) -> list[str]:
    if len(text) > 4 and text[:3].isascii() and text[:3].isdigit() and text[3] in " -":
        return [text, text[4:].lstrip()]
    name, colon, value = text.partition(":")
    if colon and name.lower() in ("server", "user-agent") and value.strip():
        return [text, value.strip()]
    return [text]


def _dhcp(evidence: Evidence) -> Iterator[Pair]:
    yield "dhcp.vendor_class", as_text(evidence.get("vendor_class"))
    yield "dhcp.hostname", as_text(evidence.get("hostname"))
    params = evidence.get("params")
    joined = ",".join(as_text(each) for each in params) if isinstance(params, list | tuple) else as_text(params)
    yield "dhcp.params", joined


def _ws_discovery(evidence: Evidence) -> Iterator[Pair]:
    yield from ws_discovery_places(as_text(evidence.get("xml")))


def _onvif(evidence: Evidence) -> Iterator[Pair]:
    yield from onvif_places(as_text(evidence.get("operation")), as_text(evidence.get("xml")))


def _upnp(evidence: Evidence) -> Iterator[Pair]:
    yield from upnp_places(as_text(evidence.get("xml")))


def _nothing(_: Evidence) -> Iterator[Pair]:
    return iter(())


def _other(evidence: Evidence) -> Iterator[Pair]:
    """A vendor's protocol: the leaves of its `json`, `fields` and `xml`, and what lies beside them."""
    root = evidence.protocol.lower()
    for field in ("json", "fields"):
        value = evidence.get(field)
        pairs = _json_leaves(value) if isinstance(value, str) else leaves(value)
        yield from ((f"{root}.{key.lower()}", text) for key, text in pairs if key)
    yield from vendor_xml_places(root, as_text(evidence.get("xml")))
    for key, value in evidence.fields.items():
        if key not in _ENVELOPE and (text := as_text(value)):
            yield f"{root}.{key.lower()}", text
    yield f"{root}.text", as_text(evidence.get("text"))
    yield f"{root}.hex", as_text(evidence.get("hex")).lower()


_READERS: dict[str, Callable[[Evidence], Iterator[Pair]]] = {
    "http": _http,
    "favicon": _favicon,
    "tls": _tls,
    "rtsp": _rtsp,
    "ws-discovery": _ws_discovery,
    "onvif": _onvif,
    "mdns": _mdns,
    "ssdp": _ssdp,
    "upnp": _upnp,
    "snmp": _snmp,
    "banner": _banner,
    "dhcp": _dhcp,
    "mac": _nothing,
    "port": _port,
}
