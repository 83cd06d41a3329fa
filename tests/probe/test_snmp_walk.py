import asyncio
from collections.abc import Sequence

import pytest

from scanner.probe.snmp_walk import Budget, Walked, walk

Rows = list[tuple[str, int | str | bytes]]


class Script:
    """Gives the answers one after another; the last one again and again."""

    single = False

    def __init__(self, *answers: Rows | None) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def next_rows(self, name: str, count: int) -> Rows | None:
        self.asked.append(name)
        return self._answers[min(len(self.asked), len(self._answers)) - 1]


def _walk(script: Script, rows: int = 100, octets: int = 1000, seconds: float = 60) -> Walked:
    async def run() -> Walked:
        return await walk(script, "1.3.6", Budget(rows, octets, seconds))

    return asyncio.run(run())


def test_a_table_ends_where_another_begins() -> None:
    script = Script([("1.3.6.1", 1), ("1.3.6.2", b"x")], [("1.3.6.10", 3), ("1.3.7.1", 4)])
    assert _walk(script) == Walked((((1,), 1), ((2,), b"x"), ((10,), 3)))
    assert script.asked == ["1.3.6", "1.3.6.2"]


@pytest.mark.parametrize("answers", [[[]], [[("1.3.60.1", 1)]], [[("1.3.6", 1)]]])
def test_an_empty_table(answers: Sequence[Rows]) -> None:
    assert _walk(Script(*answers)) == Walked()


def test_a_lost_datagram_is_asked_for_again_and_silence_ends_it() -> None:
    assert _walk(Script(None, [("1.3.6.1", 1)], None, [])) == Walked((((1,), 1),))
    script = Script([("1.3.6.1", 1)], None)
    assert _walk(script) == Walked((((1,), 1),), "the switch fell silent")
    assert len(script.asked) == 4


@pytest.mark.parametrize("second", ["1.3.6.5", "1.3.6.4", "1.3.6.1"])
def test_an_agent_that_goes_round_is_left(second: str) -> None:
    walked = _walk(Script([("1.3.6.5", 1)], [(second, 1)]))
    assert walked == Walked((((5,), 1),), "the switch repeats itself")


def test_caps() -> None:
    class Endless(Script):
        async def next_rows(self, name: str, count: int) -> Rows | None:
            last = int(name.rpartition(".")[2])
            return [(f"1.3.6.{last + n}", b"0123456789") for n in range(1, count + 1)]

    assert _walk(Endless(), rows=50).cut == "too many rows"
    assert _walk(Endless(), octets=100).cut == "too many bytes"
    assert _walk(Endless(), seconds=0).cut == "out of time"


@pytest.mark.parametrize("name", ["1.3.6.x", "1.3.6..1", "1.3.6.²", "1.3.6." + "1." * 200 + "1", "1.3.6." + "9" * 30])
def test_names_that_are_none_end_the_walk(name: str) -> None:
    assert _walk(Script([(name, 1)])) == Walked()
