"""One request and its answer over a stream, read as tolerantly as the device writes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from scanner.models import Outcome
from scanner.net.api import NetError, Stream

ANSWER_LIMIT = 256 * 1024


class Patience(msgspec.Struct, frozen=True):
    """Seconds: `first` until the first byte, `next` until each further one, `total` for all."""

    first: float = 7.0
    next: float = 1.0
    total: float = 9.0


class Said(msgspec.Struct, frozen=True):
    """What came, and how it ended; `raw` is kept whatever the outcome. `open` says that the stream may be used on."""

    raw: bytes
    outcome: Outcome
    open: bool = False


async def ask(
    stream: Stream,
    question: bytes,
    complete: Callable[[bytes], bool],
    *,
    patience: Patience = Patience(),  # noqa: B008 - frozen
    limit: int = ANSWER_LIMIT,
) -> Said:
    """Send `question` (nothing when empty) and read until `complete`, the peer's end, silence or the limit."""
    raw = bytearray()
    try:
        async with asyncio.timeout(patience.total):
            if question:
                await stream.send(question)
            return await _read(stream, raw, complete, patience, limit)
    except TimeoutError:
        return Said(bytes(raw), Outcome.ANSWERED if raw else Outcome.TIMED_OUT)
    except NetError as error:
        return Said(bytes(raw), Outcome.ANSWERED if raw else error.outcome)


async def _read(
    stream: Stream, raw: bytearray, complete: Callable[[bytes], bool], patience: Patience, limit: int
) -> Said:
    while len(raw) < limit:
        async with asyncio.timeout(patience.next if raw else patience.first):
            part = await stream.receive(min(65536, limit - len(raw)))
        if not part:
            return Said(bytes(raw), Outcome.ANSWERED if raw else Outcome.EMPTY)
        raw += part
        if complete(bytes(raw)):
            return Said(bytes(raw), Outcome.ANSWERED, open=True)
    return Said(bytes(raw), Outcome.CUT)
