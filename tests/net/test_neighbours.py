"""The neighbour table: the kernel's answer read, broken answers survived."""

from __future__ import annotations

import socket
import struct
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.net.api import Neighbour
from scanner.net.neighbours import parse_dump, parse_proc, read_neighbours

MAC = bytes.fromhex("020000000009")
REACHABLE, INCOMPLETE, STALE, FAILED, NOARP = 0x02, 0x01, 0x04, 0x20, 0x40


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def row(host: str, state: int, mac: bytes = MAC, index: int = 1) -> bytes:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    body = struct.pack("=BBHIHBB", family, 0, 0, index, state, 0, 0) + attribute(1, socket.inet_pton(family, host))
    body += attribute(2, mac) if mac else b""
    return struct.pack("=IHHII", 16 + len(body), 28, 2, 1, 0) + body


def test_rows() -> None:
    name = socket.if_indextoname(1)
    dump = b"".join(
        [
            row("198.51.100.9", REACHABLE),
            row("198.51.100.10", INCOMPLETE, b""),
            row("198.51.100.11", FAILED),
            row("fe80::9", STALE),
            row("224.0.0.22", NOARP),
            row("198.51.100.12", REACHABLE, b"\1\2"),
        ]
    )
    assert list(parse_dump(dump)) == [
        Neighbour("198.51.100.9", "02:00:00:00:00:09", name, resolved=True),
        Neighbour("198.51.100.10", None, name, resolved=False),
        Neighbour("198.51.100.11", None, name, resolved=False),
        Neighbour("fe80::9", "02:00:00:00:00:09", name, resolved=True),
        Neighbour("198.51.100.12", None, name, resolved=False),
    ]


@pytest.mark.parametrize("index", [0, 2**31, 2**32 - 1])
def test_an_interface_that_is_gone_keeps_its_number(index: int) -> None:
    (found,) = parse_dump(row("198.51.100.9", REACHABLE, index=index))
    assert found.interface == str(index)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 200), st.binary(max_size=8), st.integers(0, 90))
def test_broken_dumps(cut: int, noise: bytes, at: int) -> None:
    dump = row("198.51.100.9", REACHABLE) + row("fe80::9", STALE)
    for broken in (dump[:cut], dump[:at] + noise + dump[at + len(noise) :]):
        assert all(isinstance(one, Neighbour) for one in parse_dump(broken))


def test_proc() -> None:
    text = (
        "IP address       HW type     Flags       HW address            Mask     Device\n"
        "198.51.100.9     0x1         0x2         02:00:00:00:00:0A     *        eth0\n"
        "198.51.100.10    0x1         0x0         00:00:00:00:00:00     *        eth0\n"
        "broken\n"
    )
    assert list(parse_proc(text)) == [
        Neighbour("198.51.100.9", "02:00:00:00:00:0a", "eth0", resolved=True),
        Neighbour("198.51.100.10", None, "eth0", resolved=False),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")
def test_the_kernel_answers_without_privilege() -> None:
    rows = read_neighbours()
    assert all(isinstance(one, Neighbour) for one in rows)
    assert not any(one.host.startswith("127.") for one in rows)
