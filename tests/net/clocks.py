"""Time that passes only when everybody waits: rates are tested in microseconds."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Coroutine
from typing import Any


class VirtualTime:
    """A clock and a sleep for one `run`."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, self._count, wake))
        await wake

    def run(self, main: Coroutine[Any, Any, None]) -> None:
        """Run `main` to its end, jumping from one sleeper to the next."""
        asyncio.run(self._drive(main))

    async def _drive(self, main: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(main)
        while not task.done():
            for _ in range(20):
                await asyncio.sleep(0)
            while self._sleepers and not task.done():
                at, _, wake = heapq.heappop(self._sleepers)
                if not wake.done():
                    self.now = max(self.now, at)
                    wake.set_result(None)
                    break
        await task
