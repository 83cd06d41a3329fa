"""The rates, in virtual time: no window of one second holds more than rate plus burst."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.net.rate import HOST_BURST, TOTAL_BURST, RateLimiter
from tests.net.clocks import VirtualTime

Log = list[tuple[float, str, int]]


def fullest_second(log: Log, host: str | None = None) -> int:
    """The most packets in any window [t, t + 1)."""
    events = [(at, count) for at, name, count in log if host in (None, name)]
    return max(sum(count for at, count in events if start <= at < start + 1 - 1e-6) for start, _count in events)


def spend(plan: list[tuple[str, int]], *, rate: float, host_rate: float, lag: float = 0.0) -> tuple[Log, float]:
    """Every (host, count) of the plan as its own task; what passed when, and how long it took."""
    time = VirtualTime()
    log: Log = []

    async def lagging(seconds: float) -> None:
        await time.sleep(seconds + lag)

    async def one(limiter: RateLimiter, host: str, count: int) -> None:
        while count:
            piece = min(count, limiter.chunk)
            await limiter.take(host, piece)
            log.append((time.now, host, piece))
            count -= piece

    async def main() -> None:
        limiter = RateLimiter(rate, host_rate, clock=time.clock, sleep=lagging)
        await asyncio.gather(*(one(limiter, host, count) for host, count in plan))

    time.run(main())
    return log, time.now


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(1, 30)), min_size=1, max_size=12),
    st.integers(3, 60),
    st.integers(2, 40),
    st.sampled_from([0.0, 0.3]),
)
def test_the_invariant(plan: list[tuple[str, int]], rate: int, host_rate: int, lag: float) -> None:
    log, _elapsed = spend(plan, rate=rate, host_rate=host_rate, lag=lag)
    assert sum(count for _at, _host, count in log) == sum(count for _host, count in plan)
    assert fullest_second(log) <= rate + min(TOTAL_BURST, rate)
    for host in {host for host, _count in plan}:
        assert fullest_second(log, host) <= host_rate + min(HOST_BURST, host_rate)


def test_one_device_gets_its_rate_and_no_more() -> None:
    log, elapsed = spend([("a", 1)] * 208, rate=1000, host_rate=40)
    assert elapsed == pytest.approx(5.0)
    assert fullest_second(log, "a") <= 48


def test_many_devices_get_the_total_rate_and_no_more() -> None:
    log, elapsed = spend([(f"h{n}", 2) for n in range(525)], rate=1000, host_rate=40)
    assert elapsed == pytest.approx(1.0)
    assert fullest_second(log) <= 1050


def test_a_slow_device_does_not_hold_up_the_others() -> None:
    log, _elapsed = spend([("slow", 1)] * 100 + [(f"h{n}", 1) for n in range(40)], rate=1000, host_rate=10)
    assert max(at for at, host, _count in log if host != "slow") < 0.5


def test_first_come_first_served() -> None:
    log, _elapsed = spend([(f"h{n}", 1) for n in range(200)], rate=100, host_rate=40)
    assert [host for _at, host, _count in log] == [f"h{n}" for n in range(200)]


def test_debt_is_waited_off() -> None:
    time = VirtualTime()

    async def main() -> None:
        limiter = RateLimiter(1000, 40, clock=time.clock, sleep=time.sleep)
        limiter.debit("a", 48)
        limiter.debit("a", 0)
        await limiter.take("b")
        assert time.now == 0
        await limiter.take("a")

    time.run(main())
    assert time.now == pytest.approx(41 / 40)


def test_a_link_stands_under_the_total_rate() -> None:
    time = VirtualTime()

    async def main() -> None:
        limiter = RateLimiter(100, 40, clock=time.clock, sleep=time.sleep)
        await limiter.take(None, 250)

    time.run(main())
    assert time.now == pytest.approx(2.0)


def test_who_gives_up_spends_nothing() -> None:
    time = VirtualTime()

    async def main() -> None:
        limiter = RateLimiter(1000, 10, clock=time.clock, sleep=time.sleep)
        await limiter.take("a", 8)
        waiting = [asyncio.ensure_future(limiter.take("a")) for _ in range(50)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await limiter.take("a")

    time.run(main())
    assert time.now <= 0.2


def test_the_memory_of_devices_is_pruned() -> None:
    time = VirtualTime()
    limiter = RateLimiter(1e9, 40, clock=time.clock, sleep=time.sleep)

    async def main() -> None:
        for n in range(10_000):
            time.now += 0.1
            await limiter.take(f"h{n}")

    time.run(main())
    assert len(limiter._lanes) <= 4200


@pytest.mark.parametrize(("rate", "host_rate"), [(0, 40), (1000, 0), (-1, 40)])
def test_a_rate_is_above_zero(rate: float, host_rate: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        RateLimiter(rate, host_rate)
