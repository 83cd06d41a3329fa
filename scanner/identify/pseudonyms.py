"""Stand-ins for what identifies a device or its owner: the same value has the same stand-in, and no way leads back.

Each keeps the form that tells a maker (the prefix of a MAC, the beginning and the shape of a serial) and is made with a
secret key by HMAC-SHA-256: without the key, trying all addresses gives nothing.
"""

from __future__ import annotations

import hmac
from ipaddress import IPv4Address, IPv6Address

from scanner.text import is_ip, normalise_mac

_BENCHMARK = int(IPv4Address("198.18.0.0"))  # RFC 2544: 198.18.0.0/15 is no one's network
_BENCHMARK_SIZE = 1 << 17
_DOCUMENTATION = int(IPv6Address("2001:db8::"))  # RFC 3849
_KEPT_OF_A_SERIAL = 8
_VERSION_AT = 14
_LETTERS, _DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"


class Pseudonyms:
    """Stand-ins under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._addresses: dict[str, str] = {}
        self._taken: set[str] = set()

    def address(self, value: str) -> str:
        """An address of 198.18.0.0/15 or 2001:db8::/32; a name becomes `host-…`. No two values share one here."""
        known = self._addresses.get(value)
        if known is None:
            for turn in range(_BENCHMARK_SIZE):
                known = self._address(value, turn)
                if known not in self._taken:
                    break
            assert known is not None  # noqa: S101 - the range is not empty
            self._taken.add(known)
            self._addresses[value] = known
        return known

    def _address(self, value: str, turn: int) -> str:
        number = int.from_bytes(self._digest("address", f"{value} {turn}" if turn else value)[:8], "big")
        if not is_ip(value):
            return f"host-{number:016x}"[:13]
        if ":" in value:
            return str(IPv6Address(_DOCUMENTATION | number))
        return str(IPv4Address(_BENCHMARK + number % _BENCHMARK_SIZE))

    def mac(self, value: str) -> str:
        """The registrant's prefix and three other bytes, written as `value` is."""
        normal = normalise_mac(value)
        if normal is None:
            return self.word("mac", value)
        digits = normal.replace(":", "")[:6] + self._digest("mac", normal)[:3].hex()
        return _written_like(value, digits)

    def serial(self, value: str) -> str:
        """The first half (eight characters at most) and other letters and digits in the shape of the rest."""
        kept = min(len(value) // 2, _KEPT_OF_A_SERIAL)
        return value[:kept] + self.shaped("serial", value)[kept:]

    def shaped(self, kind: str, value: str) -> str:
        """Letters for letters, digits for digits."""
        stream = self._stream(kind, value)
        out = []
        for character, byte in zip(value, stream, strict=False):
            if character.isdigit():
                out.append(_DIGITS[byte % 10])
            elif character.isalpha():
                letter = _LETTERS[byte % len(_LETTERS)]
                out.append(letter if character.isupper() else letter.lower())
            else:
                out.append(character)
        return "".join(out)

    def uuid(self, value: str) -> str:
        """Another UUID of the same version and spelling."""
        digits = self._digest("uuid", value.casefold()).hex()
        text = "".join(
            character if character == "-" or index == _VERSION_AT else digits[index % len(digits)]
            for index, character in enumerate(value)
        )
        return text.upper() if value.isupper() else text

    def word(self, kind: str, value: str) -> str:
        """`name-3f2a81` for a name."""
        return f"{kind}-{self._digest(kind, value.casefold()).hex()[:6]}"

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._key, f"{kind}\0{value}".encode("utf-8", "replace"), "sha256")

    def _stream(self, kind: str, value: str) -> bytes:
        blocks = range(len(value) // 32 + 1)
        return b"".join(self._digest(f"{kind}{block}", value) for block in blocks)


def _written_like(value: str, digits: str) -> str:
    rest = iter(digits)
    out = "".join(next(rest, "0") if character.isalnum() else character for character in value)
    if sum(character.isalnum() for character in value) != len(digits):  # "0:1:2…": parts without leading zeros
        out = ":".join(digits[at : at + 2] for at in range(0, 12, 2))
    return out.upper() if value.isupper() else out
