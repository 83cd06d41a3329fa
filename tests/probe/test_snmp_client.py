import asyncio

import pytest

from scanner.probe.contract import SnmpAccess
from scanner.probe.snmp_client import MAX_IN_FLIGHT, credentials, snmp_client
from tests.fakes import ScriptedNetwork
from tests.probe.suspects import HOST


@pytest.mark.parametrize(("auth", "privacy"), [("", ""), ("SHA", ""), ("sha-256", "AES"), ("md5", "des")])
def test_v3_protocols_by_their_usual_names(auth: str, privacy: str) -> None:
    access = SnmpAccess(3, "", "reader", auth, "longenough" if auth else "", privacy, "longenough" if privacy else "")
    assert credentials(access)


def test_a_vlan_is_a_context_of_the_users_own_community() -> None:
    assert str(credentials(SnmpAccess(2, "garden"), 20).communityName) == "garden@20"
    assert str(credentials(SnmpAccess(2, "garden")).communityName) == "garden"


def test_no_more_than_a_hundred_devices_at_once() -> None:
    async def hold() -> int:
        net = ScriptedNetwork()
        most = now = 0

        async def one() -> None:
            nonlocal most, now
            async with snmp_client(net, HOST, SnmpAccess(2, "garden")):
                now += 1
                most = max(most, now)
                await asyncio.sleep(0.01)
                now -= 1

        await asyncio.gather(*(one() for _ in range(MAX_IN_FLIGHT + 10)))
        return most

    assert asyncio.run(hold()) == MAX_IN_FLIGHT
