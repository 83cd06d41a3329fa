"""Which rules a text calls for: those that need a string that is in it.

A text is cut into its pieces of three characters, a short one also of two; a string is looked for only where its rarest
piece is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from scanner.identify.literals import SHORT_PIECE, marked, needs, pieces_of

_BETWEEN = "\0"


class Calls(msgspec.Struct, frozen=True):
    """The strings that the patterns of a rule set need, by piece, and the numbers of the rules that need none
    (`always`), or some of two characters, which every long text has (`short`).

    Packed, so that a start needs not unpack some ten thousand strings of which a text calls for a hundred: the strings
    of a piece alternate with the number of the rule that needs them.
    """

    by_piece: dict[str, str]
    always: tuple[int, ...]
    short: tuple[int, ...]

    def joined(self, other: Calls, first: int) -> Calls:
        """Both; the rules of `other` have the numbers from `first` on."""
        both = dict(self.by_piece)
        for piece, packed in other.by_piece.items():
            parts = packed.split(_BETWEEN)
            parts[1::2] = [str(int(number) + first) for number in parts[1::2]]
            both[piece] = _BETWEEN.join((both[piece], *parts) if piece in both else parts)
        return Calls(both, _and_on(self.always, other.always, first), _and_on(self.short, other.short, first))


def _and_on(numbers: tuple[int, ...], more: tuple[int, ...], first: int) -> tuple[int, ...]:
    return (*numbers, *(number + first for number in more))


def calls_of(patterns: Sequence[str], common: Mapping[str, int]) -> Calls:
    """What `patterns` need, which are numbered as they come; `common` tells which pieces are rare."""
    by_piece: dict[str, list[str]] = {}
    always, short = [], []
    for number, pattern in enumerate(patterns):
        found = needs(pattern, common)
        if not found or any(_BETWEEN in text for _, text in found):
            always.append(number)
            continue
        if any(len(piece) == SHORT_PIECE for piece, _ in found):
            short.append(number)
        for piece, text in found:
            by_piece.setdefault(piece, []).extend((text, str(number)))
    packed = {piece: _BETWEEN.join(parts) for piece, parts in by_piece.items()}
    return Calls(packed, tuple(always), tuple(short))


class Caller:
    """Calls made ready, piece by piece as texts come."""

    def __init__(self, calls: Calls) -> None:
        self._packed = calls.by_piece
        self._ready: dict[str, list[tuple[str, int]]] = {}

    def called(self, data: bytes, among: bytearray, short: bool = True) -> set[int]:
        """The numbers of the rules that need a string of `data` (UTF-8); `among` is true at those that may be asked.

        `short`: also those that need a string of two characters.
        """
        text = marked(data.decode("utf-8", "replace"))
        if text is None:
            return {number for number, may_be_asked in enumerate(among) if may_be_asked}
        pieces = pieces_of(text)
        if short:
            pieces |= pieces_of(text, SHORT_PIECE)
        found: set[int] = set()
        for piece in self._packed.keys() & pieces:
            for string, number in self._ready.get(piece) or self._unpacked(piece):
                if among[number] and number not in found and string in text:
                    found.add(number)
        return found

    def _unpacked(self, piece: str) -> list[tuple[str, int]]:
        parts = self._packed[piece].split(_BETWEEN)
        entries = self._ready[piece] = list(zip(parts[::2], map(int, parts[1::2]), strict=True))
        return entries
