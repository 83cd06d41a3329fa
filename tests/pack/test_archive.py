"""The archive: opened by anybody's unzip, and no byte of it can change unseen."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.models import DataError
from scanner.pack.archive import read, write
from scanner.pack.chain import chain_file, check, head

ENTRIES = [
    ("manifest.json", b"{}\n"),
    ("evidence.jsonl", b'{"host": "198.51.100.10"}\n' * 3),
    ("fingerprints/a.toml", b"x"),
]


def test_it_is_a_plain_zip_file() -> None:
    with zipfile.ZipFile(io.BytesIO(write(ENTRIES))) as archive:
        assert archive.testzip() is None
        assert [(name, archive.read(name)) for name in archive.namelist()] == ENTRIES
    assert read(write(ENTRIES)) == ENTRIES
    assert write(ENTRIES) == write(ENTRIES)


def test_no_byte_changes_unseen() -> None:
    """Each byte, with three other values each: headers, contents, directory."""
    data = write(ENTRIES)
    for at in range(len(data)):
        for flip in (0x01, 0x80, 0xFF):
            changed = bytearray(data)
            changed[at] ^= flip
            with pytest.raises(DataError):
                read(bytes(changed))


def test_what_is_cut_or_added_shows() -> None:
    data = write(ENTRIES)
    for changed in (data[:-1], data + b"\0", data[1:], b"", b"PK"):
        with pytest.raises(DataError):
            read(changed)


@pytest.mark.parametrize("name", ["../x", "/x", "a/../b", "a\\b", "a//b"])
def test_no_name_leads_elsewhere(name: str) -> None:
    with pytest.raises(DataError):
        read(write([(name, b"x")]))


def test_a_bomb_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("evidence.jsonl", b"\0" * 10_000_000)
    with pytest.raises(DataError, match="header was changed"):
        read(buffer.getvalue())


@given(st.binary(max_size=300))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(DataError):
        read(data)


def test_the_chain_names_the_first_bad_line() -> None:
    log = b"".join(b'{"n": %d}\n' % n for n in range(5))
    chain = chain_file(log)
    assert check(log, chain) == 5
    assert chain.split()[-1].decode() == head(log)
    with pytest.raises(DataError, match="line 3 "):
        check(log.replace(b'"n": 2', b'"n": 7'), chain)
    with pytest.raises(DataError, match="line 2 "):
        check(log.replace(b'{"n": 1}\n', b""), chain)
    with pytest.raises(DataError, match="ends after line 4; 5"):
        check(log[: log.rindex(b'{"n": 4}')], chain)
    with pytest.raises(DataError, match="line 6 "):
        check(log + b"{}\n", chain)
