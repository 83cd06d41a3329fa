"""Texts against fingerprints: the rules that a text calls for, singly, and in one pass those that need no string of it.

RE2 only: time is linear in the text, whatever the pattern and whatever the device sent.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import re2  # type: ignore[import-untyped]

from scanner.identify.calls import Caller, Index
from scanner.identify.rules import Fingerprint, RuleSet
from scanner.models import DataError

TEXT_CAP = 4096
LONG_CAP = 64 * 1024
_SHOWN_CAP = 1024
SHOWN_WHOLE = 160
"""A text no longer than this is shown whole: a reader sees more in it than in the part that matched."""
_SET_MEMORY = 24 * 1024 * 1024  # the default of 8 MiB fails to compile from some hundred patterns
_PATTERN_MEMORY = 256 * 1024  # thousands of patterns are compiled in a process, and each keeps what it saw of texts
_IN_A_SET = 256
"""More patterns than this make several automata: one for a thousand (as with Recog's) would outgrow its memory."""
_LONG = ("http.body", "rtsp.body")


class Hit(NamedTuple):
    """A rule that matched: the values it claims by field, and the text (of a long one the part that matched)."""

    rule: Fingerprint
    values: dict[str, str]
    text: str


class Matcher:
    """All rules of a set, by place; what a place needs is made ready when the place is first seen."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules.fingerprints
        self._at: dict[str, list[int]] = {}
        for number, rule in enumerate(self._rules):
            for place in rule.where:
                self._at.setdefault(place, []).append(number)
        self._index = Index(rules.calls) if rules.calls else None
        self._always: Container[int] = frozenset(rules.calls.always) if rules.calls else range(len(self._rules))
        self._places: dict[str, _Place] = {}
        self._compiled: dict[int, Any] = {}
        self._plain: dict[int, bool] = {}
        self._from_where = {
            place
            for place, numbers in self._at.items()
            if any(self._rules[number].path is not None or self._rules[number].port is not None for number in numbers)
        }

    def knows(self, place: str) -> bool:
        """Whether any rule looks at `place`."""
        return place in self._at

    def asks_from_where(self, place: str) -> bool:
        """Whether any rule at `place` looks at the path or port too."""
        return place in self._from_where

    def hits(self, place: str, text: str, path: str | None = None, port: int | None = None) -> Iterator[Hit]:
        """Every rule that matches `text` in `place`, in file order. `path` and `port` are where it came from."""
        if place not in self._at:
            return
        data = encode(place, text)
        settled: set[str] = set()
        for number, matches in self._asked(place, data):
            rule = self._rules[number]
            if rule.group in settled or not _from_there(rule, path, port):
                continue
            hit = self._hit(number, data, text, matches)
            if hit is not None:
                yield hit
                if rule.group:
                    settled.add(rule.group)

    def _asked(self, place: str, data: bytes) -> list[tuple[int, bool]]:
        """The rules that may match, each with whether it surely does, in file order."""
        ready = self._places.get(place)
        if ready is None:
            ready = self._places[place] = self._ready(place)
        found = dict.fromkeys(ready.uncalled.search(data), True)
        if ready.caller is not None:
            found.update(dict.fromkeys(ready.caller.called(data), False))
        return sorted(found.items())

    def _ready(self, place: str) -> _Place:
        among = bytearray(len(self._rules))
        for number in self._at[place]:
            among[number] = number not in self._always
        uncalled = _Patterns(self._rules, [number for number in self._at[place] if not among[number]])
        return _Place(Caller(self._index, among) if self._index else None, uncalled)

    def _hit(self, number: int, data: bytes, text: str, matches: bool) -> Hit | None:
        """What the rule takes from the text; `matches` when its pattern is known to match."""
        rule = self._rules[number]
        plain = len(text) <= SHOWN_WHOLE and self._is_plain(number)
        if plain and matches:
            return None if _excluded(rule, data) else Hit(rule, rule.claims, text)
        compiled = self._compiled.get(number)
        if compiled is None:
            compiled = self._compiled[number] = compile_pattern(rule)
        if plain:
            return None if search(rule, compiled, data) is None else Hit(rule, rule.claims, text)
        return capture(rule, compiled, data)

    def _is_plain(self, number: int) -> bool:
        """Whether the rule claims the same of every text."""
        found = self._plain.get(number)
        if found is None:
            found = self._plain[number] = not any("$" in value for value in self._rules[number].claims.values())
        return found


class _Place(NamedTuple):
    """The rules of one place: those that its texts call for, and those that need no string.

    No one automaton holds them all: over texts that are not alike it has ever new states, and is many times slower than
    asking singly those that are called for.
    """

    caller: Caller | None
    uncalled: _Patterns


class _Patterns:
    """Patterns in as few automata as they fit in."""

    def __init__(self, rules: Sequence[Fingerprint], numbers: Sequence[int]) -> None:
        parts = [numbers[start : start + _IN_A_SET] for start in range(0, len(numbers), _IN_A_SET)]
        self._sets = [(part, _set([rules[number] for number in part])) for part in parts]

    def search(self, data: bytes) -> list[int]:
        """The numbers of the rules that match, in no order."""
        return [part[index] for part, patterns in self._sets for index in patterns.Match(data) or ()]


def _set(rules: Sequence[Fingerprint]) -> Any:
    """The patterns of all `rules` in one automaton; DataError says what RE2 does not accept."""
    options = re2.Options()
    options.max_mem = _SET_MEMORY
    options.log_errors = False
    patterns = re2.Set.SearchSet(options)
    for rule in rules:
        try:
            patterns.Add(rule.pattern)
        except re2.error as error:
            raise _fault(rule, "pattern", error) from error
        if rule.unless:
            compile_unless(rule)
    patterns.Compile()
    return patterns


def compile_pattern(rule: Fingerprint) -> Any:
    """The compiled pattern of one rule; DataError says what RE2 does not accept."""
    try:
        return _compile(rule.pattern)
    except re2.error as error:
        raise _fault(rule, "pattern", error) from error


def compile_unless(rule: Fingerprint) -> Any:
    """The compiled `unless` of a rule that has one; DataError says what RE2 does not accept."""
    try:
        return _shared(rule.unless)
    except re2.error as error:
        raise _fault(rule, "unless", error) from error


def search(rule: Fingerprint, compiled: Any, data: bytes) -> Any:
    """The match of the rule's pattern in `data` (UTF-8); None where there is none, or `unless` matches as well."""
    match = compiled.search(data)
    return None if match is None or _excluded(rule, data) else match


def _excluded(rule: Fingerprint, data: bytes) -> bool:
    return bool(rule.unless) and compile_unless(rule).search(data) is not None


@lru_cache(maxsize=256)
def _shared(pattern: str) -> Any:
    """Many rules have the same `unless`."""
    return _compile(pattern)


def _compile(pattern: str) -> Any:
    options = re2.Options()
    options.max_mem = _PATTERN_MEMORY
    options.log_errors = False
    return re2.compile(pattern, options)


def _fault(rule: Fingerprint, key: str, error: Exception) -> DataError:
    reason = error.args[0] if error.args else error
    said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return DataError(f"{rule.place}: {rule.id}: {key}: {said}")


def capture(rule: Fingerprint, compiled: Any, data: bytes) -> Hit | None:
    """Search `data` (UTF-8) and fill the rule's claims from the groups; a claim with an empty group is left out."""
    match = search(rule, compiled, data)
    if match is None:
        return None
    groups = [group.decode("utf-8", "replace").strip() if group else "" for group in match.groups()]
    values = {}
    for field, template in rule.claims.items():
        value = fill(template, groups)
        if value:
            values[field] = value
    shown = data if len(data) <= SHOWN_WHOLE else match.group(0)[:_SHOWN_CAP]
    return Hit(rule, values, shown.decode("utf-8", "ignore"))


def fill(template: str, groups: Sequence[str]) -> str:
    """`$1`…`$9` in `template` replaced; "" when one of the groups that it names is empty or absent."""
    if "$" not in template:
        return template
    pieces = template.split("$")
    out = [pieces[0]]
    for piece in pieces[1:]:
        number = int(piece[0]) if piece[:1].isascii() and piece[:1].isdigit() else 0
        if number == 0:
            out.append("$" + piece)
            continue
        group = groups[number - 1] if number <= len(groups) else ""
        if not group:
            return ""
        out.append(group + piece[1:])
    return "".join(out).strip()


def encode(place: str, text: str) -> bytes:
    """UTF-8 of the text, cut at the cap of its place; lone surrogates become question marks."""
    cap = LONG_CAP if _is_long(place) else TEXT_CAP
    return text[:cap].encode("utf-8", "replace")


def _is_long(place: str) -> bool:
    return place in _LONG or place.endswith(".xml")


def _from_there(rule: Fingerprint, path: str | None, port: int | None) -> bool:
    if rule.port is not None and rule.port != port:
        return False
    if rule.path is None:
        return True
    if path is None:
        return False
    return path == rule.path or path.partition("?")[0] == rule.path
