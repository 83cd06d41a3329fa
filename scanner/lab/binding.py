"""Sockets of the lab: the real address and port where the system allows it, another one and a map where not."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import socket
import struct

from scanner.models import UsageError

PortMap = dict[tuple[str, int, str], tuple[str, int]]

_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})
_NOT_LOCAL = errno.EADDRNOTAVAIL
_FALLBACK = "127.0.0.1"
# Linux's numbers, for which Python has no name. Switched off, a socket hears only the interface that it joined on
_IP_MULTICAST_ALL = 49
_IPV6_MULTICAST_ALL = 29


class LabError(UsageError):
    """The lab cannot run as asked; the message says which address or port is in the way."""


class Binder:
    """Opens sockets as `mode` says (see Lab) and keeps them until `close`."""

    def __init__(self, mode: str, bind: str | None = None) -> None:
        self.mode = "mapped" if bind is not None else mode
        self.port_map: PortMap = {}
        self._bind = bind
        self._sockets: list[socket.socket] = []
        self._interfaces: dict[str, str] | None = None

    def tcp(self, host: str, port: int, backlog: int) -> socket.socket:
        """A listening socket for `host`:`port`."""
        sock = self._open(host, port, socket.SOCK_STREAM)
        sock.listen(backlog)
        return sock

    def udp(self, host: str, port: int) -> socket.socket:
        """A datagram socket for `host`:`port`, which also sends multicast from that address."""
        sock = self._open(host, port, socket.SOCK_DGRAM)
        # Bound alone, so that a port in use is noticed; from now on others (an mDNS browser) may bind the wildcard
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, self._index(host))
            return sock
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(sock.getsockname()[0]))
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        return sock

    def group(self, host: str, group: str, port: int) -> socket.socket | None:
        """A socket that receives what is sent to `group`:`port` on the interface of `host`; None where impossible.

        Without a real address there is no interface to join on, so the port map's devices hear no multicast.
        """
        if self.mode == "mapped":
            return None
        sock = socket.socket(socket.AF_INET6 if ":" in group else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if ":" in group:
                self._join_v6(sock, host, group, port)
            else:
                _join_v4(sock, host, group, port)
        except OSError:
            sock.close()
            return None
        self._sockets.append(sock)
        return sock

    def broadcast(self, host: str, port: int) -> socket.socket | None:
        """A socket that receives what is broadcast to `port` on the interface of `host`; None where impossible."""
        device = None if self.mode == "mapped" else self._interface(host)
        if device is None or not hasattr(socket, "SO_BINDTODEVICE"):
            return None
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode() + b"\0")
            sock.bind(("255.255.255.255", port))
        except OSError:
            sock.close()
            return None
        self._sockets.append(sock)
        return sock

    def _interface(self, host: str) -> str | None:
        """The name of the interface that has `host`, or loopback's where it is a loopback address."""
        if self._interfaces is None:
            import psutil

            rows = (
                (a.address.partition("%")[0], name) for name, listed in psutil.net_if_addrs().items() for a in listed
            )
            self._interfaces = dict(rows)
        return self._interfaces.get("127.0.0.1" if _is_loopback(host) else host)

    def is_local(self, host: str) -> bool:
        """Whether `host` can be bound here, by its own address or through the map."""
        if self.mode == "mapped" or _is_loopback(host):
            return True
        with socket.socket(_family(host), socket.SOCK_DGRAM) as sock:
            try:
                sock.bind(self._address(host, 0))
            except OSError:
                return False
        return True

    def close(self) -> None:
        """Close every socket; those that a transport owned are closed already."""
        for sock in self._sockets:
            sock.close()
        self._sockets.clear()

    def _open(self, host: str, port: int, kind: socket.SocketKind) -> socket.socket:
        protocol = "tcp" if kind == socket.SOCK_STREAM else "udp"
        if self.mode != "mapped":
            try:
                return self._bound(host, port, kind)
            except OSError as error:
                self._must_map(host, port, protocol, error)
        sock = self._elsewhere(host, kind)
        self.port_map[host, port, protocol] = sock.getsockname()[:2]
        return sock

    def _must_map(self, host: str, port: int, protocol: str, error: OSError) -> None:
        """Return where the port may be mapped after `error`; LabError where it may not."""
        where = f"{host} {protocol} port {port}"
        if error.errno == _NOT_LOCAL and not _is_loopback(host):
            raise LabError(f"{where}: this machine has no such address; add it to an interface first") from error
        if error.errno not in {*_NOT_ALLOWED, _NOT_LOCAL, errno.EADDRINUSE}:
            raise LabError(f"{where}: {error.strerror}") from error
        if self.mode == "real":
            why = {
                errno.EADDRINUSE: "is in use (is another lab running?)",
                _NOT_LOCAL: "cannot be bound: the address is not on this machine",
            }.get(error.errno or 0, "needs root (ports below 1024)")
            raise LabError(f"{where} {why}") from error

    def _elsewhere(self, host: str, kind: socket.SocketKind) -> socket.socket:
        try:
            return self._bound(self._bind or host, 0, kind)
        except OSError as error:
            if self._bind is not None or not _is_loopback(host):
                raise LabError(f"{self._bind or host}: {error.strerror}") from error
        return self._bound(_FALLBACK, 0, kind)

    def _bound(self, host: str, port: int, kind: socket.SocketKind) -> socket.socket:
        sock = socket.socket(_family(host), kind)
        try:
            sock.setblocking(False)
            if kind == socket.SOCK_STREAM and os.name == "posix":
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(self._address(host, port))
        except OSError:
            sock.close()
            raise
        self._sockets.append(sock)
        return sock

    def _address(self, host: str, port: int) -> tuple[str, int] | tuple[str, int, int, int]:
        """What a socket binds to; a link-local IPv6 address needs the number of its interface."""
        if ":" not in host:
            return host, port
        return host, port, 0, self._index(host) if ipaddress.ip_address(host).is_link_local else 0

    def _index(self, host: str) -> int:
        """The number of the interface that has `host`; 0 where none has."""
        name = self._interface(host)
        return socket.if_nametoindex(name) if name else 0

    def _join_v6(self, sock: socket.socket, host: str, group: str, port: int) -> None:
        index = self._index(host)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((group, port, 0, index))
        if hasattr(socket, "SO_BINDTODEVICE"):
            sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_MULTICAST_ALL, 0)
        member = socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, member)


def _join_v4(sock: socket.socket, host: str, group: str, port: int) -> None:
    sock.bind((group if os.name == "posix" else "", port))
    if hasattr(socket, "SO_BINDTODEVICE"):
        sock.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
    member = socket.inet_aton(group) + socket.inet_aton(host)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host).is_loopback
