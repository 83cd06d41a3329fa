"""The UDP side of a device: its unicast sockets, its multicast groups, and who answers what."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from scanner.lab import mdns, snmp, ssdp, vendor, wsd
from scanner.lab.binding import Binder
from scanner.lab.spec import Mdns, Vendor
from scanner.lab.station import Station

Address = tuple[Any, ...]
"""As a socket gives it: (host, port), and for IPv6 the flow and the zone after them."""

Answer = Callable[[bytes, Address], tuple[list[bytes], bool]]
"""(data, sender) → (datagrams, whether to the sender alone)."""

DECOY_PORTS = (161, 1900, 3702, 5353, 37020)
IPV6_GROUPS = {wsd.GROUP: "ff02::c", mdns.GROUP: "ff02::fb"}
"""Where a device that has IPv6 is asked what others are asked in an IPv4 group."""

_MAX_DELAY = 0.08  # real devices wait a little, so that not all answer a multicast at once


@dataclass(frozen=True)
class Service:
    """A UDP service: its port, its multicast group if it has one, and what it answers.

    `broadcast`: it hears broadcasts on its link too. The answer goes to the asker's port, or to `reply_port`; what was
    asked in the group is answered in `reply_group` where there is one.
    """

    name: str
    port: int
    group: str | None
    answer: Answer
    broadcast: bool = False
    reply_port: int = 0
    reply_group: str = ""


def services(station: Station) -> Iterator[Service]:
    """The UDP services of a device."""
    spec = station.spec
    if spec.wsd is not None:
        answer = partial(wsd.answer, station, spec.wsd)
        yield Service("ws-discovery", wsd.PORT, wsd.GROUP, lambda data, _sender: (answer(data), True))
    if spec.ssdp is not None:
        search = partial(ssdp.answer, station, spec.ssdp)
        yield Service("ssdp", ssdp.PORT, ssdp.GROUP, lambda data, _sender: (search(data), True))
    if spec.mdns is not None:
        yield Service("mdns", mdns.PORT, mdns.GROUP, partial(_mdns, station, spec.mdns))
    if spec.snmp is not None:
        agent = partial(snmp.answer, station, spec.snmp)
        yield Service("snmp", snmp.PORT, None, lambda data, sender: (agent(data, sender[0]), True))
    for spoken in spec.vendor:
        protocol = vendor.protocol_of(spoken)
        yield Service(
            protocol.name,
            protocol.port,
            protocol.group or None,
            partial(_vendor, station, spoken),
            broadcast=protocol.broadcast,
            reply_port=protocol.reply_port,
            reply_group=protocol.reply_group,
        )


def decoy_services(station: Station) -> Iterator[Service]:
    """Silent UDP ports of an address that nobody may be sent to."""

    def tell(port: int, _data: bytes, sender: Address) -> tuple[list[bytes], bool]:
        station.record.violation(station.host, port, sender[0], "decoy", f"datagram to port {port}")
        return [], True

    for port in DECOY_PORTS:
        yield Service("decoy", port, None, partial(tell, port))


class Datagrams:
    """A UDP service that runs: one unicast socket and, where it has a group, one that hears it."""

    def __init__(self, station: Station, service: Service) -> None:
        self._station = station
        self._service = service
        self._transports: list[asyncio.DatagramTransport] = []
        self._v6 = ":" in station.host
        self._delay = hashlib.sha256(station.host.encode()).digest()[0] / 255 * _MAX_DELAY

    async def open(self, binder: Binder) -> None:
        """Bind and start answering; LabError where that is not possible."""
        await self._add(binder.udp(self._station.host, self._service.port), 0.0)
        group = self._group()
        if group is not None:
            hearing = binder.group(self._station.host, group, self._service.port)
            if hearing is not None:
                await self._add(hearing, self._delay, in_group=True)
        if self._service.broadcast and not self._v6:
            hearing = binder.broadcast(self._station.host, self._service.port)
            if hearing is not None:
                await self._add(hearing, self._delay)

    def close(self) -> None:
        """Stop answering."""
        for transport in self._transports:
            transport.abort()
        self._transports.clear()

    def received(self, data: bytes, sender: Address, delay: float, *, in_group: bool) -> None:
        """Record a datagram and answer it, `delay` seconds later."""
        station, service = self._station, self._service
        if sender[0].partition("%")[0] == station.host and (service.group is not None or service.broadcast):
            return  # its own question or answer, looped back
        station.record.datagram(station.host, service.port, sender[0], service.name, data)
        answers, alone = service.answer(data, sender)
        group = self._group()
        to = sender if alone or group is None else (group, service.port, *sender[2:])
        if service.reply_port and not self._v6:
            to = (service.reply_group if in_group and service.reply_group else sender[0], service.reply_port)
        for answer in answers:
            asyncio.get_running_loop().call_later(delay + station.spec.late, self._send, answer, to)

    def _group(self) -> str | None:
        """The service's group in the family of the device's address."""
        group = self._service.group
        return IPV6_GROUPS.get(group or "") if self._v6 else group

    def _send(self, data: bytes, to: Address) -> None:
        if self._transports:
            self._transports[0].sendto(data, to)

    async def _add(self, sock: socket.socket, delay: float, *, in_group: bool = False) -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Listener(self, delay, in_group), sock=sock)
        self._transports.append(transport)


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, owner: Datagrams, delay: float, in_group: bool) -> None:
        self._owner = owner
        self._delay = delay
        self._in_group = in_group

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._owner.received(data, tuple(addr), self._delay, in_group=self._in_group)


def _mdns(station: Station, responder: Mdns, data: bytes, sender: Address) -> tuple[list[bytes], bool]:
    return mdns.answer(station, responder, data, sender[1])


def _vendor(station: Station, spoken: Vendor, data: bytes, sender: Address) -> tuple[list[bytes], bool]:
    return vendor.answer(station, spoken, data, sender[0]), True
