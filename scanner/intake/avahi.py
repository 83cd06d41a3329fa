r"""What `avahi-browse -p` prints: services that announced themselves by mDNS, one a line (avahi-browse(1), avahi 0.8).

`=;scan0;IPv4;AXIS\032M3086-V;_axis-video._tcp;local;axis.local;198.51.100.10;80;"macaddress=…"`. Only resolved lines
(`-r`) tell an address; the others are passed over. Without `-k` some types are written as words, and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from scanner.intake.lines import Told, head_lines, text_lines
from scanner.intake.record import noted
from scanner.intake.values import address_in
from scanner.models import Evidence, EvidenceProblem

_SIGNS = ("+", "=", "-")
_FAMILIES = ("IPv4", "IPv6")
_COLUMNS = 10
_MAX_TXT = 64


class AvahiBrowse:
    """Parsable output, resolved: `avahi-browse -a -t -r -p -k`."""

    name = "avahi-browse"
    title = "services from avahi-browse -p"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content decides
        """Each of the first lines begins as avahi-browse's do."""
        lines = [line for line in head_lines(head, 10) if line.strip()]
        return bool(lines) and all(_columns(line) for line in lines)

    def read(self, stream: BinaryIO) -> Iterator[Evidence | EvidenceProblem]:
        """`mdns` evidence of each resolved service."""
        told = Told()
        for line in text_lines(stream):
            if isinstance(line, EvidenceProblem):
                yield line
                continue
            number, text = line
            columns = _columns(text)
            if not columns:
                if text.strip():
                    yield from told.problem(number, "no line of avahi-browse -p")
            elif columns[0] == "=":
                host = address_in(columns[7]) if len(columns) == _COLUMNS else None
                if host is None:
                    yield from told.problem(number, "a service without an address that can be read")
                else:
                    yield noted(self.name, host, "mdns", None, **_fields(columns))
        yield from told.rest()


def _columns(line: str) -> list[str]:
    """The columns of a line; empty where it is none of avahi-browse's."""
    columns = line.split(";", _COLUMNS - 1)
    return columns if len(columns) >= 6 and columns[0] in _SIGNS and columns[2] in _FAMILIES else []


def _fields(columns: list[str]) -> dict[str, Any]:
    label, kind, domain = _plain(columns[3]), columns[4], columns[5]
    typed = kind.startswith("_")
    service = f"{kind}.{domain}." if typed else None
    return {
        "service": service,
        "name": f"{label}.{service}" if service else label,
        "hostname": f"{columns[6]}." if columns[6] else None,
        "port": int(columns[8]) if columns[8].isascii() and columns[8].isdigit() and len(columns[8]) < 6 else None,
        "txt": _txt(columns[9]),
    }


def _plain(text: str) -> str:
    r"""Without avahi's escapes: `\032` is the byte 32 in decimal, `\.` a dot."""
    out = bytearray()
    raw = text.encode()
    at = 0
    while at < len(raw):
        if (
            raw[at] == 0x5C
            and raw[at + 1 : at + 4].isdigit()
            and len(raw) >= at + 4
            and int(raw[at + 1 : at + 4]) < 256
        ):
            out.append(int(raw[at + 1 : at + 4]))
            at += 4
        elif raw[at] == 0x5C and at + 1 < len(raw):
            out.append(raw[at + 1])
            at += 2
        else:
            out.append(raw[at])
            at += 1
    return out.decode("utf-8", "replace")


def _txt(text: str) -> dict[str, str]:
    """`"key=value" "key=value"`; the first of a key counts."""
    found: dict[str, str] = {}
    for part in text.strip().strip('"').split('" "')[:_MAX_TXT]:
        key, _, value = part.partition("=")
        if key:
            found.setdefault(_plain(key), _plain(value))
    return found
