"""The reader and the walker against Debian's own snmpd, on loopback; skipped where it is not installed."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.net.door import SocketNetwork
from scanner.net.targets import parse_targets
from scanner.probe.contract import SnmpAccess
from scanner.probe.snmp_client import snmp_client
from scanner.probe.snmp_oids import SYSTEM
from scanner.probe.snmp_walk import Budget, walk
from scanner.probe.switch import Reading, read_switch
from scanner.wire import bridge

SNMPD = shutil.which("snmpd") or shutil.which("snmpd", path="/usr/sbin")
pytestmark = pytest.mark.skipif(SNMPD is None, reason="snmpd is not installed")
HOST = "127.0.0.1"
MAC = "68.25.182.90.17.7"
FDB = f"""
override {bridge.VLAN_FDB_PORT}.20.{MAC} integer 3
override {bridge.VLAN_FDB_STATUS}.20.{MAC} integer 3
override {bridge.BASE_PORT}.3 integer 1
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A running snmpd: community "garden", SNMPv3 user "reader"; its UDP port."""
    folder = tmp_path_factory.mktemp("snmpd")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((HOST, 0))
        number = int(free.getsockname()[1])
    (folder / "snmpd.conf").write_text(
        f"agentaddress udp:{HOST}:{number}\nrocommunity garden\nsysname yard\n"
        f"createUser reader SHA auth-secret-1 AES privacy-secret-1\nrouser reader priv\n{FDB}"
    )
    command = [str(SNMPD), "-f", "-Lf", str(folder / "log"), "-C", "-c", str(folder / "snmpd.conf"), "-p"]
    environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(folder), "MIBS": ""}
    with subprocess.Popen([*command, str(folder / "pid")], env=environment) as process:
        try:
            _wait_for(folder / "pid", process)
            yield number
        finally:
            process.terminate()
            process.wait(5)


def _wait_for(file: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 5
    while not file.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    if not file.exists():
        pytest.skip("snmpd does not start here")
    time.sleep(0.2)


def _net(port: int) -> SocketNetwork:
    return SocketNetwork(parse_targets([HOST]), port_map={(HOST, 161, "udp"): (HOST, port)}, host_rate=1000)


ACCESSES = [
    SnmpAccess(1, "garden"),
    SnmpAccess(2, "garden"),
    SnmpAccess(3, "", "reader", "SHA", "auth-secret-1", "AES", "privacy-secret-1"),
]


@pytest.mark.parametrize("access", ACCESSES, ids=["v1", "v2c", "v3"])
def test_system_and_interfaces(port: int, access: SnmpAccess) -> None:
    async def run() -> tuple[dict[str, str], list[str]]:
        async with _net(port) as net, snmp_client(net, HOST, access) as client:
            system = await client.get(SYSTEM)
            walked = await walk(client, bridge.IF_DESCR, Budget(1000, 100_000, 20))
            assert walked.cut == ""
            return system, list(bridge.names(walked.rows).values())

    system, interfaces = asyncio.run(run())
    assert system[SYSTEM[2]] == "yard"
    assert system[SYSTEM[1]].startswith("1.3.6.1.4.1.8072.")
    assert "lo" in interfaces


@pytest.mark.parametrize("access", ACCESSES, ids=["v1", "v2c", "v3"])
def test_a_bridge_table(port: int, access: SnmpAccess) -> None:
    async def run() -> Reading:
        async with _net(port) as net:
            return await read_switch(net, HOST, (access,))

    reading = asyncio.run(run())
    (found,) = [one for one in reading.ports if one.entries]
    assert (found.name, found.macs, found.entries[0].vlan) == ("lo", frozenset({"44:19:b6:5a:11:07"}), 20)


@pytest.mark.parametrize(
    "access",
    [SnmpAccess(2, "wrong"), SnmpAccess(3, "", "reader", "SHA", "not-the-secret", "AES", "privacy-secret-1")],
    ids=["community", "user"],
)
def test_a_wrong_secret_reads_nothing(port: int, access: SnmpAccess) -> None:
    async def run() -> tuple[bool, int]:
        async with _net(port) as net:
            reading = await read_switch(net, HOST, (access,))
            return reading.answered, net.ledger.packets

    answered, packets = asyncio.run(run())
    assert not answered
    assert packets <= 3  # SNMPv3 asks for the engine first
