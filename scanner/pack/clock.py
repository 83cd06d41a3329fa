"""What this host's kernel says of its clock: whether it is kept in step, and how far off it may be."""

from __future__ import annotations

import ctypes
import sys

from scanner.pack.manifest import Clock
from scanner.timestamps import now

_UNSYNCHRONISED = 0x0040  # STA_UNSYNC, linux/timex.h
_ERROR = 5  # TIME_ERROR


class _Timex(ctypes.Structure):
    """The head of `struct timex` (adjtimex(2)); the rest is only room for what the kernel writes."""

    _fields_ = (
        ("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("frequency", ctypes.c_long), ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long), ("status", ctypes.c_int), ("rest", ctypes.c_byte * 256),
    )  # fmt: skip


def read_clock(offset: float | None = None) -> Clock:
    """The time, with the offset that a person measured, and the kernel's own word where it gives one."""
    synchronised, error = _kernel()
    return Clock(utc=now(), offset_seconds=offset, synchronised=synchronised, max_error_seconds=error)


def _kernel() -> tuple[bool | None, float | None]:
    if not sys.platform.startswith("linux"):
        return None, None
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None, None
    state = _Timex()  # modes 0: nothing is set
    answer = adjtimex(ctypes.byref(state))
    if answer < 0:
        return None, None
    synchronised = answer != _ERROR and not state.status & _UNSYNCHRONISED
    return synchronised, state.maxerror / 1e6 if synchronised else None
