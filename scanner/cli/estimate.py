"""From a planned sweep to what it would send: pure figures, out of the table of costs."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from scanner.cli.costs import (
    ASKING,
    COSTS,
    FIRST_CONTACT,
    LISTENING,
    SILENT_ARP,
    SILENT_KERNEL,
    SILENT_ROUTED,
    SILENT_SECONDS,
    SWITCH,
    TYPICAL_SHARE,
    Amount,
    a_device,
    of_links,
    ordinary,
)
from scanner.models.plan import PlanAmount, PlanCase, PlanInterface, PlanReport, PlanStep, SitePlan

if TYPE_CHECKING:
    from scanner.cli.running import Plan

_CASES = (("every address is an ordinary device", 1.0), ("one address in four is", TYPICAL_SHARE), ("none is", 0.0))


def site_plan(plan: Plan, *, raw: bool) -> SitePlan:
    """The plan's figures. `raw`: whether raw sockets are at hand. Between its cases the amounts are linear."""
    v6 = plan.options.ipv6 and any(":" in text for one in plan.used if not one.loopback for text in one.addresses)
    near = _on_link(plan)
    counted = _Counted(plan, near, len(plan.options.targets) - near, raw=raw, v6=v6)
    cases = [(name, round(near * share), round(counted.far * share)) for name, share in _CASES]
    return SitePlan(
        site=plan.site,
        scope=plan.scope.texts,
        addresses=len(plan.options.targets),
        on_link=near,
        routed=counted.far,
        interfaces=tuple(
            PlanInterface(i.name, i.addresses, used=not i.skip, reason=i.skip) for i in (*plan.used, *plan.skipped)
        ),
        rate=plan.rate,
        host_rate=plan.host_rate,
        raw=raw,
        ipv6=v6,
        steps=_steps(plan, v6=v6),
        added=_whole(counted.added(near + counted.far)),
        cases=tuple(counted.case(*case) for case in cases),
    )


def report(plans: Sequence[SitePlan]) -> PlanReport:
    """The sites one after the other, and their sum case by case."""
    total = []
    for same in zip(*(plan.cases for plan in plans), strict=True):
        amounts = [case.amount for case in same]
        total.append(
            PlanCase(
                same[0].name,
                sum(case.devices for case in same),
                PlanAmount(
                    sum(a.sent for a in amounts),
                    sum(a.received for a in amounts),
                    sum(a.connections for a in amounts),
                    sum(a.bytes for a in amounts),
                ),
                sum(case.rate_seconds for case in same),
                sum(case.seconds for case in same),
            )
        )
    return PlanReport(tuple(plans), tuple(total))


class _Counted:
    """A plan with its addresses counted: `near` on links, `far` beyond routers."""

    def __init__(self, plan: Plan, near: int, far: int, *, raw: bool, v6: bool) -> None:
        self._plan, self._near, self.far, self._v6 = plan, near, far, v6
        self._silent = SILENT_ARP if raw else SILENT_KERNEL
        self._links = sum(1 for one in plan.used if not one.loopback)

    def added(self, devices: int) -> Amount:
        """What is given for some devices: each target has what it has, so the share of those that are there."""
        targets = self._plan.options.targets
        share = devices / max(len(targets), 1)
        logins = sum(1 for host in targets if self._plan.options.logins(host, None))
        reads = sum(len(self._plan.options.snmp(host, None)) for host in targets)
        given = COSTS["login"].device.times(logins * share).plus(COSTS["snmp-read"].device.times(reads * share))
        return given.plus(COSTS[SWITCH].device.times(len(self._plan.options.switches)))

    def case(self, name: str, near: int, far: int) -> PlanCase:
        """So many devices on links and beyond routers."""
        amount = of_links(ipv6=self._v6).times(self._links)
        for part in (
            a_device(ordinary(on_link=True, ipv6=self._v6)).times(near),
            a_device(ordinary(on_link=False)).times(far),
            self._silent.times(self._near - near),
            SILENT_ROUTED.times(self.far - far),
            self.added(near + far),
        ):
            amount = amount.plus(part)
        by_rate = amount.sent / self._plan.rate
        waiting = (self.far - far) * SILENT_SECONDS / self._plan.options.workers
        seconds = LISTENING + max(by_rate, waiting) + self._slowest(near + far)
        return PlanCase(name, near + far, _whole(amount), round(by_rate, 1), round(seconds, 1))

    def _slowest(self, devices: int) -> float:
        """Of the last device: how long it takes to answer, or what its own rate allows."""
        if not devices:
            return 0.0
        return max(ASKING, a_device(ordinary(on_link=True)).sent / self._plan.host_rate)


def _steps(plan: Plan, *, v6: bool) -> tuple[PlanStep, ...]:
    from scanner.discover import ALL as DISCOVERERS
    from scanner.probe import PROBES
    from scanner.probe.contact import SENDS as CONTACT_SENDS
    from scanner.probe.switch import SENDS as SWITCH_SENDS

    sends = {one.name: one.sends for one in DISCOVERERS if plan.options.ipv6 or one.name != "ipv6"}
    sends[FIRST_CONTACT] = CONTACT_SENDS
    sends |= {f"{one.name} ({one.stage.value})": one.sends for one in PROBES}
    if plan.options.switches:
        sends[SWITCH] = SWITCH_SENDS
    steps = []
    for name, what in sends.items():
        cost = COSTS[name.partition(" (")[0]]
        if name == "ipv6" and not v6:
            cost = cost._replace(link=Amount(), device=Amount())
        steps.append(PlanStep(name, what, _whole(cost.link), _whole(cost.device, up=True), cost.measured))
    return tuple(steps)


def _whole(amount: Amount, *, up: bool = False) -> PlanAmount:
    return PlanAmount(*(-int(-value // 1) if up else round(value) for value in amount))


def _on_link(plan: Plan) -> int:
    networks = {ip_network(text, strict=False) for one in plan.used if not one.loopback for text in one.addresses}
    return sum(1 for host in plan.options.targets if any(ip_address(host) in network for network in networks))
