"""Whether a device can make the matcher slow: hostile texts of the greatest length that is read, against benign ones.

Whole sets: every rule of a place over one text. Benign is an ordinary page filled up to the same length;
hostile texts are runs of what patterns repeat over, near misses (every rule's example without its last character, again
and again), real matches (every rule's example, so that as many rules as can hit and capture), and their pieces. Each is
measured in turn with the benign text. "A quarter" is the same text at a quarter of the length, where the same number of
rules hit: time that is linear in the text makes this column 4 × or, where a part does not depend on it, less.

Single rules: each rule of the place over its own near miss, against itself over the benign text; the worst are shown.
Whole record: the product's own way from one HTTP answer with such a body to a device.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from random import Random

import msgspec

from benchmarks.measure import in_turn, show_ratio, show_seconds
from benchmarks.table import Table
from scanner.identify.engine import identify
from scanner.identify.match import LONG_CAP, TEXT_CAP, Matcher, compile_pattern, encode
from scanner.identify.rules import Fingerprint, RuleSet, default_rules
from scanner.models import Evidence

NAME = "matching"
YARDSTICK = "benign"
PLACES = {"http.body": LONG_CAP, "http.title": TEXT_CAP}
"""The place with the longest texts and that with the most rules, each with the length that is read at most."""
_PAGE = (
    "<!DOCTYPE html><html><head><title>Welcome</title><link rel='stylesheet' href='/css/main.css'></head><body>"
    "<div class='row'><p>The quick brown fox jumps over the lazy dog, and reads the news of the day.</p></div>"
)


class Worst(msgspec.Struct, frozen=True, order=True):
    """One rule: `ratio` of its near miss to the benign text; medians of seconds (`quarter`: a near miss as long)."""

    ratio: float
    hostile: float
    benign: float
    quarter: float
    rule: str


def run(runs: int = 7, shown: int = 3, places: Mapping[str, int] = PLACES) -> list[Table]:
    """For each place, with a length, a table of whole sets and one of its worst rules; then whole records."""
    rules = default_rules()
    matcher = Matcher(rules)
    tables = []
    for place, length in places.items():
        tables.append(sets(matcher, rules, place, length, runs))
        tables.append(singles(rules, place, length, runs, shown))
    return [*tables, records(rules, max(places.values()), runs)]


def sets(matcher: Matcher, rules: RuleSet, place: str, length: int, runs: int) -> Table:
    """All rules of `place` over each text."""
    texts = {YARDSTICK: benign(length), **hostile(rules_of(rules, place), length)}
    parts = {name: text[: length // 4] for name, text in texts.items()}
    whole = in_turn({name: _hits(matcher, place, text) for name, text in texts.items()}, YARDSTICK, runs)
    quarter = in_turn({name: _hits(matcher, place, text) for name, text in parts.items()}, YARDSTICK, runs)
    rows = []
    for name, timing in whole.items():
        hit, hit_in_part = (sum(1 for _ in matcher.hits(place, each[name])) for each in (texts, parts))
        grown = show_ratio(timing.median / quarter[name].median) if hit == hit_in_part else "–"
        rate = f"{length / timing.median / 1e6:.1f}"
        rows.append((name, f"{hit}", show_seconds(timing.median), rate, show_ratio(timing.ratio), grown))
    columns = ("text", "rules that hit", "median", "MB/s", f"against {YARDSTICK}", "against a quarter")
    count = len(rules_of(rules, place))
    return Table(
        NAME, f"{place}: {count} rules at once over {length:,} characters, median of {runs}", columns, tuple(rows)
    )


def singles(rules: RuleSet, place: str, length: int, runs: int, shown: int) -> Table:
    """The `shown` rules of `place` that their own near miss slows down most."""
    usual = encode(place, benign(length))
    worst = sorted((_single(rule, place, usual, length, runs) for rule in rules_of(rules, place)), reverse=True)
    rows = tuple(
        (
            each.rule, show_seconds(each.benign), show_seconds(each.hostile), show_ratio(each.ratio),
            show_ratio(each.hostile / each.quarter),
        )
        for each in worst[:shown]
    )  # fmt: skip
    columns = ("rule", YARDSTICK, "near miss", f"against {YARDSTICK}", "against a quarter")
    slowest = max(worst, key=lambda each: each.hostile)
    note = f"Slowest in seconds of {len(worst)}: {slowest.rule}, {show_seconds(slowest.hostile)}."
    return Table(NAME, f"{place}: the worst single rules over {length:,} characters", columns, rows, (note,))


def records(rules: RuleSet, length: int, runs: int) -> Table:
    """`identify` of one HTTP answer, each kind of body."""
    bodies = {
        YARDSTICK: benign(length),
        **hostile(rules_of(rules, "http.body"), length),
        "JSON of many leaves": _filled("[", '{"model":"DS-2CD2042WD-I"},', length - 1) + "]",
        "JSON, nested": "[" * length,
        "unclosed tags": _filled("", "<title><", length),
    }
    timings = in_turn({name: _identify(body, rules) for name, body in bodies.items()}, YARDSTICK, runs)
    rows = tuple((name, show_seconds(each.median), show_ratio(each.ratio)) for name, each in timings.items())
    columns = ("body", "median", f"against {YARDSTICK}")
    return Table(NAME, f"A whole HTTP answer of {length:,} characters to a device, median of {runs}", columns, rows)


def benign(length: int) -> str:
    """An ordinary page, filled up to `length`."""
    return _filled("", _PAGE, length)


def hostile(rules: Iterable[Fingerprint], length: int) -> Mapping[str, str]:
    """Texts of `length` characters meant to cost `rules` the most."""
    chosen = list(rules)
    return {
        "one letter": "a" * length,
        "digits and dots": _filled("", "1.", length),
        "white space": " " * length,
        "opening brackets": _filled("", "<(", length),
        "all near misses": _filled("", "".join(_near_miss(rule) for rule in chosen), length),
        "all matches": _filled("", "\n".join(rule.examples[0].text for rule in chosen), length),
        "pieces of examples": _filled("", "".join(_pieces(chosen)), length),
    }


def _pieces(rules: Sequence[Fingerprint]) -> Iterator[str]:
    """Beginnings of the rules' examples in no order, as a page that keeps on changing its mind."""
    chance = Random(1)  # noqa: S311 (the same text each time)
    for rule in chance.sample(rules, len(rules)):
        yield rule.examples[0].text[: chance.randrange(1, 200)] + chance.choice(("\n", "<td>", "</td>", " ", ">", '"'))


