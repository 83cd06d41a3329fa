from __future__ import annotations

import subprocess
import sys

import pytest

from scanner.identify.oui import registrant


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


def test_the_list_is_read_without_scapys_layers() -> None:
    code = (
        "import sys; from scanner.identify.oui import registrant; "
        "assert 'scapy.libs.manuf' not in sys.modules; assert registrant('44:19:b6:00:00:01'); "
        "sys.exit(any(name in sys.modules for name in ('scapy.all', 'scapy.packet', 'scapy.data', 'scapy.config')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
