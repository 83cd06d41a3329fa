"""`camcensus sites`: each site's latest sweep, and what is known of its devices after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from scanner.models import Status
from scanner.models.history import DeviceHistory, Removals, RemovalState, Sites, SiteState, Standing
from scanner.store.chronicle import Site, sites, texts
from scanner.store.history import check_site, site_devices
from scanner.store.reader import Reader


class Reached(msgspec.Struct, frozen=True):
    """A sweep's coverage as it is stored; `interfaces` are those used."""

    addresses: int
    answered: int
    silent: int
    notes: tuple[str, ...]
    interfaces: tuple[str, ...] = ()


_WAIVERS = "SELECT state, count(*) FROM waiver_use WHERE sweep_id = :sweep GROUP BY state ORDER BY state"


def reached(coverage: str) -> Reached:
    """The stored coverage of a sweep."""
    return msgspec.json.decode(coverage, type=Reached)


def every_site(reader: Reader, site: str | None, today: str) -> Sites:
    """The sites that have a sweep, by name."""
    check_site(reader, site)
    return Sites(tuple(
        _state(each, site_devices(each, reader, today), dict(reader.rows(_WAIVERS, sweep=each.sweeps[-1].number)))
        for each in sites(reader, site) if each.sweeps
    ))  # fmt: skip


def every_removal(reader: Reader, site: str | None, today: str) -> Removals:
    """Removals that count, by site and day; those without a day last."""
    check_site(reader, site)
    devices = (device for each in sites(reader, site) for device in site_devices(each, reader, today))
    found = [device.removal for device in devices if device.removal]
    return Removals(tuple(sorted(found, key=lambda one: (one.site, one.day is None, one.day or "", one.host))))


def _state(site: Site, devices: Sequence[DeviceHistory], waivers: dict[str, int]) -> SiteState:
    latest = site.sweeps[-1]
    here = [device for device in devices if device.standing in (Standing.SEEN, Standing.NOT_ASKED)]
    statuses = Counter(device.status for device in here)
    removals = Counter(device.removal.state for device in devices if device.removal)
    found = reached(latest.coverage)
    return SiteState(
        site=site.name, sweeps=len(site.sweeps), first=site.sweeps[0].finished, latest=latest.finished,
        sweep=latest.name, complete=latest.complete,
        last_complete=next((sweep.finished for sweep in reversed(site.sweeps) if sweep.complete), None),
        addresses=found.addresses, answered=found.answered, scope=texts(latest.scope), registry=latest.registry,
        as_of=latest.as_of, devices=len(here), cameras=sum(device.is_camera is True for device in here),
        statuses={status.value: statuses.get(status.value, 0) for status in Status},
        gone=sum(device.standing is Standing.GONE for device in devices),
        not_asked=sum(device.standing is Standing.NOT_ASKED for device in devices),
        planned=removals[RemovalState.PLANNED] + removals[RemovalState.OVERDUE],
        overdue=removals[RemovalState.OVERDUE], notes=found.notes, run=latest.run,
        waivers=waivers,
    )  # fmt: skip
