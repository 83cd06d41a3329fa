from __future__ import annotations

from collections import Counter

from scanner.identify.calls import Caller, Calls, calls_of

NONE: Counter[str] = Counter()


def called(calls: Calls, text: str, among: str = "1111") -> set[int]:
    return Caller(calls).called(text.encode(), bytearray(each == "1" for each in among))


def test_a_text_calls_for_the_rules_that_need_a_string_of_it() -> None:
    calls = calls_of(["(?i)acme|bolt", "acme camera", "\\w+x", "bolts"], NONE)
    assert calls.always == (2,)
    assert called(calls, "an ACME thing") == {0}
    assert called(calls, "Acme camera") == {0, 1}
    assert called(calls, "bolts") == {0, 3}
    assert called(calls, "bol acm cam") == called(calls, "") == set()


def test_only_rules_of_the_place_are_called() -> None:
    calls = calls_of(["acme", "acme"], NONE)
    assert called(calls, "acme", "10") == {0}
    assert called(calls, "acme", "01") == {1}


def test_a_text_that_is_not_utf_8_calls_for_what_is_readable_in_it() -> None:
    caller = Caller(calls_of(["acme"], NONE))
    assert caller.called(b"\xff acme \xc3", bytearray([True])) == {0}
    assert caller.called(b"ac\xffme", bytearray([True])) == set()


def test_joined_rules_are_numbered_on() -> None:
    joined = calls_of(["acme", "\\w"], NONE).joined(calls_of(["acme|bolt", "\\S"], NONE), 2)
    assert joined.always == (1, 3)
    assert called(joined, "acme") == {0, 2}
    assert called(joined, "bolt") == {2}


def test_a_string_that_the_index_cannot_hold_is_asked_always() -> None:
    assert calls_of(["ab\\x00cd", "abcd"], NONE).always == (0,)


def test_a_letter_with_an_ascii_twin_calls_for_every_rule() -> None:
    """For RE2 the Kelvin sign is a "k" that is no part of a word."""
    assert called(calls_of(["(?i)kamera", "acme"], NONE), "\N{KELVIN SIGN}amera", "11") == {0, 1}


def test_strings_of_two_characters_are_not_looked_for_in_a_long_text() -> None:
    calls = calls_of(["HP", "acme"], NONE)
    assert (calls.always, calls.short) == ((), (0,))
    assert called(calls, "HP acme") == {0, 1}
    assert Caller(calls).called(b"HP acme", bytearray([True, True]), short=False) == {1}
    assert calls.joined(calls, 2).short == (0, 2)
