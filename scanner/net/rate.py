"""How fast: token buckets, one for all packets and one for each device, that are drawn at the same moment.

In any window of one second at most `rate` + `burst` packets pass, in total and for each device, also when the
event loop lags: a token is spent when the packet goes, never reserved ahead. What is known only afterwards
(acknowledgements of what a device sent) becomes debt, which the next packet waits off.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

TOTAL_BURST = 50
HOST_BURST = 8
_EPSILON = 1e-9
_PRUNE_AT = 4096


class Bucket:
    """`rate` tokens a second, `burst` at most; it starts full and may go below zero by debt."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self.rate = rate
        self.burst = burst
        self._clock = clock
        self._tokens = burst
        self._at = clock()

    def wait_for(self, count: float) -> float:
        """Seconds until `count` tokens (at most `burst`) are there; 0.0 when they are now."""
        now = self._clock()
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.rate)
        self._at = now
        missing = count - self._tokens
        return 0.0 if missing <= _EPSILON else missing / self.rate

    def spend(self, count: float) -> None:
        """Take tokens, into debt if need be."""
        self.wait_for(0)
        self._tokens -= count

    @property
    def full(self) -> bool:
        """Whether it has nothing to remember."""
        return self.wait_for(self.burst) == 0.0


class _Lane:
    """One device's bucket and queue: whoever is first in it waits, the rest stand behind."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.lock = asyncio.Lock()


class RateLimiter:
    """Both limits. `rate` and `host_rate` are packets a second; `clock` and `sleep` can be a test's own."""

    def __init__(
        self,
        rate: float = 1000,
        host_rate: float = 40,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if rate <= 0 or host_rate <= 0:
            raise ValueError("a rate must be above zero")
        self._clock = clock
        self._sleep = sleep
        self._host_rate = host_rate
        self._host_burst = max(1.0, min(HOST_BURST, host_rate))
        self._total = _Lane(Bucket(rate, max(1.0, min(TOTAL_BURST, rate)), clock))
        self._lanes: dict[str, _Lane] = {}
        self._prune_at = _PRUNE_AT

    @property
    def chunk(self) -> int:
        """The most packets that pass as one."""
        return int(min(self._host_burst, self._total.bucket.burst))

    async def take(self, host: str | None, count: int = 1) -> None:
        """Wait until `count` packets may go to `host` (None: to a link, under the total rate alone).

        More than a burst is drawn in pieces, so call it before each `chunk` rather than once for a large write.
        First come, first served. Cancelling gives up the place and spends nothing.
        """
        while count > 0:
            piece = min(count, self.chunk)
            await (self._take_total(piece, None) if host is None else self._take_host(host, piece))
            count -= piece

    def debit(self, host: str | None, count: int) -> None:
        """Packets that went without asking: the next ones wait for them."""
        if count <= 0:
            return
        self._total.bucket.spend(count)
        if host is not None:
            self._lane(host).bucket.spend(count)

    async def _take_host(self, host: str, count: int) -> None:
        lane = self._lane(host)
        async with lane.lock:
            await self._until(lane.bucket, count)
            await self._take_total(count, lane.bucket)

    async def _take_total(self, count: int, also: Bucket | None) -> None:
        async with self._total.lock:
            await self._until(self._total.bucket, count)
            self._total.bucket.spend(count)
            if also is not None:
                also.spend(count)

    async def _until(self, bucket: Bucket, count: int) -> None:
        while (wait := bucket.wait_for(count)) > 0.0:
            await self._sleep(wait)

    def _lane(self, host: str) -> _Lane:
        lane = self._lanes.get(host)
        if lane is None:
            if len(self._lanes) >= self._prune_at:
                self._lanes = {h: x for h, x in self._lanes.items() if x.lock.locked() or not x.bucket.full}
                self._prune_at = max(_PRUNE_AT, 2 * len(self._lanes))
            lane = self._lanes[host] = _Lane(Bucket(self._host_rate, self._host_burst, self._clock))
        return lane
