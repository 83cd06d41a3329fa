"""BER, strict."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.wire import ber
from scanner.wire.errors import WireError


@pytest.mark.parametrize(
    ("number", "encoded"),
    [(0, "020100"), (127, "02017f"), (128, "02020080"), (-1, "0201ff"), (-129, "0202ff7f"), (2**31, "02050080000000")],
)
def test_integers(number: int, encoded: str) -> None:
    assert ber.encode_integer(number).hex() == encoded
    assert ber.Reader(bytes.fromhex(encoded)).integer() == number


@settings(max_examples=80)
@given(st.integers(-(2**63), 2**63 - 1), st.binary(max_size=400))
def test_values_read_back(number: int, content: bytes) -> None:
    reader = ber.Reader(ber.encode_sequence([ber.encode_integer(number), ber.encode_octets(content)])).inside()
    assert (reader.integer(), reader.octets(), reader.empty, reader.peek()) == (number, content, True, 0)


@pytest.mark.parametrize(
    ("dotted", "encoded"),
    # X.690 §8.19.5 example; RFC 1213 sysDescr.0; enterprise 39165.
    [
        ("2.999.3", "0603883703"),
        ("1.3.6.1.2.1.1.1.0", "06082b06010201010100"),
        ("1.3.6.1.4.1.39165", "06082b0601040182b17d"),
    ],
)
def test_object_identifiers(dotted: str, encoded: str) -> None:
    assert ber.encode_object_identifier(dotted).hex() == encoded
    assert ber.object_identifier(bytes.fromhex(encoded)[2:]) == dotted


@pytest.mark.parametrize("dotted", ["", "1", "1.-3", "a.b", "1..3"])
def test_other_texts_are_no_identifiers(dotted: str) -> None:
    with pytest.raises(ValueError):
        ber.encode_object_identifier(dotted)


@pytest.mark.parametrize("content", ["", "80", "2b81", "2b" + "ff" * 20 + "7f", "2b" * 600])
def test_broken_identifiers(content: str) -> None:
    with pytest.raises(WireError):
        ber.object_identifier(bytes.fromhex(content))


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "02",
        "0202ff",
        "0280",
        "028500000000",
        "0282ff",
        "1f0100",
        "02847fffffff00",
        "0200",
        "020a" + "00" * 10,
        "0401ff",
    ],
)
def test_broken_integers(encoded: str) -> None:
    with pytest.raises(WireError):
        ber.Reader(bytes.fromhex(encoded)).integer()


def test_an_inner_length_may_not_leave_its_frame() -> None:
    inner = ber.Reader(bytes.fromhex("3003" + "0405616263" + "6465")).inside(ber.SEQUENCE)
    with pytest.raises(WireError):
        inner.octets()
    with pytest.raises(WireError, match="instead of"):
        ber.Reader(bytes.fromhex("040100")).inside(ber.SEQUENCE)


def test_long_form_lengths_need_not_be_shortest() -> None:
    assert ber.Reader(bytes.fromhex("0484000000024142")).octets() == b"AB"
    assert list(ber.Reader(bytes.fromhex("05000401ff"))) == [(5, b""), (4, b"\xff")]
