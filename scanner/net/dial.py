"""Opening a TCP socket so that neither a busy event loop nor a full table passes for a closed port."""

from __future__ import annotations

import asyncio
import errno
import os
import select
import socket

from scanner.models import Outcome
from scanner.net.api import NetError
from scanner.net.icmp import IcmpError, last_error, want_errors

_OUTCOMES = {
    errno.ECONNREFUSED: Outcome.REFUSED,
    errno.ECONNRESET: Outcome.REFUSED,
    errno.EPIPE: Outcome.REFUSED,
    errno.ENOTCONN: Outcome.REFUSED,
    errno.ETIMEDOUT: Outcome.TIMED_OUT,
    errno.EHOSTUNREACH: Outcome.UNREACHABLE,
    errno.EHOSTDOWN: Outcome.UNREACHABLE,
    errno.ENETUNREACH: Outcome.UNREACHABLE,
    errno.ENETDOWN: Outcome.UNREACHABLE,
    errno.ENODEV: Outcome.UNREACHABLE,
    errno.EADDRNOTAVAIL: Outcome.UNREACHABLE,
    errno.EAFNOSUPPORT: Outcome.UNREACHABLE,
    errno.EINVAL: Outcome.UNREACHABLE,  # a link-local IPv6 address on no interface
    errno.EACCES: Outcome.NOT_PERMITTED,
    errno.EPERM: Outcome.NOT_PERMITTED,
    errno.EADDRINUSE: Outcome.NOT_PERMITTED,
}
# What passes when others have closed their sockets: descriptors, and rows of the neighbour table.
SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_PATIENCE_S = 10.0
_PAUSE_S = 0.05
_SPARE_DESCRIPTORS = 64


def outcome_of(error: OSError) -> Outcome:
    """What a socket's error means for the attempt."""
    return _OUTCOMES.get(error.errno or 0, Outcome.FAILED)


def net_error(error: OSError, host: str, port: int, icmp: IcmpError | None = None) -> NetError:
    """The door's error for a socket's."""
    detail = os.strerror(error.errno) if error.errno else str(error)
    return NetError(outcome_of(error), host, port, detail, icmp)


class _UnreachableError(OSError):
    """A connection that failed for what a router said."""

    def __init__(self, error: OSError, icmp: IcmpError) -> None:
        super().__init__(error.errno, error.strerror)
        self.icmp = icmp


def raise_descriptor_limit() -> int:
    """Let this process open as many files as the system allows it; the number that sockets may use."""
    try:
        import resource
    except ImportError:
        return 512
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
        except (OSError, ValueError):
            pass
    if soft == resource.RLIM_INFINITY:
        return 1_000_000
    return max(16, soft - _SPARE_DESCRIPTORS)


async def dial(address: tuple[str | int, ...], host: str, port: int, timeout: float) -> socket.socket:
    """A connected, non-blocking socket to `address`; NetError speaks of `host` and `port`."""
    loop = asyncio.get_running_loop()
    give_up = loop.time() + _PATIENCE_S
    while True:
        try:
            return await _attempt(address, timeout)
        except TimeoutError:
            raise NetError(Outcome.TIMED_OUT, host, port) from None
        except OSError as error:
            if error.errno not in SHORTAGES or loop.time() > give_up:
                icmp = error.icmp if isinstance(error, _UnreachableError) else None
                raise net_error(error, host, port, icmp) from None
        await asyncio.sleep(_PAUSE_S)


async def _attempt(address: tuple[str | int, ...], timeout: float) -> socket.socket:
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        want_errors(sock)
        try:
            async with asyncio.timeout(timeout):
                await asyncio.get_running_loop().sock_connect(sock, address)
        except TimeoutError:
            _recheck(sock)
        if is_connected_to_itself(sock):
            raise ConnectionRefusedError(errno.ECONNREFUSED, "only this program itself was there")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        want_errors(sock, wanted=False)  # from here on they would end what TCP gets over
    except OSError as error:
        icmp = last_error(sock) if outcome_of(error) is Outcome.UNREACHABLE else None
        sock.close()
        if icmp is not None:
            raise _UnreachableError(error, icmp) from error
        raise
    except BaseException:
        sock.close()
        raise
    return sock


def is_connected_to_itself(sock: socket.socket) -> bool:
    """A closed port of this machine's ephemeral range can meet itself: simultaneous open, RFC 9293 section 3.5."""
    return bool(sock.getsockname() == sock.getpeername())


def _recheck(sock: socket.socket) -> None:
    """Ask the kernel itself: the loop may have been too busy to see that the connection was made or refused."""
    if not _settled(sock):
        raise TimeoutError
    if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(code, os.strerror(code))


def _settled(sock: socket.socket) -> bool:
    if not hasattr(select, "poll"):
        _, writable, failed = select.select([], [sock], [sock], 0)
        return bool(writable or failed)
    poller = select.poll()
    poller.register(sock, select.POLLOUT)
    return bool(poller.poll(0))
