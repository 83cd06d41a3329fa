import asyncio
import socket

import pytest
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from scanner.discover.mdns_browser import _into, browse
from scanner.wire.mdns import MdnsService

KIND = "_axis-video._tcp.local."


async def _with_responder() -> tuple[list[str], list[MdnsService]]:
    found: list[MdnsService] = []

    async def resolved(service: MdnsService) -> None:
        found.append(service)

    responder = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    info = AsyncServiceInfo(
        KIND,
        f"AC-200.{KIND}",
        addresses=[socket.inet_aton("127.0.0.5")],
        port=80,
        properties={"macaddress": "001122334455"},
        server="ac-200.local.",
    )
    try:
        await responder.async_register_service(info, cooperating_responders=True)
        return await browse("127.0.0.1", [KIND], 1.2, resolved), found
    finally:
        await responder.async_close()


def test_a_service_on_loopback_is_found_and_resolved() -> None:
    try:
        notes, found = asyncio.run(_with_responder())
    except OSError as error:
        pytest.skip(f"no multicast on loopback here: {error}")
    assert notes == []
    [service] = found
    assert (service.name, service.port, service.host) == (f"AC-200.{KIND}", 80, "ac-200.local.")
    assert service.txt == {"macaddress": "001122334455"}
    assert service.addresses == ("127.0.0.5",)


def test_a_flood_of_names_is_bounded() -> None:
    async def flood() -> int:
        names: asyncio.Queue[tuple[str, str]] = asyncio.Queue(10)
        found = _into(names)
        for number in range(1000):
            found(service_type=KIND, name=str(number))
        return names.qsize()

    assert asyncio.run(flood()) == 10
