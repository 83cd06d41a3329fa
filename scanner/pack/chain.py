"""A hash chain over the lines of an evidence log: each link is SHA-256 of the link before and the line.

The last link stands for all lines and their order; a line that was changed, added or taken away breaks the chain from
there on, so the first bad line can be named.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from scanner.models import DataError

START = sha256(b"camcensus evidence chain 1").digest()


def links(log: bytes) -> Iterator[bytes]:
    """One link a line, the line's own end included."""
    link = START
    for line in _lines(log):
        link = sha256(link + line).digest()
        yield link


def chain_file(log: bytes) -> bytes:
    """The links as text, one a line, in hex."""
    return "".join(f"{link.hex()}\n" for link in links(log)).encode()


def head(log: bytes) -> str:
    """The last link in hex; that of no line is the start."""
    last = START
    for last in links(log):  # noqa: B007 - the last one is wanted
        pass
    return last.hex()


def check(log: bytes, chain: bytes) -> int:
    """How many lines hold; DataError names the first that does not."""
    told = chain.split()
    number = 0
    for number, link in enumerate(links(log), 1):
        if number > len(told) or told[number - 1] != link.hex().encode():
            raise DataError(f"evidence line {number} is not the line that was packed")
    if number != len(told):
        raise DataError(f"the evidence ends after line {number}; {len(told)} lines were packed")
    return number


def _lines(log: bytes) -> Iterator[bytes]:
    """Split at line feeds only: a carriage return within a line is part of it."""
    start = 0
    while start < len(log):
        end = log.find(b"\n", start)
        stop = len(log) if end < 0 else end + 1
        yield log[start:stop]
        start = stop
