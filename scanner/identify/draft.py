"""A draft of fingerprints from evidence: the most telling texts, with what differs between units made general.

A draft names no maker and no source: those a person knows, and `fingerprints check` asks for them until they stand
there. Its weight is medium, the most that one device can show; its examples are redacted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import re2  # type: ignore[import-untyped]

from scanner.identify.engine import identify
from scanner.identify.match import TEXT_CAP, fill
from scanner.identify.names import GENERIC, fold
from scanner.identify.places import places
from scanner.identify.rule_check import known_place
from scanner.identify.rules import RuleSet
from scanner.identify.selftest import GENERIC_WORDS
from scanner.models import Device, Evidence

MOST = 6
_LONGEST = 160
_TELLING = (
    "onvif.manufacturer", "upnp.manufacturer", "http.realm", "rtsp.realm", "rtsp.header.server", "http.header.server",
    "tls.subject.o", "tls.issuer.o", "http.title", "upnp.modelname", "upnp.modeldescription", "snmp.sysdescr",
    "dhcp.vendor_class", "banner.ftp", "banner.telnet", "banner.sip", "banner", "ssdp.header.server", "onvif.hardware",
    "onvif.model", "onvif.firmware", "ws-discovery.scope.manufacturer", "ws-discovery.scope.hardware", "http.cookie",
    "mdns.txt.manufacturer", "mdns.name", "rtsp.sdp.s", "tls.subject.cn", "tls.issuer.cn", "favicon.mmh3",
)  # fmt: skip
"""Most telling first. A page's hash comes last: it tells one version of one page."""
_COMMON = frozenset(
    {"nginx", "apache", "lighttpd", "boa", "goahead", "goaheadwebs", "thttpd", "minihttpd", "webserver", "httpd",
     "microhttpd", "busybox", "dropbear", "linux", "upnp", "gstreamer", "openssh", "vsftpd", "sdp", "session", "media",
     "mediapresentation", "server", "embedded", "http", "https", "rtsp", "login", "home", "index", "welcome", "admin",
     "noname"}
)  # fmt: skip
_MAC = r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}"
_PARTS = (
    f"(?P<mac>{_MAC})"
    r"|(?P<uuid>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})"
    r"|(?P<version>\d+(?:\.\d+)+)"
    r"|(?P<serial>[0-9A-Za-z]*\d[0-9A-Za-z]*\d[0-9A-Za-z]*\d[0-9A-Za-z]{6,})"
    r"|(?P<number>\d+)"
)


class Draft(msgspec.Struct, frozen=True):
    """One rule of a draft."""

    place: str
    pattern: str
    text: str
    claims: dict[str, str]
    expect: dict[str, str]


def drafts(evidence: Sequence[Evidence], rules: RuleSet) -> list[Draft]:
    """At most `MOST` rules, the most telling texts first; [] where the evidence says nothing of its own."""
    device = identify(evidence, rules)
    found: dict[tuple[str, str], Draft] = {}
    for place, text in sorted(_candidates(evidence), key=lambda pair: (_TELLING.index(pair[0]), pair[1])):
        draft = _draft(place, text, device)
        if not _is_generic(draft.pattern):
            found.setdefault((place, draft.pattern), draft)
    return list(found.values())[:MOST]


def _candidates(evidence: Iterable[Evidence]) -> list[tuple[str, str]]:
    seen: dict[tuple[str, str], None] = {}
    for record in evidence:
        for place, text in places(record):
            if place in _TELLING and len(text) <= _LONGEST and "\n" not in text and _says_something(place, text):
                seen[(place, text)] = None
    with_service = {text for place, text in seen if place.startswith("banner.")}
    return [(place, text) for place, text in seen if place != "banner" or text not in with_service]


def _says_something(place: str, text: str) -> bool:
    """Whether a word of it is more than what all the world's devices say."""
    if place.startswith("favicon."):
        return True
    words = "".join(character if character.isalnum() else " " for character in text).split()
    own = [word for word in words if any(c.isalpha() for c in word) and fold(word) not in _COMMON | GENERIC]
    return any(len(word) >= 3 for word in own)


def _is_generic(pattern: str) -> bool:
    compiled = re2.compile(pattern)
    return any(compiled.search(word) is not None for word in GENERIC_WORDS)


def _draft(place: str, text: str, device: Device) -> Draft:
    text = text[:TEXT_CAP]
    claims, expect = {}, {}
    pieces: list[str] = []
    groups: list[str] = []
    for field, part in _parts(text, device):
        if not field:
            pieces.append(_general(part) if place.split(".")[0] != "favicon" else re2.escape(part))
            continue
        shape = _model(part) if field == "model" else _version(part)
        groups.append(part)
        claims[field] = f"${len(groups)}"
        expect[field] = fill(claims[field], groups)
        pieces.append(f"({shape})")
    if device.is_camera:
        claims = {"kind": device.kind if device.kind != "unknown" else "camera", **claims}
    return Draft(place, "^" + "".join(pieces) + "$", text, claims, expect)


