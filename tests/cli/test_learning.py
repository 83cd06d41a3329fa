"""What users add and learn: unknown evidence, own fingerprints, pins, drafts, Recog; and that a run remembers it."""

from __future__ import annotations

import io
import json
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from scanner.cli.app import app
from scanner.cli.planning import Wishes, plan_sweep
from scanner.cli.rules_options import Extras, extras_of, resumed
from scanner.models import CamcensusError, Inventory, UsageError
from scanner.report.json import read_inventory
from tests.cli.conftest import Run
from tests.cli.test_cli import assert_explained
from tests.identify.recog_samples import write_samples

NVT = "<ProbeMatch><Types>dn:NetworkVideoTransmitter</Types><XAddrs>http://192.168.7.9/onvif</XAddrs></ProbeMatch>"
UNKNOWN = [
    {"host": "192.168.7.9", "protocol": "ws-discovery", "xml": NVT},
    {"host": "192.168.7.9", "protocol": "http", "port": 80, "headers": [["Server", "FooCam/2.1"]],
     "body": "<title>FooCam viewer</title> sn=FC123456789"},
    {"host": "192.168.7.8", "protocol": "snmp", "oids": {"1.3.6.1.2.1.1.1.0": "HP LaserJet 2200"}},
]  # fmt: skip
PINS = """
[[pin]]
device = "192.168.7.9"
set = { maker = "Axis" }
reason = "name plate"
who = "Ada"
date = 2026-11-20
"""
RULES = """
[maker]
name = "Foo Works"
role = "maker"

[[fingerprint]]
id = "foo-works-server"
where = "http.header.server"
pattern = '^FooCam/\\d'
claims = { maker = "Foo Works", kind = "camera" }
weight = "strong"
source = "made up for the tests"
examples = [ { text = "FooCam/2.1" } ]
rejects = ["BarCam/2.1"]
"""


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    file = tmp_path / "evidence.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in UNKNOWN))
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "foo.toml").write_text(RULES)
    return tmp_path / "own"


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(PINS)
    return file


def here(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command within this process: a good deal faster than one of its own for each step."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = app([str(each) for each in arguments], standalone_mode=False) or 0
        except CamcensusError as error:
            code = 2
            err.write(str(error))
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def device(inventory: Inventory, host: str = "192.168.7.9") -> Any:
    return next(each for each in inventory.devices if each.host == host)


def test_unknown_evidence_goes_round(camcensus: Run, evidence: Path, tmp_path: Path) -> None:
    unknown = tmp_path / "unknown.jsonl"
    home = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    done = camcensus("identify", "-", "--unknown", unknown, stdin=evidence.read_text(), **home)
    assert done.returncode == 0, done.stderr
    assert "2 redacted records of 1 devices" in done.stderr
    text = unknown.read_text()
    assert "192.168.7" not in text
    assert "FC123456789" not in text
    assert "FooCam/2.1" in text
    assert (tmp_path / "config" / "camcensus" / "pseudonyms.key").stat().st_mode & 0o077 == 0
    again = tmp_path / "again.jsonl"
    assert camcensus("identify", evidence, "--unknown", again, **home).returncode == 0
    assert again.read_text() == text
    tried = here("fingerprints", "try", unknown)
    assert "onvif-nvt-type" in tried.stdout or "NetworkVideoTransmitter" in tried.stdout
    assert "no rule: http.header.server  “FooCam/2.1”" in tried.stdout
    assert "is_camera" in tried.stdout or "kind: camera" in tried.stdout


def test_a_draft_of_the_unknown_teaches_it(camcensus: Run, evidence: Path, tmp_path: Path) -> None:
    several = here("fingerprints", "new", evidence)
    assert_explained(several, 2, "--host")
    draft = camcensus("fingerprints", "new", evidence, "--host", "192.168.7.9")
    (tmp_path / "own").mkdir()
    file = tmp_path / "own" / "foo.toml"
    file.write_text(draft.stdout)
    assert_explained(here("fingerprints", "check", file), 2, "foo.toml: [maker]: name must be a text")
    filled = draft.stdout.replace('name = ""', 'name = "Foo Works"').replace('maker = ""', 'maker = "Foo Works"')
    file.write_text(filled.replace('source = ""', 'source = "https://example.org"'))
    proved = here("fingerprints", "check", "--fingerprints", file.parent)
    assert proved.returncode == 0, proved.stdout
    done = here("identify", evidence, "--fingerprints", file.parent, "--json", tmp_path / "out.json")
    assert done.returncode == 0, done.stderr
    found = read_inventory((tmp_path / "out.json").read_bytes())
    assert device(found).maker == "Foo Works"
    assert found.sweep.options["fingerprints"] == [str(file.parent)]


def test_a_run_remembers_its_pins_and_fingerprints(evidence: Path, folder: Path, pins: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "evidence.jsonl").write_bytes(evidence.read_bytes())
    options = ("--fingerprints", folder, "--pins", pins, "--json", run / "inventory.json")
    assert here("identify", evidence, *options).returncode == 0
    first = read_inventory((run / "inventory.json").read_bytes())
    assert device(first).maker == "Axis"
    assert [each.other for each in device(first).conflicts if each.field == "maker"] == ["Foo Works"]
    assert_explained(here("report", run, "--rejudge"), 2, "pins.toml", "--pins")
    (run / "pins.toml").write_text(PINS)
    again = here("report", run, "--rejudge", "--format", "json")
    assert again.returncode == 0, again.stderr
    second = read_inventory(again.stdout.encode())
    assert second.devices == first.devices
    assert second.tool.fingerprints == first.tool.fingerprints
    explained = here("explain", run, "192.168.7.9")
    assert "maker = Axis (a person's statement)" in explained.stdout
    assert "pinned by Ada on 2026-11-20: name plate" in explained.stdout
    folder.rename(tmp_path / "moved")
    assert_explained(here("report", run, "--rejudge"), 2, "--fingerprints", str(folder))
    moved = here("report", run, "--rejudge", "--fingerprints", tmp_path / "moved", "--format", "json")
    assert device(read_inventory(moved.stdout.encode())).maker == "Axis"


def test_recog_beside_our_own(tmp_path: Path) -> None:
    xml = write_samples(tmp_path)
    proved = here("fingerprints", "recog", xml, "--verify")
    assert proved.stdout == "9 of 9 examples pass, of 8 entries in 3 files\n"
    told = here("fingerprints", "recog", tmp_path, "Hipcam RealServer/V1.0", "--match", "rtsp_header.server")
    assert "hw.vendor = Hipcam" in told.stdout.splitlines()
    assert here("fingerprints", "recog", xml, "nothing", "--match", "rtsp_servers").returncode == 1
    assert_explained(here("fingerprints", "recog", xml, "x", "--match", "odd"), 2, "rtsp_header.server")
    overview = here("fingerprints", "recog", xml)
    assert "rtsp_servers.xml  rtsp_header.server → rtsp.header.server  3 entries, 3 with claims" in overview.stdout
    line = json.dumps(
        {"host": "192.168.7.9", "protocol": "dhcp", "vendor_class": "Mfg=XEROX;Typ=MFP;Mod=A B7;Ser=1AB234567"}
    )
    (tmp_path / "printer.jsonl").write_text(line)
    done = here("identify", tmp_path / "printer.jsonl", "--recog", xml, "--json", "-")
    found = device(read_inventory(done.stdout.encode()))
    assert (found.model, found.is_camera, found.product) == ("B7", False, "printer")


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--fingerprints", "gone"), ("--fingerprints", "no such folder")),
        (("--recog", "gone"), ("--recog", "xml/")),
        (("--pins", "gone.toml"), ("--pins", "No such file")),
        (("--unknown", "/nowhere/at/all"), ("--unknown",)),
    ],
)
def test_what_is_not_there(evidence: Path, option: tuple[str, str], words: tuple[str, ...]) -> None:
    if option[0] == "--unknown":
        option = ("--unknown", str(evidence.parent))
    assert_explained(here("identify", evidence, *option), 2, *words)


