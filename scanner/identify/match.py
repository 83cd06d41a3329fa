"""Texts against fingerprints: one pass over all patterns of a place, then the hits singly for their captures.

RE2 only: time is linear in the text, whatever the pattern and whatever the device sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import re2  # type: ignore[import-untyped]

from scanner.identify.rules import Fingerprint, RuleSet
from scanner.models import DataError

TEXT_CAP = 4096
LONG_CAP = 64 * 1024
_SHOWN_CAP = 1024
SHOWN_WHOLE = 160
"""A text no longer than this is shown whole: a reader sees more in it than in the part that matched."""
_SET_MEMORY = 64 * 1024 * 1024  # the default of 8 MiB fails to compile from some hundred patterns
_IN_A_SET = 256
"""More patterns than this make several automata: one for a thousand (as with Recog's) would outgrow its memory."""
_SHARED = 128
"""So many rules, those with the longest patterns in the most places, are compiled once for all of them."""
_LONG = ("http.body", "rtsp.body")


class Hit(NamedTuple):
    """A rule that matched: the values it claims by field, and the text (of a long one the part that matched)."""

    rule: Fingerprint
    values: dict[str, str]
    text: str


class Matcher:
    """All rules of a set, by place; patterns are compiled when a place is first seen."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules: dict[str, list[Fingerprint]] = {}
        for rule in rules.fingerprints:
            for place in rule.where:
                self._rules.setdefault(place, []).append(rule)
        self._compiled: dict[str, _Place] = {}
        self._wide = sorted(rules.fingerprints, key=_cost_of_each_place, reverse=True)[:_SHARED]
        self._from_where = {
            place
            for place, found in self._rules.items()
            if any(rule.path is not None or rule.port is not None for rule in found)
        }

    def knows(self, place: str) -> bool:
        """Whether any rule looks at `place`."""
        return place in self._rules

    def asks_from_where(self, place: str) -> bool:
        """Whether any rule at `place` looks at the path or port too."""
        return place in self._from_where

    def hits(self, place: str, text: str, path: str | None = None, port: int | None = None) -> Iterator[Hit]:
        """Every rule that matches `text` in `place`, in file order. `path` and `port` are where it came from."""
        compiled = self._compiled.get(place)
        if compiled is None:
            rules = self._rules.get(place)
            if rules is None:
                return
            compiled = self._compiled[place] = _Place(rules, None if _is_long(place) else self._shared)
        data = encode(place, text)
        settled: set[str] = set()
        for index in compiled.search(data):
            rule = compiled.rules[index]
            if rule.group in settled or not _from_there(rule, path, port):
                continue
            hit = compiled.capture(index, data, text)
            if hit is not None:
                yield hit
                if rule.group:
                    settled.add(rule.group)

    @cached_property
    def _shared(self) -> _Patterns:
        """The rules of many places, in one."""
        return _Patterns(self._wide)


def _cost_of_each_place(rule: Fingerprint) -> int:
    return len(rule.pattern) * (len(rule.where) - 1)


class _Patterns:
    """Patterns in as few automata as they fit in."""

    def __init__(self, rules: Sequence[Fingerprint]) -> None:
        self.rules = rules
        self._sets = [(start, _set(rules[start : start + _IN_A_SET])) for start in range(0, len(rules), _IN_A_SET)]

    def search(self, data: bytes) -> list[int]:
        """The numbers of the rules that match, in no order."""
        return [start + index for start, patterns in self._sets for index in patterns.Match(data) or ()]


class _Place:
    """The compiled patterns of one place: its own, and those of the rules for many places (`shared`)."""

    def __init__(self, rules: Sequence[Fingerprint], shared: _Patterns | None) -> None:
        self.rules = rules
        self._single: list[Any] = [None] * len(rules)
        self._plain = [not any("$" in value for value in rule.claims.values()) for rule in rules]
        here = {rule.id: index for index, rule in enumerate(rules)}
        wide = {number: here[rule.id] for number, rule in enumerate(shared.rules if shared else ()) if rule.id in here}
        self._shared, self._wide = (shared if wide else None), wide
        self._indices = sorted(set(here.values()) - set(wide.values()))
        self._own = _Patterns([rules[index] for index in self._indices])

    def search(self, data: bytes) -> list[int]:
        """The indices of the rules that match, in file order."""
        found = [self._indices[number] for number in self._own.search(data)]
        if self._shared is not None:
            found += [self._wide[number] for number in self._shared.search(data) if number in self._wide]
        return sorted(found)

    def capture(self, index: int, data: bytes, text: str) -> Hit | None:
        rule = self.rules[index]
        if self._plain[index] and len(text) <= SHOWN_WHOLE:
            return None if _excluded(rule, data) else Hit(rule, rule.claims, text)
        single = self._single[index]
        if single is None:
            single = self._single[index] = compile_pattern(rule)
        return capture(rule, single, data)


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
