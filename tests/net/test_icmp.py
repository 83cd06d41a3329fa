import errno
import socket
import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.net.icmp import IcmpError, last_error, read_error, want_errors


def control(number: int, origin: int, kind: int, code: int, by: str = "198.51.100.62") -> bytes:
    head = struct.pack("=IBBBBII", number, origin, kind, code, 0, 0, 0)
    if ":" in by:
        family = int(socket.AF_INET6).to_bytes(2, sys.byteorder)
        return head + family + bytes(6) + socket.inet_pton(socket.AF_INET6, by) + bytes(4)
    return head + int(socket.AF_INET).to_bytes(2, sys.byteorder) + bytes(2) + socket.inet_aton(by) + bytes(8)


@pytest.mark.parametrize(
    ("origin", "kind", "code", "by", "unreachable", "prohibited"),
    [
        (2, 3, 1, "198.51.100.62", True, False),
        (2, 3, 13, "198.51.100.62", True, True),
        (2, 3, 10, "198.51.100.62", True, True),
        (2, 11, 0, "198.51.100.62", False, False),  # time exceeded
        (3, 1, 1, "2001:db8::1", True, True),
        (3, 1, 3, "2001:db8::1", True, False),
    ],
)
def test_what_a_router_says(origin: int, kind: int, code: int, by: str, unreachable: bool, prohibited: bool) -> None:
    told = read_error(control(errno.EHOSTUNREACH, origin, kind, code, by))
    assert told == IcmpError(errno.EHOSTUNREACH, by, unreachable, prohibited)


def test_an_error_of_our_own_machine_is_none_of_a_router() -> None:
    assert read_error(control(errno.EMSGSIZE, 1, 0, 0)) is None
    cut = read_error(control(errno.ECONNREFUSED, 2, 3, 3)[:16])
    assert cut == IcmpError(errno.ECONNREFUSED, "", unreachable=True, prohibited=False)


@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_passed_over(data: bytes) -> None:
    told = read_error(data)
    assert told is None or isinstance(told.number, int)


def test_where_nothing_was_queued_there_is_no_error() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.setblocking(False)
        want_errors(sock)
        assert last_error(sock) is None
        want_errors(sock, wanted=False)
