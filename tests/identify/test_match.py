from __future__ import annotations

import time

import pytest

from scanner.identify.match import Matcher, encode, fill
from scanner.identify.rules import RuleSet, parse_file
from scanner.models import DataError
from tests.identify.support import small_rules


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(small_rules())


def test_captures_fill_the_claims(matcher: Matcher) -> None:
    (hit,) = matcher.hits("rtsp.header.server", "AcmeCam RTSP/2.1.0 (AC-200)")
    assert hit.values == {"maker": "Acme", "kind": "camera", "firmware": "2.1.0", "model": "AC-200"}


def test_an_empty_group_makes_no_claim(matcher: Matcher) -> None:
    (hit,) = matcher.hits("http.realm", "Acme login")
    assert "serial" not in hit.values
    assert hit.values["maker"] == "Acme"


def test_an_unknown_place_has_no_rules(matcher: Matcher) -> None:
    assert list(matcher.hits("sadp.thing", "Acme")) == []
    assert not matcher.knows("sadp.thing")
    assert matcher.knows("http.title")


@pytest.mark.parametrize(
    ("path", "matches"),
    [("/acme/info", True), ("/acme/info?x=1", True), ("/other", False), (None, False), ("/acme/info/", False)],
)
def test_a_path_is_where_it_must_have_come_from(matcher: Matcher, path: str | None, matches: bool) -> None:
    assert bool(list(matcher.hits("http.body", "model=AN-16", path))) is matches


@pytest.mark.parametrize(("port", "matches"), [(23, True), (2323, False), (None, False)])
def test_a_port_is_where_it_must_have_come_from(matcher: Matcher, port: int | None, matches: bool) -> None:
    assert bool(list(matcher.hits("banner", "cam-os 1.2", None, port))) is matches


def test_text_beyond_ascii_and_lone_surrogates_are_matched(matcher: Matcher) -> None:
    (hit,) = matcher.hits("onvif.manufacturer", "Kamera Größe \udc80 海康")
    assert hit.values["maker"] == "Kamera Größe ? 海康"


def test_text_is_cut_at_the_cap_of_its_place() -> None:
    assert len(encode("http.title", "a" * 100_000)) == 4096
    assert len(encode("http.body", "a" * 100_000)) == 65536
    assert len(encode("upnp.xml", "a" * 100_000)) == 65536


@pytest.mark.parametrize(
    ("template", "groups", "value"),
    [
        ("Acme", [], "Acme"),
        ("$1", ["x"], "x"),
        ("DS-$2/$1", ["a", "b"], "DS-b/a"),
        ("$2", ["x"], ""),
        ("v$1", [""], ""),
        ("5$", [], "5$"),
        ("$x", ["a"], "$x"),
    ],
)
def test_templates(template: str, groups: list[str], value: str) -> None:
    assert fill(template, groups) == value


def test_a_pattern_that_re2_refuses_names_its_rule() -> None:
    text = """
[[fingerprint]]
id = "looks-around"
where = "http.title"
pattern = '(?=a)b'
claims = { is_camera = "true" }
weight = "weak"
source = "made up"
examples = [ { text = "b" } ]
rejects = ["c"]
"""
    rules = RuleSet((parse_file("bad.toml", text.encode()),))
    with pytest.raises(DataError, match=r"bad.toml:2: looks-around: pattern"):
        list(Matcher(rules).hits("http.title", "b"))


_UNLESS = """
[[fingerprint]]
id = "a-router"
where = ["http.title", "http.body"]
pattern = '(?i)\\b(\\w+) router'
unless = '(?i)camera'
claims = { kind = "other", product = "PRODUCT" }
weight = "medium"
source = "made up"
examples = [ { text = "home router" } ]
rejects = ["router camera", "home router for a camera"]
"""


@pytest.mark.parametrize("product", ["router", "router ($1)"])
def test_a_text_that_unless_matches_is_left_alone(product: str) -> None:
    rules = RuleSet((parse_file("words.toml", _UNLESS.replace("PRODUCT", product).encode()),))
    matcher = Matcher(rules)
    assert [hit.values["product"] for hit in matcher.hits("http.title", "Home router")] == [
        product.replace("$1", "Home")
    ]
    assert list(matcher.hits("http.title", "Home router with CAMERA")) == []
    far = "home router" + " " * 60_000 + "camera"
    assert list(matcher.hits("http.body", far)) == []


def test_an_unless_that_re2_refuses_names_its_rule() -> None:
    rules = RuleSet((parse_file("words.toml", _UNLESS.replace("(?i)camera", "(?!a)").encode()),))
    with pytest.raises(DataError, match=r"words.toml:2: a-router: unless"):
        list(Matcher(rules).hits("http.title", "home router"))


def test_a_pattern_made_to_backtrack_stays_linear() -> None:
    text = """
[[fingerprint]]
id = "nested"
where = "http.body"
pattern = '^(a+)+$'
claims = { is_camera = "true" }
weight = "weak"
source = "made up"
examples = [ { text = "a" } ]
rejects = ["b"]
"""
    matcher = Matcher(RuleSet((parse_file("nested.toml", text.encode()),)))
    started = time.perf_counter()
    assert list(matcher.hits("http.body", "a" * 65_000 + "b")) == []
    assert time.perf_counter() - started < 0.5
