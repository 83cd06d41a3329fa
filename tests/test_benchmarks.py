"""Every benchmark runs in a tiny form, so that none can rot. Nothing here asserts on a clock."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks import connect, contenders, identify, matching, measure, report, startup, store, sweep
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.samples import distinct_hosts, read_devices, stored
from benchmarks.table import Table, as_markdown, as_text
from scanner.identify.match import Matcher
from scanner.identify.rules import default_rules
from scanner.lab.sites import large_site
from scanner.models import Evidence
from scanner.models.evidence import read_lines

DOCS = measure.ROOT / "docs" / "benchmarks.md"
A = "198.51.100.10"
B = "198.51.100.11"
TRUTH: dict[str, dict[str, Any]] = {
    A: {"is_camera": True, "maker": "Hikvision"},
    B: {"is_camera": True, "maker": "Axis"},
    "198.51.100.12": {"is_camera": True, "maker": None},
    "198.51.100.13": {"is_camera": False, "maker": None},
}


def column(table: Table, name: str) -> dict[str, str]:
    """The cells of one column by the first cell of their row."""
    index = table.columns.index(name)
    return {row[0]: row[index] for row in table.rows}


def assert_documented(tables: list[Table]) -> None:
    """docs/benchmarks.md has these very columns."""
    text = DOCS.read_text("utf-8")
    for table in tables:
        header = as_markdown(table).splitlines()[2]
        assert header in text, f"docs/benchmarks.md lacks the columns of {table.name}: {table.title}"


def test_startup() -> None:
    tables = startup.run(runs=1)
    assert column(tables[0], f"against `{startup.YARDSTICK}`")[startup.YARDSTICK] == "1 ×"
    assert len(tables[0].rows) == 6
    assert_documented(tables)


def test_identify() -> None:
    tables = identify.run(records=60, runs=1, hosts=5, each=(2, 4))
    speed, memory = tables
    assert column(speed, f"against {identify.YARDSTICK}")[identify.YARDSTICK] == "1 ×"
    assert len(memory.rows) == 5
    assert_documented(tables)


def test_identify_judges_a_device_for_each_host() -> None:
    record = Evidence(A, "http", {"port": 80, "headers": [["Server", "App-webs/"]]})
    devices = list(identify.judged(distinct_hosts([record], 7)))
    assert len({device.host for device in devices}) == 7
    assert {device.maker for device in devices} == {"Hikvision"}


@pytest.mark.parametrize(("form", "hosts", "each", "devices"), [("again", 3, 4, 3), ("liar", 1, 6, 1)])
def test_growth_keeps_a_device_a_host(form: str, hosts: int, each: int, devices: int) -> None:
    with stored() as file:
        found = measure.in_fresh_process("benchmarks.identify:growth", file, form, hosts, each)
    assert found["devices"] == devices
    assert found["peak"] >= found["base"] > 0


def test_matching() -> None:
    tables = matching.run(runs=1, shown=2, places={"http.body": 2048, "http.title": 512})
    assert [table.title.partition(":")[0] for table in tables[:4]] == ["http.body"] * 2 + ["http.title"] * 2
    assert_documented(tables)


def test_hostile_texts_are_what_they_say() -> None:
    rules = matching.rules_of(default_rules(), "http.body")
    texts = matching.hostile(rules, 65_536)
    assert {len(text) for text in texts.values()} == {65_536}
    table = matching.sets(Matcher(default_rules()), default_rules(), "http.body", 65_536, 1)
    hit = {name: int(cell) for name, cell in column(table, "rules that hit").items()}
    assert hit["benign"] == hit["one letter"] == 0
    assert hit["all matches"] > len(rules) // 2


def test_report() -> None:
    tables = report.run(devices=6, runs=1)
    assert {row[0] for row in tables[0].rows} >= {report.YARDSTICK, "JSON", "HTML"}
    assert_documented(tables)


def test_store() -> None:
    tables = store.run(sweeps=3, devices=4, runs=1)
    assert {row[0] for row in tables[0].rows} >= {store.YARDSTICK, "camcensus history DEVICE"}
    assert_documented(tables)


def test_a_large_inventory_has_as_many_devices_as_asked() -> None:
    recorded = [[Evidence(A, "mac", {"mac": "44:19:b6:00:00:01"})], [Evidence(B, "port", {"port": 80})]]
    inventory = report.large_inventory(recorded, 9)
    assert len({device.host for device in inventory.devices}) == 9
    works = report.renderers(inventory)
    assert msgspec.json.decode(works[report.YARDSTICK]()) == msgspec.json.decode(works["JSON"]())


@pytest.mark.slow
def test_sweep_on_loopback() -> None:
    table = sweep.on_loopback(1, "needs root")
    assert "needs root" in table.notes[0]
    assert column(table, "wrong")["camcensus demo"] == "0"


def observed(seconds: float, said: contenders.Said | None, *, code: int | None = 0) -> sweep.Run:
    process = measure.Process(code, seconds, 100.0)
    return sweep.Run(process, sent=30.0 * seconds, both=60.0 * seconds, connections=3.0, said=said)


def test_sweep_rows_are_medians_against_the_yardstick_and_the_worst_of_what_was_said() -> None:
    yardstick = [observed(1.0, contenders.Said(4)), observed(2.0, contenders.Said(4))]
    runs = [observed(3.0, contenders.Said(4, 2, 0)), observed(10.0, contenders.Said(3, 1, 1))]
    row = dict(zip(sweep.COLUMNS, sweep.row("it", runs, yardstick, TRUTH), strict=True))
    assert row["seconds against yardstick"] == row["frames against yardstick"] == "4 ×"
    assert (row["found"], row["makers right"], row["wrong"]) == ("3 of 4", "1 of 2", "1")
    assert "| " + " | ".join(sweep.COLUMNS) + " |" in DOCS.read_text("utf-8")


def test_a_run_that_was_ended_says_so() -> None:
    row = sweep.row("it", [observed(120.0, None, code=None)], [observed(1.0, contenders.Said(4))], TRUTH)
    assert dict(zip(sweep.COLUMNS, row, strict=True))["median"] == "> 120 s"
    assert row[-3:] == ("–", "–", "–")


def test_the_few_cameras_are_of_different_makers() -> None:
    few = sweep.few_cameras(40)
    truth = sweep.truth_of(large_site(40))
    assert len({truth[host]["maker"] for host in few}) == sweep.FEW
    assert all(truth[host]["is_camera"] for host in few)


def test_an_inventory_is_read_against_the_truth(tmp_path: Path) -> None:
    rows = [{"addresses": [A], "maker": "Hikvision"}, {"addresses": [B], "maker": "Dahua"}]
    file = tmp_path / "inventory.json"
    file.write_bytes(msgspec.json.encode({"devices": rows}))
    assert contenders.read_inventory(file, TRUTH) == contenders.Said(2, 1, 1)
    assert contenders.read_inventory(tmp_path / "none", TRUTH) == contenders.Said(0, 0, 0)


def test_grepable_output_is_read_against_the_truth(tmp_path: Path) -> None:
    file = tmp_path / "nmap.txt"
    file.write_text(
        f"# a comment\nHost: {A} ()\tStatus: Up\nHost: {A} ()\tPorts: 80/open/tcp//http//Hikvision camera httpd/\n"
        f"Host: {B} ()\tStatus: Up\nHost: 198.51.100.99 ()\tStatus: Up\n"
    )
    assert contenders.read_grepable(file, TRUTH, names=False) == contenders.Said(2)
    assert contenders.read_grepable(file, TRUTH, names=True) == contenders.Said(2, 1)


def test_every_contender_asks_for_the_targets_and_nothing_else(tmp_path: Path) -> None:
    for each in (contenders.camcensus("it"), contenders.nmap("nmap", "-sT")):
        words = each.command(["198.51.100.0/24"], tmp_path)
        assert [word for word in words if word.startswith("198.")] == ["198.51.100.0/24"]
    assert contenders.connect([A, B]).command(["198.51.100.0/24"], tmp_path)[-2:] == [A, B]


def test_connect_finds_the_open_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as gone:
        port, closed = server.getsockname()[1], gone.getsockname()[1]
        gone.close()
        assert asyncio.run(connect.open_ports(["127.0.0.1"], [closed, port])) == {"127.0.0.1": [port]}


def test_connect_prints_what_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert connect.main(["127.0.0.1", "--ports", str(port)]) == 0
    assert capsys.readouterr().out == f"127.0.0.1 {port}\n"


def test_devices_are_read_by_host(tmp_path: Path) -> None:
    records = [Evidence(host, "port", {"port": port}) for port in (80, 554) for host in (A, B)]
    file = tmp_path / "evidence.jsonl"
    file.write_bytes(b"".join(record.to_line() for record in records))
    assert read_devices(file) == ((records[0], records[2]), (records[1], records[3]))


def test_distinct_hosts() -> None:
    lines = list(distinct_hosts([Evidence(A, "mac", {"mac": "44:19:b6:00:00:01"})], 300))
    hosts = {record.host for record in read_lines(lines) if isinstance(record, Evidence)}
    assert len(hosts) == 300


def test_in_turn_gives_every_round_and_ratios_to_the_yardstick() -> None:
    calls: list[str] = []
    timings = measure.in_turn({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, "a", 3)
    assert calls == ["a", "b"] * 4
    assert timings["a"].ratios == (1.0, 1.0, 1.0)
    assert len(timings["b"].seconds) == 3


def test_a_process_has_its_exit_code_and_its_own_peak() -> None:
    small = measure.run_process([sys.executable, "-c", "raise SystemExit(3)"])
    large = measure.run_process([sys.executable, "-c", "x = bytearray(b'x') * (64 << 20)"])
    assert small.code == 3
    assert large.peak_mib - small.peak_mib > 50


def test_a_process_is_ended_at_its_bound() -> None:
    assert measure.run_process([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.2).code is None


def test_a_process_that_cannot_start_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="no-such-command"):
        measure.run_process(["no-such-command"])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the peak can't be forgotten")
def test_the_peak_can_be_forgotten() -> None:
    found = measure.in_fresh_process("tests.test_benchmarks:peaks")
    assert found["before"] - found["after"] > 50


def peaks() -> dict[str, Any]:
    """In a fresh process: the peak after 64 MiB, and once they are freed and forgotten."""
    block = bytearray(b"x") * (64 << 20)
    before = measure.peak_mib()
    del block
    measure.forget_peak()
    return {"before": before, "after": measure.peak_mib()}


@pytest.mark.parametrize(
    ("seconds", "text"), [(12.345, "12.3 s"), (0.0125, "12.5 ms"), (0.00034567, "346 µs"), (2.5e-7, "0.25 µs")]
)
def test_seconds_in_words(seconds: float, text: str) -> None:
    assert measure.show_seconds(seconds) == text


@pytest.mark.parametrize(("ratio", "text"), [(1.0, "1 ×"), (0.2853, "0.285 ×"), (1234.5, "1,234 ×")])
def test_ratios_in_words(ratio: float, text: str) -> None:
    assert measure.show_ratio(ratio) == text


def test_tables_as_text_and_markdown() -> None:
    table = Table("it", "A title", ("what", "figure"), (("a|b", "1"), ("c", "22")), ("A note.",))
    assert as_text(table) == "it: A title\n  what  figure\n  a|b        1\n  c         22\n  A note.\n"
    assert as_markdown(table).splitlines() == [
        "**A title**", "", "| what | figure |", "| --- | ---: |", "| a\\|b | 1 |", "| c | 22 |", "", "A note.",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="2 columns"):
        Table("it", "A title", ("what", "figure"), (("a",),))


def test_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["no-such-benchmark"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert all(name in said for name in BENCHMARKS)


def test_every_benchmark_has_a_section_in_the_docs() -> None:
    text = DOCS.read_text("utf-8")
    for name in BENCHMARKS:
        assert f"`{name}`" in text
        assert (measure.ROOT / "benchmarks" / f"{name}.py").is_file()
