"""What a sweep would send, before it is begun: `camcensus.plan/1`, as `--dry-run --json FILE` writes it."""

from __future__ import annotations

import msgspec

PLAN_SCHEMA = "camcensus.plan/1"


class PlanAmount(msgspec.Struct, frozen=True):
    """Packets sent, packets received, connections that devices accept, and bytes both ways, link headers included."""

    sent: int = 0
    received: int = 0
    connections: int = 0
    bytes: int = 0


class PlanStep(msgspec.Struct, frozen=True):
    """One discoverer or probe, by its name. `a_link` and `a_device` are averages, for an ordinary device on a link.

    `measured` is false where the figures are worked out from what the code may send, and were not counted on a wire.
    """

    name: str
    sends: str
    a_link: PlanAmount
    a_device: PlanAmount
    measured: bool = True


class PlanCase(msgspec.Struct, frozen=True):
    """`devices` of the addresses are ordinary devices, the others silent. `rate_seconds`: what the rate alone takes."""

    name: str
    devices: int
    amount: PlanAmount
    rate_seconds: float
    seconds: float


class PlanInterface(msgspec.Struct, frozen=True):
    """`reason` says why it is not used."""

    name: str
    addresses: tuple[str, ...]
    used: bool
    reason: str = ""


class SitePlan(msgspec.Struct, frozen=True):
    """One sweep. Of its `addresses`, `on_link` are asked by ARP; `routed` lie beyond routers (or on loopback).

    `raw`: ARP by the tool itself; else the kernel asks. `added` is what switches and credentials add, within the cases.
    """

    site: str | None
    scope: tuple[str, ...]
    addresses: int
    on_link: int
    routed: int
    interfaces: tuple[PlanInterface, ...]
    rate: float
    host_rate: float
    raw: bool
    ipv6: bool
    steps: tuple[PlanStep, ...]
    added: PlanAmount
    cases: tuple[PlanCase, ...]


class PlanReport(msgspec.Struct, frozen=True):
    """Every sweep asked for, one after the other, and their sum."""

    sites: tuple[SitePlan, ...]
    total: tuple[PlanCase, ...]
    schema: str = PLAN_SCHEMA
