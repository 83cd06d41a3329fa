"""Putting a lab up and taking it down: addresses, port map, record, planted violations, nothing left open."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import time
from pathlib import Path

import msgspec
import pytest

from scanner.lab import Lab, LabError, demo_site, large_site
from scanner.lab.record import MAX_CONNECTIONS, Record
from tests.lab.kit import Visit, site_of, visit


def test_the_demo_site_is_up_in_time_with_every_port_in_the_map() -> None:
    async def run() -> None:
        site = demo_site()
        start = time.monotonic()
        async with Lab(site, ports="mapped") as lab:
            assert time.monotonic() - start < 1.5
            assert lab.scope == ("127.77.0.0/24",)
            assert set(lab.truth) == set(lab.addresses)
            assert lab.decoys == site.decoys
            assert {host for host, _, _ in lab.port_map} == {*lab.addresses, *site.decoys}
            assert all(port > 1023 for _, port in lab.port_map.values())

    asyncio.run(run())


def test_closing_leaves_no_socket_and_no_task() -> None:
    async def run() -> None:
        before = _sockets()
        async with Lab(site_of("hikvision-nvr", "axis-camera", "hostile-device"), ports="mapped") as lab:
            assert _sockets() > before
            nvr, axis, hostile = (Visit(lab, host) for host in lab.addresses)
            keep = [await nvr.open(443), await axis.open(80), await hostile.open(8080), await hostile.open(21)]
            keep[2][1].write(b"GET / HTTP/1.1\r\n\r\n")
            await asyncio.sleep(0.1)
        for _, writer in keep:
            writer.transport.abort()
        await asyncio.sleep(0.05)
        gc.collect()
        assert _sockets() == before
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await lab.close()

    asyncio.run(run(), debug=True)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_a_port_in_use_is_named_or_mapped() -> None:
    async def run() -> None:
        site = site_of("xiongmai-camera")
        host = site.devices[0].host
        with socket.socket() as taken:
            taken.bind((host, 34567))
            taken.listen(1)
            with pytest.raises(LabError, match=f"{host} tcp port"):
                async with Lab(site, ports="real"):
                    pass
            async with Lab(site, ports="auto") as lab:
                assert lab.port_map[host, 34567, "tcp"][0] == host

    asyncio.run(run())


def test_an_address_that_is_not_here_is_named() -> None:
    async def run() -> None:
        with pytest.raises(LabError, match="no such address"):
            async with Lab(large_site(1, "203.0.113.10")):
                pass

    asyncio.run(run())


def test_bind_puts_every_device_on_one_address() -> None:
    async def run() -> None:
        async with Lab(site_of("hikvision-camera", "axis-camera"), bind="127.0.0.1") as lab:
            assert {host for host, _ in lab.port_map.values()} == {"127.0.0.1"}
            assert b"App-webs/" in await Visit(lab, lab.addresses[0]).get("/")

    asyncio.run(run())


def test_an_unknown_way_to_bind_is_refused() -> None:
    with pytest.raises(LabError, match="choose"):
        Lab(demo_site(), ports="some")


def test_a_third_connection_at_once_is_a_violation() -> None:
    async def talk(device: Visit) -> None:
        writers = []
        for number in range(1, MAX_CONNECTIONS + 2):
            _, writer = await device.open(80)
            writers.append(writer)
            await asyncio.sleep(0.05)
            assert device.lab.record.peak_connections[device.host] == number
        assert device.kinds() == ["connections"]
        for writer in writers:
            writer.transport.abort()

    visit("hikvision-camera", talk)


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="the kernel doesn't say what the peer has closed")
def test_one_after_the_other_is_no_violation_even_in_haste() -> None:
    async def talk(device: Visit) -> None:
        for _ in range(20):
            _, writer = await device.open(80)
            writer.close()
        await asyncio.sleep(0.1)
        assert device.lab.record.connections[device.host] == 20
        assert device.kinds() == []

    visit("hikvision-camera", talk)


def test_anything_to_a_decoy_is_a_violation() -> None:
    async def talk(device: Visit) -> None:
        decoy = Visit(device.lab, device.lab.decoys[0])
        await decoy.ask(80, b"")
        await decoy.datagram(3702, b"x", wait=0.1)
        assert [(item.kind, item.host) for item in device.lab.record.violations] == [("decoy", decoy.host)] * 2

    visit("vivotek-camera", talk)


def test_the_record_counts_and_writes_json() -> None:
    record = Record()
    for number in range(3):
        record.connection("a", 80, "p", number + 1)
    record.datagram("a", 161, "p", "snmp", b"12345")
    record.request("a", 80, "p", "http", "GET /")
    written = json.loads(record.to_json())
    assert written["connections"] == {"a": 3}
    assert written["bytes_received"] == {"a": 5}
    assert written["peak_connections"] == {"a": 3}
    assert written["peak_rate"] == {"a": 5}
    assert [item["kind"] for item in written["violations"]] == ["connections"]
    assert [event["protocol"] for event in written["events"]] == ["tcp", "tcp", "tcp", "snmp", "http"]


def test_the_truth_goes_into_json() -> None:
    lab = Lab(demo_site())
    truth = msgspec.to_builtins(lab.truth["127.77.0.12"])
    assert (truth["maker"], truth["brand"], truth["status"]) == ("Hikvision", "LTS", "listed")


def _sockets() -> int:
    links = Path("/proc/self/fd")
    if not links.exists():
        return 0
    return sum(1 for link in links.iterdir() if _target(link).startswith("socket:"))


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
