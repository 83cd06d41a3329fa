"""Two bridged segments, a router between them, and a bad cable between the scanner and all of it.

    scanner ns        wires ns                                            site ns (one lab)
    scan0 .1/26 ─veth─ c0 ═ cable ═ c1 ─veth─ bridge A ─veth─ wire-a ──── macvlan a0 .10, a1 .11, …
                                                 │
                      router ns: ra .62/26 ──────┘
                                 rb .129/26 ──── bridge B ─veth─ wire-b ─ macvlan b0 .138, …

Everything has this process' number in its name, as in tests.e2e.namespaces. Needs root, Linux and iproute2.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_network

import msgspec

from scanner.lab.spec import DeviceSpec
from tests.e2e import cable, singles
from tests.e2e.namespaces import ROOT, SCANNER_ADDRESS, STOP_SECONDS, Namespaces, batch


class Segments(Namespaces):
    """`with Segments(loss=0.05, delay=(0.001, 0.15), seed=1) as net: net.run([...])`; `plan` is what stands there.

    `carried` is, at the end, how many frames the cable carried, lost and walled off.
    """

    def __init__(
        self, *, loss: float = 0.0, delay: tuple[float, float] = (0.0, 0.0), seed: int = 0, slow_pages: bool = True
    ) -> None:
        self.plan = singles.plan(slow_pages=slow_pages)
        super().__init__(site=self.plan.site)
        self._cable_plan = cable.Plan(loss, delay, seed, self.plan.walls)
        self.wires_namespace = self.scanner_namespace.replace("-scan", "-wires")
        self.router_namespace = self.scanner_namespace.replace("-scan", "-router")
        self._cable: subprocess.Popen[bytes] | None = None
        self.carried: dict[str, int] = {}

    @property
    def namespaces(self) -> tuple[str, ...]:
        """All of them."""
        return *super().namespaces, self.wires_namespace, self.router_namespace

    def close(self) -> None:
        """See Namespaces."""
        if self._cable is not None:
            self._cable.terminate()
            self.carried = json.loads(self._cable.communicate(timeout=STOP_SECONDS)[0] or b"{}")
            self._cable = None
        super().close()

    def _build(self) -> None:
        self._make_namespaces()
        self._sysctl(self.router_namespace, "ipv4/ip_forward", "1")
        batch(self.wires_namespace, self._wires_lines())
        batch(self.router_namespace, self._router_lines())
        batch(self.scanner_namespace, self._scanner_lines())
        batch(self.site_namespace, ["link set wire-a up", "link set wire-b up", *self._device_lines()])
        self._give_ipv6()
        self._start_cable()

    def _wires_lines(self) -> list[str]:
        pairs = (
            ("c0", "scan0", self.scanner_namespace), ("wa", "wire-a", self.site_namespace),
            ("wb", "wire-b", self.site_namespace), ("ra", "ra", self.router_namespace),
            ("rb", "rb", self.router_namespace),
        )  # fmt: skip
        lines = [f"link add {name} type bridge mcast_snooping 0 forward_delay 0" for name in ("bridge-a", "bridge-b")]
        lines += [f"link add {here} type veth peer name {there} netns {where}" for here, there, where in pairs]
        lines.append("link add c1 type veth peer name c1b")
        lines += [f"link set {name} master bridge-a" for name in ("c1b", "wa", "ra")]
        lines += [f"link set {name} master bridge-b" for name in ("wb", "rb")]
        up = ("bridge-a", "bridge-b", "c0", "c1", "c1b", "wa", "wb", "ra", "rb")
        return [*lines, *(f"link set {name} up" for name in up)]

    def _router_lines(self) -> list[str]:
        return [
            f"addr add {singles.ROUTER_A}/26 dev ra", "link set ra up",
            f"addr add {singles.ROUTER_B}/26 dev rb", "link set rb up",
            f"route add prohibit {singles.PROHIBITED}/32", f"route add blackhole {singles.DARK}",
        ]  # fmt: skip

    def _scanner_lines(self) -> list[str]:
        routed = [f"route add {network} via {singles.ROUTER_A}" for network in (singles.B, singles.DARK)]
        # On link, as far as the routes go: a packet that should not be sent would be sent, and seen
        return [f"addr add {SCANNER_ADDRESS}/26 dev scan0", "link set scan0 up", *routed,
                "route add 203.0.113.0/24 dev scan0"]  # fmt: skip

    def _device_lines(self) -> Iterator[str]:
        made: dict[tuple[str, str], str] = {}
        tables = itertools.count(1000)
        for wire, devices in (("wire-a", self.plan.a), ("wire-b", self.plan.b)):
            for device in devices:
                name = made.get((wire, device.mac))
                if name is None:
                    name = made[wire, device.mac] = f"{wire[-1]}{len(made)}"
                    yield f"link add link {wire} name {name} address {device.mac} type macvlan mode bridge"
                    yield f"link set {name} up"
                if ":" not in device.host:
                    yield from _addressed(device, name, wire, next(tables))
        self._v6 = made["wire-a", singles.ONLY_V6_MAC]

    def _give_ipv6(self) -> None:
        for namespace, interface in ((self.site_namespace, self._v6), (self.scanner_namespace, "scan0")):
            for name, value in (("addr_gen_mode", "0"), ("accept_dad", "0"), ("disable_ipv6", "0")):
                self._sysctl(namespace, f"ipv6/conf/{interface}/{name}", value)

    def _start_cable(self) -> None:
        written = self._folder / "cable.json"
        written.write_bytes(msgspec.json.encode(self._cable_plan))
        command = ["ip", "netns", "exec", self.wires_namespace, sys.executable, "-m", "tests.e2e.cable", "c0", "c1"]
        self._cable = subprocess.Popen([*command, str(written)], cwd=ROOT, stdout=subprocess.PIPE)
        assert self._cable.stdout is not None
        assert self._cable.stdout.readline()


def _addressed(device: DeviceSpec, name: str, wire: str, table: int) -> Iterator[str]:
    network = ip_network(singles.A if wire == "wire-a" else singles.B)
    gateway = singles.ROUTER_A if wire == "wire-a" else singles.ROUTER_B
    yield f"addr add {device.host}/32 dev {name} noprefixroute"
    yield f"route add {network} dev {name} src {device.host} table {table}"
    if device.host != singles.FACTORY:
        yield f"route add default via {gateway} dev {name} table {table}"
    yield f"rule add from {device.host} lookup {table}"
