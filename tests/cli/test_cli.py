"""The command as a new user meets it: every mistake has a message that says what to do, and the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

HIKVISION = (
    '{"host":"198.51.100.10","protocol":"http","port":80,"status":200,'
    '"headers":[["Server","App-webs/"]],"body":""}\n'
    '{"host":"198.51.100.10","protocol":"onvif","operation":"GetDeviceInformation","xml":"<a><Manufacturer>HIKVISION'
    '</Manufacturer><Model>DS-2CD2142FWD-I</Model><FirmwareVersion>V5.4.5 build 170124</FirmwareVersion></a>"}\n'
)
AXIS = (
    '{"host":"198.51.100.9","protocol":"banner","port":21,'
    '"text":"220 AXIS P3384-VE Network Camera 5.40.19 (2013) ready."}\n'
)


def assert_explained(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


def test_help_and_version(camcensus: Run) -> None:
    done = camcensus("--help")
    assert done.returncode == 0
    for command in ("sweep", "identify", "explain", "report", "demo", "fingerprints", "registry"):
        assert command in done.stdout
    assert camcensus("--version").stdout.startswith("camcensus ")


@pytest.mark.parametrize(
    ("target", "word"),
    [
        ("198.51.100.300", "198.51.100.300"),
        ("198.51.100.0/33", "/33"),
        ("198.51.100.10-5", "198.51.100.10-5"),
        ("@no-such-file", "no-such-file"),
        ("8.8.8.8", "--allow-public"),
        ("224.0.0.1", "224.0.0.1"),
    ],
)
def test_a_mistyped_target(camcensus: Run, target: str, word: str) -> None:
    assert_explained(camcensus("sweep", target), 2, word)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--policy", "us-federl"), ("us-federal",)),
        (("--as-of", "22.11.2026"), ("2026-11-22",)),
        (("--fail-on", "lsted"), ("listed",)),
        (("--fail-on", "new"), ("--baseline",)),
        (("--interface", "nosuch0"), ("nosuch0",)),
        (("--credentials", "no-such-file"), ("no-such-file",)),
        (("--resume", "no-such-folder"), ("TARGET",)),
        (("--nosuch",), ("--nosuch",)),
        (("--rate", "0"), ("--rate",)),
    ],
)
def test_a_mistyped_option(camcensus: Run, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert_explained(camcensus("sweep", "198.51.100.1", *arguments), 2, *words)


def test_no_target_and_no_terminal_is_refused(camcensus: Run) -> None:
    done = camcensus("sweep")
    assert done.returncode == 2
    assert "target" in done.stderr.lower()


def test_dry_run_sends_nothing_and_says_what_it_would_send(camcensus: Run, tmp_path: Path) -> None:
    done = camcensus("sweep", "198.51.100.0/24", "--dry-run", "--out", tmp_path / "run")
    assert done.returncode == 0
    assert "254 addresses" in done.stdout
    assert "ws-discovery" in done.stdout
    assert not (tmp_path / "run").exists()


def test_no_permission_to_write(camcensus: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_explained(camcensus("sweep", "127.77.1.1", "--out", tmp_path / "file" / "run"), 2, "can't write")


def test_identify_reads_standard_input_and_writes_contract_2(camcensus: Run) -> None:
    done = camcensus("identify", "-", "--json", "-", stdin=HIKVISION + AXIS)
    assert done.returncode == 0, done.stderr
    inventory = json.loads(done.stdout)
    assert inventory["schema"] == "camcensus.inventory/1"
    axis, hikvision = inventory["devices"]
    assert (axis["host"], axis["maker"], axis["status"]) == ("198.51.100.9", "Axis", "not-listed")
    assert (hikvision["maker"], hikvision["model"], hikvision["status"]) == ("Hikvision", "DS-2CD2142FWD-I", "listed")
    claims = {claim["id"] for claim in hikvision["claims"]}
    listed = [f for f in hikvision["findings"] if f["strength"] == "listed"]
    assert "US-NDAA-889" in {f["instrument"] for f in listed}
    for finding in hikvision["findings"]:
        assert finding["source"].startswith("http")
        assert finding["edition"]
        assert finding["binds"]
        assert set(finding["because"]) <= claims


def test_the_same_evidence_gives_the_same_bytes(camcensus: Run) -> None:
    first = camcensus("identify", "-", "--json", "-", "--as-of", "2026-11-22", stdin=HIKVISION + AXIS)
    second = camcensus("identify", "-", "--json", "-", "--as-of", "2026-11-22", stdin=HIKVISION + AXIS)
    untimed = [json.loads(done.stdout) for done in (first, second)]
    for inventory in untimed:
        assert inventory["sweep"].pop("started").endswith("Z")
        assert inventory["sweep"].pop("finished").endswith("Z")
    assert json.dumps(untimed[0]) == json.dumps(untimed[1])


def test_bad_lines_are_named_and_the_rest_is_read(camcensus: Run, tmp_path: Path) -> None:
    file = tmp_path / "evidence.jsonl"
    file.write_text("not json\n" + AXIS + "[1]\n\n" + '{"host":"198.51.100.9","protocol":"new-one","x":1}\n')
    done = camcensus("identify", file, "--json", tmp_path / "out.json")
    assert done.returncode == 0
    assert f"{file}:1:" in done.stderr
    assert f"{file}:3:" in done.stderr
    inventory = json.loads((tmp_path / "out.json").read_text())
    assert inventory["devices"][0]["evidence_count"] == 2
    assert any("skipped: 2" in note for note in inventory["coverage"]["notes"])


def test_gates(camcensus: Run, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    assert camcensus("identify", "-", "--json", baseline, "--fail-on", "listed", stdin=AXIS).returncode == 0
    done = camcensus("identify", "-", "--fail-on", "listed", stdin=HIKVISION)
    assert_explained(done, 1, "198.51.100.10")
    done = camcensus("identify", "-", "--fail-on", "new", "--baseline", baseline, stdin=AXIS + HIKVISION)
    assert_explained(done, 1, "198.51.100.10")
    assert camcensus("identify", "-", "--fail-on", "new", "--baseline", baseline, stdin=AXIS).returncode == 0


def test_as_of_an_earlier_day(camcensus: Run) -> None:
    done = camcensus("identify", "-", "--json", "-", "--as-of", "2015-01-01", stdin=HIKVISION)
    device = json.loads(done.stdout)["devices"][0]
    assert device["status"] == "not-listed"
    assert not [f for f in device["findings"] if f["strength"] == "listed"]


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "html"])
def test_every_format(camcensus: Run, form: str) -> None:
    done = camcensus("identify", "-", "--format", form, stdin=HIKVISION)
    assert done.returncode == 0
    assert "Hikvision" in done.stdout


def test_explain_and_report_of_an_inventory(camcensus: Run, tmp_path: Path) -> None:
    file = tmp_path / "inventory.json"
    camcensus("identify", "-", "--json", file, stdin=HIKVISION)
    done = camcensus("explain", file, "198.51.100.10")
    assert done.returncode == 0
    for word in ("App-webs/", "US-NDAA-889", "HIKVISION", "Hangzhou Hikvision"):
        assert word in done.stdout
    assert_explained(camcensus("explain", file, "198.51.100.99"), 2, "198.51.100.10")
    assert_explained(camcensus("explain", tmp_path / "nothing.json", "x"), 2, "can't read")
    assert "<!doctype html>" in camcensus("report", file, "--format", "html").stdout


def test_a_broken_inventory_is_a_message(camcensus: Run, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text('{"schema": 1}')
    assert_explained(camcensus("report", file), 2, "is not an inventory")


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    import sys

    file = tmp_path / "evidence.jsonl"
    file.write_text("".join(AXIS.replace("100.9", f"100.{n}") for n in range(1, 250)))
    code = f"{sys.executable} -m scanner identify {file} --json - | head -c 100 >/dev/null; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_fingerprints_list_and_try(camcensus: Run, tmp_path: Path) -> None:
    assert "Hikvision" in camcensus("fingerprints", "list").stdout
    file = tmp_path / "evidence.jsonl"
    file.write_text(HIKVISION)
    done = camcensus("fingerprints", "try", file)
    assert "App-webs" in done.stdout


def test_registry_commands(camcensus: Run) -> None:
    assert "US-NDAA-889" in camcensus("registry", "list").stdout
    assert "us-federal" in camcensus("registry", "policies").stdout
    shown = camcensus("registry", "show", "US-NDAA-889").stdout
    assert "http" in shown
    assert "Hikvision" in shown
    assert_explained(camcensus("registry", "show", "US-NDAA-88"), 2, "US-NDAA-889")


def interrupted_run(folder: Path, **options: object) -> Path:
    """As a sweep leaves it that was killed before it asked anybody."""
    folder.mkdir()
    begun = {
        "targets": ["198.51.100.0/30"], "exclude": [], "interfaces": [], "policies": [], "as_of": None, "rate": 20,
        "host_rate": 2, **options,
    }  # fmt: skip
    (folder / "state.jsonl").write_text(json.dumps({"started": "2026-11-22T09:00:00Z", "options": begun}) + "\n")
    (folder / "evidence.jsonl").touch()
    return folder


def test_a_resumed_sweep_keeps_its_rates_and_takes_further_exclusions(camcensus: Run, tmp_path: Path) -> None:
    run = interrupted_run(tmp_path / "run", exclude=["198.51.100.1"])
    done = camcensus("sweep", "--resume", run, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "(1 addresses)" in done.stdout
    assert "20 packets/s in all, 2 to one device" in done.stdout
    none_left = camcensus("sweep", "--resume", run, "--dry-run", "--exclude", "198.51.100.2")
    assert_explained(none_left, 2, "nothing is left")


@pytest.mark.parametrize("options", [{"targets": 7}, {"as_of": "yesterday"}, {"exclude": None}])
def test_a_damaged_state_is_said_and_nothing_is_sent(
    camcensus: Run, tmp_path: Path, options: dict[str, object]
) -> None:
    run = interrupted_run(tmp_path / "run", **options)
    assert_explained(camcensus("sweep", "--resume", run), 2, "state.jsonl")


def test_a_baseline_is_read_before_the_new_inventory_is_written_over_it(camcensus: Run, tmp_path: Path) -> None:
    last = tmp_path / "last.json"
    assert camcensus("identify", "-", "--json", last, stdin=AXIS).returncode == 0
    again = ("identify", "-", "--json", last, "--baseline", last, "--fail-on", "listed", "--fail-on", "new")
    assert_explained(
        camcensus(*again, stdin=AXIS + HIKVISION), 1, "gate listed: 198.51.100.10", "gate new: 198.51.100.10"
    )
    assert camcensus(*again, stdin=AXIS + HIKVISION).returncode == 0


@pytest.mark.parametrize(
    ("option", "value"),
    [("--baseline", "no-such-file"), ("--json", "."), ("--json", "/dev/null/x"), ("--baseline", "/dev/null")],
)
def test_a_file_that_cannot_be_used_is_said_before_anything_is_sent(
    camcensus: Run, tmp_path: Path, option: str, value: str
) -> None:
    done = camcensus("sweep", "127.77.0.1", option, value, "--out", tmp_path / "run")
    assert_explained(done, 2, value)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_cost_nothing_else(tmp_path: Path, closed: str) -> None:
    (tmp_path / "evidence.jsonl").write_text(AXIS)
    command = f"{sys.executable} -m scanner identify evidence.jsonl --json out.json {closed}"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out.json").read_bytes())["devices"][0]["maker"] == "Axis"


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs /dev/full")
def test_a_full_standard_output_is_said(tmp_path: Path) -> None:
    (tmp_path / "evidence.jsonl").write_text(AXIS)
    command = f"{sys.executable} -m scanner identify evidence.jsonl >/dev/full"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert_explained(done, 2, "can't write to standard output: No space left")


def test_no_evidence_is_no_all_clear(camcensus: Run) -> None:
    done = camcensus("identify", "-", "--json", "-", stdin="")
    assert "nothing can be said" in json.loads(done.stdout)["coverage"]["notes"][0]


@pytest.mark.parametrize("text", ["", "[]", '{"tool":' + "[" * 100_000, '{"x":' + "[" * 100_000])
def test_what_is_no_inventory_is_said(camcensus: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "inventory.json").write_text(text)
    assert_explained(camcensus("report", tmp_path), 2, "is not an inventory")


def test_damaged_evidence_is_told_when_it_is_judged_again(camcensus: Run, tmp_path: Path) -> None:
    assert camcensus("identify", "-", "--json", tmp_path / "inventory.json", stdin=AXIS).returncode == 0
    (tmp_path / "evidence.jsonl").write_text(AXIS + "torn {\n" + AXIS)
    done = camcensus("report", tmp_path, "--rejudge")
    assert done.returncode == 0, done.stderr
    assert "Damaged lines of the evidence log, passed over: 1" in done.stdout


def test_the_quiet_demo_says_nothing_but_the_result(camcensus: Run, tmp_path: Path) -> None:
    done = camcensus("demo", "--out", tmp_path / "demo", "--quiet", "--format", "jsonl")
    assert done.returncode == 0
    assert done.stderr == ""
    assert all(json.loads(line)["host"] for line in done.stdout.splitlines())


def test_a_budget_ends_a_sweep_with_a_valid_part(camcensus: Run, tmp_path: Path) -> None:
    """Listening alone takes longer than this budget; the machine may be slow, so no clock is asked."""
    out = tmp_path / "run"
    done = camcensus("sweep", "127.77.1.0/28", "--out", out, "--no-store", "--budget", "2", "--format", "json")
    assert done.returncode == 3, done.stderr
    inventory = json.loads(done.stdout)
    assert inventory["sweep"]["complete"] is False
    assert "budget of 2 s" in inventory["coverage"]["notes"][0]
    assert json.loads((out / "inventory.json").read_text()) == inventory
    assert camcensus("sweep", "--resume", out, "--no-store", "--dry-run").returncode == 0
