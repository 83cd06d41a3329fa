"""Encodings, line ends and limits."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.intake.lines import MAX_LINE, head_lines, text_lines
from scanner.models import EvidenceProblem

TEXT = "eins\r\nzwei Straße\n\ndrei"
LINES = [(1, "eins"), (2, "zwei Straße"), (3, ""), (4, "drei")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_encodings(encoding: str) -> None:
    data = TEXT.encode(encoding)
    assert list(text_lines(io.BytesIO(data))) == LINES
    assert head_lines(data) == [line for _, line in LINES]


def test_a_line_without_end_is_told_and_what_follows_is_read() -> None:
    for encoding in ("utf-8", "utf-16"):
        data = ("a\n" + "x" * (MAX_LINE * 5) + "\nb\n").encode(encoding)
        found = list(text_lines(io.BytesIO(data)))
        assert found[0] == (1, "a")
        assert isinstance(found[1], EvidenceProblem)
        assert found[2] == (3, "b")


def test_the_head_is_bounded() -> None:
    assert len(head_lines(b"a\n" * 30_000, 10)) <= 11


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_lines(data: bytes) -> None:
    found = list(text_lines(io.BytesIO(data)))
    numbers = [each.line if isinstance(each, EvidenceProblem) else each[0] for each in found]
    assert numbers == list(range(1, len(found) + 1))
    head_lines(data)
