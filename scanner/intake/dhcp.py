"""DHCP as a capture shows it: what a client says of itself, joined with the address it gets (RFC 2131, RFC 2132)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.text import decode, normalise_mac

CLIENT, SERVER = 68, 67
MAX_WAITING = 4096
_COOKIE = b"\x63\x82\x53\x63"
_FIXED = 236
_MAX_OPTIONS = 128
_HOSTNAME, _REQUESTED, _TYPE, _PARAMETERS, _VENDOR_CLASS = 12, 50, 53, 55, 60
_DISCOVER, _REQUEST, _ACK, _INFORM = 1, 3, 5, 8


class Message(msgspec.Struct, frozen=True):
    """The parts of one message that an inventory needs. `address` is what the server gives, or the client has or asks
    for; "" where there is none yet."""

    kind: int
    transaction: int
    mac: str | None
    address: str
    vendor_class: str = ""
    hostname: str = ""
    params: tuple[int, ...] = ()


def parse(data: bytes) -> Message | None:
    """One message over Ethernet; None for other bytes. Options that are cut are read as far as they go."""
    if len(data) < _FIXED + 4 or data[_FIXED : _FIXED + 4] != _COOKIE or data[1] != 1 or data[2] != 6:
        return None
    options = _options(data)
    asked = options.get(_REQUESTED, b"")
    candidates = (data[16:20], data[12:16], asked) if data[0] == 2 else (data[12:16], asked)
    return Message(
        kind=options.get(_TYPE, b"\0")[0] if options.get(_TYPE) else 0,
        transaction=int.from_bytes(data[4:8], "big"),
        mac=normalise_mac(data[28:34].hex()),
        address=next((str(ipaddress.IPv4Address(c)) for c in candidates if len(c) == 4 and any(c)), ""),
        vendor_class=_text(options.get(_VENDOR_CLASS, b"")),
        hostname=_text(options.get(_HOSTNAME, b"")),
        params=tuple(options.get(_PARAMETERS, b"")),
    )


def _options(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = _FIXED + 4
    for _ in range(_MAX_OPTIONS):
        if at >= len(data) or data[at] == 255:
            break
        if data[at] == 0:
            at += 1
            continue
        if at + 2 > len(data):
            break
        # RFC 3396: an option that comes again goes on.
        found[data[at]] = found.get(data[at], b"") + data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
    return found


def _text(value: bytes) -> str:
    return decode(value.rstrip(b"\0"))


class Conversations:
    """Joins a client's words with the server's acknowledgement, which alone names the address for sure."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[int, str], tuple[Message, str | None]] = {}

    def take(self, message: Message, seen_at: str | None) -> Iterator[tuple[str, dict[str, Any], str | None]]:
        """(host, fields, seen_at) of what is settled by this message."""
        if message.mac is None:
            return
        key = (message.transaction, message.mac)
        if message.kind == _ACK:
            asked, _ = self._waiting.pop(key, (None, None))
            if message.address:
                yield message.address, _fields(asked or message, message.mac, bool(asked)), seen_at
        elif message.kind in (_DISCOVER, _REQUEST, _INFORM):
            before = self._waiting.pop(key, None)
            if before is not None and not message.vendor_class:
                message = msgspec.structs.replace(before[0], address=message.address or before[0].address)
            self._waiting[key] = (message, seen_at)
            if len(self._waiting) > MAX_WAITING:
                yield self._unanswered(next(iter(self._waiting)))

    def rest(self) -> Iterator[tuple[str, dict[str, Any], str | None]]:
        """Those that no server was seen to answer: the address that they asked for, else the MAC as a name."""
        while self._waiting:
            yield self._unanswered(next(iter(self._waiting)))

    def _unanswered(self, key: tuple[int, str]) -> tuple[str, dict[str, Any], str | None]:
        message, seen_at = self._waiting.pop(key)
        return message.address or key[1], _fields(message, key[1], True), seen_at


def _fields(message: Message, mac: str, from_client: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {"mac": mac}
    if from_client:
        fields["vendor_class"] = message.vendor_class or None
        fields["hostname"] = message.hostname or None
        fields["params"] = list(message.params) or None
    return fields
