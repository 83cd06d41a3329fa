"""A file that gzip made, read as what was in it, in bounded memory (RFC 1952). A cut one ends where it is cut."""

from __future__ import annotations

import io
import zlib
from typing import Any, BinaryIO

MAGIC = b"\x1f\x8b\x08"
_CHUNK = 64 * 1024


class Gunzip(io.RawIOBase):
    """`broken` says, after reading, that the rest could not be unpacked."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._inflater = zlib.decompressobj(wbits=31)
        self._waiting = b""
        self.broken = False

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._packed.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as one step goes; 0 at the end."""
        while not self.broken:
            if not self._waiting and not (fresh := self._packed.read(_CHUNK)):
                self.broken = not self._inflater.eof
                return 0
            self._waiting = self._waiting or fresh
            if made := self._step(len(buffer)):
                buffer[: len(made)] = made
                return len(made)
        return 0

    def _step(self, size: int) -> bytes:
        if self._inflater.eof:  # gzip files may be put one behind the other
            self._inflater = zlib.decompressobj(wbits=31)
        try:
            made = self._inflater.decompress(self._waiting, size)
        except zlib.error:
            self.broken = True
            return b""
        self._waiting = self._inflater.unconsumed_tail or self._inflater.unused_data
        return made
