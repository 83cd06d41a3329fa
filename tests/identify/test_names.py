from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.identify.names import Names, fold
from tests.identify.support import small_rules


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HIKVISION", "Hikvision"),
        ("Acme Security Co., Ltd.", "ACME SECURITY"),
        ("Acme Security Co.,Ltd", "Acme Security Corporation"),
        ("D-Link", "dlink"),
        ("TP-LINK Inc.", "TP Link"),
    ],
)
def test_spellings_that_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_name_that_is_only_a_suffix_stays() -> None:
    assert fold("Co") == "co"
    assert fold("AS") != fold("AB")


@given(st.text())
def test_folding_keeps_what_has_a_letter(name: str) -> None:
    assert bool(fold(name)) is any(character.isalnum() for character in name[:200].casefold())


def test_a_known_spelling_gets_its_canonical_name() -> None:
    names = Names(small_rules())
    assert names.canonical("acme security company limited") == "Acme"
    assert names.canonical("LabelCo") == "Labelco"
    assert names.canonical("Nobody") is None


def test_registrants_and_enterprises() -> None:
    names = Names(small_rules())
    registrant = names.registrant("hangzhou hikvision digital technology")
    enterprise = names.enterprise(39165)
    assert registrant is not None
    assert registrant.name == "Acme"
    assert enterprise is not None
    assert enterprise.name == "Acme"
    assert names.enterprise(1) is None
    assert names.registrant("Somebody") is None


@pytest.mark.parametrize(
    ("said", "model"),
    [
        ("Acme M5525-E", "M5525-E"),
        ("M5525-E Network Camera", "M5525-E"),
        ("Acme M5525-E FTP server (1.2) ready.", "M5525-E"),
        ("M5525-E login:", "M5525-E"),
        ("Network Camera", "Network Camera"),
        ("Dome IP camera", "Dome IP camera"),
        ("M5525-E Outdoor", "M5525-E Outdoor"),
    ],
)
def test_a_model_stands_without_the_maker_and_what_the_line_goes_on_with(said: str, model: str) -> None:
    assert Names(small_rules()).without(said, "Acme") == model
