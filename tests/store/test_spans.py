"""Intervals say the same as a row a sweep would, in whatever order sweeps come and go."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.store.spans import Edits, Run, Saw, Span, insert, remove, runs

SAID = st.one_of(st.none(), st.builds(Saw, st.sampled_from([None, 1, 2])))


class Table:
    """Spans of one series, edited as the database would be."""

    def __init__(self) -> None:
        self.spans: dict[int, Span] = {}
        self.next = 1

    def apply(self, edits: Edits) -> None:
        for number in edits.drop:
            del self.spans[number]
        for span in edits.put:
            number = span.id or self.next
            self.next += not span.id
            self.spans[number] = Span(number, span.device, span.state, span.first, span.last)

    def at(self, sweep: int, order: list[int]) -> list[int | None]:
        place = order.index(sweep)
        return [
            s.state
            for s in self.spans.values()
            if order.index(s.first) <= place and (s.last is None or order.index(s.last) >= place)
        ]


@settings(max_examples=80, deadline=None)
@given(said=st.lists(SAID, min_size=1, max_size=9), chance=st.randoms(use_true_random=False))
def test_any_order_of_coming_and_going(said: list[Saw | None], chance: object) -> None:
    sweeps = list(range(len(said)))
    chance.shuffle(sweeps)  # type: ignore[attr-defined]
    table = Table()
    order: list[int] = []
    for sweep in sweeps:
        order = sorted([*order, sweep])
        table.apply(insert(list(table.spans.values()), sweep, order, 7, said[sweep]))
        _agree(table, order, said)
    chance.shuffle(sweeps)  # type: ignore[attr-defined]
    for sweep in sweeps:
        table.apply(remove(table.spans.values(), sweep, order))
        order.remove(sweep)
        _agree(table, order, said)
    assert not table.spans


def _agree(table: Table, order: list[int], said: list[Saw | None]) -> None:
    for sweep in order:
        saw = said[sweep]
        assert table.at(sweep, order) == ([] if saw is None else [saw.state])
    if order:
        assert all(span.last != order[-1] for span in table.spans.values()), "open at the latest sweep"


def test_what_stays_as_it_is_writes_nothing() -> None:
    assert insert([Span(1, 7, 5, 10, None)], 12, [10, 11, 12], 7, Saw(5)) == Edits([], [])


def test_runs_of_several_series_lie_between_each_other() -> None:
    one, other = (1, Span(1, 7, 5, 0, None)), (2, Span(2, 7, 6, 1, None))
    assert runs([one], {1: [0, 2, 4]}) == [Run(0, 4, 5, 3)]
    assert runs([one, other], {1: [0, 2, 4], 2: [1, 3]}) == [
        Run(rank, rank, 5 + rank % 2, 1) for rank in range(5)
    ]  # fmt: skip
    assert runs([one, (2, Span(2, 7, 5, 1, 1))], {1: [0, 2], 2: [1, 3]}) == [Run(0, 2, 5, 3)]
    assert runs([], {}) == []
