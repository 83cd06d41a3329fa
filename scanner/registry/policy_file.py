"""An organisation's own policy (`policy.toml`) → a policy, and a registry that knows its bans. See docs/policies.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from scanner.dates import day
from scanner.own_file import OwnFile, meant, read_own
from scanner.registry.extend import extended
from scanner.registry.facts import (
    DEFAULT_POLICY,
    Allow,
    Company,
    Component,
    Effect,
    Instrument,
    Listing,
    Policy,
    Registry,
    Review,
    Sensitivity,
    Site,
)
from scanner.registry.names import companies_by_name
from scanner.registry.where import Where, read_where

_MAX_NAME = 64


class _Head(msgspec.Struct, frozen=True):
    """The keys above the tables."""

    name: str
    title: str = ""
    note: str = ""
    extends: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    site_sensitivity: Sensitivity | None = None


class _Ban(msgspec.Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """`[[ban]]`: what the organisation itself does not want. Without `affiliates`, a subsidiary's device asks."""

    makers: tuple[str, ...]
    since: str
    source: str
    id: str = ""
    title: str = ""
    effect: Effect = "prohibits purchase"
    until: str | None = None
    edition: str = ""
    binds: str = ""
    question: str = ""
    exceptions: str = ""
    affiliates: bool = False
    components: bool = False


class _Site(msgspec.Struct, frozen=True):
    """`[[site]]`"""

    name: str
    networks: tuple[str, ...]
    sensitive: bool


class _Maker(msgspec.Struct, frozen=True):
    """`[[maker]]`: one that the registry does not know."""

    name: str
    source: str
    aliases: tuple[str, ...] = ()
    legal_names: tuple[str, ...] = ()
    country: str = ""
    prc_based: bool | None = None


class _Component(msgspec.Struct, frozen=True):
    """`[[component]]`: chips whose names begin with one of `chips`, made by `company`."""

    name: str
    company: str
    chips: tuple[str, ...]
    source: str
    note: str = ""


_TABLES = ("ban", "allow", "site", "maker", "component")


def read_policy(name: str, text: str, registry: Registry, makers: Iterable[str] = ()) -> tuple[Policy, Registry]:
    """The policy in `text`, the content of the file `name`, and the registry with its bans.

    `makers` are names of makers besides the registry's that a ban may name. DataError with file, line, and what was
    probably meant: for an unknown key, instrument, policy or maker, a bad date, a network that is none.
    """
    file = read_own(name, text)
    head = _head(file)
    registry = _with_makers(file, registry)
    known = {**{each: each for each in makers}, **{each: each for each in registry.companies}}
    bans = file.entries("ban", _Ban)
    own = [_instrument(file, head, number, ban, registry, len(bans)) for number, ban in enumerate(bans)]
    for number, instrument in enumerate(own):
        if instrument.id in [each.id for each in own[:number]]:  # the second would silently take the first's place
            raise file.refusal(f"the id {instrument.id!r} is there twice", "ban", number, "id")
    listings = [
        each for number, ban in enumerate(bans) for each in _listings(file, number, ban, own[number], registry, known)
    ]
    registry = extended(registry, instruments=own, companies=_unknown(listings, registry), listings=listings)
    registry = extended(registry, components=_components(file, registry))
    policy = _policy(file, head, registry, [each.id for each in own])
    return policy, extended(registry, policies=[policy])


def _head(file: OwnFile) -> _Head:
    known = [field.name for field in msgspec.structs.fields(_Head)]
    file.known_keys([*known, "review", *_TABLES])
    head = file.entry("", 0, {key: value for key, value in file.tables.items() if key in known}, _Head)
    if not head.name or len(head.name) > _MAX_NAME or not all(c.isalnum() or c in "-_." for c in head.name):
        raise file.refusal('name: letters, digits, - _ and . only, as in name = "my-council"', key="name")
    return head


