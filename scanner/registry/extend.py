"""A registry with more in it: an organisation's bans, an overlay's listings. The indexes follow; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from scanner.registry.facts import Company, Component, Instrument, Listing, Policy, Registry
from scanner.registry.names import index_companies


def extended(
    registry: Registry,
    *,
    instruments: Iterable[Instrument] = (),
    companies: Iterable[Company] = (),
    listings: Iterable[Listing] = (),
    components: Iterable[Component] = (),
    policies: Iterable[Policy] = (),
) -> Registry:
    """`registry` with these besides; one with the id or name of one that is there takes its place."""
    every_company = {**registry.companies, **{each.name: each for each in companies}}
    return with_listings(
        msgspec.structs.replace(
            registry,
            instruments={**registry.instruments, **{each.id: each for each in instruments}},
            companies=every_company,
            names=index_companies(every_company.values()),
            components=(*registry.components, *components),
            policies={**registry.policies, **{each.id: each for each in policies}},
        ),
        (*registry.listings, *listings),
    )


def with_listings(registry: Registry, listings: Iterable[Listing]) -> Registry:
    """`registry` with these listings and no others."""
    every = tuple(listings)
    return msgspec.structs.replace(registry, listings=every, listed=by_company(every))


def by_company(listings: Iterable[Listing]) -> dict[str, tuple[Listing, ...]]:
    """Company → its listings, in their order."""
    found: dict[str, tuple[Listing, ...]] = {}
    for listing in listings:
        found[listing.company] = (*found.get(listing.company, ()), listing)
    return found
