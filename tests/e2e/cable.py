"""A bad cable: `python -m tests.e2e.cable LEFT RIGHT PLAN.json` carries frames between two interfaces until SIGTERM.

Each frame is lost with probability `loss`, or held for a time drawn from `delay` (seconds, least and most), so that
frames overtake each other; both from `seed`. `walls` are firewalls that drop and say nothing: address → [["tcp", 80],
…], what alone may be sent to it (ARP apart). Not netem, because that is not in every kernel and takes no seed; the
sockets carry the virtio header (packet(7), PACKET_VNET_HDR), so that checksums and large segments that the
sender's kernel left to the card pass as they are.
"""

from __future__ import annotations

import heapq
import itertools
import json
import random
import select
import signal
import socket
import sys
import time
from collections import Counter
from ipaddress import IPv4Address
from pathlib import Path

import msgspec

_SOL_PACKET, _PACKET_VNET_HDR, _PACKET_IGNORE_OUTGOING = 263, 15, 23
_SO_RCVBUFFORCE, _SO_SNDBUFFORCE = 33, 32
_VNET = 10  # struct virtio_net_hdr
_PROTOCOLS = {6: "tcp", 17: "udp", 1: "icmp"}
_BUFFER = 16 * 1024 * 1024


class Plan(msgspec.Struct, frozen=True):
    """What the cable does to frames; see the module."""

    loss: float = 0.0
    delay: tuple[float, float] = (0.0, 0.0)
    seed: int = 0
    walls: dict[str, tuple[tuple[str, int], ...]] = {}


class Fate:
    """Decides about frames, and counts: "lost", "walled", "carried"."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._random = random.Random(plan.seed)  # noqa: S311 - repeatable, not secret
        self._walls = {IPv4Address(host).packed: frozenset(open_) for host, open_ in plan.walls.items()}
        self.counts: Counter[str] = Counter()

    def hold(self, frame: bytes) -> float | None:
        """Seconds to hold the frame; None where it does not arrive."""
        if self._walled(frame):
            self.counts["walled"] += 1
            return None
        if self._plan.loss and self._random.random() < self._plan.loss:
            self.counts["lost"] += 1
            return None
        self.counts["carried"] += 1
        return self._random.uniform(*self._plan.delay)

    def _walled(self, frame: bytes) -> bool:
        if frame[12:14] != b"\x08\x00" or frame[30:34] not in self._walls:
            return False
        head = 14 + 4 * (frame[14] & 0x0F)
        what = _PROTOCOLS.get(frame[23], "other"), int.from_bytes(frame[head + 2 : head + 4], "big")
        return what not in self._walls[frame[30:34]]


def end_of(interface: str) -> socket.socket:
    """One end of the cable."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.setsockopt(_SOL_PACKET, _PACKET_VNET_HDR, 1)
    sock.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    sock.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, _BUFFER)
    sock.bind((interface, 3))  # ETH_P_ALL
    sock.setblocking(False)
    return sock


def carry(left: socket.socket, right: socket.socket, fate: Fate, running: list[bool]) -> None:
    """Until `running` is empty."""
    other = {left: right, right: left}
    order = itertools.count()
    held: list[tuple[float, int, socket.socket, bytes]] = []
    while running:
        wait = max(0.0, held[0][0] - time.monotonic()) if held else 0.2
        for end in select.select(list(other), [], [], min(wait, 0.2))[0]:
            for data in _waiting(end):
                hold = fate.hold(data[_VNET:])
                if hold is not None:
                    heapq.heappush(held, (time.monotonic() + hold, next(order), other[end], data))
        while held and held[0][0] <= time.monotonic():
            _, _, to, data = heapq.heappop(held)
            try:
                to.send(data)
            except OSError:
                fate.counts["unsent"] += 1


def _waiting(end: socket.socket) -> list[bytes]:
    found: list[bytes] = []
    while len(found) < 64:
        try:
            found.append(end.recv(_VNET + 65535 + 14))
        except BlockingIOError:
            break
    return found


def main() -> None:
    running = [True]
    signal.signal(signal.SIGTERM, lambda _number, _frame: running.clear())
    plan = msgspec.json.decode(Path(sys.argv[3]).read_bytes(), type=Plan)
    fate = Fate(plan)
    with end_of(sys.argv[1]) as left, end_of(sys.argv[2]) as right:
        sys.stdout.write("carrying\n")
        sys.stdout.flush()
        carry(left, right, fate, running)
    sys.stdout.write(json.dumps(fate.counts))


if __name__ == "__main__":
    main()
