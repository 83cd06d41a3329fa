"""A redacted run: nothing tells whose it is, the verdicts stay, a pack of it verifies, and the key leads back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.models import DataError
from scanner.models.redaction import Kind
from scanner.redaction import Chosen, key_bytes, read_key, reversed_text
from tests.pack.test_pack import Run

OWN = {
    "address": "203.0.113.77", "mac": "44:19:b6:12:34:56", "serial": "DS-2CD2143G2-I20220316AAWR648933909",
    "name": "Front-Door-Mayor-Office", "site": "Town Hall East",
}  # fmt: skip
LOG = [
    {"host": OWN["address"], "seen_at": "2026-11-22T09:00:00Z", "protocol": "http", "port": 80, "status": 200,
     "headers": [["Server", "App-webs/"]], "body": f"<title>x</title> {OWN['address']} {OWN['serial']}"},
    {"host": OWN["address"], "protocol": "sadp", "xml": f"<ProbeMatch><DeviceDescription>DS-2CD2143G2-I"
     f"</DeviceDescription><DeviceSN>{OWN['serial']}</DeviceSN><MAC>{OWN['mac'].replace(':', '-')}</MAC></ProbeMatch>"},
    {"host": OWN["address"], "protocol": "mac", "mac": OWN["mac"]},
    {"host": OWN["address"], "protocol": "mdns", "service": "_http._tcp.local.", "name": OWN["name"]},
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("redaction")
    (made / "log.jsonl").write_text("".join(json.dumps(record) + "\n" for record in LOG))
    run = Run(made)
    assert run("import", "log.jsonl", "--out", "site").returncode == 0
    done = run("redact", "site", "-o", "shared", "--key", "k.json")
    assert done.returncode == 0, done.stderr
    return made


def whole(run: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(run.iterdir()))


def test_nothing_of_the_owner_is_left(folder: Path) -> None:
    text = whole(folder / "shared").lower()
    for kind in ("address", "mac", "serial", "name"):
        assert OWN[kind].lower() not in text, kind
    assert OWN["mac"].replace(":", "-") not in text
    assert "648933909" not in text
    assert (folder / "k.json").stat().st_mode & 0o077 == 0


def test_the_verdict_is_the_same_and_the_pack_verifies(folder: Path) -> None:
    before, after = (json.loads((folder / run / "inventory.json").read_text()) for run in ("site", "shared"))
    for field in ("maker", "brand", "model", "status", "kind"):
        assert after["devices"][0][field] == before["devices"][0][field], field
    assert after["devices"][0]["confidence"] > 0.98
    assert after["devices"][0]["mac"].startswith("44:19:b6:")
    assert any("Redacted for sharing" in note for note in after["coverage"]["notes"])
    run = Run(folder)
    assert run("pack", "shared", "-o", "p.zip").returncode == 0
    verified = run("verify", "p.zip")
    assert verified.returncode == 0, verified.stdout
    assert "holds  derivation" in verified.stdout


def test_the_key_leads_back_and_makes_the_same_stand_ins_again(folder: Path) -> None:
    run = Run(folder)
    done = run("unredact", "shared/evidence.jsonl", "--key", "k.json", "-o", "back.jsonl")
    assert done.returncode == 0, done.stderr
    back = (folder / "back.jsonl").read_text()
    for kind in ("address", "serial"):
        assert OWN[kind] in back
    assert OWN["mac"].replace(":", "-").lower() in back.lower()
    assert run("redact", "site", "-o", "again", "--key", "k.json").returncode == 0
    assert (folder / "again" / "evidence.jsonl").read_text() == (folder / "shared" / "evidence.jsonl").read_text()


def test_what_is_to_be_kept_is_kept(folder: Path) -> None:
    done = Run(folder)("redact", "site", "-o", "kept", "--key", "k2.json", "--keep", "serial", "--keep", "address")
    assert done.returncode == 0, done.stderr
    text = whole(folder / "kept")
    assert OWN["serial"] in text
    assert OWN["address"] in text
    assert OWN["mac"] not in text


def test_mistakes_are_explained(folder: Path) -> None:
    run = Run(folder)
    assert run("redact", "site", "-o", "shared", "--key", "k3.json").returncode == 2
    assert run("unredact", "log.jsonl", "--key", "absent", "-o", "x").returncode == 2
    assert run("unredact", "log.jsonl", "--key", "log.jsonl", "-o", "x").returncode == 2


@given(st.binary(max_size=100))
def test_garbage_is_no_key(data: bytes) -> None:
    with pytest.raises(DataError):
        read_key(data)


def test_every_stand_in_leads_back() -> None:
    made = Chosen(b"k" * 32)
    pairs = [made.address("198.51.100.7"), made.mac("44:19:B6:00:00:01"), made.serial("PAA00813XYZ1"),
             made.word("name", "Lobby")]  # fmt: skip
    key = read_key(key_bytes(b"k" * 32, made.made))
    assert reversed_text(" ".join(pairs), key.stand_ins) == "198.51.100.7 44:19:B6:00:00:01 PAA00813XYZ1 Lobby"
    kept = Chosen(b"k" * 32, [Kind.MAC])
    assert kept.mac("44:19:b6:00:00:01") == "44:19:b6:00:00:01"
    assert kept.made == {}
