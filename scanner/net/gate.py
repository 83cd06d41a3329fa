"""The gate: what every socket of the door passes before a byte leaves. Scope, rates, ledger, caps, real addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address

from scanner.models import OutOfScope, UsageError
from scanner.net.api import Interface
from scanner.net.conditions import Weather
from scanner.net.interfaces import networks
from scanner.net.ledger import HostTally, Ledger
from scanner.net.places import Pending
from scanner.net.rate import RateLimiter
from scanner.net.scope import Scope, canonical

PortMap = Mapping[tuple[str, int, str], tuple[str, int]]
"""(host, port, "tcp" or "udp") → the (host, port) where a lab really listens: the same host, or loopback."""


class Gate:
    """Shared by all sockets of one sweep. `device_cap` is in bytes received from one device."""

    def __init__(
        self,
        scope: Scope,
        interfaces: Sequence[Interface],
        limiter: RateLimiter,
        *,
        device_cap: int,
        pending: int,
        port_map: PortMap | None,
    ) -> None:
        self.scope = scope
        self.interfaces = tuple(interfaces)
        self.limiter = limiter
        self.ledger = Ledger()
        self.weather = Weather()
        self.pending = Pending(pending)
        self._device_cap = device_cap
        self._answered: set[str] = set()
        self._links = tuple((one, network) for one in self.interfaces for network in networks(one))
        self._real = dict(port_map or {})
        self._named = {(*real, kind): (host, port) for (host, port, kind), real in self._real.items()}
        self._check_map()

    def admit(self, host: str) -> str:
        """`host` as the address that packets go to; OutOfScope, noted, when they may not."""
        name = canonical(host)
        if name is None or not self.scope.contains(name):
            self.ledger.refuse(host)
            raise OutOfScope(f"{host} is outside the scope; nothing was sent")
        return name

    def allowance(self, host: str) -> int:
        """Bytes that may still come from `host`; noted when there are none left."""
        tally = self.ledger.tally(host)
        left = self._device_cap - tally.received
        if left <= 0:
            tally.cut = True
        return max(0, left)

    def arrived(self, host: str, size: int, *, packets: int = 0) -> HostTally:
        """Count `size` bytes from `host` and the `packets` that acknowledge them, which become debt."""
        self.ledger.count(host, received=size, packets=packets)
        self.limiter.debit(host, packets)
        self._answered.add(host)
        return self.ledger.tally(host)

    def answered(self, host: str) -> None:
        """`host` is there: its address is resolved."""
        self._answered.add(host)

    def unresolved(self, host: str) -> bool:
        """Whether a packet to `host` may leave an unresolved row in the neighbour table."""
        return host not in self._answered and self.on_link(host)

    def on_link(self, host: str) -> bool:
        """Whether `host` lies in a network of a chosen interface that is not loopback."""
        name = canonical(host)
        if name is None:
            return False
        address = ip_address(name)
        return any(address in network for one, network in self._links if not one.loopback)

    def sockaddr(self, host: str, port: int, kind: str, interface: Interface | None = None) -> tuple[str | int, ...]:
        """The address for the socket: the port map's, with a zone where IPv6 needs one."""
        real_host, real_port = self._real.get((host, port, kind), (host, port))
        if ":" not in real_host:
            return real_host, real_port
        return real_host, real_port, 0, self._zone(real_host, interface)

    def named(self, host: str, port: int, kind: str) -> tuple[str, int]:
        """The host and port as the sweep knows them, from those of a socket."""
        name = canonical(host) or host
        return self._named.get((name, port, kind), (name, port))

    def _zone(self, host: str, interface: Interface | None) -> int:
        if not ip_address(host).is_link_local:
            return 0
        if interface is not None:
            return interface.index
        return next((one.index for one, network in self._links if network.version == 6 and not one.loopback), 0)

    def _check_map(self) -> None:
        if len(self._named) != len(self._real):
            raise UsageError("two entries of the port map lead to one port")
        for (host, _port, _kind), (real_host, _real_port) in self._real.items():
            if real_host != host and not ip_address(real_host).is_loopback:
                raise UsageError(f"the port map may lead {host} to itself or to loopback, not to {real_host}")
