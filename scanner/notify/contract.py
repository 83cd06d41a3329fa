"""What every kind of destination gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from scanner.models import CamcensusError
from scanner.models.notice import Notice

TRIES = 3
PAUSES = (1.0, 3.0)
TIMEOUT = 8.0
"""Seconds that one step (connect, write, wait for an answer) may take."""

Pause = Callable[[float], None]


class Undelivered(CamcensusError):  # noqa: N818 - says what happened, as OutOfScope does
    """A notice could not be delivered; the message says why, in words without a secret."""


class Destination(Protocol):
    """Where notices go. `name` may be printed."""

    @property
    def name(self) -> str:
        """Kind and host, without what may be a secret."""

    def deliver(self, notice: Notice, pause: Pause) -> None:
        """Deliver, trying again where that may help; Undelivered if it could not be."""
