import asyncio

from scanner.discover.reach import Reach, reach
from scanner.net.api import Neighbour
from tests.discover.fast import run
from tests.fakes import ScriptedNetwork


def _row(host: str, *, resolved: bool) -> Neighbour:
    return Neighbour(host, "44:19:b6:00:00:01" if resolved else None, "eth0", resolved)


def test_three_kinds_are_told_apart() -> None:
    net = ScriptedNetwork(table=(_row("198.51.100.10", resolved=True), _row("198.51.100.11", resolved=False)))
    found = run(reach(net, ["198.51.100.10", "198.51.100.11", "198.51.100.12"]))
    assert found == Reach(frozenset({"198.51.100.10"}), frozenset({"198.51.100.11"}))


def test_it_ends_as_soon_as_all_are_there() -> None:
    net = ScriptedNetwork(table=(_row("198.51.100.10", resolved=True),))

    async def timed() -> float:
        clock = asyncio.get_running_loop().time
        start = clock()
        await reach(net, ["198.51.100.10"], patience=60)
        return clock() - start

    assert run(timed()) < 30


def test_late_resolution_is_seen() -> None:
    net = ScriptedNetwork(table=(_row("198.51.100.10", resolved=False),))

    async def later() -> Reach:
        task = asyncio.create_task(reach(net, ["198.51.100.10"]))
        await asyncio.sleep(1)
        net.table = (_row("198.51.100.10", resolved=True),)
        return await task

    assert run(later()).present == {"198.51.100.10"}


def test_nobody_to_wait_for() -> None:
    assert run(reach(ScriptedNetwork(), [])) == Reach()
