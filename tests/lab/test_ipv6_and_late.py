"""Devices with an IPv6 address, and devices that take their time."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import msgspec
import pytest
from zeroconf._dns import DNSAddress

from scanner.lab import Lab, Site, mdns
from scanner.lab.__main__ import read_site
from scanner.models import UsageError
from tests.lab.kit import Visit, site_of
from tests.lab.test_datagrams import _probe

KEY = "hikvision-camera"


def _v6_here() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


def _site(**changes: object) -> Site:
    whole = site_of(KEY)
    return msgspec.structs.replace(whole, devices=(msgspec.structs.replace(whole.devices[0], **changes),))


@pytest.mark.skipif(not _v6_here(), reason="no IPv6 here")
def test_a_device_answers_at_its_ipv6_address() -> None:
    async def talk() -> None:
        async with Lab(_site(host="::1", mdns=None), ports="mapped") as lab:
            device = Visit(lab, "::1")
            assert b"App-webs" in await device.get()
            assert lab.port_map["::1", 3702, "udp"][0] == "::1"
            assert lab.record.violations == []

    asyncio.run(talk())


def test_mdns_gives_the_address_of_the_family() -> None:
    found = [mdns._address("camera.local.", host) for host in ("198.51.100.10", "fe80::1")]
    assert [(type(one), one.type, len(one.address)) for one in found] == [(DNSAddress, 1, 4), (DNSAddress, 28, 16)]


def test_a_late_device_answers_late() -> None:
    async def talk() -> None:
        async with Lab(_site(late=0.3), ports="mapped") as lab:
            device = Visit(lab, lab.addresses[0])
            assert await device.datagram(3702, _probe(), wait=0.1) == []
            assert len(await device.datagram(3702, _probe(), wait=0.6)) == 1
            assert b"App-webs" in await device.get()

    asyncio.run(talk())


def test_a_site_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "site.json"
    file.write_bytes(msgspec.json.encode(_site(late=1.5)))
    assert read_site(file) == _site(late=1.5)
    file.write_bytes(b"{}")
    with pytest.raises(UsageError):
        read_site(file)
