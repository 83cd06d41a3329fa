"""Exit codes (contract 3)."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a script may rely on."""

    DONE = 0  # done, no gate hit
    GATE = 1  # a --fail-on gate hit
    USAGE = 2  # usage or configuration
    INCOMPLETE = 3  # the sweep is not complete; the partial result is written
    INTERNAL = 4  # our own fault
    INTERRUPTED = 130  # Ctrl-C; the partial result is written


_WORST_FIRST = (Exit.INTERNAL, Exit.INTERRUPTED, Exit.USAGE, Exit.INCOMPLETE, Exit.GATE, Exit.DONE)


def worst(*codes: Exit) -> Exit:
    """The one of several that a script has to know of: an incomplete sweep stays one though a gate is hit as well."""
    return min(codes, key=_WORST_FIRST.index, default=Exit.DONE)


def exit_of(error: BaseException) -> Exit:
    """The exit code of a run that ended in `error`."""
    from scanner.models import CamcensusError, LogError

    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    if isinstance(error, CamcensusError) and not isinstance(error, LogError):
        return Exit.USAGE
    return Exit.INTERNAL
