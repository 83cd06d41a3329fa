from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.identify.oui import registrant, unpacked


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


@pytest.mark.parametrize("cache", ["", "here"])
def test_the_list_is_read_without_scapys_layers(cache: str, tmp_path: Path) -> None:
    code = (
        "import sys; from scanner.identify.oui import registrant, unpacked; "
        "assert 'scapy.libs.manuf' not in sys.modules; "
        "assert registrant('44:19:b6:00:00:01') == 'Hangzhou Hikvision Digital Technology Co.,Ltd.'; "
        "layers = ('scapy.all', 'scapy.packet', 'scapy.data', 'scapy.config'); "
        "assert not any(name in sys.modules for name in layers); print('scapy.libs.manuf' in sys.modules)"
    )
    folder = tmp_path / cache if cache else None
    environment = {**os.environ, "CAMCENSUS_CACHE": str(folder or "")}
    unpacked = [
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
        ).stdout.strip()
        for _ in range(2)
    ]
    # With a cache the second process does not unpack scapy's list any more.
    assert unpacked == ["True", "False" if folder else "True"]


def test_every_sampled_prefix_is_found() -> None:
    lines = unpacked()
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
