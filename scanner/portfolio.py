"""Many sites' inventories as one: each site's latest sweep and coverage, counts of devices and of sites. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from scanner.models import Device, Inventory, Status
from scanner.models.portfolio import Portfolio, SiteDevice, SiteSummary
from scanner.report.words import counted, in_reading_order

Named = tuple[str, Inventory]
"""(the site's name, a sweep of it)"""


def gather(runs: Iterable[Named]) -> Portfolio:
    """The portfolio; of several sweeps of one site the latest that is complete counts, else the latest."""
    latest, notes = _latest(runs)
    sites = [(name, latest[name]) for name in sorted(latest)]
    summaries = tuple(_summary(name, inventory) for name, inventory in sites)
    devices = [_device(name, device) for name, inventory in sites for device in in_reading_order(inventory.devices)
               if device.status is not Status.NOT_A_CAMERA]  # fmt: skip
    return Portfolio(
        sites=summaries,
        devices=tuple(devices),
        totals=_sum(summary.statuses for summary in summaries),
        sites_with={
            status.value: sum(summary.statuses[status.value] > 0 for summary in summaries) for status in Status
        },
        makers=_sum(summary.makers for summary in summaries),
        makers_at=_sum(dict.fromkeys(summary.makers, 1) for summary in summaries),
        notes=(*_notes(summaries, sites), *notes),
    )


def _latest(runs: Iterable[Named]) -> tuple[dict[str, Inventory], list[str]]:
    by_site: dict[str, list[Inventory]] = defaultdict(list)
    for name, inventory in runs:
        by_site[name].append(inventory)
    notes = []
    chosen = {}
    for name, found in sorted(by_site.items()):
        ordered = sorted(found, key=lambda one: (one.sweep.complete, one.sweep.finished))
        chosen[name] = ordered[-1]
        if len(found) > 1:
            last = chosen[name].sweep.finished
            notes.append(f"{name}: {len(found)} sweeps were given; the one of {last} counts, the others are left out.")
    return chosen, notes


def _summary(name: str, inventory: Inventory) -> SiteSummary:
    sweep, coverage = inventory.sweep, inventory.coverage
    statuses = Counter(device.status.value for device in inventory.devices)
    makers = Counter(device.maker or "not established" for device in inventory.devices if device.is_camera)
    instruments = Counter(
        instrument for device in inventory.devices for instrument in {each.instrument for each in counted(device)}
    )
    return SiteSummary(
        site=name, sweep=sweep.id, finished=sweep.finished, complete=sweep.complete, as_of=sweep.as_of,
        policy=sweep.policy, registry=inventory.tool.registry.edition, scope=sweep.scope,
        addresses=coverage.addresses, answered=coverage.answered,
        cameras=sum(device.is_camera is True for device in inventory.devices),
        statuses={status.value: statuses.get(status.value, 0) for status in Status},
        makers=dict(sorted(makers.items())), instruments=dict(sorted(instruments.items())), notes=coverage.notes,
    )  # fmt: skip


def _device(site: str, device: Device) -> SiteDevice:
    return SiteDevice(
        site=site, host=device.host, status=device.status.value, kind=device.kind, brand=device.brand,
        maker=device.maker, model=device.model, firmware=device.firmware, serial=device.serial, mac=device.mac,
        instruments=tuple(dict.fromkeys(each.instrument for each in counted(device))), why=device.why,
    )  # fmt: skip


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(sorted(total.items()))


def _notes(summaries: Sequence[SiteSummary], sites: Sequence[Named]) -> Iterator[str]:
    partial = [summary.site for summary in summaries if not summary.complete]
    if partial:
        yield f"Not complete at {_some(partial)}: what is there may be more than what was found."
    silent = sum(summary.addresses - summary.answered for summary in summaries)
    if silent:
        yield f"{silent} addresses of {len(summaries)} sites did not answer; a camera may be among them."
    if len({(summary.policy, summary.as_of, summary.registry) for summary in summaries}) > 1:
        yield "The sites were not judged alike (policy, day or lists differ): judge them again before comparing."
    yield from _twice(sites)


def _twice(sites: Sequence[Named]) -> Iterator[str]:
    """A device of one serial number or MAC at two sites: moved between the sweeps, or a number that several share."""
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, inventory in sites:
        for device in inventory.devices:
            key = ("serial number", device.serial) if device.serial else ("MAC", device.mac or "")
            if key[1] and device.is_camera is not False:
                places[key].add(name)
    double = sorted((kind, value) for (kind, value), names in places.items() if len(names) > 1)
    if double:
        named = [f"{kind} {value} at {' and '.join(sorted(places[kind, value]))}" for kind, value in double]
        yield f"Seen at more than one site, so moved in between or counted twice: {_some(named)}."


def _some(items: Sequence[str], most: int = 8) -> str:
    rest = len(items) - most
    return ", ".join(items[:most]) + (f" and {rest} more" if rest > 0 else "")
