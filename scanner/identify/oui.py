"""Who registered a MAC prefix: the longest of /36, /28 and /24 in the IEEE list that scapy carries.

The list is read when the first MAC is seen. scapy's own `lookup()` tries the /24 only and misses a third of the
entries, and its packet layers are not needed: only the text of `scapy.libs.manuf` is taken.
"""

from __future__ import annotations

from functools import lru_cache

from scanner.text import normalise_mac

_LOCALLY_ADMINISTERED = 0x02
_NOBODY = frozenset({"IEEE Registration Authority", "Private"})


def registrant(mac: str) -> str | None:
    """The organisation that registered the MAC's prefix; None for unknown, local, group and invalid addresses."""
    normal = normalise_mac(mac)
    if normal is None or int(normal[:2], 16) & _LOCALLY_ADMINISTERED:
        return None
    table = _table()
    digits = normal.replace(":", "")
    for length in (9, 7, 6):
        found = table.get(digits[:length])
        if found is not None:
            return None if found in _NOBODY else found
    return None


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    """Hex digits of the prefix (6, 7 or 9 of them) to the registrant's long name."""
    from scapy.libs.manuf import DATA

    table: dict[str, str] = {}
    for line in DATA.split("\n"):
        parts = line.split(None, 2)
        if len(parts) < 2 or parts[0].startswith("#"):
            continue
        prefix, _, bits = parts[0].partition("/")
        digits = prefix.replace(":", "").lower()[: int(bits or 24) // 4]
        table[digits] = parts[-1]
    return table
