"""The namespaces of the end-to-end tests: addresses with their own MACs, capture, clean removal."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scanner.lab import wsd
from tests.e2e.namespaces import SCANNER_ADDRESS, Namespaces, classify, needed

pytestmark = [pytest.mark.root, pytest.mark.skipif(bool(needed()), reason=needed() or "all there")]

ASK = """
import socket, sys
hosts, answers = sys.argv[1].split(","), []
for host in hosts:
    with socket.socket() as sock:
        sock.settimeout(3)
        print(host, "tcp", sock.connect_ex((host, int(sys.argv[2]))))
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.bind(("198.51.100.1", 0))
    sock.settimeout(0.5)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("198.51.100.1"))
    sock.sendto(sys.stdin.buffer.read(), ("239.255.255.250", 3702))
    try:
        while True:
            print(sock.recvfrom(65535)[1][0], "wsd")
    except TimeoutError:
        pass
print(open("/proc/net/arp").read())
"""
PROBE = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Body><d:Probe/></s:Body></s:Envelope>'
)


def test_five_devices_answer_each_from_its_own_address_and_mac() -> None:
    with Namespaces(count=5) as net:
        hosts = [device.host for device in net.site.devices]
        with net.capture() as frames:
            command = net.command([sys.executable, "-c", ASK, ",".join(hosts), "9"])
            done = subprocess.run(command, input=PROBE, capture_output=True, text=True, timeout=30, check=True)
        for device in net.site.devices:
            assert f"{device.host} tcp 111" in done.stdout  # refused, not lost
            assert device.mac in done.stdout
        answering = [d.host for d in net.site.devices if d.wsd is not None and wsd.matches(d.wsd, "")]
        assert sorted(line.split()[0] for line in done.stdout.splitlines() if line.endswith("wsd")) == answering
        assert frames.sent["239.255.255.250"] == 1
        assert all(frames.sent[host] >= 2 and frames.received[host] >= 2 for host in hosts)
        assert frames.dropped == 0
        assert net.ready["decoys"] == ["203.0.113.99"]
        assert net.stop_lab()["violations"] == []
    assert net.scanner_namespace not in _listed()
    assert net.site_namespace not in _listed()


def test_a_packet_to_the_decoy_is_seen_on_the_wire_and_in_the_record() -> None:
    with Namespaces(count=1) as net:
        program = "import socket; s = socket.socket(); s.settimeout(2); s.connect(('203.0.113.99', 80)); s.close()"
        with net.capture() as frames:
            assert net.run([sys.executable, "-c", program]).returncode == 0
        assert frames.sent["203.0.113.99"] > 0
        assert [item["kind"] for item in net.stop_lab()["violations"]] == ["decoy"]


def test_another_user_has_no_capabilities() -> None:
    with Namespaces(count=1) as net:
        done = net.run(["sh", "-c", "id -u; grep CapEff /proc/self/status"], as_user="nobody")
        assert done.stdout.split() == ["65534", "CapEff:", "0000000000000000"]


def test_frames_are_told_apart() -> None:
    arp = (
        b"\xff" * 6 + b"\2" * 6 + b"\x08\x06" + b"\0" * 14 + bytes([198, 51, 100, 7]) + b"\0" * 6 + bytes([1, 2, 3, 4])
    )
    assert classify(arp, outgoing=True) == ("1.2.3.4", "arp")
    assert classify(arp, outgoing=False) == ("198.51.100.7", "arp")
    assert classify(b"\0" * 12 + b"\x86\xdd", outgoing=True) == ("", "ethertype 86dd")
    assert SCANNER_ADDRESS.startswith("198.51.100.")


def _listed() -> str:
    return subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
