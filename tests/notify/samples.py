"""Notices for tests."""

from __future__ import annotations

import msgspec

from scanner.models import Coverage, Inventory, RegistryInfo, Status
from scanner.models.notice import Notice
from scanner.notify import notice_of
from tests.samples import HOSTILE, device, inventory

MARKUP = "<!channel> <@U1> @here [in](http://evil.example/login) *b* _i_ `c` <at>you</at>"
EVIL = f"{HOSTILE}\r\nBcc: spy@example.org\n{MARKUP}"


def hostile_notice(site: str | None = "hq") -> Notice:
    """Of a new camera that calls itself `EVIL`, one that did so before, and one that is gone, with such notes."""
    old = inventory(device(model="plain"), device("198.51.100.20", id="g", mac="44:19:b6:00:00:20", model=EVIL))
    new = inventory(
        device(model=EVIL), device("198.51.100.30", id="n", mac="44:19:b6:00:00:30", brand=EVIL, serial=EVIL)
    )
    coverage = msgspec.structs.replace(new.coverage, notes=(f"198.51.100.99 says {EVIL}",))
    new = msgspec.structs.replace(
        new, coverage=coverage, sweep=msgspec.structs.replace(new.sweep, site=site, id=f"run {EVIL}")
    )
    notice = notice_of(old, new, [f"listed: 198.51.100.30 ({EVIL}) is listed"], in_scope=lambda _: True)
    assert notice is not None
    return notice


def many(count: int) -> Inventory:
    """An inventory of `count` cameras, the last of them listed."""
    devices = [
        device(f"198.51.{n // 250}.{n % 250}", id=f"d{n}", mac=f"44:19:b6:00:{n // 256:02x}:{n % 256:02x}",
               status=Status.LISTED if n == count - 1 else Status.REVIEW)
        for n in range(count)
    ]  # fmt: skip
    return inventory(*devices, coverage=Coverage(addresses=count, answered=count))


def by_other_lists(value: Inventory, edition: str = "2026-12-01", as_of: str = "2026-11-22") -> Inventory:
    """The same, as judged by another registry, or on another day."""
    tool = msgspec.structs.replace(value.tool, registry=RegistryInfo(edition, edition.replace("-", "") * 8))
    return msgspec.structs.replace(value, tool=tool, sweep=msgspec.structs.replace(value.sweep, as_of=as_of))
