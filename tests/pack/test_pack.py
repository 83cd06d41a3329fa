"""A pack as its users have it: made on one machine, checked on another, and no byte of it changed unseen."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.models import DataError
from scanner.pack import archive
from scanner.pack.build import Packer, build, knowledge_files
from scanner.pack.manifest import CHAIN, EVIDENCE, INVENTORY, MANIFEST, SIGNATURE, TIMESTAMP, read_manifest
from scanner.pack.sshsig import new_key, read_public
from scanner.pack.timestamp import stamped
from scanner.pack.verify import Check, Keys, Outcome, verify
from scanner.report.json import read_inventory
from tests.samples import device

PROJECT = Path(__file__).parents[2]
LOG = [
    {"host": "198.51.100.10", "protocol": "http", "port": 80, "headers": [["Server", "App-webs/"]], "status": 200},
    {"host": "198.51.100.10", "protocol": "sadp", "xml": "<ProbeMatch>"
     "<DeviceDescription>DS-2CD2143G2-I</DeviceDescription><DeviceSN>DS-2CD2143G2-I20220316AAWR648933909</DeviceSN></ProbeMatch>"},
    {"host": "198.51.100.11", "protocol": "rtsp", "port": 554, "headers": [["Server", "Rtsp Server/2.0"]]},
]  # fmt: skip


class Run:
    """`camcensus …` as its user runs it, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scanner", *words], cwd=self.folder, capture_output=True, text=True, check=False,
            timeout=120, env={**os.environ, "PYTHONPATH": str(PROJECT), "NO_COLOR": "1"},
        )  # fmt: skip


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, a key, and a signed pack of the run."""
    folder = tmp_path_factory.mktemp("pack")
    run = Run(folder)
    (folder / "log.jsonl").write_text("".join(json.dumps(record) + "\n" for record in LOG))
    assert run("import", "log.jsonl", "--out", "site").returncode == 0
    assert run("key", "new", "-o", "k").returncode == 0
    made = run("pack", "site", "-o", "pack.zip", "--key", "k", "--operator", "A. Clerk", "--clock-offset", "0.2")
    assert made.returncode == 0, made.stderr
    return folder


def by_what(checks: list[Check]) -> dict[str, Outcome]:
    return {check.what: check.outcome for check in checks}


def test_it_holds_and_says_who_signed(packed: Path) -> None:
    done = Run(packed)("verify", "pack.zip", "--key", "k.pub")
    assert done.returncode == 0, done.stdout
    lines = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert lines["holds  derivation"] == "the evidence gives the same 2 devices again"
    assert lines["holds  signature"].startswith("signed with SHA256:")
    assert (packed / "k").stat().st_mode & 0o077 == 0


def test_the_manifest_says_who_when_and_with_what(packed: Path) -> None:
    with zipfile.ZipFile(packed / "pack.zip") as pack:
        manifest = read_manifest(pack.read(MANIFEST))
        names = set(pack.namelist())
    assert manifest.operator == "A. Clerk"
    assert manifest.clock.offset_seconds == 0.2
    assert "pack site -o pack.zip" in manifest.command
    assert manifest.host.libraries.keys() >= {"scapy", "google-re2"}
    assert {EVIDENCE, CHAIN, INVENTORY, SIGNATURE, "report.html", "fingerprints/makers/hikvision.toml",
            "fingerprints/registry/listings.toml"} <= names  # fmt: skip


def test_without_a_key_to_expect_the_signer_is_an_open_question(packed: Path) -> None:
    checks = verify((packed / "pack.zip").read_bytes(), Keys(), None)
    assert by_what(checks)["signature"] is Outcome.OPEN
    stranger = read_public(new_key()[1])
    checks = verify((packed / "pack.zip").read_bytes(), Keys((stranger,)), None)
    assert by_what(checks)["signature"] is Outcome.FAILS


def test_any_altered_byte_is_found_and_the_file_named(packed: Path) -> None:
    data = (packed / "pack.zip").read_bytes()
    chosen = random.Random(7).sample(range(len(data)), 60)  # noqa: S311 - a sample, not a secret
    with zipfile.ZipFile(packed / "pack.zip") as pack:
        for info in pack.infolist()[:5]:  # and the first byte of the header and of the content of the first files
            chosen += [info.header_offset, info.header_offset + 30 + len(info.filename)]
        names = pack.namelist()
    for at in chosen:
        changed = bytearray(data)
        changed[at] ^= 0x01
        checks = verify(bytes(changed), Keys(), None)
        failed = [check for check in checks if check.outcome is Outcome.FAILS]
        assert failed, at
        said = " ".join(check.text for check in failed)
        assert any(name in said for name in names) or "archive" in said, (at, said)


@pytest.mark.parametrize("name", [EVIDENCE, INVENTORY, "report.html", MANIFEST, CHAIN, "fingerprints/generic.toml"])
def test_a_pack_that_somebody_wrote_anew_does_not_hold(packed: Path, name: str) -> None:
    entries = [
        (path, content.replace(b"198.51.100", b"203.0.1133", 1) + b" " if path == name else content)
        for path, content in archive.read((packed / "pack.zip").read_bytes())
    ]
    failed = [c for c in verify(archive.write(entries), Keys(), None) if c.outcome is Outcome.FAILS]
    assert failed
    assert any(name in check.text or "evidence" in check.text for check in failed)


def test_a_file_that_was_taken_away_or_put_in_is_named(packed: Path) -> None:
    entries = archive.read((packed / "pack.zip").read_bytes())
    less = archive.write([entry for entry in entries if entry[0] != "fingerprints/generic.toml"])
    assert any("generic.toml is missing" in check.text for check in verify(less, Keys(), None))
    more = archive.write([*entries, ("extra.txt", b"x")])
    assert any("extra.txt is not in the manifest" in check.text for check in verify(more, Keys(), None))


def test_an_inventory_that_the_evidence_does_not_give_is_found(packed: Path, tmp_path: Path) -> None:
    """Even by the holder of the key: the verdict is made again from the evidence."""
    entries = dict(archive.read((packed / "pack.zip").read_bytes()))
    honest = read_inventory(entries[INVENTORY])
    forged = msgspec.structs.replace(honest, devices=(*honest.devices[:1], device("198.51.100.11")))
    knowledge = knowledge_files(PROJECT / "fingerprints")
    (tmp_path / "forged.zip").write_bytes(build(forged, entries[EVIDENCE], knowledge, Packer("x", "x")))
    done = Run(tmp_path)("verify", "forged.zip")
    assert done.returncode == 1
    assert "fails  derivation: 1 of 2 devices come out otherwise: 198.51.100.11" in done.stdout


def test_a_pack_carries_the_users_own_rules_and_pins(packed: Path, tmp_path: Path) -> None:
    """And what they came to is derived from the pack alone, after the originals are gone."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "acme.toml").write_text(
        '[maker]\nname = "Acme"\nrole = "maker"\n[[fingerprint]]\nid = "acme-rtsp"\nwhere = "rtsp.header.server"\n'
        'pattern = \'^Rtsp Server/2\\.0$\'\nclaims = { maker = "Acme", kind = "camera" }\nweight = "strong"\n'
        'source = "seen here"\nexamples = [ { text = "Rtsp Server/2.0" } ]\nrejects = ["Rtsp Server/3.0"]\n'
    )
    (tmp_path / "pins.toml").write_text(
        '[[pin]]\ndevice = "198.51.100.10"\nset = { model = "Pinned-1" }\nreason = "label read"\nwho = "A. Clerk"\n'
        "date = 2026-11-20\n"
    )
    run = Run(tmp_path)
    shutil.copytree(packed / "site", tmp_path / "site")
    own = ("--fingerprints", "mine", "--pins", "pins.toml")
    again = run("report", "site", "--rejudge", *own, "--format", "json", "-o", "site/inventory.json")
    assert again.returncode == 0, again.stderr
    (tmp_path / "site" / "pins.toml").write_bytes((tmp_path / "pins.toml").read_bytes())
    made = run("pack", "site", "-o", "own.zip")
    assert made.returncode == 0, made.stderr
    for gone in (tmp_path / "mine", tmp_path / "site"):
        shutil.rmtree(gone)
    (tmp_path / "pins.toml").unlink()
    done = run("verify", "own.zip")
    assert done.returncode == 0, done.stdout
    assert "holds  derivation" in done.stdout
    devices = json.loads(dict(archive.read((tmp_path / "own.zip").read_bytes()))[INVENTORY])["devices"]
    assert devices[1]["maker"] == "Acme"
    assert devices[0]["model"] == "Pinned-1"


