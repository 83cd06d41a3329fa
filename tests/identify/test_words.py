from __future__ import annotations

from pathlib import Path

import pytest
import re2  # type: ignore[import-untyped]

from scanner.identify.match import Matcher
from scanner.identify.rule_sets import load_rules
from scanner.identify.rules import RuleSet, load_files, load_fingerprints, parse_file
from scanner.identify.words import Lists, checked_lists, expanded, read_lists
from scanner.models import CAMERA_KINDS, DataError

_RULE = """
[[fingerprint]]
id = "a-label"
where = "http.title"
pattern = '^({{labels}}) cam$'
unless = '{{shops}}'
claims = { brand = "$1" }
weight = "medium"
source = "made up"
examples = [ { text = "Acme cam", brand = "Acme" } ]
rejects = ["Bolt cam"]
"""
_WORDS = """
[words]
labels = ["Acme", "Bo(?:lt|ld)"]
shops = ["shop"]
"""


def brands(rules: RuleSet, title: str) -> list[str]:
    return [hit.values["brand"] for hit in Matcher(rules).hits("http.title", title) if hit.rule.id == "a-label"]


def test_a_list_stands_for_its_alternatives(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_text(_WORDS)
    (tmp_path / "a.toml").write_text(_RULE)
    rules = load_files(sorted(tmp_path.glob("*.toml")))
    assert brands(rules, "Bold cam") == ["Bold"]
    assert brands(rules, "Bolted cam") == []
    assert rules.lists.words["shops"] == "(?:shop)"


def test_a_list_of_places_stands_for_each_of_them_once(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_text(_WORDS + '[places]\nnames = ["http.title", "mdns.Name"]\n')
    (tmp_path / "a.toml").write_text(_RULE.replace('"http.title"', '["{{names}}", "rtsp.realm", "HTTP.title"]'))
    (rule,) = load_files(sorted(tmp_path.glob("*.toml"))).fingerprints
    assert rule.where == ("http.title", "mdns.name", "rtsp.realm")


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("{{nmaes}}", "no list of places 'nmaes'"),
        ("{{names", "unknown place '{{names'"),
        ("{{names}}", "unknown place 'http.titel'"),
        ([], "a place or a list"),
    ],
)
def test_places_that_are_none_name_the_rule(where: object, reason: str) -> None:
    lists = Lists(places={"names": ("http.titel",)})
    rule = _RULE.replace('"http.title"', str(where) if isinstance(where, list) else f'"{where}"')
    with pytest.raises(DataError, match=f"a.toml:2: a-label: .*{reason}"):
        parse_file("a.toml", rule.encode(), lists)


def test_a_file_that_is_proved_alone_knows_the_packaged_lists(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(_RULE.replace("shops", "about-cameras"))
    rules = load_files([file])
    assert brands(rules, "Foscam cam") == ["Foscam"]
    assert [each.file for each in rules.files] == ["a.toml"]


def test_a_folder_of_ones_own_uses_the_packaged_lists_and_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(_RULE.replace("shops", "about-cameras"))
    assert brands(load_rules([tmp_path]), "Foscam cam") == ["Foscam"]
    (tmp_path / "words.toml").write_text('[words]\nlabels = ["Acme"]\n')
    rules = load_rules([tmp_path])
    assert brands(rules, "Acme cam") == ["Acme"]
    assert brands(rules, "Foscam cam") == []


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [("{{lables}}", "no list 'lables'"), ("x{{labels", "no list 'labels'"), ("{{labels}}{{}}", "no list ''")],
)
def test_a_list_that_is_not_there_names_the_rule(pattern: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        expanded("a.toml:3: a-label", pattern, {"labels": "(?:a)"})
    with pytest.raises(DataError, match=r"a.toml:2: a-label: there is no list 'labels'"):
        parse_file("a.toml", _RULE.encode())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("words = 1", "not a table"),
        ("[words]\na = 'b'", "must be a list"),
        ("[words]\na = []", "must be a list"),
        ("[words]\na = ['']", "must be a list"),
        ("[words]\na = ['b', 'b']", "has 'b' twice"),
        ("[places]\na = ['b', 'b']", r"\[places\] a has 'b' twice"),
        ("[words", "not valid TOML"),
    ],
)
def test_lists_that_are_none(text: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read_lists([("mine/words.toml", text.encode())])


def test_no_list_no_words() -> None:
    assert checked_lists("a.toml", {}) == Lists()
    assert read_lists([("a.toml", b"[words]\nnot = ['read']")]) == Lists()


def test_every_name_of_a_camera_maker_is_among_the_labels() -> None:
    """A maker's file that claims cameras, and no programs: its name is read wherever a label is."""
    rules = load_fingerprints()
    words = rules.lists.words
    known = re2.compile(f"(?i)^(?:{words['labels']}|{words['labels-of-others']})$")
    missing = []
    for file in rules.files:
        kinds = {rule.claims.get("kind", "") for rule in file.fingerprints}
        hardware = kinds & (CAMERA_KINDS - {"vms"}) and "vms" not in kinds
        if file.name and file.role in ("maker", "brand", "both") and hardware and known.search(file.name) is None:
            missing.append(file.name)
    assert missing == []
