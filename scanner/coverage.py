"""The coverage of a sweep, in numbers and sentences: what was not reached is said first."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network

from scanner.models import Coverage, InterfaceCoverage
from scanner.net.api import Interface
from scanner.net.interfaces import networks
from scanner.net.ledger import Ledger
from scanner.net.limits import pending_for
from scanner.net.routes import Route
from scanner.net.scope import Scope
from scanner.sweep import Gathered, SweepOptions
from scanner.text import is_ip, sort_key
from scanner.unreached import ranges, refused_by_routers, refusing, silent_networks, some, unheard


def coverage_of(
    scope: Scope,
    options: SweepOptions,
    gathered: Gathered,
    used: Sequence[Interface],
    skipped: Sequence[Interface],
    ledger: Ledger,
    neighbour_rows: int | None = None,
    known: Sequence[Route] = (),
) -> Coverage:
    """Counts are of the addresses asked; the notes' order is: not reached, cut short, faults, how it was done.

    `neighbour_rows`: how many the kernel's neighbour table can hold, where that is known; `known`: the routes.
    """
    silent = [host for host in options.targets if host not in gathered.alive]
    asked = len(options.targets)
    notes = [*_unreached(scope, silent, asked, gathered), *silent_networks(options.targets, gathered.alive, known)]
    notes += [
        *refused_by_routers(ledger.refusals, gathered.alive),
        *unheard(gathered.mute),
        *refusing(gathered.refusing),
    ]
    notes += [*_logins(gathered), *gathered.notes, *_faults(gathered), *_limits(used)]
    notes += [*_beyond(gathered), *_table(scope, used, neighbour_rows)]
    if not options.ipv6:
        notes.append("IPv6 was left out as you asked: what speaks only IPv6 is missing.")
    if options.own:
        notes.append(f"This host's own address was not asked: {some(list(options.own))}.")
    notes += _outside(ledger.outside)
    busiest = ledger.busiest()
    return Coverage(
        addresses=asked,
        answered=asked - len(silent),
        silent=len(silent),
        interfaces=tuple(
            InterfaceCoverage(name=i.name, addresses=i.addresses, used=not i.skip, reason=i.skip)
            for i in (*used, *skipped)
        ),
        notes=tuple(dict.fromkeys(notes)),
        cut=tuple(sorted(set(gathered.cut))),
        outside=tuple(f"{origin} → {address}" for origin, address in ledger.outside),
        packets=ledger.packets,
        connections=ledger.connections,
        beyond=len(gathered.beyond),
        silent_ranges=ranges(silent),
        filtered=ranges(gathered.mute),
        blocked=ranges(host for host, one in ledger.refusals.items() if one.prohibited and host not in gathered.alive),
        busiest=f"{busiest[0]} ({busiest[1]} packets)" if busiest else "",
    )


def _unreached(scope: Scope, silent: Sequence[str], asked: int, gathered: Gathered) -> list[str]:
    notes = []
    if not gathered.complete:
        notes.append(gathered.ended)
    if silent:
        why = "free, switched off, asleep, or behind a filter"
        if not gathered.complete:
            why = f"the sweep ended before each was asked; or they are {why}"
        notes.append(
            f"{len(silent)} of {asked} addresses did not answer: {why}; a camera may be among them. "
            f"They are {some(ranges(silent))}."
        )
    if scope.excluded:
        notes.append(f"Left out as you asked: {some(list(scope.excluded))}.")
    return [*notes, *scope.notes]


def _logins(gathered: Gathered) -> list[str]:
    """Where a login did not open what it was given for."""
    notes = []
    if gathered.refused:
        named = [f"{host} ({gathered.refused[host]})" for host in sorted(gathered.refused, key=sort_key)]
        notes.append(f"Refused the login that you gave, which was tried once there and not again: {some(named)}.")
    if gathered.untried:
        named = sorted(gathered.untried, key=sort_key)
        notes.append(
            f"Not asked with their login, as it was tried before at another address of the device, or before an "
            f"interruption: {some(named)}."
        )
    return notes


def _outside(seen: Sequence[tuple[str, str]]) -> list[str]:
    """Who answered from elsewhere, and who pointed elsewhere (`origin` is then a device's address)."""
    heard = sorted({address for origin, address in seen if not is_ip(origin)}, key=sort_key)
    pointed = [f"{origin} to {address}" for origin, address in seen if is_ip(origin)]
    notes = []
    if heard:
        notes.append(f"Answered from outside the scope and not asked anything: {some(heard)}.")
    if pointed:
        notes.append(f"Devices that point out of the scope, which was not followed: {some(pointed)}.")
    return notes


def _faults(gathered: Gathered) -> list[str]:
    notes = []
    if gathered.cut:
        notes.append(
            f"Cut short at a limit of time or size, so perhaps not fully read: {some(sorted(set(gathered.cut)))}."
        )
    if gathered.failures:
        what = [f"{name} ({detail})" for name, detail in sorted(gathered.failures.items())]
        notes.append(f"A fault of ours cost these questions: {some(what)}.")
    return notes


def _beyond(gathered: Gathered) -> list[str]:
    if not gathered.beyond:
        return []
    named = some(sorted(gathered.beyond, key=sort_key))
    return [
        f"Heard on the link over IPv6, outside the named scope and so not asked: {named}. Those with the MAC or the "
        "serial of a device in scope are listed as one with it, the others by what they announce; they are not among "
        "the addresses counted."
    ]


def _table(scope: Scope, used: Sequence[Interface], rows: int | None) -> list[str]:
    """Whether more addresses of the scope are on link than the neighbour table can hold."""
    size = sum(_overlap(scope, network) for one in used if not one.loopback for network in networks(one))
    if rows is None or size <= rows:
        return []
    return [
        f"{size} addresses are on the link and the kernel's neighbour table holds {rows} "
        f"(net.ipv4.neigh.default.gc_thresh3): they were asked {pending_for(rows)} at a time, which takes longer."
    ]


def _overlap(scope: Scope, network: IPv4Network | IPv6Network) -> int:
    first, last = int(network.network_address), int(network.broadcast_address)
    found = (min(b, last) - max(a, first) + 1 for version, a, b in scope.intervals if version == network.version == 4)
    return sum(count for count in found if count > 0)


def _limits(used: Sequence[Interface]) -> list[str]:
    if used:
        return []
    return [
        "No local interface is on these networks, so nothing that only answers multicast or ARP could be heard: "
        "only direct questions were asked."
    ]
