"""Many sites in one report: `camcensus.portfolio/1`."""

from __future__ import annotations

import msgspec

PORTFOLIO_SCHEMA = "camcensus.portfolio/1"


class SiteSummary(msgspec.Struct, frozen=True):
    """One site's latest sweep. `statuses` and `makers` count devices; `makers` those of cameras and recorders only.

    `instruments` counts devices for which an instrument counts. `answered`, `addresses`: as in the sweep's coverage.
    """

    site: str
    sweep: str
    finished: str
    complete: bool
    as_of: str
    policy: tuple[str, ...]
    registry: str
    scope: tuple[str, ...]
    addresses: int
    answered: int
    cameras: int
    statuses: dict[str, int]
    makers: dict[str, int]
    instruments: dict[str, int]
    notes: tuple[str, ...] = ()


class SiteDevice(msgspec.Struct, frozen=True):
    """A camera, recorder, or perhaps one, at its site: the same private address at two sites is two devices."""

    site: str
    host: str
    status: str
    kind: str
    brand: str | None
    maker: str | None
    model: str | None
    firmware: str | None
    serial: str | None
    mac: str | None
    instruments: tuple[str, ...]
    why: str


class Portfolio(msgspec.Struct, frozen=True):
    """Sites sorted by name, devices by site, verdict and address.

    `sites_with` counts sites that have at least one device of a status; `makers_at` sites by maker. Nothing is
    extrapolated: a site that was not swept is in no number.
    """

    sites: tuple[SiteSummary, ...]
    devices: tuple[SiteDevice, ...]
    totals: dict[str, int]
    sites_with: dict[str, int]
    makers: dict[str, int]
    makers_at: dict[str, int]
    notes: tuple[str, ...] = ()
    schema: str = PORTFOLIO_SCHEMA
