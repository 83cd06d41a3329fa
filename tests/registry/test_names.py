"""Names match whole, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.registry import companies_by_name
from scanner.registry.names import fold, labels_of, same_name
from tests.registry.devices import shipped


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("Hikvision", "Hikvision"),
        ("HIKVISION", "Hikvision"),
        ("  hikvision ", "Hikvision"),
        ("海康威视", "Hikvision"),
        ("Hangzhou Hikvision Digital Technology Co.,Ltd.", "Hikvision"),
        ("ZHEJIANG DAHUA TECHNOLOGY CO., LTD.", "Dahua"),
        ("UNV", "Uniview"),
        ("Hanwha Techwin", "Hanwha Vision"),
        ("Prama Hikvision India Private Limited", "Prama"),
        ("TP-LINK TECHNOLOGIES CO.,LTD.", "TP-Link"),
        ("TP-Link Systems Inc", "TP-Link"),
        ("tp link", "TP-Link"),
    ],
)
def test_a_company_is_found_by_each_of_its_names(text: str, company: str) -> None:
    assert [each.name for each in companies_by_name(text, shipped())] == [company]


@pytest.mark.parametrize(
    "text",
    [
        "Shanghai Dahua Scale Factory",
        "Dahua Lighting",
        "Dahuatech",
        "standaard",
        "Hikvisionary",
        "My Hikvision camera",
        "hik vision",
        "Pramac",
        "JOREX LOREX INDIA",
        "GANATECHWIN",
        "HYESUNG TECHWIN",
        "Kedah Electronics",
        "ZTEC",
        "Taxis",
        "Praxis",
        "",
        "   ",
        "Co., Ltd.",
    ],
)
def test_a_near_name_is_nobody(text: str) -> None:
    assert companies_by_name(text, shipped()) == ()
    assert labels_of(text, shipped()) == ()


def test_prama_is_not_hikvision() -> None:
    assert [each.name for each in companies_by_name("Prama", shipped())] == ["Prama"]
    assert not same_name("Prama", "Hikvision", shipped())


def test_two_names_of_one_company_are_the_same() -> None:
    assert same_name("Hanwha Techwin", "Hanwha Vision", shipped())
    assert same_name("ACME cams", "Acme Cams", shipped())
    assert not same_name("Dahua", "Dahua Lighting", shipped())


def test_labels_are_found_whole() -> None:
    assert {each.maker for each in labels_of("hilook", shipped())} == {"Hikvision"}
    assert {each.maker for each in labels_of("Loryta", shipped())} == {"Dahua", "Hikvision"}
    assert labels_of("HiLooker", shipped()) == ()


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_folding_is_stable_and_takes_anything(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    companies_by_name(text, shipped())


@settings(max_examples=60)
@given(st.sampled_from(sorted(shipped().companies)), st.text("abcxyz", min_size=1, max_size=6))
def test_letters_glued_to_a_name_make_it_another(name: str, glued: str) -> None:
    assert all(each.name != name for each in companies_by_name(f"{name}{glued}", shipped()))
