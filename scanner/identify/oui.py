"""Who registered a MAC prefix: the longest of /36, /28 and /24 in the IEEE list that scapy carries.

The list is read when the first MAC is seen, as sorted lines that are searched by halving. scapy packs it (a fifth of a
second to unpack), so the lines are kept in the user's cache under the digest of scapy's file; without a cache they are
unpacked each time. scapy's own `lookup()` tries the /24 only and misses a third of the entries, and its packet layers
are not needed: only the text of `scapy.libs.manuf` is taken.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from scanner.identify.cache import cache_directory, read_cache, write_cache
from scanner.text import normalise_mac

CACHE_FORMAT = 1
"""Raised with every change of what is kept."""
_LOCALLY_ADMINISTERED = 0x02
_NOBODY = frozenset({"IEEE Registration Authority", "Private"})
_END = "\t"


@lru_cache(maxsize=4096)
def registrant(mac: str) -> str | None:
    """The organisation that registered the MAC's prefix; None for unknown, local, group and invalid addresses."""
    normal = normalise_mac(mac)
    if normal is None or int(normal[:2], 16) & _LOCALLY_ADMINISTERED:
        return None
    digits = normal.replace(":", "")
    for length in (9, 7, 6):
        found = _holder(digits[:length])
        if found is not None:
            return None if found in _NOBODY else found
    return None


def _holder(prefix: str) -> str | None:
    lines, wanted = _lines(), prefix + _END
    at = bisect_left(lines, wanted)
    return lines[at][len(wanted) :] if at < len(lines) and lines[at].startswith(wanted) else None


@lru_cache(maxsize=1)
def _lines() -> list[str]:
    """Sorted lines: hex digits of a prefix (6, 7 or 9 of them), a tab, the registrant's long name."""
    folder = cache_directory()
    key = _cache_key() if folder is not None else None
    kept = read_cache(key, str, folder) if key else None
    if kept is None:
        kept = "\n".join(unpacked())
        if key:
            write_cache(key, kept, folder)
    return kept.split("\n")


def unpacked() -> list[str]:
    """The lines, from scapy's module itself."""
    from scapy.libs.manuf import DATA

    table: dict[str, str] = {}
    for line in DATA.split("\n"):
        parts = line.split(None, 2)
        if len(parts) < 2 or parts[0].startswith("#"):
            continue
        prefix, _, bits = parts[0].partition("/")
        table[prefix.replace(":", "").lower()[: int(bits or 24) // 4]] = parts[-1]
    return sorted(f"{digits}{_END}{name}" for digits, name in table.items())


def _cache_key() -> str | None:
    """Names the list by what scapy's file holds, without importing it; None where there is no such file."""
    spec = find_spec("scapy")
    if spec is None or spec.origin is None:
        return None
    try:
        data = (Path(spec.origin).parent / "libs" / "manuf.py").read_bytes()
    except OSError:
        return None
    return f"oui-{CACHE_FORMAT}-{sha256(data).hexdigest()}"
