"""Who registered a MAC prefix: the longest of /36, /28 and /24 in the IEEE list that scapy carries.

The list is read when the first MAC is seen. The first few prefixes are searched for in its text, which takes some
milliseconds each; whoever asks for more gets a sorted table, whose making takes longer than starting does. scapy's own
`lookup()` tries the /24 only and misses a third of the entries.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from scanner.identify.manuf import manuf_text
from scanner.text import normalise_mac

_LOCALLY_ADMINISTERED = 0x02
_NOBODY = frozenset({"IEEE Registration Authority", "Private"})
_END = "\t"


_FEW = 12
"""So many prefixes are searched for in the text: some three MACs that nobody is known for, or more."""


@lru_cache(maxsize=4096)
def registrant(mac: str) -> str | None:
    """The organisation that registered the MAC's prefix; None for unknown, local, group and invalid addresses."""
    normal = normalise_mac(mac)
    if normal is None or int(normal[:2], 16) & _LOCALLY_ADMINISTERED:
        return None
    digits = normal.replace(":", "")
    book = _book()
    for length in (9, 7, 6):
        found = book.holder(digits[:length])
        if found is not None:
            return None if found in _NOBODY else found
    return None


class Book:
    """The list, ready to be asked."""

    def __init__(self, text: bytes) -> None:
        self._text = b"\n" + text
        self._asked = 0
        self._lines: list[str] = []

    def holder(self, prefix: str) -> str | None:
        """The long name of who registered just this prefix, given as 6, 7 or 9 hex digits."""
        self._asked += 1
        if self._asked <= _FEW:
            return _searched(self._text, prefix)
        if not self._lines:
            self._lines, self._text = unpacked(self._text), b""
        wanted = prefix + _END
        at = bisect_left(self._lines, wanted)
        found = at < len(self._lines) and self._lines[at].startswith(wanted)
        return self._lines[at][len(wanted) :] if found else None


@lru_cache(maxsize=1)
def _book() -> Book:
    return Book(manuf_text())


def _searched(text: bytes, prefix: str) -> str | None:
    whole = prefix.upper() + "0" * (len(prefix) % 2)
    written = ":".join(whole[at : at + 2] for at in range(0, len(whole), 2))
    if len(prefix) > 6:
        written += f"/{4 * len(prefix)}"
    for after in " \t":
        at = text.find(f"\n{written}{after}".encode())
        if at >= 0:
            end = text.find(b"\n", at + 1)
            return text[at + 1 : end if end >= 0 else None].decode("utf-8", "replace").split(None, 2)[-1]
    return None


def unpacked(text: bytes) -> list[str]:
    """Sorted lines: hex digits of a prefix (6, 7 or 9 of them), a tab, the registrant's long name."""
    return sorted(f"{digits}{_END}{name}" for digits, name in dict(_entries(text)).items())


def _entries(text: bytes) -> Iterator[tuple[str, str]]:
    for line in text.decode("utf-8", "replace").split("\n"):
        parts = line.split(None, 2)
        if len(parts) >= 2 and not parts[0].startswith("#"):
            prefix, _, bits = parts[0].partition("/")
            yield prefix.replace(":", "").lower()[: int(bits or 24) // 4], parts[-1]
