"""The waiting rooms."""

from __future__ import annotations

import asyncio

from scanner.net.places import Pending, Places


def test_places_are_by_host_and_in_order() -> None:
    async def run() -> list[str]:
        places = Places(1)
        got: list[str] = []

        async def visit(name: str, host: str) -> None:
            await places.acquire(host)
            got.append(name)
            await asyncio.sleep(0)
            places.release(host)

        await asyncio.gather(visit("a1", "a"), visit("a2", "a"), visit("b1", "b"), visit("a3", "a"))
        assert not places._rooms
        return got

    assert asyncio.run(run()) == ["a1", "b1", "a2", "a3"]


def test_who_stops_waiting_leaves_no_trace() -> None:
    async def run() -> None:
        places = Places(1)
        await places.acquire("a")
        waiting = asyncio.ensure_future(places.acquire("a"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        places.release("a")
        await asyncio.wait_for(places.acquire("a"), 1)
        places.release("a")
        assert not places._rooms

    asyncio.run(run())


def test_pending_counts_addresses_not_packets() -> None:
    async def run() -> None:
        pending = Pending(2)
        for host in ("a", "a", "b", "a"):
            await asyncio.wait_for(pending.enter(host), 1)
        third = [asyncio.ensure_future(pending.enter("c")) for _ in range(2)]
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in third)
        for _ in range(2):
            pending.leave("a")
        await asyncio.sleep(0)
        assert not any(task.done() for task in third)
        pending.leave("a")
        await asyncio.sleep(0.01)
        assert third[0].done()
        pending.leave("b")
        await asyncio.wait_for(third[1], 1)
        await asyncio.wait_for(pending.enter("d"), 1)
        pending.leave("c")
        pending.leave("c")
        await asyncio.wait_for(pending.enter("e"), 1)

    asyncio.run(run())
