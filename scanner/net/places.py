"""Waiting rooms: few connections to a device at once, few addresses at once that may not be there at all."""

from __future__ import annotations

import asyncio


class Places:
    """At most `limit` at once for each host, first come, first served."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rooms: dict[str, _Room] = {}

    async def acquire(self, host: str) -> None:
        """Wait for a place."""
        room = self._rooms.get(host)
        if room is None:
            room = self._rooms[host] = _Room(self._limit)
        room.users += 1
        try:
            await room.free.acquire()
        except BaseException:
            self._left(host, room)
            raise

    def release(self, host: str) -> None:
        """Give a place back."""
        room = self._rooms[host]
        room.free.release()
        self._left(host, room)

    def _left(self, host: str, room: _Room) -> None:
        room.users -= 1
        if not room.users:
            del self._rooms[host]


class _Room:
    """One host's places, and how many hold or await one."""

    def __init__(self, limit: int) -> None:
        self.free = asyncio.Semaphore(limit)
        self.users = 0


class Pending:
    """At most `limit` addresses at once that nobody is known to answer for.

    Linux forgets neighbours beyond gc_thresh3 (1,024 rows) and fails silently, arp(7); a row that is not resolved
    stays for about 3 s, so 256 addresses of 1 to 1.5 s each keep well below it.
    """

    def __init__(self, limit: int) -> None:
        self._free = asyncio.Semaphore(limit)
        self._held: dict[str, int] = {}

    async def enter(self, host: str) -> None:
        """Wait for a place, unless `host` has one already."""
        if host not in self._held:
            await self._free.acquire()
            if host in self._held:
                self._free.release()
        self._held[host] = self._held.get(host, 0) + 1

    def leave(self, host: str) -> None:
        """Give it back; the place is free when all who entered for `host` have left."""
        self._held[host] -= 1
        if not self._held[host]:
            del self._held[host]
            self._free.release()
