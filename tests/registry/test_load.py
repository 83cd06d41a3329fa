"""A bad file is refused with file, line, entry and what was meant."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.data import data_folder
from scanner.models import DataError
from scanner.registry import load_registry
from tests.registry.devices import shipped

Break = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped data, to break."""
    return Path(shutil.copytree(data_folder("fingerprints") / "registry", tmp_path / "registry"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_copy_is_the_same_registry(folder: Path) -> None:
    assert load_registry(folder) == shipped()


def test_the_digest_follows_the_text(folder: Path) -> None:
    edit(folder, "listings.toml", "# Who is named", "# Who was named")
    assert load_registry(folder).digest != shipped().digest


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("listings.toml", 'company = "Dahua"', 'compny = "Dahua"', "unknown key 'compny'; did you mean 'company'?"),
        ("listings.toml", 'company = "Dahua"', 'company = "Dahwa"', "unknown company 'Dahwa'; did you mean 'Dahua'?"),
        (
            "listings.toml",
            '"US-NDAA-889"',
            '"US-NDAA-888"',
            "unknown instrument 'US-NDAA-888'; did you mean 'US-NDAA-889'?",
        ),
        ("listings.toml", 'from = "2018-08-13"', 'from = "2018-08-32"', "the month has no such day"),
        ("listings.toml", 'from = "2018-08-13"', 'from = "August 2018"', "'August 2018' is not a date"),
        ("listings.toml", 'to = "2025-01-07"', 'to = "2023-01-07"', "ends (2023-01-07) before it begins (2024-01-31)"),
        ("listings.toml", 'source = "https', 'source = "seen at https', "is no address"),
        ("listings.toml", 'checked = "2026-11-22"\n', "", "missing required field `checked`"),
        ("instruments.toml", 'effect = "prohibits purchase"', 'effect = "bans"', "Invalid enum value 'bans'"),
        ("instruments.toml", 'part_of = "US-NDAA-889"', 'part_of = "US-NDAA-898"', "unknown instrument 'US-NDAA-898'"),
        ("listings.toml", '"US-FCC-COVERED-LIST"', '"US-FCC-22-84"', "is told with US-FCC-COVERED-LIST"),
        ("instruments.toml", 'criterion = "prc-based"\n', "", "a criterion needs criterion"),
        ("instruments.toml", 'edition = "2026-11-28"\n', "", "no edition"),
        ("instruments.toml", 'edition = "2026-11-28"', 'edition = "soon"', "edition: 'soon' is not a date"),
        ("instruments.toml", 'id = "US-FCC-22-84"', 'id = "US-FCC-25-71"', "'US-FCC-25-71' is there twice"),
        ("companies.toml", 'aliases = ["UNV", ', 'aliases = ["Dahua", ', "'Dahua' is a name of"),
        ("companies.toml", "prc_based = true", 'prc_based = "yes"', "Expected `bool"),
        ("labels.toml", 'maker = "TP-Link"', 'maker = "TP Link"', "unknown company 'TP Link'; did you mean 'TP-Link'?"),
        (
            "labels.toml",
            'use = "question"\nscope',
            'use = "brand-owner"\nscope',
            "only what is certain is a brand-owner's",
        ),
        ("components.toml", '"hi35"', '"Hi35"', "chip 'Hi35' must be lower case"),
        ("policies.toml", '"US-TX-PROHIBITED"', '"US-TX-PROHIBITD"', "did you mean 'US-TX-PROHIBITED'?"),
        ("policies.toml", "[[policy]]", "[[polcy]]", "unknown key 'polcy'; did you mean 'policy'?"),
        ("policies.toml", "criteria = false", "criteria = maybe", "Invalid value"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, name: str, old: str, new: str, message: str) -> None:
    edit(folder, name, old, new)
    with pytest.raises(DataError) as refused:
        load_registry(folder)
    assert message in str(refused.value)
    assert name in str(refused.value)


def test_the_line_is_that_of_the_entry(folder: Path) -> None:
    edit(folder, "listings.toml", 'company = "ZTE"', 'company = "ZTF"')
    lines = (folder / "listings.toml").read_text("utf-8").splitlines()
    broken = next(number for number, line in enumerate(lines, start=1) if "ZTF" in line)
    start = max(number for number, line in enumerate(lines[:broken], start=1) if line == "[[listing]]")
    with pytest.raises(DataError, match=f"listings.toml, line {start}: US-NDAA-889 / ZTE Corporation: unknown company"):
        load_registry(folder)


def test_a_missing_file_and_no_text_are_told(folder: Path) -> None:
    (folder / "labels.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"labels\.toml: can't be read"):
        load_registry(folder)
    (folder / "labels.toml").unlink()
    with pytest.raises(DataError, match=r"labels\.toml: can't be read"):
        load_registry(folder)


def test_a_table_where_a_list_belongs(folder: Path) -> None:
    (folder / "policies.toml").write_text('[policy]\nid = "mine"\n', "utf-8")
    with pytest.raises(DataError, match=r"write \[\[policy\]\], not \[policy\]"):
        load_registry(folder)
