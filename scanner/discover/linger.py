"""Sockets that stay open for late answers while the sweep goes on: some devices take five seconds, which no one waits.

It costs no packet, and no time either: by when all are visited, the late ones have answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

Told = Callable[[list[str]], None]

LATEST = 5.0  # seconds after the last question that an answer is still heard


class Linger:
    """What `lingering` yields."""

    def __init__(self, group: asyncio.TaskGroup, latest: float) -> None:
        self._group = group
        self._latest = latest
        self._asked = asyncio.get_running_loop().time()
        self._tasks: list[asyncio.Task[None]] = []

    async def keep(self, talk: Callable[[Told], Coroutine[Any, Any, None]], span: float) -> list[str]:
        """Run `talk`, which calls its argument when the conversation is over and listens on; what it was called with.

        `span`: seconds until its last question. Cancelling ends the talk too.
        """
        loop = asyncio.get_running_loop()
        self._asked = max(self._asked, loop.time() + span)
        told: asyncio.Future[list[str]] = loop.create_future()

        def tell(notes: list[str]) -> None:
            if not told.done():
                told.set_result(notes)

        task = self._group.create_task(talk(tell))
        self._tasks.append(task)
        try:
            return await told
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def heard_out(self) -> None:
        """Return when the last answer that is waited for would have come; at once where nothing was asked."""
        if self._tasks:
            await asyncio.sleep(self._asked + self._latest - asyncio.get_running_loop().time())

    def end(self) -> None:
        """Close the sockets."""
        for task in self._tasks:
            task.cancel()


_CURRENT: ContextVar[Linger | None] = ContextVar("late answers", default=None)


def current() -> Linger | None:
    """The one that this task runs under."""
    return _CURRENT.get()


@asynccontextmanager
async def lingering(latest: float = LATEST) -> AsyncIterator[Linger]:
    """While the block runs, conversations by datagrams are heard on after their end (see answers.over)."""
    async with asyncio.TaskGroup() as group:
        linger = Linger(group, latest)
        token = _CURRENT.set(linger)
        try:
            yield linger
        finally:
            _CURRENT.reset(token)
            linger.end()
