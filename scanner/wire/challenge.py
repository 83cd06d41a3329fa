"""WWW-Authenticate challenges (RFC 9110 §11.6.1), several a header, with the odd quoting that devices send."""

from __future__ import annotations

from scanner.wire.message import Headers, header_values

MAX_VALUE = 8192
MAX_CHALLENGES = 16
MAX_PARAMETERS = 64
_AHEAD = 64
_SPACE = " \t"

Challenge = tuple[str, dict[str, str]]


def challenges(headers: Headers) -> list[Challenge]:
    """(scheme as sent, parameters by lower-case name) of each challenge; a bare token is parameter "token68"."""
    found: list[Challenge] = []
    for value in header_values(headers, "www-authenticate"):
        _Reader(value[:MAX_VALUE], found).read()
    return found[:MAX_CHALLENGES]


class _Reader:
    def __init__(self, value: str, found: list[Challenge]) -> None:
        self._value = value
        self._at = 0
        self._found = found
        self._current: dict[str, str] | None = None

    def read(self) -> None:
        comma = True
        while self._at < len(self._value) and len(self._found) <= MAX_CHALLENGES:
            start = self._at
            self._skip(_SPACE + ",;")
            comma = comma or "," in self._value[start : self._at]
            token = self._token()
            if not token:
                self._at += 1
                continue
            self._take(token, after_comma=comma)
            comma = False

    def _take(self, token: str, *, after_comma: bool) -> None:
        mark = self._at
        self._skip(_SPACE)
        equals = self._value[self._at : self._at + 1] == "="
        if self._current == {} and not after_comma and token.lower() != "realm" and self._is_token68(equals):
            self._current["token68"] = token + "=" * self._run_of_equals()
        elif equals:
            self._at += 1
            self._parameter(token.lower(), self._value_of())
        else:
            self._at = mark
            self._current = {}
            self._found.append((token, self._current))

    def _is_token68(self, equals: bool) -> bool:
        """Whether nothing but padding follows the token that was just read."""
        return not equals or not self._value[self._at :].partition(",")[0].strip("= \t")

    def _run_of_equals(self) -> int:
        start = self._at
        self._skip("=")
        return self._at - start

    def _parameter(self, name: str, value: str) -> None:
        if self._current is None:
            self._current = {}
            self._found.append(("", self._current))
        if len(self._current) < MAX_PARAMETERS:
            self._current.setdefault(name, value)

    def _skip(self, characters: str) -> None:
        while self._at < len(self._value) and self._value[self._at] in characters:
            self._at += 1

    def _token(self) -> str:
        start = self._at
        while self._at < len(self._value) and self._value[self._at] not in ' \t,;="':
            self._at += 1
        return self._value[start : self._at]

    def _value_of(self) -> str:
        self._skip(_SPACE)
        quote = self._value[self._at : self._at + 1]
        return self._quoted(quote) if quote in ('"', "'") and quote else self._unquoted()

    def _quoted(self, quote: str) -> str:
        """A quoted string; a quote that nothing delimits is taken as part of it, a missing one as the end."""
        kept: list[str] = []
        self._at += 1
        while self._at < len(self._value):
            character = self._value[self._at]
            self._at += 1
            if character == "\\" and self._at < len(self._value):
                kept.append(self._value[self._at])
                self._at += 1
            elif character == quote and self._closes(quote):
                break
            else:
                kept.append(character)
        return "".join(kept)

    def _closes(self, quote: str) -> bool:
        """Whether the quote that was just read ends its string: a separator or another parameter follows."""
        ahead = self._value[self._at : self._at + _AHEAD]
        if ahead.lstrip(_SPACE)[:1] in ("", ",", ";"):
            return True
        return ahead[0] in _SPACE and (quote not in ahead or "=" in ahead.partition(quote)[0])

    def _unquoted(self) -> str:
        """All up to the comma, spaces too (`realm=IP Camera`), but not the next `name=`."""
        segment = self._value[self._at :].partition(",")[0]
        equals = segment.find("=")
        space = segment.rfind(" ", 0, equals) if equals > 0 else -1
        if space > 0:
            segment = segment[:space]
        self._at += len(segment)
        return segment.strip()
