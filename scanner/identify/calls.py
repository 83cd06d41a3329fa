"""Which rules a text calls for: those that need a string that is in it.

A text is cut into its pieces of three characters; a string is looked for only where its rarest piece is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import msgspec

from scanner.identify.literals import marked, needs, pieces_of

_BETWEEN = "\0"
_MOST_PIECES = 4096
"""A place forgets what it made of pieces when they are more: a hostile text has them all, and there are many places."""


class Calls(msgspec.Struct, frozen=True):
    """The strings that the patterns of a rule set need, by piece, and the numbers of the rules that need none.

    Packed, so that a start needs not unpack some ten thousand strings of which a text calls for a hundred: the strings
    of a piece alternate with the number of the rule that needs them.
    """

    by_piece: dict[str, str]
    always: tuple[int, ...]

    def joined(self, other: Calls, first: int) -> Calls:
        """Both; the rules of `other` have the numbers from `first` on."""
        both = dict(self.by_piece)
        for piece, packed in other.by_piece.items():
            parts = packed.split(_BETWEEN)
            parts[1::2] = [str(int(number) + first) for number in parts[1::2]]
            both[piece] = _BETWEEN.join((both[piece], *parts) if piece in both else parts)
        return Calls(both, (*self.always, *(number + first for number in other.always)))


def calls_of(patterns: Sequence[str], common: Mapping[str, int]) -> Calls:
    """What `patterns` need, which are numbered as they come; `common` tells which pieces are rare."""
    by_piece: dict[str, list[str]] = {}
    always = []
    for number, pattern in enumerate(patterns):
        found = needs(pattern, common)
        if not found or any(_BETWEEN in text for _, text in found):
            always.append(number)
            continue
        for piece, text in found:
            by_piece.setdefault(piece, []).extend((text, str(number)))
    return Calls({piece: _BETWEEN.join(parts) for piece, parts in by_piece.items()}, tuple(always))


class Index:
    """Calls made ready, piece by piece as texts come: what each place makes of a piece begins with what is here."""

    def __init__(self, calls: Calls) -> None:
        self._packed = calls.by_piece
        self._ready: dict[str, list[tuple[str, int]]] = {}

    def known(self, pieces: Set[str]) -> Set[str]:
        """Those of `pieces` that a rule needs."""
        return self._packed.keys() & pieces

    def strings(self, piece: str) -> list[tuple[str, int]]:
        """The strings that have `piece`, each with the number of the rule that needs it."""
        found = self._ready.get(piece)
        if found is None:
            parts = self._packed[piece].split(_BETWEEN)
            found = self._ready[piece] = list(zip(parts[::2], map(int, parts[1::2]), strict=True))
        return found


class Caller:
    """What texts of one place call for: the rules at whose number `among` is true."""

    def __init__(self, index: Index, among: bytearray) -> None:
        self._index, self._among = index, among
        self._ready: dict[str, tuple[tuple[str, int], ...]] = {}

    def called(self, data: bytes) -> Set[int]:
        """The numbers of the rules that need a string of `data` (UTF-8)."""
        text = marked(data.decode("utf-8", "replace"))
        if text is None:
            return {number for number, is_here in enumerate(self._among) if is_here}
        found: set[int] = set()
        for piece in self._index.known(pieces_of(text)):
            strings = self._ready.get(piece)
            if strings is None:
                strings = self._of_place(piece)
            for string, number in strings:
                if number not in found and string in text:
                    found.add(number)
        return found

    def _of_place(self, piece: str) -> tuple[tuple[str, int], ...]:
        if len(self._ready) >= _MOST_PIECES:
            self._ready.clear()
        found = self._ready[piece] = tuple(entry for entry in self._index.strings(piece) if self._among[entry[1]])
        return found
