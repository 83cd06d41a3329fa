"""One login attempt a device, though a device has several addresses and a sweep may be resumed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager


class LoginDoors:
    """By address and by MAC: one visit with a login at a time, and none after a refusal."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._shut: set[str] = set()

    def shut(self, keys: Iterable[str]) -> None:
        """These refused a login, or were tried before an interruption."""
        self._shut.update(keys)

    @asynccontextmanager
    async def of(self, keys: Iterable[str]) -> AsyncIterator[bool]:
        """Hold the doors of one device; whether its login may be tried."""
        whole = sorted(set(keys))
        async with AsyncExitStack() as stack:
            for key in whole:
                await stack.enter_async_context(self._locks[key])
            yield not self._shut.intersection(whole)
