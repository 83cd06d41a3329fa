"""What a text must contain for a pattern to match: strings, at least one of which is in every match.

A rule none of whose strings is in a text need not be asked (RE2's FilteredRE2 goes the same way:
https://github.com/google/re2, prefilter.h). Strings are looked for in the text as `marked` gives it: its letters folded
(what RE2 takes for one letter folds to one), with a sign at its ends and wherever RE2 sees the edge of a word, so that
a string of "^DS-" or "\\bONU\\b" is not found in the middle of a text or word. A pattern that is not understood, or
that needs no string, has none, and is asked of every text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

PIECE = 3
_EDGE, _START, _END = _SIGNS = "\1\2\3"
_OTHER_SIGN = "\4"
"""What stands in a marked text for a sign that the text itself holds."""
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


_FOLDS_TO_ASCII = ("\N{KELVIN SIGN}", "\N{LATIN SMALL LETTER LONG S}")
"""Letters that RE2 takes for an ASCII one, though no part of a word: where they stand, words have other edges."""
_MOST = 256
"""A part that can match more different strings than this is not written out."""
_LONGEST = 48
_CLASS, _WIDE_CLASS = 6, 36
"""A class of more characters than this is any character. Digits and ranges are written out where nothing else helps."""
_COPIES = 4
_LOOK = 0.01
"""What it costs to look for a string, where to ask a rule costs 1."""
_TOO_MANY = 3000  # of some 20,000 texts that the packaged rules have for examples


class _Need(NamedTuple):
    """`exact`: every string that a part can match, where they are few; `one_of`: each match contains one of these."""

    exact: frozenset[str] | None
    one_of: frozenset[str] | None


class _NotUnderstoodError(Exception):
    """A construct that this reader does not know: nothing is said of its pattern."""


_NOTHING = _Need(frozenset({""}), None)
_ANYTHING = _Need(None, None)
_DIGITS = "0123456789"
_ASSERTIONS = {"b": _EDGE, "B": "", "A": _START, "z": _END}
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a"}


def pieces_of(text: str) -> set[str]:
    """All pieces of a marked text."""
    return {text[at : at + PIECE] for at in range(len(text) - PIECE + 1)}


class _Marks(dict[int, str]):
    """For str.translate: what is no part of a word (RE2's, which is ASCII) between edges."""

    def __missing__(self, code: int) -> str:
        return f"{_EDGE}{chr(code)}{_EDGE}"


_MARKS = _Marks({ord(char): char for char in _WORD} | {ord(sign): f"{_EDGE}{_OTHER_SIGN}{_EDGE}" for sign in _SIGNS})


def marked(text: str) -> str | None:
    """The text as strings are looked for in it; None where that can't be said: any rule may match."""
    if any(letter in text for letter in _FOLDS_TO_ASCII):
        return None
    return _with_edges(text, _START, _END).casefold()


def _with_edges(text: str, before: str, after: str) -> str:
    """A text, or a part of one, with the edges of its words; `before` and `after` are the signs at its ends."""
    body = text.translate(_MARKS).replace(_EDGE + _EDGE, "")
    inner = body.removeprefix(_EDGE).removesuffix(_EDGE)
    if not inner:
        return before + after
    if before == _START and inner[0] in _WORD:
        before += _EDGE
    if after == _END and inner[-1] in _WORD:
        after = _EDGE + after
    return before + inner + after


def common_pieces(texts: Iterable[str]) -> Counter[str]:
    """In how many of `texts` each piece is, and each with one character more. What is rare asks few rules in vain."""
    found: Counter[str] = Counter()
    for text in texts:
        low = marked(text) or ""
        found.update(pieces_of(low))
        found.update({low[at : at + PIECE + 1] for at in range(len(low) - PIECE)})
    return found


def needs(pattern: str, common: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """(rarest piece, string) of each string that `pattern` needs one of, sorted.

    Empty: it may match any text, or it would be asked of too many, one by one, for want of better strings.
    """
    found: frozenset[str] | None = None
    for widest in (_CLASS, _WIDE_CLASS):
        reader = _Reader(pattern, common, widest)
        try:
            need = reader.alternation()
        except (_NotUnderstoodError, IndexError, ValueError, RecursionError):
            return ()
        if reader.at != len(pattern):
            return ()
        found = reader.better(found, reader.best(need))
    if found is None or reader.cost(found) > _TOO_MANY:
        return ()
    return tuple(sorted((reader.rarest(text), text) for text in found))


class _Reader:
    """Reads RE2's syntax (https://github.com/google/re2/wiki/Syntax) from `at` on."""

    def __init__(self, pattern: str, common: Mapping[str, int], widest: int) -> None:
        self.pattern, self.at, self._common = pattern, 0, common
        self._widest = widest
        self._by_line = _by_line(pattern)
        self._rarest: dict[str, str] = {}

    def rarest(self, text: str) -> str:
        found = self._rarest.get(text)
        if found is None:
            found = self._rarest[text] = min(sorted(pieces_of(text)), key=self._often)
        return found

    def best(self, need: _Need) -> frozenset[str] | None:
        """The strings one of which is in every match, where each is long enough to be looked for."""
        return self.better(self._usable(need.exact), need.one_of)

    @staticmethod
    def _usable(texts: frozenset[str] | None) -> frozenset[str] | None:
        shown = frozenset(map(_shown, texts or ()))
        return shown if shown and all(len(text) >= PIECE for text in shown) else None

    def _often(self, piece: str) -> int:
        return self._common.get(piece, 0) + 1

    def cost(self, texts: frozenset[str]) -> float:
        return sum(self._often(self.rarest(text)) * _LOOK + self._expected(text) for text in texts)

    def _expected(self, text: str) -> float:
        """In how many texts a string is to be expected: how often it goes on as it does where its pieces are."""
        found = float(self._often(text[:PIECE]))
        for at in range(len(text) - PIECE):
            found *= self._often(text[at : at + PIECE + 1]) / max(self._often(text[at : at + PIECE]), 2)
        return found

    def better(self, one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
        if one is None or other is None:
            return one or other
        return min(one, other, key=self.cost)

    def alternation(self) -> _Need:
        branches = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        exact: frozenset[str] | None = None
        if all(branch.exact is not None for branch in branches):
            exact = frozenset().union(*(branch.exact or () for branch in branches))
        needs = [self.best(branch) for branch in branches]
        one_of = frozenset().union(*(each or () for each in needs)) if all(needs) else None
        return _Need(exact if exact is not None and len(exact) <= _MOST else None, one_of)

    def _sequence(self) -> _Need:
        found: frozenset[str] | None = None
        run, whole = frozenset({""}), True
        while self._next() not in ("", "|", ")"):
            for part in self._repeated():
                joined = _joined(run, part.exact)
                if joined is None or len(joined) > len(run):
                    found = self.better(found, self._usable(run))
                if joined is not None:
                    run = joined
                    continue
                whole = False
                found = self.better(found, self.best(part))
                run = part.exact if part.exact is not None else frozenset({""})
        return _Need(run if whole else None, self.better(found, self._usable(run)))

    def _repeated(self) -> list[_Need]:
        """An atom and its quantifier as parts behind each other."""
        part = self._atom()
        while True:
            least, most = self._quantifier()
            if least is None:
                return [part]
            if self._next() == "?":
                self.at += 1
            if least == 0:
                once = most == 1 and part.exact is not None
                part = _Need((part.exact or frozenset()) | {""}, None) if once else _ANYTHING
            elif part.exact is not None and len(part.exact) > 1 and self._next() not in ("*", "+", "?", "{"):
                copies = [part] * min(least, _COPIES)
                return copies if least == most and least <= _COPIES else [*copies, _ANYTHING]
            elif (least, most) != (1, 1):
                part = _Need(None, self.best(part))

    def _quantifier(self) -> tuple[int | None, int | None]:
        """(least, most) of a quantifier that stands here; None, None where there is none."""
        sign = self._next()
        if sign in ("*", "+", "?"):
            self.at += 1
            return (1 if sign == "+" else 0), (1 if sign == "?" else None)
        if sign != "{":
            return None, None
        end = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at + 1 : max(end, 0)].partition(",")
        if end < 0 or not least.isdigit() or not (most.isdigit() or not most):
            return None, None
        self.at = end + 1
        return int(least), int(most) if most else (None if comma else int(least))

    def _atom(self) -> _Need:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._escape()
        if sign == ".":
            return _ANYTHING
        if sign in "^$":
            return _NOTHING if self._by_line else _sign(_START if sign == "^" else _END)
        if sign in "*+?":
            raise _NotUnderstoodError
        return _literal(sign)

    def _group(self) -> _Need:
        if self._next() == "?":
            self.at += 1
            if self.pattern.startswith("P<", self.at):
                self.at = self.pattern.index(">", self.at) + 1
            else:
                flags = self.pattern[self.at :].partition(")")[0].partition(":")[0]
                if set(flags) - set("imsU-"):
                    raise _NotUnderstoodError
                self.at += len(flags)
                if self._take() == ")":
                    return _NOTHING
        need = self.alternation()
        if self._take() != ")":
            raise _NotUnderstoodError
        return need

    def _class(self) -> _Need:
        """A class of few characters is each of them; any other may be anything."""
        start, negated = self.at, self._next() == "^"
        chars: set[str] = set()
        while not negated and (self._next() != "]" or self.at == start) and len(chars) <= self._widest:
            few = self._of_class()
            if few is None:
                break
            chars |= few
        else:
            if not negated and len(chars) <= self._widest:
                self.at += 1
                return _Need(frozenset(map(_folded, chars)), None)
        self.at = start
        self._skip_class()
        return _ANYTHING

    def _of_class(self) -> set[str] | None:
        """The characters that the next member of a class stands for; None where they are many or not understood."""
        first = self._take()
        if first == "[":
            return None
        if first == "\\":
            first = self._take()
            if first == "d":
                return set(_DIGITS)
            if first.isalnum():
                return None
        after = self.pattern[self.at : self.at + 2]
        if after[:1] != "-" or after[1:] == "]":
            return {first}
        last = after[1:]
        self.at += 2
        if last in "\\[" or not 0 <= ord(last) - ord(first) < _WIDE_CLASS:
            return None
        return {chr(code) for code in range(ord(first), ord(last) + 1)}

    def _skip_class(self) -> None:
        if self._next() == "^":
            self.at += 1
        first = True
        while self._next() != "]" or first:
            first = False
            if self.pattern.startswith("[:", self.at):
                self.at = self.pattern.index(":]", self.at) + 2
            elif self._take() == "\\":
                self.at += 1
        self.at += 1

    def _escape(self) -> _Need:
        char = self._take()
        if char in _ASSERTIONS:
            return _sign(_ASSERTIONS[char])
        if char == "d" and self._widest >= len(_DIGITS):
            return _Need(frozenset(_DIGITS), None)
        if char in "dDwWsS":
            return _ANYTHING
        if char in _ESCAPED:
            return _literal(_ESCAPED[char])
        if char == "x" and self._next() != "{":
            self.at += 2
            return _literal(chr(int(self.pattern[self.at - 2 : self.at], 16)))
        if char.isalnum():
            raise _NotUnderstoodError
        return _literal(char)

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        char = self.pattern[self.at]
        self.at += 1
        return char


def _by_line(pattern: str) -> bool:
    """Whether "^" and "$" may stand at the ends of lines: a flag m, somewhere."""
    return any("m" in flags.partition(")")[0].partition(":")[0] for flags in pattern.split("(?")[1:])


def _literal(char: str) -> _Need:
    return _Need(frozenset({_folded(char)}), None)


def _sign(sign: str) -> _Need:
    return _Need(frozenset({sign}), None)


def _folded(char: str) -> str:
    """The letter in a marked text. One that is part of a word there, and for RE2 is not, is not understood."""
    folded = char.casefold()
    if char in _SIGNS or (not char.isascii() and any(each.isascii() for each in folded)):
        raise _NotUnderstoodError
    return folded


def _shown(text: str) -> str:
    """A string that a pattern needs as it stands in a marked text. Within it edges follow from its letters."""
    letters = text.strip(_SIGNS)
    if not letters:
        return "".join(sign for sign in (_START, _END) if sign in text) or text[:1]
    start, end = text.index(letters), text.index(letters) + len(letters)
    before, after = _strongest(text[:start], _START), _strongest(text[end:], _END)
    return _with_edges(letters.replace(_EDGE, ""), before, after)


def _strongest(signs: str, end: str) -> str:
    """Of the signs at one end of a string the one that says most. The other end of the text cannot be there."""
    return end if end in signs else signs[:1]


def _joined(run: frozenset[str], more: frozenset[str] | None) -> frozenset[str] | None:
    """Every string of `run` with every one of `more` behind it, where these are few and not too long."""
    if more is None or len(run) * len(more) > _MOST:
        return None
    if max(map(len, run)) + max(map(len, more), default=0) > _LONGEST:
        return None
    return frozenset(one + other for one in run for other in more)
