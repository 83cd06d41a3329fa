"""SSDP datagrams (UPnP Device Architecture 2.0 §1)."""

from __future__ import annotations

import msgspec

from scanner.wire.errors import WireError
from scanner.wire.http import USER_AGENT, encode_lines
from scanner.wire.message import Headers, read_head

MAX_DATAGRAM = 65535
_STARTS = ("HTTP/", "NOTIFY ", "M-SEARCH ")


class SsdpMessage(msgspec.Struct, frozen=True):
    """A search answer, a NOTIFY or somebody's M-SEARCH; the start line says which."""

    start_line: str
    headers: Headers


def build_search(target: str = "ssdp:all", mx: int = 1, host: str = "239.255.255.250:1900") -> bytes:
    """An M-SEARCH for `target`; devices spread their answers over `mx` seconds."""
    return encode_lines(
        [
            "M-SEARCH * HTTP/1.1",
            f"HOST: {host}",
            'MAN: "ssdp:discover"',
            f"MX: {mx}",
            f"ST: {target}",
            f"USER-AGENT: {USER_AGENT}",
        ]
    )


def parse(datagram: bytes) -> SsdpMessage:
    """Read a datagram; WireError where its first line is none of SSDP's."""
    datagram = datagram[:MAX_DATAGRAM].lstrip(b"\r\n \t\0")
    head = read_head(datagram)
    if not head.start_line.upper().startswith(_STARTS):
        raise WireError("not an SSDP message")
    return SsdpMessage(head.start_line.strip(), head.headers)
