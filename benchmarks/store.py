"""What an answer from a full store costs: 1,000 sweeps of one site with 500 devices, of which a few change each night.

The store is made by the very code of `camcensus store add`, in transactions of many sweeps. Each question is a whole
process from start to exit. Yardstick: `camcensus --version`, so a command that opens no store. Median of 7 rounds after
one that warms up.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measure import in_turn, show_ratio, show_seconds
from benchmarks.startup import command, whole
from benchmarks.table import Table
from scanner.models import Coverage, Device, Inventory, RegistryInfo, Status, Sweep, Tool

NAME = "store"
YARDSTICK = "camcensus --version"
SCOPE = "198.18.0.0/20"
_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
_IN_ONE = 50  # sweeps in one transaction


def run(sweeps: int = 1000, devices: int = 500, runs: int = 7) -> list[Table]:
    """The questions, and what the store weighs."""
    with tempfile.TemporaryDirectory(prefix="camcensus-benchmark-") as folder:
        file = Path(folder) / "store.sqlite"
        start = time.perf_counter()
        fill(file, sweeps, devices)
        seconds = time.perf_counter() - start
        timings = in_turn(
            {
                YARDSTICK: whole([*command(), "--version"]),
                "camcensus history DEVICE": whole([*command(), "history", host(1), "--store", str(file)]),
                "camcensus history": whole([*command(), "history", "--store", str(file)]),
                "camcensus sites": whole([*command(), "sites", "--store", str(file)]),
                "camcensus trend": whole([*command(), "trend", "--store", str(file)]),
            },
            YARDSTICK,
            runs,
        )
        size = sum(each.stat().st_size for each in Path(folder).glob("store.sqlite*"))
    rows = tuple(
        (name, show_seconds(timing.median), timing.spread, show_ratio(timing.ratio)) for name, timing in timings.items()
    )
    columns = ("command", "median", "fastest to slowest", f"against `{YARDSTICK}`")
    note = (
        f"The store takes {size / 2**20:.1f} MiB, {size / (sweeps * devices):.1f} bytes for each device of each sweep; "
        f"to record a sweep took {show_seconds(seconds / sweeps)}."
    )
    return [Table(NAME, f"{sweeps:,} sweeps of {devices:,} devices, median of {runs}", columns, rows, (note,))]


def fill(file: Path, sweeps: int, devices: int) -> None:
    """A store of as many nights."""
    from scanner.store.engine import open_store
    from scanner.store.place import Place
    from scanner.store.record import record

    with open_store(Place(path=file)) as store:
        nights = iter(site_over_time(sweeps, devices))
        for _begin in range(0, sweeps, _IN_ONE):
            with store.change() as connection:
                for inventory, _number in zip(nights, range(_IN_ONE), strict=False):
                    record(connection, inventory, site="here", asking=_asking)


def _asking(_scope: Sequence[str], _exclude: Sequence[str]) -> Callable[[str], bool | None]:
    return lambda address: address.startswith("198.18.")


def site_over_time(sweeps: int, devices: int) -> Iterator[Inventory]:
    """One site night by night: one device in 100 gets new firmware, one in 200 is off, each fifth night one moves."""
    chance = random.Random(7)  # noqa: S311 - to be the same each time
    versions = [1] * devices
    addresses = list(range(devices))
    free = devices
    for night in range(sweeps):
        for at in range(devices):
            versions[at] += chance.random() < 0.01
        if night % 5 == 4:
            addresses[chance.randrange(devices)], free = free, free + 1
        found = [_device(at, addresses[at], versions[at]) for at in range(devices) if chance.random() > 0.005]
        yield _inventory(night, tuple(found))


def host(number: int) -> str:
    """The address of one number."""
    return f"198.18.{number // 250}.{number % 250 + 1}"


def _device(number: int, address: int, version: int) -> Device:
    mac = f"44:19:b6:00:{number >> 8:02x}:{number & 255:02x}"
    maker, status = (("Hikvision", Status.LISTED), ("Axis", Status.NOT_LISTED), ("Dahua", Status.LISTED))[number % 3]
    return Device(
        id=f"{number:016x}", host=host(address), addresses=(host(address),), mac=mac,
        is_camera=True, kind="camera", brand=maker, maker=maker, model=f"{maker[:2].upper()}-{number % 40}",
        firmware=f"5.{version}", serial=f"SN{number:08}", confidence=0.98, status=status,
    )  # fmt: skip


def _inventory(night: int, devices: tuple[Device, ...]) -> Inventory:
    begin = _BEGIN + timedelta(days=night)
    sweep = Sweep(
        id=f"night-{night:04}", started=begin.isoformat(), finished=(begin + timedelta(minutes=20)).isoformat(),
        complete=True, scope=(SCOPE,), policy=(), as_of=begin.date().isoformat(),
    )  # fmt: skip
    return Inventory(
        tool=Tool("camcensus", "0.1.0", "f" * 64, RegistryInfo("2024-01-01", "e" * 64)), sweep=sweep,
        coverage=Coverage(addresses=4094, answered=len(devices), silent=4094 - len(devices)), devices=devices,
    )  # fmt: skip


if __name__ == "__main__":  # a store to try the commands on
    fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