def _policy(file: OwnFile, head: _Head, registry: Registry, own: list[str]) -> Policy:
    if head.name in registry.policies or head.name == DEFAULT_POLICY.id:
        raise file.refusal(f"{head.name!r} is a policy of the registry: take another name", key="name")
    bases = [_base(file, name, registry) for name in head.extends]
    ids = [each for base in bases for each in _ids(base, registry)]
    ids += [_counted(file, name, registry) for name in head.instruments]
    for name in head.leave_out:
        file.checked_name(name, registry.instruments, "instrument", "", 0, "leave_out")
        if name not in ids:
            raise file.refusal(
                f"leave_out: {name} is not in what the policy extends or names", key="leave_out", value=name
            )
    asked: list[Sensitivity] = [base.site_sensitivity for base in bases if base.site_sensitivity != "ask"]
    sensitivity = head.site_sensitivity or (asked[0] if asked else "ask")
    policy = Policy(
        id=head.name,
        title=head.title or f"own policy, {file.name}",
        instruments=tuple(dict.fromkeys([*(each for each in ids if each not in head.leave_out), *own])),
        begins=_begins(bases, head.instruments, registry),
        criteria=True,  # one that is named is adopted; `_ids` leaves out those that an extended policy does not adopt
        note=head.note,
        review=_review(file, bases),
        allow=(*(allow for base in bases for allow in base.allow), *_allows(file, registry)),
        sites=(*(site for base in bases for site in base.sites), *_sites(file)),
        site_sensitivity=sensitivity,
    )
    if not policy.instruments:
        raise file.refusal("nothing counts under this policy: give extends, instruments or a [[ban]]", key="name")
    return policy


def _base(file: OwnFile, name: str, registry: Registry) -> Policy:
    if name == DEFAULT_POLICY.id:
        return DEFAULT_POLICY
    file.checked_name(name, registry.policies, "policy", "", 0, "extends")
    return registry.policies[name]


def _ids(base: Policy, registry: Registry) -> list[str]:
    """What counts under a policy that is extended."""
    if base.instruments is None:
        return [each.id for each in registry.instruments.values() if each.prohibits and each.certainty != "own"]
    named = [registry.instruments[each] for each in base.instruments]
    return [each.id for each in named if each.prohibits or (each.effect == "criterion" and base.criteria)]


def _begins(bases: Sequence[Policy], named: Iterable[str], registry: Registry) -> dict[str, str]:
    """What begins later under every policy that is extended and counts it; what the file itself names does not."""
    found: dict[str, list[str]] = {}
    for base in bases:
        for name in _with_wholes(_ids(base, registry), registry):
            found.setdefault(name, []).append(base.begins.get(name, ""))
    own = _with_wholes(named, registry)
    return {name: min(days, key=day) for name, days in found.items() if all(days) and name not in own}


def _with_wholes(names: Iterable[str], registry: Registry) -> set[str]:
    """The instruments, and those in whose findings they are told."""
    return {each for name in names for each in (name, registry.instruments[name].part_of) if each}


def _counted(file: OwnFile, name: str, registry: Registry) -> str:
    file.checked_name(name, registry.instruments, "instrument", "", 0, "instruments")
    effect = registry.instruments[name].effect
    if effect in ("context", "recommendation"):
        message = f"{name} is {effect}: it binds nobody to anything about a device, is always shown and never counts"
        raise file.refusal(f"{message}; write a [[ban]] of your own if you want one", key="instruments", value=name)
    return name


def _review(file: OwnFile, bases: Sequence[Policy]) -> Review:
    """What the file says, else what the policies extended say."""
    found = file.tables.get("review")
    if found is None:
        return next((base.review for base in bases if base.review != Review()), Review())
    if not isinstance(found, dict):
        raise file.refusal("write [review] above what counts as review", key="review")
    return file.entry("review", 0, found, Review)


def _allows(file: OwnFile, registry: Registry) -> Iterable[Allow]:
    for number, allow in enumerate(file.entries("allow", Allow)):
        if not allow.reason.strip():
            raise file.refusal("an exception needs its reason", "allow", number, "reason")
        for name in allow.instruments:
            file.checked_name(name, registry.instruments, "instrument", "allow", number, "instruments")
        makers = tuple(_maker(file, name, registry, {}, "allow", number, "makers") for name in allow.makers)
        _period(file, "allow", number, allow.since, allow.until)
        yield msgspec.structs.replace(allow, makers=makers)


def _sites(file: OwnFile) -> Iterable[Site]:
    for number, site in enumerate(file.entries("site", _Site)):
        yield Site(site.name, site.sensitive, tuple(_network(file, number, text) for text in site.networks))


def _network(file: OwnFile, number: int, text: str) -> Where:
    try:
        return read_where(text, addresses_only=True)
    except ValueError as error:
        raise file.refusal(f"networks: {error}", "site", number, "networks", text) from error


