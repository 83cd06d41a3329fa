"""How fast recorded evidence is judged, and that memory is bounded by the devices, not by what they send.

Speed: evidence lines, each of a host of its own (the worst case: a device to build and fuse for every record), through
`read_lines` and `identify_stream`. Yardstick: msgspec decoding and encoding the same lines again, the least that any
reader and writer of them must do. Both in turn, in one process, rules compiled beforehand.

Memory: how far the peak resident set of a fresh process grows beyond what it is once it is ready (all rules compiled,
every sample judged once). The lines are made one by one as they are read: none of what is counted is input.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from benchmarks.measure import forget_peak, in_fresh_process, in_turn, peak_mib, show_ratio, show_seconds
from benchmarks.samples import distinct_hosts, host, read_devices, samples, stored
from benchmarks.table import Table
from scanner.identify.engine import identify, identify_stream
from scanner.models import Device, Evidence
from scanner.models.evidence import read_lines

NAME = "identify"
Devices = Sequence[Sequence[Evidence]]
YARDSTICK = "msgspec decode and encode"
_TELLING = 1000  # for fewer devices the growth is the allocator's, not theirs


def run(records: int = 20_000, runs: int = 5, hosts: int = 200, each: tuple[int, int] = (20, 200)) -> list[Table]:
    """Two tables: `records` lines of as many hosts; memory for them, and for `hosts` hosts of `each` records."""
    return [speed(records, runs), memory(records, hosts, each)]


def speed(records: int, runs: int) -> Table:
    """Records a second against the yardstick."""
    found = samples()
    lines = list(distinct_hosts(found.records, records))
    size = sum(map(len, lines))
    unlike = list(distinct_hosts(found.records, records, unlike=True))
    work = {
        YARDSTICK: lambda: decode_and_encode(lines),
        "identify_stream": lambda: sum(1 for _ in judged(lines)),
        "identify_stream, no record read before": lambda: sum(1 for _ in judged(unlike)),
    }
    timings = in_turn(work, YARDSTICK, runs)
    rows = tuple(
        (
            name, show_seconds(timing.median), timing.spread, f"{records / timing.median:,.0f}",
            f"{size / timing.median / 1e6:.1f}", show_ratio(timing.ratio),
        )
        for name, timing in timings.items()
    )  # fmt: skip
    columns = ("work", "median", "fastest to slowest", "records/s", "MB/s", f"against {YARDSTICK}")
    return Table(NAME, f"{records:,} records of {records:,} hosts, median of {runs}", columns, rows, (found.origin,))


def memory(records: int, hosts: int, each: tuple[int, int]) -> Table:
    """Peak memory by number of hosts and of records a host."""
    few, many = each
    plans = {
        f"{records:,} hosts, 1 record each": ("distinct", records, 1),
        f"{hosts:,} hosts, {few:,} records each": ("again", hosts, few),
        f"{hosts:,} hosts, {many:,} records each": ("again", hosts, many),
        f"1 host, {few * hosts:,} records, none like another": ("liar", 1, few * hosts),
        f"1 host, {many * hosts:,} records, none like another": ("liar", 1, many * hosts),
    }
    with stored() as file:
        results = {name: in_fresh_process("benchmarks.identify:growth", file, *plan) for name, plan in plans.items()}
    rows = []
    for name, found in results.items():
        grown = found["peak"] - found["base"]
        a_device = f"{grown * 1024 / found['devices']:.1f}" if found["devices"] >= _TELLING else "–"
        ratio = show_ratio(found["peak"] / found["base"])
        rows.append((name, f"{found['base']:.1f}", f"{found['peak']:.1f}", ratio, f"{grown:.1f}", a_device))
    columns = ("evidence", "ready, MiB", "peak, MiB", "against ready", "grown, MiB", "KiB a device kept")
    return Table(NAME, "Memory of a fresh process each", columns, tuple(rows))


def judged(lines: Iterable[bytes]) -> Iterator[Device]:
    """The product's own way from lines to devices."""
    return identify_stream(record for record in read_lines(lines) if isinstance(record, Evidence))


def decode_and_encode(lines: Iterable[bytes]) -> int:
    """The yardstick: every line decoded and encoded again; the number of bytes written."""
    decode, encode = msgspec.json.Decoder().decode, msgspec.json.Encoder().encode
    return sum(len(encode(decode(line))) for line in lines)


def growth(file: str, form: str, hosts: int, each: int) -> dict[str, float]:
    """In a fresh process: get ready with the samples in `file`, then judge; {"base", "peak"} in MiB, {"devices"}."""
    devices = read_devices(Path(file))
    identify(itertools.chain.from_iterable(devices))
    forget_peak()
    base = peak_mib()
    lines = {"distinct": _distinct, "again": _again, "liar": _liar}[form](devices, hosts, each)
    kept = list(judged(lines))
    return {"base": base, "peak": peak_mib(), "devices": len(kept)}


def _distinct(devices: Devices, hosts: int, _each: int) -> Iterator[bytes]:
    return distinct_hosts(list(itertools.chain.from_iterable(devices)), hosts)


def _again(devices: Devices, hosts: int, each: int) -> Iterator[bytes]:
    """Every host says the records of one device again and again, as a listener that runs for weeks would hear it."""
    for turn in range(each):
        for number in range(hosts):
            records = devices[number % len(devices)]
            seen_at = f"2026-11-22T{turn // 3600 % 24:02d}:{turn // 60 % 60:02d}:{turn % 60:02d}Z"
            record = records[turn % len(records)]
            yield msgspec.structs.replace(record, host=host(number), seen_at=seen_at).to_line()


def _liar(_devices: Devices, hosts: int, each: int) -> Iterator[bytes]:
    """A host that never says the same model, serial number or MAC twice."""
    for turn, number in itertools.product(range(each), range(hosts)):
        if turn % 2:
            mac = f"44:19:b6:{turn >> 16 & 255:02x}:{turn >> 8 & 255:02x}:{turn & 255:02x}"
            yield Evidence(host(number), "mac", {"mac": mac}).to_line()
            continue
        said = f"<Model>DS-2CD{turn}</Model><SerialNumber>DS-2CD20{turn:012d}</SerialNumber>"
        fields = {"operation": "GetDeviceInformation", "xml": f"<r><Manufacturer>HIKVISION</Manufacturer>{said}</r>"}
        yield Evidence(host(number), "onvif", fields).to_line()
