"""What needs a link of its own: run inside a network namespace by test_link.py, prints its findings as JSON.

The link is 198.51.100.1/22 (this side) with a peer at 198.51.100.2 that has nothing but its kernel.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import sys
import time
from ipaddress import IPv4Address
from typing import Any

from scanner.models import OutOfScope
from scanner.net.api import Interface, NetError
from scanner.net.door import SocketNetwork
from scanner.net.interfaces import choose, local_interfaces
from scanner.net.link import ARP
from scanner.net.rate import RateLimiter
from scanner.net.targets import parse_targets

PEER, ABSENT, MULTICAST = "198.51.100.2", "198.51.100.77", "239.255.255.250"


def arp_request(mac: str, source: str, target: str, operation: int = 1) -> bytes:
    own = bytes.fromhex(mac.replace(":", ""))
    return (
        b"\xff" * 6 + own + struct.pack("!HHHBBH", ARP, 1, 0x0800, 6, 4, operation)
        + own + socket.inet_aton(source) + b"\0" * 6 + socket.inet_aton(target)
    )  # fmt: skip


async def arp(net: SocketNetwork, veth: Interface) -> dict[str, Any]:
    found: dict[str, Any] = {"refused": 0}
    async with net.link(veth, ARP) as link:
        await link.send(arp_request(link.mac, "198.51.100.1", PEER))
        reply = await link.receive(1.0)
        found["reply_from"] = str(IPv4Address(reply[28:32])) if reply else None
        await link.send(arp_request(link.mac, "198.51.100.1", ABSENT))
        found["absent"] = await link.receive(0.1)
        own = arp_request(link.mac, "198.51.100.1", PEER)
        for frame in (
            arp_request(link.mac, "198.51.100.1", "203.0.113.1"),
            arp_request(link.mac, PEER, ABSENT),
            arp_request(link.mac, "198.51.100.1", PEER, operation=2),
            own[:6] + b"\2" * 6 + own[12:],
            own[:12] + b"\x08\x00" + own[14:],
            own[:20],
            own + b"x" * 100,
        ):
            try:
                await link.send(frame)
            except OutOfScope:
                found["refused"] += 1
    return found


async def silent(net: SocketNetwork, host: str, timeout: float) -> str:
    try:
        await net.connect(host, 80, timeout=timeout)
    except NetError as error:
        return error.outcome.value
    return "open"


async def unicast(net: SocketNetwork, veth: Interface) -> dict[str, Any]:
    found: dict[str, Any] = {"on_link": [net.on_link(PEER), net.on_link("203.0.113.1")]}
    found["closed"], found["absent"] = await silent(net, PEER, 1.0), await silent(net, ABSENT, 0.2)
    async with net.udp(veth) as udp:
        await udp.send(b"x", PEER, 3702)
        await udp.receive(0.2)
    found["alive"] = sorted(net.ledger.refused_udp)
    found["table"] = {row.host: row.resolved for row in net.neighbours()}
    started = time.monotonic()
    outcomes = await asyncio.gather(*(silent(net, f"198.51.101.{n}", 0.1) for n in range(1, 25)))
    found["many"], found["many_s"] = sorted(set(outcomes)), time.monotonic() - started
    return found


async def multicast(net: SocketNetwork, veth: Interface) -> list[str]:
    heard = []
    for group in (MULTICAST, "ff02::c"):
        async with net.udp(veth, port=3702, join=[group]) as member:
            await member.send_multicast(b"probe", group, 3702)
            datagram = await member.receive(1.0)
            heard.append(datagram.host if datagram else "")
    return heard


def sniff(tap: socket.socket) -> list[tuple[str, int]]:
    """(destination, TTL) of each IPv4 packet that this side sent."""
    sent: list[tuple[str, int]] = []
    while True:
        try:
            frame, address = tap.recvfrom(2048)
        except BlockingIOError:
            return sent
        if address[2] == socket.PACKET_OUTGOING and frame[12:14] == b"\x08\x00" and frame[23] in (6, 17):
            sent.append((str(IPv4Address(frame[30:34])), frame[22]))


async def main() -> None:
    scope = parse_targets(["198.51.100.0-198.51.100.255", "198.51.101.1-30"], allow_public=True)
    used, _skipped = choose(local_interfaces(), scope)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as tap:
        tap.setblocking(False)
        limiter = RateLimiter(1e6, 1e6)
        async with SocketNetwork(scope, interfaces=used, on_link_pending=8, limiter=limiter) as net:
            found: dict[str, Any] = {"used": [one.name for one in used]}
            found["arp"] = await arp(net, used[0])
            found["unicast"] = await unicast(net, used[0])
            found["multicast"] = await multicast(net, used[0])
            sent = sniff(tap)
            found["ledger"] = net.ledger.packets
        # For the failure message: what each destination got.
        found["by_host"] = {host: [to for to, _ in sent].count(host) for host, _ in sent}
        found["tallies"] = {host: tally.packets for host, tally in net.ledger.hosts.items()}
        found["sent"] = len(sent)
        found["outside"] = [host for host, _ in sent if not scope.contains(host) and host != MULTICAST]
        found["multicast_ttl"] = sorted({ttl for host, ttl in sent if host == MULTICAST})
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