def _with_makers(file: OwnFile, registry: Registry) -> Registry:
    companies = []
    for number, maker in enumerate(file.entries("maker", _Maker)):
        for spelling in (maker.name, *maker.aliases, *maker.legal_names):
            if companies_by_name(spelling, registry):
                raise file.refusal(f"{spelling!r} is a company of the registry already", "maker", number, "name")
        companies.append(
            Company(
                name=maker.name,
                aliases=maker.aliases,
                legal_names=maker.legal_names,
                country=maker.country,
                certainty="own",
                camera_maker=True,
                prc_based=maker.prc_based,
                source=maker.source,
                checked=registry.edition,
            )
        )
    return extended(registry, companies=companies)


def _components(file: OwnFile, registry: Registry) -> list[Component]:
    found = []
    for number, each in enumerate(file.entries("component", _Component)):
        company = _maker(file, each.company, registry, {}, "component", number, "company")
        chips = tuple(chip.casefold() for chip in each.chips if chip.strip())
        if not chips:
            raise file.refusal("chips: say how the chips' names begin", "component", number, "chips")
        found.append(
            Component(
                name=each.name,
                company=company,
                chips=chips,
                certainty="own",
                source=each.source,
                note=each.note,
                checked=registry.edition,
            )
        )
    return found


def _instrument(file: OwnFile, head: _Head, number: int, ban: _Ban, registry: Registry, bans: int) -> Instrument:
    own_id = ban.id or f"{head.name}-ban" + (f"-{number + 1}" if bans > 1 else "")
    if own_id in registry.instruments:
        raise file.refusal(f"{own_id!r} is an instrument of the registry: take another id", "ban", number, "id")
    if not ban.effect.startswith("prohibits"):
        message = "effect: a ban prohibits use, prohibits purchase or prohibits import/marketing"
        raise file.refusal(message, "ban", number, "effect")
    if not ban.makers or not ban.source.strip():
        raise file.refusal("a ban needs makers and a source", "ban", number, "source" if ban.makers else "makers")
    _period(file, "ban", number, ban.since, ban.until)
    edition = ban.edition or ban.since
    file.checked_date(edition, "ban", number, "edition")
    return Instrument(
        id=own_id,
        title=ban.title or f"{head.title or head.name}: own ban",
        jurisdiction=f"the organisation of the policy “{head.name}”",
        legal_status="the organisation's own decision",
        in_force=ban.since,
        until=ban.until,
        binds=ban.binds or f"The organisation that works under the policy “{head.name}”, by its own decision.",
        covers="Devices of the makers named.",
        purpose_test=ban.question,
        exceptions=ban.exceptions,
        effect=ban.effect,
        edition=edition,
        certainty="own",
        reaches_affiliates=ban.affiliates,
        covers_components=ban.components,
        source=ban.source,
        checked=edition,
    )


def _listings(
    file: OwnFile, number: int, ban: _Ban, instrument: Instrument, registry: Registry, known: dict[str, str]
) -> list[Listing]:
    makers = [_maker(file, name, registry, known, "ban", number, "makers") for name in ban.makers]
    return [
        Listing(
            instrument=instrument.id, entity=written, company=maker, since=ban.since, until=ban.until,
            certainty="own", source=ban.source, checked=instrument.checked,
        )
        for written, maker in zip(ban.makers, makers, strict=True)
    ]  # fmt: skip


def _maker(
    file: OwnFile, name: str, registry: Registry, known: dict[str, str], table: str, number: int, key: str
) -> str:
    """The short name of a company; a name known to the fingerprints alone stays as it is."""
    found = companies_by_name(name, registry)
    if len(found) == 1:
        return found[0].name
    if len(found) > 1:
        raise file.refusal(
            f"{name!r} is a name of several: {', '.join(c.name for c in found)}", table, number, key, name
        )
    if name in known:
        return name
    hint = meant(name, [*registry.companies, *known]) or "; declare it with a [[maker]] entry"
    raise file.refusal(f"unknown maker {name!r}{hint}", table, number, key, name)


def _unknown(listings: list[Listing], registry: Registry) -> list[Company]:
    """Companies for makers that only the fingerprints know."""
    return [
        Company(
            name=name, aliases=(), legal_names=(), country="", certainty="own", camera_maker=False,
            source=next(each.source for each in listings if each.company == name), checked=registry.edition,
        )
        for name in dict.fromkeys(each.company for each in listings)
        if name not in registry.companies
    ]  # fmt: skip


def _period(file: OwnFile, table: str, number: int, since: str | None, until: str | None) -> None:
    begins = file.checked_date(since, table, number, "from") if since is not None else None
    ends = file.checked_date(until, table, number, "to") if until is not None else None
    if begins is not None and ends is not None and ends <= begins:
        raise file.refusal(f"ends ({until}) before it begins ({since})", table, number, "to")
