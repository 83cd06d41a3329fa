"""`camcensus import` as a user meets it: files in, what was recognised, evidence and verdicts out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_cli import assert_explained
from tests.intake.reading import FILES
from tests.intake.test_network_tables import SWITCHES
from tests.intake.test_rows import GENETEC, MILESTONE

REAL = sorted(path for path in FILES.iterdir() if path.suffix != ".md")


@pytest.fixture
def site(tmp_path: Path) -> list[Path]:
    """A lease file, a switch's table and two camera lists of one site."""
    (tmp_path / "sw1.txt").write_text(SWITCHES["Cisco IOS"][0])
    (tmp_path / "vms.csv").write_bytes(("\ufeff" + MILESTONE).encode("utf-16"))
    (tmp_path / "genetec.csv").write_text(GENETEC)
    return [FILES / "dnsmasq.leases", tmp_path / "sw1.txt", tmp_path / "vms.csv", tmp_path / "genetec.csv"]


def test_a_site_from_its_tables(camcensus: Run, site: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = camcensus("import", *site, "--out", out, "--json", tmp_path / "inventory.json", "--as-of", "2026-11-22")
    assert done.returncode == 0, done.stderr
    for words in ("dnsmasq.leases: dnsmasq leases (dnsmasq-leases): 6 observations", "switch MAC table", "camera list"):
        assert words in done.stderr
    lines = [json.loads(line) for line in (out / "evidence.jsonl").read_text().splitlines()]
    port = next(each for each in lines if each["protocol"] == "switch-port" and each["port"] == "Gi1/0/7")
    assert port["host"] == "198.51.100.50"  # the lease file knows whose MAC it is
    inventory = json.loads((tmp_path / "inventory.json").read_text())
    assert inventory == json.loads((out / "inventory.json").read_text())
    assert (out / "report.html").read_text().startswith("<!doctype html>")
    devices = {each["host"]: each for each in inventory["devices"]}
    assert set(devices) == {
        "198.51.100.20", "198.51.100.21", "198.51.100.30", "198.51.100.50", "198.51.100.51", "198.51.100.52",
        "00:40:8c:00:00:02",
    }  # fmt: skip
    assert inventory["sweep"]["id"] == "imported"
    assert "nothing was sent" in inventory["coverage"]["notes"][0]


def test_a_list_raises_a_question_and_settles_nothing(camcensus: Run, site: list[Path], tmp_path: Path) -> None:
    done = camcensus("import", tmp_path / "genetec.csv", "--json", "-")
    (device,) = json.loads(done.stdout)["devices"]
    assert device["status"] == "review"
    assert {claim["weight"] for claim in device["claims"] if claim["field"] == "maker"} == {"weak"}
    done = camcensus("import", tmp_path / "genetec.csv", "--fail-on", "listed")
    assert done.returncode == 0
    assert camcensus("import", tmp_path / "genetec.csv", "--fail-on", "review").returncode == 1


def test_evidence_can_be_handed_to_identify(camcensus: Run, site: list[Path], tmp_path: Path) -> None:
    evidence = tmp_path / "evidence.jsonl"
    imported = camcensus("import", *site, "--evidence", evidence, "--json", "-", "--as-of", "2026-11-22")
    again = camcensus("identify", evidence, "--merge", "--json", "-", "--as-of", "2026-11-22")
    assert json.loads(imported.stdout)["devices"] == json.loads(again.stdout)["devices"]
    assert camcensus("import", *site, "--evidence", "-").stdout == evidence.read_text()


def test_no_secret_of_a_list_is_kept(camcensus: Run, site: list[Path], tmp_path: Path) -> None:
    done = camcensus("import", tmp_path / "vms.csv", "--out", tmp_path / "run")
    written = b"".join(path.read_bytes() for path in (tmp_path / "run").iterdir())
    for secret in ("Secret-1!", "admin:pw", "Secret-2!"):
        assert secret.encode() not in written
        assert secret not in done.stdout + done.stderr


def test_standard_input_and_a_named_format(camcensus: Run) -> None:
    done = camcensus("import", "-", "--json", "-", stdin=(FILES / "ip-neigh.txt").read_text())
    assert len(json.loads(done.stdout)["devices"]) == 3
    done = camcensus("import", "-", "--format", "csv", "--json", "-", stdin="ip,model\n198.51.100.1,AC-200\n")
    assert json.loads(done.stdout)["devices"][0]["model"] == "AC-200"


@pytest.mark.parametrize("file", REAL, ids=lambda path: path.name)
def test_every_real_file_is_recognised(camcensus: Run, file: Path) -> None:
    done = camcensus("import", file)
    assert done.returncode == 0, done.stderr
    assert "skipped" not in done.stderr


def test_mistakes_are_explained(camcensus: Run, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir\n")
    empty = tmp_path / "empty"
    empty.touch()
    good = FILES / "ip-neigh.txt"
    assert_explained(camcensus("import", good, letter), 2, "letter.txt", "--format", "arp-table")
    assert_explained(camcensus("import", empty), 2, "is empty")
    assert_explained(camcensus("import", tmp_path / "nothing"), 2, "can't read")
    assert_explained(camcensus("import", tmp_path), 2, "can't read")
    assert_explained(camcensus("import", good, "--format", "arp-tabel"), 2, "arp-table")
    assert_explained(camcensus("import", good, "--policy", "us-federl"), 2, "us-federal")
    assert camcensus("import", good, "--out", tmp_path / "run").returncode == 0
    assert_explained(camcensus("import", good, "--out", tmp_path / "run"), 2, "already holds")
    assert_explained(camcensus("import", good, "--evidence", tmp_path), 2, "can't write")


def test_problems_are_named_and_counted(camcensus: Run, tmp_path: Path) -> None:
    table = tmp_path / "cams.csv"
    table.write_text("ip,name\n" + "\x1b[31mnonsense,cam\n" * 30 + "198.51.100.1,\x1b[2Jcam\n")
    done = camcensus("import", table)
    assert done.returncode == 0
    assert f"{table}:2: skipped" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "30 skipped" in done.stderr
    assert "skipped: 30." in done.stdout


def test_only_the_networks_that_are_asked_for(camcensus: Run, site: list[Path], tmp_path: Path) -> None:
    done = camcensus(
        "import", *site, "--network", "198.51.100.48/29", "--network", "203.0.113.1-9", "--json", "-", "--out",
        tmp_path / "run",
    )  # fmt: skip
    inventory = json.loads(done.stdout)
    # What is known by its MAC alone is not known to lie elsewhere
    assert {d["host"] for d in inventory["devices"]} == {
        "198.51.100.50", "198.51.100.51", "198.51.100.52", "00:40:8c:00:00:02",
    }  # fmt: skip
    assert "198.51.100.20" not in (tmp_path / "run" / "evidence.jsonl").read_text()
    said = "Left out, as outside 198.51.100.48/29, 203.0.113.1-9: "
    assert said in done.stderr
    assert said in inventory["coverage"]["notes"][0]
    assert inventory["sweep"]["options"]["networks"] == ["198.51.100.48/29", "203.0.113.1-9"]


def test_a_network_is_never_looked_up(camcensus: Run, site: list[Path]) -> None:
    for wrong in ("camera.example", "198.51.100.0/33", "198.51.100.9-1"):
        assert_explained(camcensus("import", *site, "--network", wrong), 2, wrong)


def test_packed_files_are_unpacked_and_cut_ones_said(camcensus: Run, tmp_path: Path) -> None:
    plain = (FILES / "dnsmasq.leases").read_bytes()
    (tmp_path / "leases.gz").write_bytes(gzip.compress(plain))
    (tmp_path / "cut.gz").write_bytes(gzip.compress(plain * 50, compresslevel=0)[:2000])
    whole = camcensus("import", tmp_path / "leases.gz", "--evidence", "-")
    assert whole.stdout == camcensus("import", FILES / "dnsmasq.leases", "--evidence", "-").stdout
    cut = camcensus("import", tmp_path / "cut.gz", "--evidence", "-")
    assert cut.returncode == 0
    assert cut.stdout.count("\n") >= 6
    assert "gzip's file is cut or damaged" in cut.stderr
