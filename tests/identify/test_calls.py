from __future__ import annotations

from scanner.identify import calls as calls_module
from scanner.identify.calls import Caller, Calls, Index, calls_of
from scanner.identify.literals import common_pieces

NONE = common_pieces(())
ALL = range(4)


def mask(numbers: range | tuple[int, ...]) -> bytearray:
    return bytearray(number in numbers for number in range(max(numbers) + 1 + len(ALL)))


def called(calls: Calls, text: str | bytes, among: range | tuple[int, ...] = ALL) -> set[int]:
    data = text.encode() if isinstance(text, str) else text
    return set(Caller(Index(calls), mask(among)).called(data))


def test_a_text_calls_for_the_rules_that_need_a_string_of_it() -> None:
    calls = calls_of(["(?i)acme|bolt", "acme camera", "\\w+x", "bolts"], NONE)
    assert calls.always == (2,)
    assert called(calls, "an ACME thing") == {0}
    assert called(calls, "Acme camera") == {0, 1}
    assert called(calls, "bolts") == {0, 3}
    assert called(calls, "bol acm cam") == called(calls, "") == set()


def test_words_and_ends_of_the_text_count() -> None:
    calls = calls_of(["\\bONU\\b", "^HP-", "NVR$"], NONE)
    assert called(calls, "the ONU, HP-UX, NVR here") == {0}
    assert called(calls, "HP-bonus NVR") == {1, 2}


def test_only_rules_of_the_place_are_called() -> None:
    calls = calls_of(["acme", "acme"], NONE)
    assert called(calls, "acme", (0,)) == {0}
    assert called(calls, "acme", (1,)) == {1}


def test_a_text_that_is_not_utf_8_calls_for_what_is_readable_in_it() -> None:
    calls = calls_of(["acme"], NONE)
    assert called(calls, b"\xff acme \xc3") == {0}
    assert called(calls, b"ac\xffme") == set()


def test_joined_rules_are_numbered_on() -> None:
    joined = calls_of(["acme", "\\w"], NONE).joined(calls_of(["acme|bolt", "\\S"], NONE), 2)
    assert joined.always == (1, 3)
    assert called(joined, "acme") == {0, 2}
    assert called(joined, "bolt") == {2}


def test_a_string_that_the_index_cannot_hold_is_asked_always() -> None:
    assert calls_of(["ab\\x00cd", "abcd"], NONE).always == (0,)


def test_what_most_texts_have_calls_for_no_rule() -> None:
    common = common_pieces(f"camera {number}" for number in range(10_000))
    assert calls_of(["(?i)camera", "(?i)camera 77"], common).always == (0,)


def test_a_letter_with_an_ascii_twin_calls_for_every_rule() -> None:
    """For RE2 the Kelvin sign is a "k" that is no part of a word."""
    assert called(calls_of(["(?i)kamera", "acme"], NONE), "\N{KELVIN SIGN}amera", (0, 1)) == {0, 1}


def test_a_place_that_met_all_pieces_forgets_and_finds_them_again() -> None:
    words = [f"w{number:05}x" for number in range(calls_module._MOST_PIECES + 10)]
    caller = Caller(Index(calls_of(words, NONE)), mask(range(len(words))))
    for _ in range(2):
        for number, word in enumerate(words):
            assert caller.called(word.encode()) == {number}
    assert len(caller._ready) <= calls_module._MOST_PIECES
