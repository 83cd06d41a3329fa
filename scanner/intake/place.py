"""Join the tables of one import: what a switch or list knows by MAC goes to the address that another table gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from scanner.models import Evidence, EvidenceProblem
from scanner.text import is_ip, normalise_mac

MAX_WAITING = 500_000
"""Records held until all files are read; further ones stay under their MAC."""


def place(records: Iterable[Evidence | EvidenceProblem]) -> Iterator[Evidence | EvidenceProblem]:
    """The records in their order, those under a MAC last: under its one address (IPv4 before IPv6) where there is one.

    A MAC with several IPv4 addresses stays by itself: it may be a router that answers for others.
    """
    addresses: dict[str, set[str]] = {}
    waiting: list[Evidence] = []
    for record in records:
        if isinstance(record, EvidenceProblem):
            yield record
            continue
        mac = normalise_mac(str(record.get("mac", "")))
        if mac is not None and is_ip(record.host):
            addresses.setdefault(mac, set()).add(record.host)
        if mac is not None and record.host == mac and len(waiting) < MAX_WAITING:
            waiting.append(record)
        else:
            yield record
    for record in waiting:
        yield msgspec.structs.replace(record, host=_one(addresses.get(record.host, set())) or record.host)


def _one(addresses: set[str]) -> str | None:
    """The one IPv4 address, or without any the one IPv6 address."""
    narrow = [address for address in addresses if ":" not in address]
    found = narrow or list(addresses)
    return found[0] if len(found) == 1 else None
