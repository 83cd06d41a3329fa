"""Addresses, MACs and times out of cells."""

from __future__ import annotations

import pytest

from scanner.intake.values import address_in, cell, epoch, looks_like_mac, mac_in, mac_of, moment


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("(198.51.100.1)", "198.51.100.1"),
        ("http://198.51.100.1:8080/x?a=b", "198.51.100.1"),
        ("http://user:pw@198.51.100.1/", "198.51.100.1"),
        ("198.51.100.1:80", "198.51.100.1"),
        ("https://[2001:db8::1]:443/", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("0.0.0.0", None),  # noqa: S104 - a text, no socket
        ("224.0.0.1", None),
        ("ff02::1", None),
        ("255.255.255.255", None),
        ("198.51.100.300", None),
        ("cam.example.net", None),
        ("", None),
    ],
)
def test_address(text: str, address: str | None) -> None:
    assert address_in(text) == address


@pytest.mark.parametrize(
    "text",
    ["44:19:b6:00:00:01", "44-19-B6-00-00-01", "4419.b600.0001", "4419b6-000001", "4419-b600-0001", "44:19:b6:0:0:1"],
)
def test_every_spelling_of_a_mac(text: str) -> None:
    assert mac_in(text) == "44:19:b6:00:00:01"
    assert mac_of(text) == "44:19:b6:00:00:01"
    assert looks_like_mac(text)


@pytest.mark.parametrize("text", ["4419B6000001", "0x4419b6000001", "01:44:19:b6:00:00:01", "014419b6000001"])
def test_a_cell_that_holds_a_mac_may_be_bare(text: str) -> None:
    assert mac_of(text) == "44:19:b6:00:00:01"
    assert mac_in("4419B6000001") is None


@pytest.mark.parametrize(
    "text", ["", "D-0", "01:00:5e:00:00:01", "00:00:00:00:00:00", "a:b", "12:34", "x" * 50, "Gi1/0/1"]
)
def test_no_mac(text: str) -> None:
    assert mac_in(text) is None
    assert mac_of(text) is None


def test_times() -> None:
    assert epoch("1795373427") == "2026-11-22T18:50:27Z"
    assert epoch("0") is None
    assert epoch("9" * 11) is None
    assert epoch("²³") is None
    assert moment("2026/11/22 16:49:47") == "2026-11-22T16:49:47Z"
    assert moment("2026-11-22T10:00:00+01:00") == "2026-11-22T09:00:00Z"
    assert moment("11/23/2026 9:00:00 AM") is None
    assert moment("0001-01-01T00:00:00+23:00") is None


def test_cells() -> None:
    assert cell(" a\x1b[31m\tb ") == "a b"
    assert cell("N/A") == cell("-") == cell(None) == ""