def test_mistakes_are_explained(packed: Path, tmp_path: Path) -> None:
    run = Run(packed)
    again = run("key", "new", "-o", "k")
    assert again.returncode == 2
    assert "there already" in again.stderr
    (tmp_path / "no.zip").write_bytes(b"nothing")
    broken = run("verify", str(tmp_path / "no.zip"))
    assert broken.returncode == 1
    assert "no whole archive" in broken.stdout
    assert run("pack", "nowhere", "-o", "x.zip").returncode == 2
    assert run("verify", "pack.zip", "--key", "log.jsonl").returncode == 2


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl")
def test_a_time_stamp_of_an_authority(packed: Path, tmp_path: Path) -> None:
    """The authority is openssl's own `ts`, with a root and a certificate for time stamping made here."""
    authority = make_authority(tmp_path)
    run = Run(tmp_path)
    shutil.copytree(packed / "site", tmp_path / "site")
    assert run("pack", "site", "-o", "p.zip", "--timestamp-request", "p.tsq").returncode == 0
    openssl(tmp_path, "ts", "-reply", "-queryfile", "p.tsq", "-out", "p.tsr", "-config", "ts.cnf")
    assert run("stamp", "p.zip", "p.tsr").returncode == 0
    data = (tmp_path / "p.zip").read_bytes()
    assert by_what(verify(data, Keys(), None))["time stamp"] is Outcome.OPEN
    checks = verify(data, Keys(authorities=(authority.read_bytes(),)), None)
    assert by_what(checks)["time stamp"] is Outcome.HOLDS, checks
    (tmp_path / "other").mkdir()
    stranger = make_authority(tmp_path / "other").read_bytes()
    assert by_what(verify(data, Keys(authorities=(stranger,)), None))["time stamp"] is Outcome.FAILS
    first = archive.read((packed / "pack.zip").read_bytes())[0]
    other = archive.write([first, (TIMESTAMP, (tmp_path / "p.tsr").read_bytes())])
    assert by_what(verify(other, Keys(), None))["time stamp"] is Outcome.FAILS
    with pytest.raises(DataError, match="can be read"):
        stamped(b"\x30\x03\x02\x01\x05", b"", ())


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_authority(folder: Path) -> Path:
    """A root certificate, and in `folder` a `ts.cnf` for a certificate that it signed."""
    (folder / "ext.cnf").write_text(
        "[tsa]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
        "[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
    )
    key = ("-newkey", "rsa:2048", "-nodes", "-keyout")
    usage = "keyUsage=critical,keyCertSign,cRLSign"
    openssl(folder, "req", "-x509", *key, "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-addext", usage)
    openssl(folder, "req", *key, "tsa.key", "-out", "tsa.csr", "-subj", "/CN=TSA")
    signing = ("-CA", "root.pem", "-CAkey", "root.key", "-extfile", "ext.cnf", "-extensions", "tsa")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem", "-days", "30", *signing)
    (folder / "serial").write_text("01\n")
    (folder / "ts.cnf").write_text(
        "[tsa]\ndefault_tsa=one\n[one]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\n"
        "signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256,sha512\naccuracy=secs:1\n"
        "ess_cert_id_chain=no\ness_cert_id_alg=sha256\n"
    )
    return folder / "root.pem"


@given(st.binary(max_size=200))
def test_no_garbage_is_a_time_stamp(data: bytes) -> None:
    with pytest.raises(DataError):
        stamped(data, b"", ())
