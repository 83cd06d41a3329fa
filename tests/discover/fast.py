"""Seconds that pass twenty times faster, for what waits by design, and a place to collect evidence."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from scanner.models import Evidence

SPEED = 20.0
T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / SPEED if timeout else timeout)


class _FastLoop(asyncio.SelectorEventLoop):
    def time(self) -> float:
        return super().time() * SPEED


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` on the fast clock."""
    with asyncio.Runner(loop_factory=lambda: _FastLoop(_Selector())) as runner:
        return runner.run(main)


class Sink:
    """An `emit` that keeps."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []

    async def __call__(self, evidence: Evidence) -> None:
        self.evidence.append(evidence)

    def of(self, protocol: str) -> list[Evidence]:
        return [one for one in self.evidence if one.protocol == protocol]
