"""A user's own fingerprints beside the packaged ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.identify.engine import identify
from scanner.identify.rule_sets import extended, load_rules, read_folder
from scanner.models import DataError, UsageError
from tests.identify.support import ACME, BOLT, small_rules, title

RULES = small_rules()
MORE = """
[maker]
name = "Acme"
role = "maker"
spellings = ["Acme Nova"]

[[fingerprint]]
id = "user-acme-title"
where = "http.title"
pattern = '^Nova portal$'
claims = { maker = "Acme Nova", kind = "camera" }
weight = "strong"
source = "made up for the tests"
examples = [ { text = "Nova portal" } ]
rejects = ["portal"]
"""


def test_a_folder_adds_rules_and_spellings_to_a_maker(tmp_path: Path) -> None:
    (tmp_path / "makers").mkdir()
    (tmp_path / "makers" / "acme.toml").write_text(MORE)
    both = extended(RULES, read_folder(tmp_path))
    device = identify([title("Nova portal")], both)
    assert (device.maker, device.kind) == ("Acme", "camera")
    assert identify([title("Nova portal")], RULES).maker is None
    assert identify([title("Acme Viewer")], both).claims == identify([title("Acme Viewer")], RULES).claims


def test_the_digest_covers_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(MORE)
    first = extended(RULES, read_folder(tmp_path)).digest
    file.write_text(MORE.replace("portal", "door"))
    assert len({RULES.digest, first, extended(RULES, read_folder(tmp_path)).digest}) == 3


def test_the_packaged_rules_stay_as_they_are_without_a_folder() -> None:
    assert load_rules() is load_rules()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MORE.replace('"Acme"\nrole', '"ACME"\nrole'), 'write name = "Acme"'),
        (MORE.replace('role = "maker"', 'role = "brand"'), 'role of \'Acme\' is "maker" in acme.toml, not "brand"'),
        (MORE.replace('"Acme Nova"]', '"Bolt"]'), "is a spelling of 'Bolt'"),
        (MORE.replace("user-acme-title", "acme-title"), "id 'acme-title' is already used in acme.toml:"),
        (MORE.replace("http.title", "http.titel"), "mine.toml:7: user-acme-title: unknown place 'http.titel'"),
        (MORE.replace("[maker]", "[maker"), "not valid TOML"),
        (MORE.replace("^Nova portal$", "^Nova{1001} portal$"), "mine.toml:7: user-acme-title: pattern: "),
        (MORE.replace("claims =", "unless = '(?!x)'\nclaims ="), "mine.toml:7: user-acme-title: unless: "),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(DataError) as caught:
        extended(RULES, read_folder(tmp_path))
    assert str(caught.value).startswith(f"{file}:")
    assert words in str(caught.value)


def test_two_folders_and_one_twice(tmp_path: Path) -> None:
    for name, text in (("a", MORE), ("b", MORE.replace("user-acme-title", "other"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.toml").write_text(text)
    sources = [*read_folder(tmp_path / "a"), *read_folder(tmp_path / "b"), *read_folder(tmp_path / "a")]
    assert len(extended(RULES, sources).fingerprints) == len(RULES.fingerprints) + 2


@pytest.mark.parametrize("name", ["gone", "empty"])
def test_a_folder_without_rules(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="--fingerprints"):
        read_folder(tmp_path / name)


def test_rules_know_their_lines() -> None:
    for text in (ACME, BOLT):
        for rule in RULES.fingerprints:
            if rule.file == "acme.toml" and text is ACME:
                assert text.splitlines()[rule.line - 1] == "[[fingerprint]]"
                assert rule.place == f"acme.toml:{rule.line}"
