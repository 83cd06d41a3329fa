"""Signatures: ours are OpenSSH's, OpenSSH's are ours, and nothing altered holds."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.models import DataError, UsageError
from scanner.pack.sshsig import NAMESPACE, check, load_key, new_key, read_public, sign, thumbprint

MESSAGE = b'{"schema": "camcensus.pack/1"}\n'
PRIVATE, PUBLIC = new_key()
SIGNATURE = sign(MESSAGE, load_key(PRIVATE))


def test_what_was_signed_holds() -> None:
    assert check(MESSAGE, SIGNATURE) == read_public(PUBLIC)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen")
def test_openssh_accepts_ours_and_we_accept_openssh(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(PRIVATE)
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "signers").write_text(f"operator {PUBLIC}")
    (tmp_path / "m.sig").write_text(SIGNATURE)
    verify = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "operator", "-n", NAMESPACE.decode(), "-s", "m.sig"]
    done = subprocess.run(verify, cwd=tmp_path, input=MESSAGE, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "m").write_bytes(MESSAGE)
    subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-f", "key", "-n", NAMESPACE.decode(), "m"], cwd=tmp_path, check=True,
        capture_output=True,
    )  # fmt: skip
    assert check(MESSAGE, (tmp_path / "m.sig").read_text()) == read_public(PUBLIC)
    listed = subprocess.run(["ssh-keygen", "-lf", "key"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert thumbprint(read_public(PUBLIC)) in listed.stdout


def test_another_message_does_not_hold() -> None:
    with pytest.raises(DataError, match="does not belong"):
        check(MESSAGE + b" ", SIGNATURE)


def test_no_changed_letter_of_a_signature_holds() -> None:
    for at in range(len(SIGNATURE)):
        changed = SIGNATURE[:at] + ("A" if SIGNATURE[at] != "A" else "B") + SIGNATURE[at + 1 :]
        try:
            blob = check(MESSAGE, changed)
        except DataError:
            continue
        # Only the padding bits of the last base64 letter, and the reserved field, can change without a trace here:
        # the pack's canonical form catches them.
        assert blob == read_public(PUBLIC)


@given(st.text(max_size=500))
def test_garbage_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        check(MESSAGE, text)


def test_a_key_with_a_password() -> None:
    private, public = new_key(b"correct horse")
    assert check(MESSAGE, sign(MESSAGE, load_key(private, b"correct horse"))) == read_public(public)
    for password in (None, b"wrong"):
        with pytest.raises(UsageError, match="private key"):
            load_key(private, password)
    with pytest.raises(UsageError):
        load_key(b"not a key")
