"""Look things up: every instrument, or one instrument or company with all that is said of it."""

from __future__ import annotations

import msgspec

from scanner.models import UsageError
from scanner.own_file import meant
from scanner.registry.facts import Company, Instrument, Label, Listing, Registry
from scanner.registry.names import companies_by_name


class Sheet(msgspec.Struct, frozen=True):
    """All that the registry holds on one instrument or one company. `parts` are instruments told with this one."""

    instrument: Instrument | None = None
    company: Company | None = None
    listings: tuple[Listing, ...] = ()
    labels: tuple[Label, ...] = ()
    parts: tuple[Instrument, ...] = ()


def list_instruments(registry: Registry) -> tuple[Instrument, ...]:
    """Every instrument, in the order of the file."""
    return tuple(registry.instruments.values())


def show(name: str, registry: Registry) -> Sheet:
    """The sheet of an instrument id or a company's name; UsageError with the nearest where there is neither."""
    instrument = registry.instruments.get(name)
    if instrument is not None:
        return Sheet(
            instrument=instrument,
            listings=tuple(each for each in registry.listings if each.instrument == name),
            parts=tuple(each for each in registry.instruments.values() if each.part_of == name),
        )
    companies = companies_by_name(name, registry)
    if companies:
        company = companies[0]
        return Sheet(
            company=company,
            listings=registry.listed.get(company.name, ()),
            labels=tuple(each for each in registry.labels if each.maker == company.name),
        )
    near = meant(name, [*registry.instruments, *registry.companies])
    raise UsageError(f"the registry knows no instrument or company {name!r}{near}")
