"""Send a notice to all destinations at once, each within its deadline. A failure is a line of text, never an error."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from scanner.models.notice import Notice
from scanner.notify.contract import Destination, Pause, Undelivered

DEADLINE = 30.0
"""Seconds in all, however slowly a destination answers."""
# They log addresses, and with them tokens.
_TALKATIVE = ("httpx", "httpcore", "urllib3")
# What a library may raise beside its own errors; the text may hold an address, so the kind alone is told.
_FOREIGN = (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError)


def send(
    destinations: Sequence[Destination], notice: Notice, *, deadline: float = DEADLINE, pause: Pause = time.sleep
) -> list[str]:
    """Deliver to each; one line for each failure, in their order: which destination, and why."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    couriers = [_Courier(destination, notice, pause) for destination in destinations]
    for courier in couriers:
        courier.start()
    end = time.monotonic() + deadline
    for courier in couriers:
        courier.join(max(0.0, end - time.monotonic()))
    return [f"Notice to {courier.destination.name} failed: {why}" for courier in couriers if (why := courier.failure)]


class _Courier(threading.Thread):
    """One delivery. A daemon: a destination that never ends its answer must not keep the process alive."""

    def __init__(self, destination: Destination, notice: Notice, pause: Pause) -> None:
        super().__init__(name="notice", daemon=True)
        self.destination = destination
        self.failure = "no answer in time"
        self._notice = notice
        self._pause = pause

    def run(self) -> None:
        """Deliver, and keep what went wrong."""
        try:
            self.destination.deliver(self._notice, self._pause)
            self.failure = ""
        except Undelivered as error:
            self.failure = str(error)
        except _FOREIGN as error:
            self.failure = f"the attempt ended with {type(error).__name__}"
