"""Answers of fixed fields, by the offsets that the codecs name, with a secret in those that have a place for one."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from ipaddress import IPv4Address

Fields = Mapping[str, str]


def fixed(size: int, parts: Mapping[int, bytes]) -> bytes:
    """`size` bytes with each part at its place, zero elsewhere."""
    data = bytearray(size)
    for at, value in parts.items():
        data[at : at + len(value)] = value
    return bytes(data)


def mac(text: str) -> bytes:
    """Six bytes."""
    return bytes.fromhex(text.replace(":", ""))


def _ip(fields: Fields) -> bytes:
    return IPv4Address(fields["ip"]).packed


def reolink(fields: Fields) -> bytes:
    """Reolink's 388 bytes."""
    return fixed(
        388,
        {58: b"IPC", 80: mac(fields["mac"]), 104: b"\xaa\xaa\0\0", 108: fields["ip"].encode(), 132: b"Camera1",
         164: fields["mac"].upper().encode(), 228: fields["uid"].encode()[:16]},
    )  # fmt: skip


def pppp(fields: Fields) -> bytes:
    """PunchPkt: prefix, number, check."""
    prefix, number, check = fields["id"].split("-")
    body = prefix.encode().ljust(8, b"\0") + int(number).to_bytes(4, "big") + check.encode().ljust(8, b"\0")
    return b"\xf1\x41" + len(body).to_bytes(2, "big") + body


def dynacolor(fields: Fields) -> bytes:
    """The words with their bits turned, in Base64."""
    return base64.b64encode(bytes(byte ^ 0xFF for byte in fields["text"].encode() + b"\0"))


def nice(fields: Fields) -> bytes:
    """NICE's 90 bytes."""
    return fixed(
        0x5A, {0: b"NICE\0\1", 0x0A: mac(fields["mac"]), 0x10: _ip(fields), 0x4A: fields["name"].encode()[:16]}
    )


def gige(fields: Fields) -> bytes:
    """DISCOVERY_ACK."""
    texts = {0x50: "manufacturer", 0x70: "model", 0x90: "version", 0xE0: "serial"}
    parts = {at: fields[name].encode()[:32] for at, name in texts.items()}
    return fixed(0x100, {2: b"\0\3\0\xf8\0\1", 8: b"\0\1\0\2", 0x12: mac(fields["mac"]), 0x2C: _ip(fields), **parts})


def sony(fields: Fields) -> bytes:
    """Lines of KEY:value."""
    return b"\x02" + b"".join(f"{name}:{text}".encode() + b"\xff" for name, text in fields.items()) + b"\x03"


def panasonic(fields: Fields) -> bytes:
    """Header with the MAC; address, full and short name."""
    parts = [(0x20, _ip(fields)), (0xA7, fields["model"].encode()), (0xA8, fields["model"].encode()[-8:])]
    packed = b"".join(kind.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value for kind, value in parts)
    return fixed(53, {0: b"\0\1", 6: mac(fields["mac"])}) + packed + b"\0\0"


def foscam(fields: Fields) -> bytes:
    """MO_I, operation 1."""
    plain = fields["mac"].replace(":", "").upper().encode()
    return fixed(88, {0: b"MO_I\1", 23: plain, 36: b"IPCAM", 57: _ip(fields), 77: b"\x0b\x25\2\x38", 85: b"\0\x58"})


def vstarcam(fields: Fields) -> bytes:
    """DH, with the account that the protocol sends along."""
    return fixed(
        0x210,
        {0: b"DH\1\x08", 4: fields["ip"].encode(), 0x54: mac(fields["mac"]), 0x5A: b"\x51\0",
         0x5C: fields["serial"].encode()[:32], 0xCC: b"48.53.75.75", 0xEC: b"admin", 0x10C: b"never-kept-4711"},
    )  # fmt: skip


def tvt(fields: Fields) -> bytes:
    """MHED, operation 7, of a camera."""
    return fixed(
        240,
        {0: b"MHED\7", 12: b"IPC", 32: mac(fields["mac"]), 40: _ip(fields), 60: b"\x50", 64: b"\2",
         180: fields["model"].encode()[:16], 228: b"\1"},
    )  # fmt: skip
