from __future__ import annotations

import base64
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.identify.manuf import decode85, manuf_text
from scanner.identify.oui import Book, registrant, unpacked


def test_the_longest_prefix_wins() -> None:
    # 00:1B:C5 is a block whose /36 parts have their own registrants (IEEE IAB/MA-S lists).
    assert registrant("00:1b:c5:00:00:07") == "Converging Systems Inc."
    assert registrant("00:1b:c5:00:1f:ff") == "OpenRB.com, Direct SIA"


def test_a_plain_prefix() -> None:
    assert registrant("44:19:B6:01:02:03") == "Hangzhou Hikvision Digital Technology Co.,Ltd."
    assert registrant("4419.b601.0203") == registrant("44-19-b6-01-02-03")


@pytest.mark.parametrize(
    "mac",
    ["02:00:00:00:00:01", "46:19:b6:00:00:01", "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "x", ""],
)
def test_addresses_that_say_nobody(mac: str) -> None:
    assert registrant(mac) is None


def test_the_list_is_read_without_running_scapy() -> None:
    code = (
        "import sys; from scanner.identify.oui import registrant; "
        "assert registrant('44:19:b6:00:00:01') == 'Hangzhou Hikvision Digital Technology Co.,Ltd.'; "
        "print(*(name for name in sys.modules if name.partition('.')[0] == 'scapy'))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not done.stdout.strip()


def test_the_text_is_the_one_that_scapy_unpacks() -> None:
    from scapy.libs.manuf import DATA

    assert manuf_text().decode() == DATA


@given(st.binary(max_size=200))
def test_decoding_many_digits_at_once_gives_what_the_standard_library_gives(data: bytes) -> None:
    assert decode85(base64.b85encode(data)) == data


def test_every_sampled_prefix_is_found() -> None:
    lines = unpacked(manuf_text())
    prefixes = {line.partition("\t")[0] for line in lines}
    parents = {prefix[:6] for prefix in prefixes if len(prefix) > 6}
    checked = 0
    for line in lines[::23]:
        digits, _, name = line.partition("\t")
        if int(digits[:2], 16) & 3 or (digits in parents and len(digits) == 6) or not int(digits, 16):
            continue
        nobody = name in ("IEEE Registration Authority", "Private")
        assert registrant(digits.ljust(12, "5")) == (None if nobody else name), line
        checked += 1
    assert checked > 1500


def test_searching_the_text_finds_what_the_table_holds() -> None:
    text = manuf_text()
    lines = unpacked(text)
    by_length = {length: [line for line in lines if line.index("\t") == length] for length in (6, 7, 9)}
    for line in (some for found in by_length.values() for some in found[:: len(found) // 12]):
        digits, _, name = line.partition("\t")
        assert Book(text).holder(digits) == name
    assert Book(text).holder("ffffff") is None
