"""A mapping that forgets: it keeps what was used of late, between one and two times its size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Two generations: what is used moves to the young one, and a full young one takes the place of the old.

    Cheaper than a list of last uses, and a round of more than `size` different keys still finds most of them.
    `weigh` gives the part of `size` that a value takes (by default 1).
    """

    __slots__ = ("_old", "_size", "_taken", "_weigh", "_young")

    def __init__(self, size: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self._size = size
        self._weigh = weigh
        self._taken = 0
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """The value, or None."""
        value = self._young.get(key)
        if value is None:
            value = self._old.pop(key, None)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Keep `value` for a while."""
        if self._taken >= self._size:
            self._old, self._young, self._taken = self._young, {}, 0
        if key not in self._young:
            self._taken += self._weigh(value)
        self._young[key] = value

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
