"""IPv6 on a real link: one device over both, one that has IPv6 alone; nothing is sent to either's address."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.namespaces import ROOT, SCANNER_INTERFACE, Namespaces, needed

pytestmark = [pytest.mark.root, pytest.mark.skipif(bool(needed()), reason=needed() or "-")]

SCOPE = "198.51.100.0/28"
ONLY_V6, ONLY_V6_MAC, ONLY_V6_HOST = "v6only", "44:19:b6:00:06:01", "fe80::4619:b6ff:fe00:601"
UDP, TCP = 17, 6


def ip(net: Namespaces, namespace: str, *words: str) -> None:
    subprocess.run(["ip", "-n", namespace, *words], check=True, capture_output=True)


def with_ipv6(namespace: str, *interfaces: str) -> None:
    """Give each its link-local address, from its MAC and at once."""
    lines = [
        f"echo {value} > /proc/sys/net/ipv6/conf/{one}/{name}"
        for one in interfaces
        for name, value in (("addr_gen_mode", 0), ("accept_dad", 0), ("disable_ipv6", 0))
    ]
    command = ["ip", "netns", "exec", namespace, "sh", "-ec", "\n".join(lines)]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def site() -> Iterator[Namespaces]:
    """Two devices with IPv4, the first with IPv6 too, and a third with IPv6 alone."""
    with Namespaces(count=2) as net:
        words = ["link", "add", "link", "wire", "name", ONLY_V6, "address", ONLY_V6_MAC, "type", "macvlan"]
        ip(net, net.site_namespace, *words, "mode", "bridge")
        with_ipv6(net.site_namespace, "d0", ONLY_V6)
        ip(net, net.site_namespace, "link", "set", ONLY_V6, "up")
        with_ipv6(net.scanner_namespace, SCANNER_INTERFACE)
        command = ["ip", "netns", "exec", net.site_namespace, sys.executable, "-m", "tests.e2e.v6_face", "d0", ONLY_V6]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as faces:
            assert faces.stdout is not None
            faces.stdout.readline()
            try:
                yield net
            finally:
                faces.terminate()
                faces.wait(10)


class Swept:
    def __init__(self, folder: Path, *more: str) -> None:
        run = [
            sys.executable,
            "-m",
            "scanner",
            "sweep",
            SCOPE,
            "--out",
            str(folder / "run"),
            "--quiet",
            "--no-store",
            *more,
        ]
        with site() as net:
            self.macs = {device.host: device.mac for device in net.site.devices}
            mac = net.run(["cat", f"/sys/class/net/{SCANNER_INTERFACE}/address"]).stdout.strip().replace(":", "")
            with net.capture(folder / "wire.pcap"):
                self.done = net.run(run)
            self.record = net.stop_lab()
        assert self.done.returncode == 0, self.done.stderr
        self.inventory: dict[str, Any] = json.loads((folder / "run" / "inventory.json").read_text())
        self.evidence = [json.loads(line) for line in (folder / "run" / "evidence.jsonl").read_text().splitlines()]
        self.sent = list(sent_v6(folder / "wire.pcap", bytes.fromhex(mac)))


def sent_v6(pcap: Path, mac: bytes) -> Iterator[tuple[IPv6Address, int, int]]:
    """(destination, protocol, hop limit) of each IPv6 packet that `mac` sent."""
    data, at = pcap.read_bytes(), 24
    while at < len(data):
        size = int.from_bytes(data[at + 8 : at + 12], "little")
        frame = data[at + 16 : at + 16 + size]
        at += 16 + size
        if frame[6:14] == mac + b"\x86\xdd":
            yield IPv6Address(frame[38:54]), frame[20], frame[21]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Swept:
    return Swept(tmp_path_factory.mktemp("ipv6"))


def test_one_device_over_both_is_one_device(swept: Swept) -> None:
    host, mac = next(iter(swept.macs.items()))
    both = next(device for device in swept.inventory["devices"] if host in device["addresses"])
    assert len(both["addresses"]) == 2
    assert both["addresses"][1].startswith("fe80::")
    assert both["mac"] == mac


def test_a_device_with_ipv6_alone_is_listed_from_what_it_announces(swept: Swept) -> None:
    alone = next(device for device in swept.inventory["devices"] if device["host"] == ONLY_V6_HOST)
    assert alone["mac"] == ONLY_V6_MAC
    assert {e["protocol"] for e in swept.evidence if e["host"] == ONLY_V6_HOST} == {"ws-discovery", "mac"}
    assert {e["interface"] for e in swept.evidence if e["host"] == ONLY_V6_HOST} == {SCANNER_INTERFACE}


def test_the_coverage_counts_it_apart(swept: Swept) -> None:
    coverage = swept.inventory["coverage"]
    assert coverage["beyond"] == 2
    assert coverage["answered"] == 2
    [note] = [note for note in coverage["notes"] if "over IPv6" in note]
    assert ONLY_V6_HOST in note


def test_nothing_is_sent_to_an_ipv6_address(swept: Swept) -> None:
    spoken = [(to, hops) for to, protocol, hops in swept.sent if protocol in (UDP, TCP)]
    assert {str(to) for to, _ in spoken} == {"ff02::c", "ff02::fb"}
    assert {hops for _, hops in spoken} == {1}
    assert len(spoken) == 3


def test_our_own_question_came_back(swept: Swept) -> None:
    assert "Multicast blocked" not in " ".join(swept.inventory["coverage"]["notes"])


def test_without_ipv6_nothing_is_asked_over_it(tmp_path: Path) -> None:
    without = Swept(tmp_path, "--no-ipv6")
    assert [to for to, protocol, _ in without.sent if protocol in (UDP, TCP)] == []
    assert without.inventory["coverage"]["beyond"] == 0
    assert "IPv6 was left out" in " ".join(without.inventory["coverage"]["notes"])
