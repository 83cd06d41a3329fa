"""The time that a run may take, of which its end needs a part: judging the log, writing reports, recording."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ENDING_SECONDS = 1.5  # the end of a run that found little: an inventory, a page, a line in the store
_MOST = 0.6  # of the budget may go to its end: a short one shall still ask somebody
_MARGIN = 1.5  # a machine may be busier at the end than it was so far


class Budget:
    """`seconds` for a whole run since `began` (seconds of `clock`; by default now). None is no limit.

    What the end will cost is learned while the run goes on: the log is judged record by record then, as each record
    was when it came, and `renderings` times more for the reports besides the inventory and its page. It loads as much
    as the beginning did, so on a busy machine it takes at least as long as that took.
    """

    def __init__(
        self,
        seconds: float | None,
        began: float | None = None,
        renderings: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._began = clock() if began is None else began
        self._ending = max(ENDING_SECONDS, _MARGIN * (clock() - self._began))
        self._renderings = renderings
        self._spent = 0.0
        self._judged = 0
        self.records = 0

    @contextmanager
    def judging(self, records: int = 1) -> Iterator[None]:
        """Measure what judging `records` new ones takes."""
        start = self._clock()
        try:
            yield
        finally:
            self._spent += self._clock() - start
            self._judged += records
            self.records += records

    def reserve(self) -> float:
        """Seconds that the end needs, as far as is known now."""
        each = self._spent / self._judged if self._judged else 0.0
        return self._ending + _MARGIN * each * self.records * (1 + self._renderings)

    def asking_ends(self) -> float | None:
        """The moment (of `clock`) at which nobody may be asked any more; None for no limit."""
        if self.seconds is None:
            return None
        return self._began + self.seconds - min(self.reserve(), self.seconds * _MOST)
