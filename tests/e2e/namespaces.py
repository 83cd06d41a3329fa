"""Two network namespaces, a scanner's and a site's, with one interface, MAC and address for every simulated device.

    scanner namespace                     site namespace
    scan0 198.51.100.1/24  ── veth ──  wire ── macvlan d0 198.51.100.10/24, its own MAC
                                            ── macvlan d1 198.51.100.11/24, …
                                            ── macvlan x0 203.0.113.99/24 (decoy, outside the scope)

Needs root, Linux and iproute2: `needed()` says what is missing, for a skip. Everything has this process' number in its
name; what processes that no longer run have left behind is removed first.
Run as a module inside a namespace it is the frame recorder: `python -m tests.e2e.namespaces scan0 OUT.json [OUT.pcap]`.
"""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import json
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec

from scanner.lab.__main__ import site_of
from scanner.lab.spec import Site

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "camcensus-"
SCANNER_ADDRESS = "198.51.100.1"
SCANNER_INTERFACE = "scan0"
START_SECONDS = 30.0
STOP_SECONDS = 10.0

_numbers = itertools.count()


def needed() -> str:
    """What is missing to build namespaces here, or "" when nothing is."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs root on Linux"
    missing = [tool for tool in ("ip", "setpriv") if shutil.which(tool) is None]
    return f"needs {', '.join(missing)}" if missing else ""


class Namespaces:
    """`with Namespaces(count=5) as net:` the site is up; `net.run([...])` runs a command beside it.

    `ready` is the lab's ready line (see scanner.lab.__main__.ready_line).
    """

    def __init__(
        self,
        count: int = 120,
        *,
        first: str = "198.51.100.10",
        granted: bool = False,
        kind: str = "large",
        site: Site | None = None,
    ) -> None:
        self.site = site or site_of(kind, count, first)
        self._own = site is not None
        self._kind = kind
        self.ready: dict[str, Any] = {}
        name = f"{PREFIX}{os.getpid()}-{next(_numbers)}"
        self.scanner_namespace = f"{name}-scan"
        self.site_namespace = f"{name}-site"
        self._granted = granted
        self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lab: subprocess.Popen[bytes] | None = None

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The names of all that are made."""
        return self.scanner_namespace, self.site_namespace

    @property
    def record_file(self) -> Path:
        """Where the lab writes what it received, when it is stopped."""
        return self._folder / "record.json"

    def __enter__(self) -> Self:
        remove_stale()
        try:
            self._build()
            self._start_lab()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the lab, remove the namespaces and the temporary folder. May be called twice."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._stop_lab()
        for namespace in self.namespaces:
            if namespace in _namespaces():
                ip("netns", "delete", namespace)
        shutil.rmtree(self._folder, ignore_errors=True)

    def stop_lab(self) -> dict[str, Any]:
        """Stop the lab and return its record (see scanner.lab.record.Record.to_object)."""
        self._stop_lab()
        record: dict[str, Any] = json.loads(self.record_file.read_bytes())
        return record

    def command(self, command: Sequence[str], as_user: str | None = None) -> list[str]:
        """`command` as it is run in the scanner's namespace, by root or by `as_user` without any capability."""
        drop = [] if as_user is None else _drop(as_user)
        return ["ip", "netns", "exec", self.scanner_namespace, *drop, *command]

    def run(
        self, command: Sequence[str], as_user: str | None = None, timeout: float = 120.0, cwd: Path = ROOT
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` in the scanner's namespace to its end; output captured as text."""
        return subprocess.run(
            self.command(command, as_user), cwd=cwd, timeout=timeout, capture_output=True, text=True, check=False
        )

    def unplug(self, hosts: Sequence[str]) -> None:
        """Take devices off the wire: their addresses are silent, also to ARP."""
        batch(self.site_namespace, [f"link set {self._link(host)} down" for host in hosts])

    def plug(self, hosts: Sequence[str]) -> None:
        """Put devices that were unplugged back."""
        lines = [line for host in hosts for line in self._up(self._link(host), host)]
        batch(self.site_namespace, lines)

    def _link(self, host: str) -> str:
        return f"d{[device.host for device in self.site.devices].index(host)}"

    @contextlib.contextmanager
    def capture(self, pcap: Path | None = None) -> Iterator[Frames]:
        """Count the frames on the scanner's interface; the counts are there when the block is left."""
        frames = Frames()
        out = self._folder / f"frames-{next(_numbers)}.json"
        command = [sys.executable, "-m", "tests.e2e.namespaces", SCANNER_INTERFACE, str(out)]
        command += [str(pcap)] if pcap is not None else []
        with subprocess.Popen(self.command(command), cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                yield frames
            finally:
                time.sleep(0.1)  # what is on its way still counts
                process.send_signal(signal.SIGTERM)
                process.wait(STOP_SECONDS)
        frames.read(out)

    def _make_namespaces(self) -> None:
        for namespace in self.namespaces:
            ip("netns", "add", namespace)
            ip("-n", namespace, "link", "set", "lo", "up")
            self._sysctl(namespace, "ipv6/conf/default/disable_ipv6", "1")
        for scope in ("all", "default"):
            for name, value in (("arp_ignore", "1"), ("arp_announce", "2"), ("rp_filter", "0")):
                self._sysctl(self.site_namespace, f"ipv4/conf/{scope}/{name}", value)

    def _build(self) -> None:
        self._make_namespaces()
        batch(self.scanner_namespace, self._wire_lines())
        batch(self.site_namespace, ["link set wire up", *self._device_lines()])

    def _wire_lines(self) -> list[str]:
        lines = [
            f"link add {SCANNER_INTERFACE} type veth peer name wire",
            f"link set wire netns {self.site_namespace}",
            f"addr add {SCANNER_ADDRESS}/24 dev {SCANNER_INTERFACE}",
            f"link set {SCANNER_INTERFACE} up",
        ]
        # On-link routes to the decoys: a packet that should not be sent would be sent, and seen
        return lines + [f"route add {network} dev {SCANNER_INTERFACE}" for network in self._decoy_networks()]

    def _decoy_networks(self) -> list[str]:
        return [str(ipaddress.ip_network(f"{decoy}/24", strict=False)) for decoy in self.site.decoys]

    def _device_lines(self) -> Iterator[str]:
        rows = [(f"d{i}", device.host, device.mac) for i, device in enumerate(self.site.devices)]
        rows += [(f"x{i}", decoy, f"02:00:5e:00:00:{i:02x}") for i, decoy in enumerate(self.site.decoys)]
        for name, host, mac in rows:
            yield f"link add link wire name {name} address {mac} type macvlan mode bridge"
            yield f"addr add {host}/24 dev {name} noprefixroute"
            yield from self._up(name, host)
            yield f"rule add from {host} lookup {_table(name)}"

    def _up(self, name: str, host: str) -> Iterator[str]:
        network = ipaddress.ip_network(f"{SCANNER_ADDRESS}/24", strict=False)
        yield f"link set {name} up"
        # Each address answers through its own interface, so that frames carry its own MAC
        yield f"route add {network} dev {name} src {host} table {_table(name)}"

    def _sysctl(self, namespace: str, name: str, value: str) -> None:
        line = f"[ ! -e /proc/sys/net/{name} ] || echo {value} > /proc/sys/net/{name}"
        ip("netns", "exec", namespace, "sh", "-c", line)

    def _start_lab(self) -> None:
        ready = self._folder / "ready.json"
        command = ["ip", "netns", "exec", self.site_namespace, sys.executable, "-m", "scanner.lab", "--ports", "real"]
        command += self._site_options()
        command += ["--ready-file", str(ready), "--record", str(self.record_file)]
        command += ["--granted"] if self._granted else []
        self._lab = subprocess.Popen(command, cwd=ROOT)
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            if self._lab.poll() is not None:
                raise RuntimeError(f"the lab ended with exit code {self._lab.returncode}")
            if time.monotonic() > deadline:
                raise RuntimeError("the lab was not ready in time")
            time.sleep(0.05)
        self.ready = json.loads(ready.read_bytes())

    def _site_options(self) -> list[str]:
        if not self._own:
            return [
                "--site", self._kind, "--count", str(len(self.site.devices)), "--first", self.site.devices[0].host,
            ]  # fmt: skip
        written = self._folder / "site.json"
        written.write_bytes(msgspec.json.encode(self.site))
        return ["--site-file", str(written)]

    def _stop_lab(self) -> None:
        if self._lab is not None:
            self._lab.terminate()
            try:
                self._lab.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._lab.kill()
                self._lab.wait(STOP_SECONDS)
            self._lab = None


class Frames:
    """Frames on the scanner's wire. `sent` and `received` by the other side's address, `kinds` by what they are.

    ARP counts for the address asked about, or answering; a group address counts as a host of its own.
    """

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.received: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.dropped = 0

    @property
    def total(self) -> int:
        """All frames, both ways."""
        return self.sent.total() + self.received.total()

    def per_host(self, hosts: Sequence[str]) -> dict[str, int]:
        """Frames to and from each of `hosts`."""
        return {host: self.sent[host] + self.received[host] for host in hosts}

    def add(self, frame: bytes, *, outgoing: bool) -> None:
        """Count one frame."""
        host, kind = classify(frame, outgoing=outgoing)
        (self.sent if outgoing else self.received)[host] += 1
        self.kinds[f"{'sent' if outgoing else 'received'} {kind}"] += 1

    def write(self, path: Path) -> None:
        """The counts as JSON."""
        path.write_text(json.dumps([self.sent, self.received, self.kinds, self.dropped]))

    def read(self, path: Path) -> None:
        """The counts of `write`."""
        sent, received, kinds, self.dropped = json.loads(path.read_text())
        self.sent, self.received, self.kinds = Counter(sent), Counter(received), Counter(kinds)


def classify(frame: bytes, *, outgoing: bool) -> tuple[str, str]:
    """(the other side's address, what it is) of an Ethernet frame; ("", "…") where it is neither IPv4 nor ARP."""
    ethertype = int.from_bytes(frame[12:14], "big")
    if ethertype == 0x0806 and len(frame) >= 42:
        return str(ipaddress.IPv4Address(frame[38:42] if outgoing else frame[28:32])), "arp"
    if ethertype == 0x0800 and len(frame) >= 34:
        kind = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp"}.get(frame[23], "ip")
        return str(ipaddress.IPv4Address(frame[30:34] if outgoing else frame[26:30])), kind
    return "", f"ethertype {ethertype:04x}"


def _table(link: str) -> int:
    """The routing table of a device's (d…) or a decoy's (x…) interface."""
    return {"d": 1000, "x": 2000}[link[0]] + int(link[1:])


def remove_stale() -> None:
    """Remove the namespaces of processes that no longer run."""
    for name in _namespaces():
        number = name.removeprefix(PREFIX).partition("-")[0]
        if name.startswith(PREFIX) and number.isdigit() and not Path(f"/proc/{number}").exists():
            ip("netns", "delete", name)


def _namespaces() -> list[str]:
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in listed.splitlines() if line.strip()]


def _drop(user: str) -> list[str]:
    entry = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", "--inh-caps=-all", "--"]


def ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")


def batch(namespace: str, lines: Iterator[str] | list[str]) -> None:
    text = "\n".join(lines) + "\n"
    done = subprocess.run(
        ["ip", "-n", namespace, "-batch", "-"], input=text, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"ip -batch in {namespace}: {done.stderr.strip()[:2000]}")


_PACKET_OUTGOING = 4
_SOL_PACKET, _PACKET_STATISTICS = 263, 6
_SO_RCVBUFFORCE = 33


def record_frames(interface: str, out: Path, pcap: Path | None) -> None:
    """Count every frame on `interface` until SIGTERM, then write the counts to `out`."""
    running = [True]
    signal.signal(signal.SIGTERM, lambda _number, _frame: running.clear())
    frames = Frames()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as sock, contextlib.ExitStack() as stack:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 32 * 1024 * 1024)
        sock.bind((interface, 3))
        sock.settimeout(0.05)
        dump = stack.enter_context(pcap.open("wb")) if pcap is not None else None
        if dump is not None:
            dump.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        sys.stdout.write("recording\n")
        sys.stdout.flush()
        _receive(sock, frames, dump, running)
        _, frames.dropped = struct.unpack("II", sock.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
    frames.write(out)


def _receive(sock: socket.socket, frames: Frames, dump: BinaryIO | None, running: list[bool]) -> None:
    while True:
        try:
            frame, address = sock.recvfrom(65535)
        except TimeoutError:
            if not running:
                return
            continue
        frames.add(frame, outgoing=address[2] == _PACKET_OUTGOING)
        if dump is not None:
            now = time.time()
            dump.write(struct.pack("<IIII", int(now), int(now % 1 * 1e6), len(frame), len(frame)) + frame)


if __name__ == "__main__":
    record_frames(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
