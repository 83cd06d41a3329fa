"""Evidence to measure with: recorded cases beside the checkout where they are, else a sweep of the demo site."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address
from pathlib import Path

import msgspec

from benchmarks.measure import ROOT
from scanner.identify.cases import read_cases
from scanner.models import Evidence
from scanner.models.evidence import read_lines
from scanner.runs import EVIDENCE

_CASES = Path("../shared/cases/dev.jsonl")
_FIRST = int(IPv4Address("198.18.0.0"))


class Samples(msgspec.Struct, frozen=True):
    """Devices as the records that each gave; `origin` is a sentence for the notes."""

    devices: tuple[tuple[Evidence, ...], ...]
    origin: str

    @property
    def records(self) -> tuple[Evidence, ...]:
        """All records of all devices."""
        return tuple(itertools.chain.from_iterable(self.devices))


@lru_cache(maxsize=1)
def samples() -> Samples:
    """Recorded evidence of real devices, or of the demo site (a sweep on loopback of some seconds)."""
    cases = read_cases(ROOT / _CASES)
    if cases:
        devices = tuple(case.evidence for case in cases)
        return Samples(devices, f"Evidence of {len(devices)} recorded devices, repeated.")
    with tempfile.TemporaryDirectory(prefix="camcensus-benchmark-") as folder:
        out = Path(folder) / "demo"
        subprocess.run(demo_command(out), cwd=ROOT, check=True, capture_output=True)
        devices = read_devices(out / EVIDENCE)
    return Samples(devices, "Evidence of the demo site, repeated; the recorded cases are not here.")


def demo_command(out: Path) -> list[str]:
    """Sweep the demo site into `out`."""
    return [sys.executable, "-m", "scanner", "demo", "--quiet", "--out", str(out)]


@contextlib.contextmanager
def stored() -> Iterator[str]:
    """The samples as a file of evidence lines, for fresh processes to read; its path."""
    with tempfile.TemporaryDirectory(prefix="camcensus-benchmark-") as folder:
        file = Path(folder) / "samples.jsonl"
        file.write_bytes(b"".join(record.to_line() for record in samples().records))
        yield str(file)


def read_devices(file: Path) -> tuple[tuple[Evidence, ...], ...]:
    """The records of an evidence file by host, in order of first appearance."""
    hosts: dict[str, list[Evidence]] = {}
    for record in read_lines(file.read_bytes().splitlines()):
        if isinstance(record, Evidence):
            hosts.setdefault(record.host, []).append(record)
    return tuple(tuple(records) for records in hosts.values())


def host(number: int) -> str:
    """The `number`-th of ever different addresses."""
    return str(IPv4Address(_FIRST + number))


def distinct_hosts(records: Sequence[Evidence], count: int, *, unlike: bool = False) -> Iterator[bytes]:
    """`count` evidence lines, each of a host of its own. `unlike`: each has a field that no other has."""
    for number, record in zip(range(count), itertools.cycle(records), strict=False):
        fields = {**record.fields, "number": f"n{number}"} if unlike else record.fields
        yield msgspec.structs.replace(record, host=host(number), fields=fields).to_line()
