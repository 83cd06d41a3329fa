"""The lab itself: binds every device's sockets, runs them in one event loop, and takes them down again."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from functools import partial
from types import TracebackType
from typing import Any

from scanner.lab import banner, http, rtsp
from scanner.lab.auth import Gate
from scanner.lab.binding import Binder, LabError, PortMap
from scanner.lab.certificates import key_of, server_context
from scanner.lab.datagrams import Datagrams, Service, decoy_services, services
from scanner.lab.record import Record
from scanner.lab.spec import DeviceSpec, Site, Truth
from scanner.lab.station import Connection, Station

__all__ = ["Lab", "LabError"]

Handler = Callable[[Connection], Awaitable[None]]

HANDSHAKE_SECONDS = 10.0
CLOSE_SECONDS = 2.0
DECOY_PORTS = (80, 443, 554, 2020, 8000, 8080, 8443, 8554, 37777)


class Lab:
    """`async with Lab(site) as lab:` the site answers; `lab.record` holds what came in.

    `ports`: "real" binds every port as it is, and raises LabError where that is not possible; "mapped" gives every
    port another one, above 1023, to be found in `lab.port_map`; "auto" binds what it can and maps the rest.
    `bind` puts every device on that one local address (and maps), for systems where 127.77.0.10 is not local.
    `granted` says that the tool under test was given the site's login and community: their use is then no violation.
    """

    def __init__(self, site: Site, *, ports: str = "auto", bind: str | None = None, granted: bool = False) -> None:
        if ports not in ("auto", "real", "mapped"):
            raise LabError(f"ports={ports!r}: choose auto, real or mapped")
        self.site = site
        self.record = Record()
        self.decoys: tuple[str, ...] = ()
        self._granted = granted
        self._binder = Binder(ports, bind)
        self._tasks: set[asyncio.Task[None]] = set()
        self._datagrams: list[Datagrams] = []
        self._clients: set[socket.socket] = set()

    @property
    def addresses(self) -> tuple[str, ...]:
        """The devices' addresses, in the order of the site."""
        return tuple(device.host for device in self.site.devices)

    @property
    def scope(self) -> tuple[str, ...]:
        """The networks to sweep."""
        return self.site.scope

    @property
    def port_map(self) -> PortMap:
        """(host, port, "tcp" or "udp") → (host, port) where it is really bound; empty where every port is real."""
        return dict(self._binder.port_map)

    @property
    def truth(self) -> dict[str, Truth]:
        """What a perfect sweep would say, by address."""
        return {device.host: device.truth for device in self.site.devices}

    async def __aenter__(self) -> Lab:
        for kind in {device.tls.key for device in self.site.devices if device.tls is not None}:
            key_of(kind)
        try:
            for device in self.site.devices:
                await self._start(device)
            await self._start_decoys()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop answering and close every socket. May be called twice."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for endpoint in self._datagrams:
            endpoint.close()
        self._datagrams.clear()
        # A transport that was aborted closes its socket in a later turn of the loop
        for _ in range(3):
            await asyncio.sleep(0)
        for client in self._clients:
            client.close()
        self._clients.clear()
        self._binder.close()

    async def _start(self, device: DeviceSpec) -> None:
        station = self._station(device)
        context = _TlsOnce(device)
        for port, tls, handler in _tcp_services(device):
            self._listen(station, port, handler, context if tls else None)
        await self._start_datagrams(station, services(station))

    async def _start_decoys(self) -> None:
        """Watch the decoys that are addresses of this machine; the others cannot be reached from here anyway."""
        self.decoys = tuple(host for host in self.site.decoys if self._binder.is_local(host))
        for host in self.decoys:
            station = self._station(DeviceSpec("decoy", "decoy", host, mac="", truth=Truth("other"), backlog=32))
            for port in DECOY_PORTS:
                self._listen(station, port, _decoy, None)
            await self._start_datagrams(station, decoy_services(station))

    async def _start_datagrams(self, station: Station, found: Iterator[Service]) -> None:
        for service in found:
            endpoint = Datagrams(station, service)
            self._datagrams.append(endpoint)
            await endpoint.open(self._binder)

    def _station(self, device: DeviceSpec) -> Station:
        gate = Gate(device.host, self.site, self.record, granted=self._granted, lockout=device.lockout)
        return Station(spec=device, site=self.site, record=self.record, gate=gate)

    def _listen(self, station: Station, port: int, handler: Handler, context: _TlsOnce | None) -> None:
        sock = self._binder.tcp(station.host, port, station.spec.backlog)
        self._own(self._accept(sock, partial(self._converse, station, port, handler, context)))

    def _own(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(
        self, sock: socket.socket, converse: Callable[[socket.socket, str], Coroutine[Any, Any, None]]
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, sender = await loop.sock_accept(sock)
            except OSError:  # out of file descriptors, or gone before it was taken
                await asyncio.sleep(0.05)
                continue
            self._clients.add(client)
            self._own(converse(client, str(sender[0])))

    async def _converse(
        self, station: Station, port: int, handler: Handler, context: _TlsOnce | None, client: socket.socket, peer: str
    ) -> None:
        station.open.add(client)
        station.record.connection(station.host, port, peer, station.held_by_peers())
        reader = asyncio.StreamReader(limit=http.MAX_HEAD)
        try:
            # A TLS handshake may fail, and any peer may leave at any time
            with contextlib.suppress(OSError):
                writer = await _writer(reader, client, context)
                await _talk(handler, Connection(station, port, peer, context is not None, reader, writer))
        finally:
            station.open.discard(client)
            self._clients.discard(client)


class _TlsOnce:
    """A device's TLS context, made when the first peer needs it: a site of 120 starts no slower for it."""

    def __init__(self, device: DeviceSpec) -> None:
        self._device = device
        self._context: ssl.SSLContext | None = None

    def get(self) -> ssl.SSLContext:
        """The context, with the device's certificate."""
        if self._context is None:
            if self._device.tls is None:
                raise LabError(f"device {self._device.key}: tls_ports without a [tls] certificate")
            self._context = server_context(self._device.tls, self._device.host)
        return self._context


async def _talk(handler: Handler, connection: Connection) -> None:
    """Let the handler speak, then close: politely where the peer agrees in time."""
    writer = connection.writer
    try:
        with contextlib.suppress(OSError):
            await handler(connection)
        writer.close()
        with contextlib.suppress(OSError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await writer.wait_closed()
    finally:
        writer.transport.abort()


async def _writer(reader: asyncio.StreamReader, client: socket.socket, once: _TlsOnce | None) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    protocol = asyncio.StreamReaderProtocol(reader)
    try:
        context = once.get() if once is not None else None
    except BaseException:
        client.close()  # from here on a transport owns it
        raise
    transport, _ = await loop.connect_accepted_socket(
        lambda: protocol, client, ssl=context, ssl_handshake_timeout=HANDSHAKE_SECONDS if context is not None else None
    )
    return asyncio.StreamWriter(transport, protocol, reader, loop)


def _tcp_services(device: DeviceSpec) -> Iterator[tuple[int, bool, Handler]]:
    for server in device.http:
        for port in server.ports:
            yield port, False, partial(http.serve, server=server)
        for port in server.tls_ports:
            yield port, True, partial(http.serve, server=server)
    for stream in device.rtsp:
        for port in stream.ports:
            yield port, False, partial(rtsp.serve, server=stream)
    for service in device.tcp:
        yield service.port, False, partial(banner.serve, service=service)


async def _decoy(connection: Connection) -> None:
    connection.violation("decoy", f"connection to port {connection.port}")