def _parts(text: str, device: Device) -> list[tuple[str, str]]:
    """The text in parts: ("model" or "firmware", value) where the device's own stand in it, else ("", text)."""
    parts = [("", text)]
    for field, value in (("firmware", device.firmware), ("model", device.model)):
        if not value or len(value) < 3 or not any(character.isdigit() for character in value):
            continue
        split: list[tuple[str, str]] = []
        done = False
        for name, part in parts:
            before, found, after = part.partition(value)
            if name or not found or done:
                split.append((name, part))
                continue
            done = True
            split += [each for each in (("", before), (field, value), ("", after)) if each[1]]
        parts = split
    return parts


def _general(text: str) -> str:
    """Literal text, with MACs, serials, versions and numbers as what they are."""
    out, at = [], 0
    for match in re2.compile(_PARTS).finditer(text):
        out.append(re2.escape(text[at : match.start()]))
        out.append(_shape(match))
        at = match.end()
    return "".join([*out, re2.escape(text[at:])]).replace("\\ ", " ").replace("\\-", "-").replace("\\/", "/")


def _shape(match: object) -> str:
    groups: dict[str, str] = match.groupdict()  # type: ignore[attr-defined]
    if groups["mac"]:
        return _MAC
    if groups["uuid"]:
        return "[0-9A-Fa-f-]{36}"
    if groups["version"]:
        return r"\d+(?:\.\d+)+"
    return "[0-9A-Za-z]+" if groups["serial"] else r"\d+"


def _version(value: str) -> str:
    return "".join(r"\d+" if run[0].isdigit() else _literal(run) for run in _runs(value))


def _model(value: str) -> str:
    """The letters that it begins with as they are, the rest by its kind: "NC-200W" → `NC-\\d+[A-Z]+`."""
    runs = _runs(value)
    out = [_literal(runs[0]) if runs[0].isalpha() else r"\d+"]
    for run in runs[1:]:
        if run[0].isdigit():
            out.append(r"\d+")
        elif run[0].isalpha():
            out.append("[A-Z]+" if run.isupper() else "[A-Za-z]+")
        else:
            out.append(_literal(run))
    return "".join(out)


def _literal(text: str) -> str:
    return str(re2.escape(text)).replace("\\ ", " ").replace("\\-", "-").replace("\\/", "/")


def _runs(value: str) -> list[str]:
    """The value in runs of digits, of letters, and single other characters."""
    runs: list[str] = []
    for character in value:
        kind = "1" if character.isdigit() else "a" if character.isalpha() else character
        last = runs[-1][-1] if runs else ""
        last_kind = "1" if last.isdigit() else "a" if last.isalpha() else ""
        if kind in ("1", "a") and kind == last_kind:
            runs[-1] += character
        else:
            runs.append(character)
    return runs


def render(found: Sequence[Draft], maker: str = "", source: str = "") -> str:
    """The draft as TOML. What a person has to fill in is empty, so that `fingerprints check` asks for it."""
    lines = [
        "# A draft from evidence of one device. Fill in what is empty: [maker] name, each claims.maker, each source",
        "# (where this text was really seen: a public URL, or a repository and path). If the label is not the maker,",
        '# claim brand instead. Raise a weight to "strong" only where nobody else uses this form; delete what says',
        "# nothing. Then: camcensus fingerprints check THIS-FILE",
        "[maker]",
        f"name = {_string(maker)}",
        'role = "maker"',
    ]
    stem = "".join(c if c.isalnum() else "-" for c in maker.casefold()).strip("-") or "draft"
    for number, draft in enumerate(found, start=1):
        claims = {"maker": maker, **draft.claims}
        example = {"text": draft.text, **draft.expect}
        lines += [
            "",
            "[[fingerprint]]",
            f'id = "{stem}-{draft.place.replace(".", "-").replace("_", "-")}-{number}"',
            f"where = {_string(draft.place)}",
            f"pattern = {_pattern(draft.pattern)}",
            f"claims = {_table(claims)}",
            'weight = "medium"',
            f"source = {_string(source)}",
            f"examples = [ {_table(example)} ]",
        ]
        if not draft.place.startswith("favicon."):
            lines.append(f"rejects = [{_string('Not ' + draft.text)}]")
    assert all(known_place(draft.place) for draft in found)  # noqa: S101 - the list of telling places
    return "\n".join(lines) + "\n"


def _table(values: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {_string(value)}" for key, value in values.items()) + " }"


def _pattern(pattern: str) -> str:
    plain = "'" not in pattern and pattern.isprintable()
    return f"'{pattern}'" if plain else _string(pattern)


def _string(text: str) -> str:
    """A basic string of TOML, which is JSON's but for DEL."""
    encoded = msgspec.json.encode(text.encode("utf-8", "replace").decode()).decode()
    return encoded.replace("\x7f", "\\u007f")
