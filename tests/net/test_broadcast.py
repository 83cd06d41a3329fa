"""Broadcast: on a chosen interface, to the ports of vendors' discovery, and at no other time or place."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys

import pytest

from scanner.models import Outcome, OutOfScope
from scanner.net import broadcast
from scanner.net.api import Interface, NetError
from scanner.net.datagrams import DISCOVERY_GROUPS
from scanner.wire.vendor import PROTOCOLS
from tests.net.servers import LOOPBACK, door

linux = pytest.mark.skipif(sys.platform != "linux", reason="a socket is tied to its link on Linux alone")
NOT_CHOSEN = Interface(name="eth9", index=9, addresses=("198.51.100.1/24",))


@linux
def test_everybody_on_the_link_hears_it_once() -> None:
    async def run() -> None:
        async with (
            door() as net,
            net.udp(LOOPBACK, port=20002, broadcast=True) as member,
            net.udp(LOOPBACK, broadcast=True) as asker,
        ):
            await asker.send_broadcast(b"who", 20002)
            heard = await member.receive(1)
            assert heard is not None
            assert heard.data == b"who"
            assert await member.receive(0.05) is None
            assert (net.ledger.packets, net.ledger.sent, net.ledger.hosts) == (1, 3, {})

    asyncio.run(run())


@pytest.mark.parametrize("interface", [None, NOT_CHOSEN])
def test_no_socket_for_it_without_a_chosen_interface(interface: Interface | None) -> None:
    async def run() -> None:
        async with door() as net:
            with pytest.raises(OutOfScope):
                async with net.udp(interface, broadcast=True):
                    pass
            assert net.ledger.packets == 0
            assert "255.255.255.255" in net.ledger.refused

    asyncio.run(run())


def test_no_other_port_and_no_other_socket() -> None:
    async def run() -> None:
        async with door() as net, net.udp(LOOPBACK, broadcast=True) as udp, net.udp(LOOPBACK) as plain:
            for port in (0, 53, 67, 80, 137, 5353, 65535):
                with pytest.raises(OutOfScope):
                    await udp.send_broadcast(b"x", port)
            with pytest.raises(OutOfScope):
                await plain.send_broadcast(b"x", 20002)
            assert net.ledger.packets == 0

    asyncio.run(run())


def test_an_interface_without_ipv4_has_none() -> None:
    only_v6 = Interface(name="lo", index=1, addresses=("::1/128",), loopback=True)

    async def run() -> None:
        async with door(interfaces=(only_v6,)) as net:
            with pytest.raises(OutOfScope):
                async with net.udp(only_v6, broadcast=True):
                    pass

    asyncio.run(run())


def test_the_system_forbids_it_again_right_after() -> None:
    async def run() -> None:
        async with door("127.255.255.0-255") as net, net.udp(LOOPBACK, broadcast=True) as udp:
            await udp.send_broadcast(b"x", 20002)
            with pytest.raises(NetError) as forbidden:
                await udp.send(b"x", "127.255.255.255", 20002)
            assert forbidden.value.outcome is Outcome.NOT_PERMITTED

    asyncio.run(run())


def test_the_option_is_off_whatever_happens() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        with contextlib.suppress(OSError), broadcast.allowed(sock):
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST)
            raise OSError("gone")
        assert not sock.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST)


def test_the_door_allows_what_the_protocols_need_and_no_more() -> None:
    assert {one.port for one in PROTOCOLS if one.broadcast} == broadcast.PORTS
    groups = {group for one in PROTOCOLS for group in (one.group, one.reply_group) if group}
    usual = {"239.255.255.250", "224.0.0.251", "ff02::c", "ff02::fb"}
    assert usual | groups == DISCOVERY_GROUPS
