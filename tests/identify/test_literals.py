from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
import re2  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.cases import read_cases
from scanner.identify.literals import PIECE, common_pieces, marked, needs
from scanner.identify.match import Matcher
from scanner.identify.places import places
from scanner.identify.rules import RuleSet, load_fingerprints

CASES = Path(__file__).resolve().parents[2] / "../shared/cases/dev.jsonl"
NONE: Counter[str] = Counter()


def shown(text: str) -> str:
    """The signs of a marked text in sight: | where a word begins or ends, < > the ends of the text."""
    return text.replace("\1", "|").replace("\2", "<").replace("\3", ">")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("^Acme$", ("<|acme|>",)),
        ("(?im)^Acme$", ("acme",)),
        ("\\bAcme\\b", ("|acme|",)),
        ("\\b^Acme$\\b", ("<|acme|>",)),
        ("(?:^|-)Acme", ("-|acme", "<|acme")),
        ("x\\BAcme", ("xacme",)),
        ("\\AAcme\\z", ("<|acme|>",)),
        ("a\\x01b", ()),
        ("(?i)ACME|Bolt", ("acme", "bolt")),
        ("(?:net|ip) ?camera", ("ip| |camera", "ipcamera", "net| |camera", "netcamera")),
        ("[DN]VR", ("dvr", "nvr")),
        ("a[bc]d", ("abd", "acd")),
        ("(?P<x>ab)+cd?e", ()),
        ("x\\d?", ()),
        ("A[01][2-3]", ("a02", "a03", "a12", "a13")),
        ("(?:V|W)\\d{3,}x", tuple(f"{v}{n:02}" for v in "vw" for n in range(100))),
        ("Vx[[:digit:]]", ()),
        ("Vx[\\d]+\\w", tuple(f"vx{n}" for n in range(10))),
        ("[^\\d][a-z]", ()),
        ("^DS-\\d{4}\\x2d?", ("<|ds|-",)),
        ("x{2}abc", ("abc",)),
        ("ab{0,1}cde", ("abcde", "acde")),
        ("(?:abc|)def", ("abcdef", "def")),
        ("(?:abc)?", ()),
        ("abc|\\d+", ()),
        ("[^a]bcd[[:alpha:]]", ("bcd",)),
        ("[a-c\\d]+xyz", ("xyz",)),
        ("a{b,c}", ("a|{|b|,|c|}",)),
        ("видео", ("видео",)),
        ("Straße", ()),
        ("\\pLabc", ()),
        ("\\Qabc\\E", ()),
        ("(?=abc)abc", ()),
        ("(abc", ()),
        ("abc)", ()),
        ("a**", ()),
        ("", ()),
    ],
)
def test_needs(pattern: str, found: tuple[str, ...]) -> None:
    assert tuple(sorted(shown(text) for _, text in needs(pattern, NONE))) == tuple(sorted(found))


def test_the_rarest_piece_is_taken() -> None:
    common = common_pieces(["network camera", "ip camera", "net"])
    assert common["cam"] == 2
    ((piece, text),) = needs("Foscam camera", common)
    assert shown(text) == "foscam| |camera"
    assert piece not in ("cam", "ame", "mer", "era")
    assert needs("(?:net|ip)[ -]+\\d+(?:abc|cam)", common) == (("abc", "abc"), ("cam", "cam"))
    assert needs("network.*foscam", common) == (("fos", "foscam"),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "<>"),
        ("IP Camera", "<|ip| |camera|>"),
        (" 2-b", "< |2|-|b|>"),
        ("ß_1", "<ss|_1|>"),
        ("\N{KELVIN SIGN}", None),
        ("a\1b", "<|a|\4|b|>"),
    ],
)
def test_marked(text: str, found: str | None) -> None:
    in_text = marked(text)
    assert (None if in_text is None else shown(in_text)) == found


_CHARS = "abAB-. 1ßſKσςΣ\1\2"
_atoms = st.one_of(
    st.sampled_from([".", "\\d", "\\w", "[ab]", "[^a]", "[a-c]", "\\b", "^", "$", "\\.", "[[:digit:]]", "\\x41"]),
    st.text(_CHARS.replace(".", ""), min_size=1, max_size=5),
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "*?"])).map(
            lambda p: f"(?:{p[0]}){p[1]}"
        ),
        inner.map(lambda part: f"({part})"),
    )


_patterns = st.tuples(st.sampled_from(["", "(?i)"]), st.recursive(_atoms, _grown, max_leaves=12)).map("".join)


@settings(max_examples=500)
@given(_patterns, st.text(_CHARS, max_size=24))
def test_whatever_matches_has_what_it_needs(pattern: str, text: str) -> None:
    found = needs(pattern, NONE)
    in_text = marked(text)
    if found and in_text is not None and re2.search(pattern, text) is not None:
        assert any(string in in_text for _, string in found)
    assert all(len(piece) == min(PIECE, len(string)) and piece in string for piece, string in found)


def test_what_re2_takes_for_one_letter_folds_to_one() -> None:
    """Every letter that has another case, against its other cases, as RE2 folds them."""
    for number in range(sys.maxunicode):
        char = chr(number)
        others = {char.lower(), char.upper(), char.title(), char.casefold()} - {char}
        for other in others:
            if len(other) == 1 and re2.search(f"(?i)^{char}$", other) is not None:
                assert char.casefold() == other.casefold(), hex(number)


def test_calls_change_no_result() -> None:
    rules = load_fingerprints()
    assert rules.calls is not None
    assert len(rules.calls.always) < len(rules.fingerprints) / 5
    called, in_one_pass = Matcher(rules), Matcher(RuleSet(rules.files))
    texts = {(rule.where[0], example.text) for rule in rules.fingerprints for example in rule.examples}
    if CASES.is_file():
        texts |= {(place, text) for case in read_cases(CASES) for each in case.evidence for place, text in places(each)}
    for place, text in texts:
        found = [(hit.rule.id, hit.values, hit.text) for hit in called.hits(place, text)]
        assert found == [(hit.rule.id, hit.values, hit.text) for hit in in_one_pass.hits(place, text)], (place, text)


def test_pieces_are_counted_once_a_text() -> None:
    assert common_pieces(["aaa", "", "aaa"])["aaa"] == 2