def rules_of(rules: RuleSet, place: str) -> list[Fingerprint]:
    """The rules that look at `place`."""
    return [rule for rule in rules.fingerprints if place in rule.where]


def _near_miss(rule: Fingerprint) -> str:
    return rule.examples[0].text[:-1]


def _filled(start: str, unit: str, length: int) -> str:
    return (start + unit * (length // max(len(unit), 1) + 1))[:length]


def _single(rule: Fingerprint, place: str, usual: bytes, length: int, runs: int) -> Worst:
    compiled = compile_pattern(rule)
    missed = encode(place, _filled("", _near_miss(rule) or " ", length))
    part = missed[: length // 4]
    works = {"benign": usual, "hostile": missed, "quarter": part}
    times = in_turn({name: partial(compiled.search, data) for name, data in works.items()}, "benign", runs)
    hostile, quarter = times["hostile"], times["quarter"]
    return Worst(hostile.ratio, hostile.median, times["benign"].median, quarter.median, rule.id)


def _hits(matcher: Matcher, place: str, text: str) -> Callable[[], object]:
    return lambda: sum(1 for _ in matcher.hits(place, text))


def _identify(body: str, rules: RuleSet) -> Callable[[], object]:
    record = Evidence("198.51.100.10", "http", {"port": 80, "path": "/", "status": 200, "headers": [], "body": body})
    return lambda: identify([record], rules)
