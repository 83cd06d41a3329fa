"""What the vendors' discovery codecs share: fixed fields, type-length-value lists, JSON, dropping secrets."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

import msgspec

from scanner.text import decode
from scanner.wire.errors import WireError

MAX_PARTS = 64
MAX_DEPTH = 16
_NOTHING = ("", 0, "0.0.0.0")  # noqa: S104 - what a device says where it has none
# Names, in lower case, of what is never kept: secrets, what proves them, and what says who or where the owner is.
_SECRETS = frozenset(
    {"pass", "key", "keys", "nonce", "challenge", "rsa_key", "encrypt_info", "decrypted_data", "user", "username",
     "userid", "owner", "latitude", "longitude", "latitude_i", "longitude_i"}
)  # fmt: skip
_SECRET_ENDS = ("password", "passwd", "pwd", "salt", "secret", "token", "privatekey", "secretkey", "ssid")


def secret(name: str) -> bool:
    """Whether a field of that name holds what must not be kept."""
    lowered = name.lower()
    return lowered in _SECRETS or lowered.endswith(_SECRET_ENDS)


def without_secrets(value: Any, depth: int = 0) -> Any:
    """The JSON value without the members that `secret` names; what is nested deeper than MAX_DEPTH is None."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, dict):
        return {k: without_secrets(v, depth + 1) for k, v in value.items() if not secret(str(k))}
    if isinstance(value, list):
        return [without_secrets(one, depth + 1) for one in value]
    return value


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`, NUL bytes and white space around it apart, without secrets. WireError: none."""
    try:
        value = msgspec.json.decode(decode(data.strip(b"\0\r\n\t ")))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WireError(f"no JSON: {str(error)[:120]}") from None
    if not isinstance(value, dict):
        raise WireError("JSON that is no object")
    kept: dict[str, Any] = without_secrets(value)
    return kept


def need(data: bytes, size: int, start: bytes, what: str) -> None:
    """WireError unless `data` begins with `start` and has at least `size` bytes."""
    if not data.startswith(start):
        raise WireError(f"no {what}")
    if len(data) < size:
        raise WireError(f"{what} of {len(data)} bytes, where {size} are the least")


def text_at(data: bytes, start: int, size: int) -> str:
    """The text in a fixed field: up to its first NUL."""
    return decode(data[start : start + size].partition(b"\0")[0]).strip()


def mac_text(data: bytes) -> str:
    """Six bytes as "44:19:b6:00:00:01"."""
    if len(data) != 6:
        raise WireError("a MAC address that is not 6 bytes long")
    return data.hex(":")


def ipv4_text(data: bytes) -> str:
    """Four bytes as "198.51.100.10"."""
    if len(data) != 4:
        raise WireError("an IPv4 address that is not 4 bytes long")
    return str(IPv4Address(data))


def parts(data: bytes, start: int, type_size: int, length_size: int) -> Iterator[tuple[int, bytes]]:
    """(type, value) of each type-length-value part from `start`, numbers big endian. WireError where one is cut."""
    head = type_size + length_size
    for _ in range(MAX_PARTS):
        if start >= len(data):
            return
        if start + head > len(data):
            raise WireError("a part that is cut")
        kind = int.from_bytes(data[start : start + type_size], "big")
        size = int.from_bytes(data[start + type_size : start + head], "big")
        start += head
        if start + size > len(data):
            raise WireError("a part longer than the datagram")
        yield kind, data[start : start + size]
        start += size


def filled(**fields: str | int) -> dict[str, str]:
    """The fields that hold something, as text."""
    return {name: str(value) for name, value in fields.items() if value not in _NOTHING}
