"""One visit with a login at a time for one device, by whatever address, and none after a refusal."""

import asyncio

from scanner.probe.login_doors import LoginDoors

FIRST, SECOND, MAC = "198.51.100.10", "198.51.100.11", "44:19:b6:00:00:01"


def test_a_refusal_at_one_address_counts_at_the_other() -> None:
    async def run() -> list[bool]:
        doors = LoginDoors()
        tried = []

        async def visit(host: str) -> None:
            async with doors.of({host, MAC}) as may_try:
                tried.append(may_try)
                await asyncio.sleep(0)  # the other one comes while this one asks
                if may_try:
                    doors.shut({host, MAC})

        await asyncio.gather(visit(FIRST), visit(SECOND))
        return tried

    assert asyncio.run(run()) == [True, False]


def test_devices_that_share_nothing_do_not_wait_for_each_other() -> None:
    async def run() -> list[bool]:
        doors = LoginDoors()
        async with doors.of({FIRST}) as first, doors.of({SECOND}) as second:
            return [first, second]

    assert asyncio.run(run()) == [True, True]
