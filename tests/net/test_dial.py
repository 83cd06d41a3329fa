"""Opening sockets when the loop is busy, the table is full, or nobody is there."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import socket
import time
from contextlib import suppress

import pytest

from scanner.models import Outcome
from scanner.net.api import NetError
from scanner.net.dial import dial, is_connected_to_itself, net_error, outcome_of, raise_descriptor_limit
from tests.net.servers import CAMERA, DeafLoop, door


def backlogged() -> tuple[socket.socket, list[socket.socket]]:
    """A listener whose queue is full: a further SYN is met with silence."""
    server = socket.socket()
    server.bind((CAMERA, 0))
    server.listen(0)
    clients = []
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(server.getsockname())
        clients.append(client)
    return server, clients


def all_descriptors() -> list[int]:
    """Every descriptor that this process may still open."""
    hoard: list[int] = []
    with suppress(OSError):
        while True:
            hoard.append(os.dup(0))
    return hoard


def free(hoard: list[int]) -> None:
    for one in hoard:
        os.close(one)


def test_silence_is_a_timeout() -> None:
    async def run() -> None:
        started = time.monotonic()
        with pytest.raises(NetError) as silent:
            await dial(server.getsockname(), CAMERA, 80, 0.1)
        assert silent.value.outcome is Outcome.TIMED_OUT
        assert 0.08 < time.monotonic() - started < 5

    server, clients = backlogged()
    with server:
        asyncio.run(run())
    for client in clients:
        client.close()


@pytest.mark.parametrize("is_open", [True, False])
def test_a_busy_loop_does_not_turn_an_answer_into_a_timeout(is_open: bool) -> None:
    async def run() -> str:
        try:
            sock = await dial(address, CAMERA, 80, 0.05)
        except NetError as error:
            return error.outcome
        sock.close()
        return "open"

    with socket.socket() as server, asyncio.Runner(loop_factory=DeafLoop) as runner:
        server.bind((CAMERA, 0))
        address = server.getsockname()
        if is_open:
            server.listen()
        assert runner.run(run()) == ("open" if is_open else Outcome.REFUSED)


def test_a_port_that_connects_to_itself_is_told_from_an_open_one() -> None:
    with socket.socket() as alone:
        alone.bind((CAMERA, 0))
        alone.connect(alone.getsockname())
        assert is_connected_to_itself(alone)
    with socket.socket() as server, socket.socket() as client:
        server.bind((CAMERA, 0))
        server.listen()
        client.connect(server.getsockname())
        assert not is_connected_to_itself(client)


def test_a_shortage_of_descriptors_is_waited_out() -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        hoard = all_descriptors()
        loop.call_later(0.1, free, hoard)
        started = time.monotonic()
        with pytest.raises(NetError) as refused:
            await dial((CAMERA, 1), CAMERA, 1, 1.0)
        assert refused.value.outcome is Outcome.REFUSED
        assert time.monotonic() - started > 0.08

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(128, hard), hard))
    try:
        asyncio.run(run())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_descriptor_limit_is_raised() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, hard), hard))
    try:
        assert raise_descriptor_limit() >= 16
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        (errno.ECONNREFUSED, Outcome.REFUSED),
        (errno.ECONNRESET, Outcome.REFUSED),
        (errno.EHOSTUNREACH, Outcome.UNREACHABLE),
        (errno.ENETUNREACH, Outcome.UNREACHABLE),
        (errno.ETIMEDOUT, Outcome.TIMED_OUT),
        (errno.EACCES, Outcome.NOT_PERMITTED),
        (errno.EIO, Outcome.FAILED),
    ],
)
def test_what_an_error_means(number: int, outcome: Outcome) -> None:
    error = OSError(number, "raw text with another address")
    assert outcome_of(error) is outcome
    assert str(net_error(error, "198.51.100.1", 80)) == f"198.51.100.1:80 {outcome.value}: {os.strerror(number)}"


def test_an_error_without_a_number_is_ours() -> None:
    assert outcome_of(OSError("odd")) is Outcome.FAILED


def test_ipv6() -> None:
    async def run() -> Outcome:
        with pytest.raises(NetError) as refused:
            await door("::1").connect("::1", 1)
        return refused.value.outcome

    assert asyncio.run(run()) in {Outcome.REFUSED, Outcome.UNREACHABLE}
