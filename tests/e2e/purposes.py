"""What a sweep's frames were for: the frames of a capture, told apart by discoverer and probe (see scanner.cli.costs).

`python -m tests.e2e.purposes` sweeps the site of 120 devices and prints what each costs a device; it needs root.
"""

from __future__ import annotations

import struct
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.namespaces import SCANNER_ADDRESS, Namespaces

COUNT = 120
_GROUPS = {3702: "ws-discovery", 5353: "mdns", 1900: "ssdp"}


class Spent:
    """By purpose: [sent, received, connections, bytes]; of all addresses, and of the links by themselves."""

    def __init__(self) -> None:
        self.by: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def total(self, what: str) -> int:
        """Over all purposes."""
        return sum(row[what] for row in self.by.values())


def spent(pcap: Path, devices: frozenset[str]) -> Spent:
    """Frames to the `devices`, to absent addresses ("absent: …") and to links ("link: …")."""
    out, flows = Spent(), dict[tuple[str, int, int], str]()
    for frame in _frames(pcap):
        host, outgoing, purpose = _purpose(frame, flows)
        where = "" if host in devices else "link: " if _is_group(host) else "absent: "
        row = out.by[where + purpose]
        row["sent" if outgoing else "received"] += 1
        row["bytes"] += len(frame)
        row["connections"] += _opens(frame, outgoing)
    return out


def _frames(pcap: Path) -> Iterator[bytes]:
    data, at = pcap.read_bytes(), 24
    while at + 16 <= len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at + 16 : at + 16 + size]
        at += 16 + size


def _text(four: bytes) -> str:
    return ".".join(map(str, four))


def _is_group(host: str) -> bool:
    return host == "" or host.endswith(".255") or 224 <= int(host.split(".")[0]) < 240


def _opens(frame: bytes, outgoing: bool) -> int:
    if frame[12:14] != b"\x08\x00" or frame[23] != 6 or outgoing:
        return 0
    return int(frame[14 + (frame[14] & 15) * 4 + 13] & 0x12 == 0x12)  # SYN and ACK: it was accepted


def _purpose(frame: bytes, flows: dict[tuple[str, int, int], str]) -> tuple[str, bool, str]:
    kind = frame[12:14]
    if kind == b"\x08\x06":
        sender, asked = _text(frame[28:32]), _text(frame[38:42])
        return (asked, True, "arp") if sender == SCANNER_ADDRESS else (sender, False, "arp")
    if kind != b"\x08\x00":
        return "", True, "other"
    source, target, start = _text(frame[26:30]), _text(frame[30:34]), 14 + (frame[14] & 15) * 4
    outgoing = source == SCANNER_ADDRESS
    host = target if outgoing else source
    if frame[23] == 1 and len(frame) >= start + 32:  # ICMP quotes the datagram that it is about
        return host, outgoing, _datagram(int.from_bytes(frame[start + 30 : start + 32], "big"))
    if frame[23] not in (6, 17):
        return host, outgoing, "other"
    ports = int.from_bytes(frame[start : start + 2], "big"), int.from_bytes(frame[start + 2 : start + 4], "big")
    mine, theirs = ports if outgoing else ports[::-1]
    if frame[23] == 17:
        return host, outgoing, _datagram(theirs, mine)
    payload = frame[start + (frame[start + 12] >> 4) * 4 : 14 + int.from_bytes(frame[16:18], "big")]
    key = host, mine, theirs
    if outgoing and payload:
        flows[key] = _request(payload)
    return host, outgoing, flows.get(key, "first contact")


def _datagram(theirs: int, mine: int = 0) -> str:
    for port in (theirs, mine):
        if port == 161:
            return "snmp"
        if port in _GROUPS:
            return _GROUPS[port]
    return "vendors"


def _request(payload: bytes) -> str:
    if payload.startswith(b"POST"):
        return "onvif"
    if payload.startswith(b"GET"):
        path = payload.split(b" ")[1]
        return "favicon" if b".ico" in path or b"icon" in path else "first contact" if path == b"/" else "pages"
    return "first contact"


def main() -> None:
    """Print it."""
    with tempfile.TemporaryDirectory() as folder, Namespaces(count=COUNT) as net:
        pcap, run = Path(folder) / "wire.pcap", Path(folder) / "run"
        with net.capture(pcap):
            net.run(
                [
                    sys.executable,
                    "-m",
                    "scanner",
                    "sweep",
                    "198.51.100.0/24",
                    "--out",
                    str(run),
                    "--quiet",
                    "--no-store",
                ]
            )
        got = spent(pcap, frozenset(net.ready["truth"]))
    for purpose, row in sorted(got.by.items()):
        sys.stdout.write(f"{purpose:28} {dict(row)}\n")


if __name__ == "__main__":
    main()
