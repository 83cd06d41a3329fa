"""`--dry-run`: what a sweep would send, in words and as JSON. Nothing is sent and nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.cli.estimate import report, site_plan
from scanner.cli.output import result
from scanner.models.plan import PlanAmount, PlanCase, SitePlan

if TYPE_CHECKING:
    from scanner.cli.running import Plan


def show_plans(plans: Sequence[Plan], json_file: Path | None) -> None:
    """The plans in words, and their sum where there are several; as JSON to `json_file` ("-": standard output)."""
    from scanner.net.link import may_open_links

    raw = may_open_links()
    made = report([site_plan(plan, raw=raw) for plan in plans])
    if json_file is not None:
        import msgspec

        _write(json_file, msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
        if str(json_file) == "-":
            return
    for number, one in enumerate(plans, 1):
        head = f"== Site {one.site} ({number} of {len(plans)})\n" if len(plans) > 1 else ""
        result(head + _in_words(one, made.sites[number - 1]))
    if len(plans) > 1:
        result("== All sites, one after the other\n" + "\n".join(_case(case) for case in made.total) + "\n")


def describe(plan: Plan) -> str:
    """The plan in words."""
    from scanner.net.link import may_open_links

    return _in_words(plan, site_plan(plan, raw=may_open_links()))


def _write(file: Path, content: bytes) -> None:
    from scanner.runs import write_whole

    if str(file) == "-":
        result(content)
    else:
        write_whole(file, content)


def _in_words(plan: Plan, made: SitePlan) -> str:
    from scanner.probe.switch import SENDS as SWITCH_SENDS

    fastest = 1 / plan.host_rate * 1000
    lines = [
        f"Scope: {', '.join(made.scope)} ({plan.scope.size} addresses)",
        f"  {made.on_link} on a link of this machine ({_asked_by(made)}), {made.routed} beyond routers or on loopback",
        "Interfaces: "
        + (", ".join(f"{i.name} ({', '.join(i.addresses)})" for i in plan.used) or "none on these networks"),
        *(f"  not used: {i.name} ({i.skip})" for i in plan.skipped),
        f"IPv6: {_ipv6(plan, made)}",
        f"Rates: {made.rate:g} packets/s in all, {made.host_rate:g} to one device, at most 2 connections to a device",
        f"  to one device a packet each {fastest:.0f} ms at most",
        "What it comes to (packets both ways; averages of ordinary devices and networks, no upper bound):",
        *(_case(case) for case in made.cases),
    ]
    if made.added != PlanAmount():
        lines.append(f"  Of these, switches and credentials add up to {_amount(made.added)}.")
    lines += ["Of that, by what is asked:", *_table(made), "What is asked:"]
    lines += [f"  {step.name}: {step.sends}" for step in made.steps if step.name != "switch"]
    lines += [f"  switch {switch.host}: {SWITCH_SENDS}" for switch in plan.options.switches]
    return "\n".join(lines) + "\n"


def _asked_by(made: SitePlan) -> str:
    return "asked by ARP" if made.raw else "ARP by the kernel: raw sockets need root or CAP_NET_RAW"


def _ipv6(plan: Plan, made: SitePlan) -> str:
    if not plan.options.ipv6:
        return "not asked (--no-ipv6)"
    return "asked by multicast on the links" if made.ipv6 else "no interface used has an IPv6 address: nothing is asked"


def _case(case: PlanCase) -> str:
    return (
        f"  If {case.name} ({case.devices:,}): {_amount(case.amount)}; about {case.seconds:.0f} s, "
        f"{case.rate_seconds:g} s by the rate alone."
    )


def _amount(amount: PlanAmount) -> str:
    return (
        f"{amount.sent + amount.received:,} packets ({amount.sent:,} sent), {amount.connections:,} connections, "
        f"{_size(amount.bytes)}"
    )


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{size / 1e3:.1f} kB"


def _table(made: SitePlan) -> list[str]:
    rows = [f"  {'':<34}{'sent a link':>12}{'sent a device':>15}{'back':>6}{'bytes':>9}"]
    for step in made.steps:
        if (step.a_link, step.a_device) != (PlanAmount(), PlanAmount()):
            device = step.a_device
            note = "" if step.measured else "  only where you gave it; worked out, not measured"
            rows.append(
                f"  {step.name:<34}{step.a_link.sent:>12}{device.sent:>15}{device.received:>6}{device.bytes:>9}{note}"
            )
    return [*rows, "  A device's figures are rounded up each; many are asked only of some devices."]
