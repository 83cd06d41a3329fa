"""Sweeps of one place on the days of a month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from scanner.models import Device, Inventory
from tests.samples import device, inventory

SCOPE = "198.51.100.0/24"


def night(day: int, *devices: Device, finished: str = "02:00:00Z", **changes: Any) -> Inventory:
    """A complete sweep of 198.51.100.0/24 on a day of January 2026; `changes` are of its `Sweep`."""
    begin, end = f"2026-01-{day:02}T01:00:00Z", f"2026-01-{day:02}T{finished}"
    whole = inventory(*devices)
    sweep = msgspec.structs.replace(
        whole.sweep, **{"id": f"night-{day}", "started": begin, "finished": end, "scope": (SCOPE,), **changes}
    )
    return msgspec.structs.replace(whole, sweep=sweep)


def camera(number: int, host: int | None = None, **changes: Any) -> Device:
    """A camera with a MAC and a serial of its own, at .`number` or .`host`."""
    own = {"id": f"{number:016x}", "mac": f"44:19:b6:00:00:{number:02x}", "serial": f"SN{number:06}"}
    return device(f"198.51.100.{host or number}", **(own | changes))


def in_scope(address: str) -> bool:
    """Whether a night's sweep asks an address."""
    return address.startswith("198.51.100.")


def asking(scope: Sequence[str], exclude: Sequence[str]) -> Callable[[str], bool | None]:
    """As `record` wants it."""
    return in_scope