def test_a_sweep_plans_with_them_and_a_resumed_one_too(folder: Path, pins: Path, tmp_path: Path) -> None:
    extras = Extras.given([folder, folder], None, pins)
    plan = plan_sweep(Wishes(targets=("198.51.100.1",), out=tmp_path / "run", extras=extras))
    assert plan.recorded_options["fingerprints"] == [str(folder)]
    assert plan.recorded_options["pins"]["file"] == str(pins)
    assert plan.pins == PINS.encode()
    assert [pin.who for pin in plan.context.pins] == ["Ada"]
    assert any(rule.id == "foo-works-server" for rule in plan.context.rules.fingerprints)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "pins.toml").write_text(PINS)
    state = json.dumps({"options": plan.recorded_options}) + "\n"
    (tmp_path / "run" / "state.jsonl").write_text(state)
    again = plan_sweep(Wishes(resume=tmp_path / "run"))
    assert again.context.rules.digest == plan.context.rules.digest
    assert [pin.who for pin in again.context.pins] == ["Ada"]


def test_imported_evidence_is_judged_with_them_and_the_run_remembers(
    evidence: Path, folder: Path, pins: Path, tmp_path: Path
) -> None:
    run, unknown = tmp_path / "run", tmp_path / "unknown.jsonl"
    own = ("--fingerprints", folder, "--pins", pins)
    done = here("import", evidence, "--out", run, *own, "--unknown", unknown, "--json", "-")
    assert done.returncode == 0, done.stderr
    found = read_inventory(done.stdout.encode())
    assert {claim.fingerprint for claim in device(found).claims} >= {"foo-works-server", "pinned"}
    assert (run / "pins.toml").read_text() == PINS
    assert unknown.read_text() == ""  # what is pinned is known
    again = here("report", run, "--rejudge", "--format", "json")
    assert device(read_inventory(again.stdout.encode())) == device(found)
    plain = here("import", evidence, "--unknown", unknown)
    assert "2 redacted records of 1 devices" in plain.stderr
    refused = here("import", evidence, "--evidence", "-", "--unknown", unknown)
    assert_explained(refused, 2, "leave --unknown out")


def test_what_is_given_now_goes_before_what_was_recorded(tmp_path: Path, folder: Path) -> None:
    given = Extras(folders=(folder,))
    assert resumed(tmp_path, ("/old",), None, given).folders == (folder,)
    assert resumed(tmp_path, ("/old",), "/recog", Extras()) == Extras((Path("/old"),), Path("/recog"))


def test_a_run_whose_recog_is_gone(tmp_path: Path, evidence: Path) -> None:
    done = here("identify", evidence, "--json", "-")
    inventory = read_inventory(done.stdout.encode())
    inventory.sweep.options["recog"] = str(tmp_path / "gone")
    with pytest.raises(UsageError, match="--recog"):
        extras_of(tmp_path, inventory, Extras())
