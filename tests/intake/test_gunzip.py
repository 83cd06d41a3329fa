"""gzip's files: whole, put together, cut and damaged; never more memory than is asked for."""

from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.intake.gunzip import Gunzip

PLAIN = b"198.51.100.9 44:19:b6:00:00:09\n" * 5000


def _read(data: bytes) -> tuple[bytes, bool]:
    packed = Gunzip(io.BytesIO(data))
    return io.BufferedReader(packed).read(), packed.broken


def test_whole_and_put_together() -> None:
    assert _read(gzip.compress(PLAIN)) == (PLAIN, False)
    assert _read(gzip.compress(PLAIN) + gzip.compress(b"more")) == (PLAIN + b"more", False)


@pytest.mark.parametrize("size", [12, 100, 400])
def test_what_is_before_the_cut_is_read(size: int) -> None:
    text, broken = _read(gzip.compress(PLAIN)[:size])
    assert broken
    assert PLAIN.startswith(text)
    assert bool(text) is (size > 12)


def test_a_bomb_is_unpacked_step_by_step() -> None:
    packed = Gunzip(io.BytesIO(gzip.compress(bytes(50_000_000))))
    buffer = bytearray(4096)
    assert packed.readinto(buffer) == 4096


@settings(max_examples=60, deadline=None, database=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    _read(b"\x1f\x8b\x08" + data)
    _read(gzip.compress(PLAIN)[:200] + data)
