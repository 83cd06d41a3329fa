"""What the lab received, and what of it a read-only, in-scope, gentle tool would not have sent."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

import msgspec

MAX_EVENTS = 200_000
MAX_CONNECTIONS = 2


class Event(msgspec.Struct, frozen=True):
    """One thing received. `at` in seconds since the lab was made; `protocol` tcp, http, rtsp, onvif, snmp, …"""

    at: float
    host: str
    port: int
    peer: str
    protocol: str
    detail: str


class Violation(msgspec.Struct, frozen=True):
    """`kind`: login, community, setting, stream, connections, decoy."""

    at: float
    host: str
    port: int
    peer: str
    kind: str
    detail: str


class Record:
    """Counts and events; bounded in memory (`dropped` counts events past the bound, never violations of a new kind)."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.violations: list[Violation] = []
        self.logins: list[Event] = []
        self.connections: Counter[str] = Counter()
        self.datagrams: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.bytes_received: Counter[str] = Counter()
        self.peak_connections: dict[str, int] = {}
        self.peak_rate: dict[str, int] = {}
        self.dropped = 0
        self._start = time.monotonic()
        self._recent: dict[str, deque[float]] = {}

    def connection(self, host: str, port: int, peer: str, open_now: int) -> None:
        """A TCP connection came in; `open_now` counts those of this device that the peer holds open, this one too."""
        self.connections[host] += 1
        self._event(host, port, peer, "tcp", "connection")
        self.peak_connections[host] = max(open_now, 1, self.peak_connections.get(host, 0))
        if open_now > MAX_CONNECTIONS:
            self.violation(host, port, peer, "connections", f"{open_now} at once")

    def request(self, host: str, port: int, peer: str, protocol: str, detail: str) -> None:
        """One request on a connection."""
        self.requests[host] += 1
        self._event(host, port, peer, protocol, detail)

    def datagram(self, host: str, port: int, peer: str, protocol: str, data: bytes) -> None:
        """One UDP datagram."""
        self.datagrams[host] += 1
        self.bytes_received[host] += len(data)
        self._event(host, port, peer, protocol, f"{len(data)} bytes")

    def login(self, host: str, port: int, peer: str, protocol: str, detail: str) -> None:
        """A login or community that the site's owner gave and the lab was told to expect."""
        self.logins.append(Event(self._now(), host, port, peer, protocol, detail))

    def violation(self, host: str, port: int, peer: str, kind: str, detail: str) -> None:
        """Something that a read-only, in-scope, gentle tool does not send."""
        if len(self.violations) < MAX_EVENTS:
            self.violations.append(Violation(self._now(), host, port, peer, kind, detail))

    def to_object(self) -> dict[str, Any]:
        """Everything as JSON values; the events last, as they are many."""
        return {
            "violations": [msgspec.to_builtins(item) for item in self.violations],
            "logins": [msgspec.to_builtins(item) for item in self.logins],
            "connections": _sorted(self.connections),
            "requests": _sorted(self.requests),
            "datagrams": _sorted(self.datagrams),
            "bytes_received": _sorted(self.bytes_received),
            "peak_connections": _sorted(self.peak_connections),
            "peak_rate": _sorted(self.peak_rate),
            "dropped": self.dropped,
            "events": [msgspec.to_builtins(item) for item in self.events],
        }

    def to_json(self) -> bytes:
        """`to_object` as JSON."""
        return msgspec.json.encode(self.to_object())

    def _event(self, host: str, port: int, peer: str, protocol: str, detail: str) -> None:
        now = self._now()
        recent = self._recent.setdefault(host, deque())
        recent.append(now)
        while recent[0] < now - 1.0:
            recent.popleft()
        self.peak_rate[host] = max(len(recent), self.peak_rate.get(host, 0))
        if len(self.events) < MAX_EVENTS:
            self.events.append(Event(now, host, port, peer, protocol, detail))
        else:
            self.dropped += 1

    def _now(self) -> float:
        return round(time.monotonic() - self._start, 4)


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))
