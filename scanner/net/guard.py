"""The one catch-all of the product: around a discoverer or a probe, so that one fault costs one result."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from scanner.models import LogError, Outcome, OutOfScope
from scanner.net.api import NetError

T = TypeVar("T")


async def guarded(work: Awaitable[T], seconds: float, otherwise: Callable[[Outcome, str], T]) -> T:
    """The result of `work`, or `otherwise(outcome, detail)` when it takes more than `seconds` or fails.

    Cancellation from outside passes through.
    """
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        return otherwise(Outcome.CUT, f"ended after {seconds:g} s")
    except NetError as error:
        return otherwise(error.outcome, str(error))
    except OutOfScope as error:
        return otherwise(Outcome.OUT_OF_SCOPE, str(error))
    except Exception as error:
        if isinstance(first_cause(error), LogError):
            raise  # what can't be recorded must not be asked
        return otherwise(Outcome.FAILED, f"{type(error).__name__}: {first_line(error)}")


def first_line(error: BaseException) -> str:
    """The first line of what went wrong; for a group, of its first member."""
    return (str(first_cause(error)).splitlines() or [""])[0][:200]


def first_cause(error: BaseException) -> BaseException:
    """The error itself; of a group its first member, however deep."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
