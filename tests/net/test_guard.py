import asyncio

import pytest

from scanner.models import Outcome, OutOfScope
from scanner.net.api import NetError
from scanner.net.guard import guarded
from tests.discover.fast import run


async def _raise(error: Exception) -> tuple[Outcome, str]:
    raise error


def _otherwise(outcome: Outcome, detail: str) -> tuple[Outcome, str]:
    return outcome, detail


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NetError(Outcome.REFUSED, "198.51.100.1", 80), Outcome.REFUSED),
        (OutOfScope("no"), Outcome.OUT_OF_SCOPE),
        (KeyError("x"), Outcome.FAILED),
        (ExceptionGroup("many", [ValueError("first\nsecond")]), Outcome.FAILED),
        (TimeoutError(), Outcome.CUT),
    ],
)
def test_each_failure_has_an_outcome(error: Exception, outcome: Outcome) -> None:
    assert run(guarded(_raise(error), 5, _otherwise))[0] is outcome


def test_only_the_first_line_of_the_first_fault_is_told() -> None:
    error = ExceptionGroup("many", [ValueError("first\nsecond")])
    assert run(guarded(_raise(error), 5, _otherwise))[1] == "ExceptionGroup: first"


def test_cancellation_passes_through() -> None:
    async def cancelled() -> bool:
        task = asyncio.create_task(guarded(asyncio.sleep(60, (Outcome.ANSWERED, "")), 90, _otherwise))
        await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return True
        return False

    assert run(cancelled())
