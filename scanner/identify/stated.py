"""Whether a case's evidence states a value at all: what it does not state, nobody can find in it."""

from __future__ import annotations

import msgspec

from scanner.identify.cases import Case
from scanner.identify.places import places

_SHORTEST_PART = 3


def states(case: Case, value: str) -> bool:
    """Whether `value`, or each of its words of three characters and more, occurs in the evidence.

    Compared without case, punctuation and spaces, in the texts as they are matched and in the records as recorded.
    """
    texts = _texts(case)
    wanted = _squash(value)
    if any(wanted in text for text in texts):
        return True
    parts = [part for word in value.split() if len(part := _squash(word)) >= _SHORTEST_PART]
    return bool(parts) and all(any(part in text for text in texts) for part in parts)


def _texts(case: Case) -> list[str]:
    recorded = [msgspec.json.encode(record.fields).decode("utf-8", "replace") for record in case.evidence]
    matched = [text for record in case.evidence for _, text in places(record)]
    return [_squash(text) for text in (*matched, *recorded)]


def _squash(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
