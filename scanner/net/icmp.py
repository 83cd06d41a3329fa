"""What routers say of our packets: the error queue of a socket (ip(7), IP_RECVERR)."""

from __future__ import annotations

import socket
import struct
import sys

import msgspec

# linux/errqueue.h
_EXTENDED_ERROR = struct.Struct("=IBBBBII")
_ORIGIN_ICMP, _ORIGIN_ICMP6 = 2, 3
# Destination unreachable (RFC 792, RFC 4443 section 3.1), and those of its codes that say that a rule forbids it.
_UNREACHABLE = {_ORIGIN_ICMP: 3, _ORIGIN_ICMP6: 1}
_PROHIBITED = {_ORIGIN_ICMP: frozenset({9, 10, 13}), _ORIGIN_ICMP6: frozenset({1, 5, 6})}
MSG_ERRQUEUE = getattr(socket, "MSG_ERRQUEUE", 0)
IP_RECVERR, IPV6_RECVERR = 11, 25  # linux/in.h, linux/in6.h; the socket module does not name them


class IcmpError(msgspec.Struct, frozen=True):
    """`number` is the errno; `by` who sent it ("": unknown); `unreachable`: its kind; `prohibited`: a rule is why."""

    number: int
    by: str
    unreachable: bool
    prohibited: bool


def read_error(control: bytes) -> IcmpError | None:
    """The ICMP error in one control message; None where it is none."""
    if len(control) < _EXTENDED_ERROR.size:
        return None
    number, origin, kind, code, *_ = _EXTENDED_ERROR.unpack_from(control)
    if origin not in _UNREACHABLE:
        return None
    unreachable = kind == _UNREACHABLE[origin]
    return IcmpError(number, _offender(control), unreachable, unreachable and code in _PROHIBITED[origin])


def want_errors(sock: socket.socket, *, wanted: bool = True) -> None:
    """Have the errors of `sock` queued, or no longer, where the system knows that."""
    if MSG_ERRQUEUE:
        v6 = sock.family == socket.AF_INET6
        level, name = (socket.IPPROTO_IPV6, IPV6_RECVERR) if v6 else (socket.IPPROTO_IP, IP_RECVERR)
        sock.setsockopt(level, name, int(wanted))


def last_error(sock: socket.socket) -> IcmpError | None:
    """The queued ICMP error of a connection that failed, or None."""
    if not MSG_ERRQUEUE:
        return None
    try:
        _data, controls, _flags, _address = sock.recvmsg(0, 512, MSG_ERRQUEUE)
    except OSError:
        return None
    return next((error for _level, _kind, control in controls if (error := read_error(control))), None)


def _offender(control: bytes) -> str:
    """Who sent the error: a sockaddr follows the extended error."""
    place = control[_EXTENDED_ERROR.size :]
    family = int.from_bytes(place[:2], sys.byteorder)
    if family == socket.AF_INET and len(place) >= 8:
        return socket.inet_ntop(socket.AF_INET, place[4:8])
    if family == socket.AF_INET6 and len(place) >= 24:
        return socket.inet_ntop(socket.AF_INET6, place[8:24])
    return ""
