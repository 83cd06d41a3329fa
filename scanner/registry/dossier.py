"""What is known of a maker, with source and certainty for each line; what a buyer is asked to find out; what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from scanner.dates import begun, day, ended, holds
from scanner.models import Document, Section, UsageError
from scanner.own_file import meant
from scanner.registry.facts import CERTAINTY_TEXT, Company, Instrument, Label, Listing, Owner, Registry
from scanner.registry.names import companies_by_name, fold, labels_of

_NOBODY = "Nothing of that is known to the registry."


def dossier(name: str, registry: Registry, as_of: date, makers: Iterable[str] = ()) -> Document:
    """The dossier of the company called `name`; UsageError, with the nearest name, where nothing knows it.

    `makers` are those that the fingerprints know besides: theirs says that the registry knows nothing of them.
    """
    found = companies_by_name(name, registry)
    if not found:
        labels = labels_of(name, registry)
        if labels:
            return _of_a_label(name, labels, registry, as_of)
        known = {fold(each): each for each in makers}
        if fold(name) in known:
            return _of_a_stranger(known[fold(name)], registry, as_of)
        near = meant(name, [*registry.companies, *(each.brand for each in registry.labels), *known.values()])
        raise UsageError(f"the registry knows no company or brand {name!r}{near}")
    company = found[0]
    return Document(
        title=f"Dossier: {company.name}",
        lead=_lead(registry, as_of),
        sections=(
            _names(company),
            _ownership(company, registry, as_of),
            *_listings(company, registry, as_of),
            _through_owners(company, registry, as_of),
            _criteria(company, registry, as_of),
            _rebrands(company, registry),
            _parts(company, registry),
            _questions(registry),
            _unknown(company, registry, as_of),
        ),
    )


def _lead(registry: Registry, as_of: date) -> tuple[str, ...]:
    age = (as_of - day(registry.edition)).days
    old = f", {age} days before" if age > 0 else ""
    return (
        f"As of {as_of}, from the registry of {registry.edition}{old} (digest {registry.digest[:12]}).",
        "What follows indicates; it decides nothing and is no legal advice. Each line has the source that it rests on, "
        "and says how far that source was read. What a line does not say is not known to the registry.",
    )


def _of_a_label(name: str, labels: tuple[Label, ...], registry: Registry, as_of: date) -> Document:
    """A brand that is no company of the registry: who is reported to make it, and no more."""
    makers = ", ".join(dict.fromkeys(label.maker for label in labels))
    return Document(
        title=f"Dossier: {labels[0].brand} (a brand)",
        lead=_lead(registry, as_of),
        sections=(
            Section(
                "Who is reported to make it",
                (f"Makers named below: {makers}. Each has a dossier of its own.",),
                _LABEL_HEAD, tuple(_label_row(label) for label in labels),
            ),
            _questions(registry),
            Section("What is not known", points=(
                f"Who owns the brand {name}: the registry holds no company of that name.",
                "Which models each maker made: a directory of labels says so in general, a device's own words decide.",
            )),
        ),
    )  # fmt: skip


def _of_a_stranger(name: str, registry: Registry, as_of: date) -> Document:
    """A maker that the fingerprints recognise and the registry does not hold: the questions, and what is not known."""
    return Document(
        title=f"Dossier: {name}",
        lead=_lead(registry, as_of),
        sections=(
            Section("What is known", (
                "Fingerprints recognise its devices. The registry holds no company and no brand of this name: none of "
                "its instruments names it, in the editions read.",
            )),
            _questions(registry),
            Section("What is not known", points=(
                f"What changed after the editions that were read. {_until(registry)}",
                f"Who owns {name}, where it is registered, and whether an instrument names it by another name.",
                "Whether it makes its devices itself, and where they were assembled: no network shows it.",
                "Answers to the questions above: the registry asks them and answers none.",
            )),
        ),
    )  # fmt: skip


def _names(company: Company) -> Section:
    based = {True: "registered in the People's Republic of China", False: "not registered there"}
    rows = [
        ("Legal names", "; ".join(company.legal_names) or "none known"),
        ("Also called", ", ".join(company.aliases) or "nothing else known"),
        ("Country", company.country or "not known"),
        ("Based in the PRC", based[company.prc_based] if company.prc_based is not None else "not settled"),
    ]
    if company.note:
        rows.append(("Note", company.note))
    source = f"Source: {company.source} ({CERTAINTY_TEXT[company.certainty]}; checked {company.checked})."
    return Section("Names and place", (source,), ("What", "As known"), tuple(rows))


def _ownership(company: Company, registry: Registry, as_of: date) -> Section:
    rows = [_owner_row(company.name, owner, as_of) for owner in company.owners]
    for other in registry.companies.values():
        rows += [_owner_row(other.name, owner, as_of) for owner in other.owners if owner.name == company.name]
    text = () if rows else (f"No owner and no company that it owns. {_NOBODY}",)
    return Section("Ownership, with history", text, ("Company", "Is", "From", "To", "How sure", "Source"), tuple(rows))


def _owner_row(owned: str, owner: Owner, as_of: date) -> tuple[str, ...]:
    past = "was" if ended(owner.until, as_of) else "is"
    what = "owned in part by" if owner.relation == "owner" else f"a {owner.relation} of".replace("a aff", "an aff")
    sure = f"{owner.certainty}; {CERTAINTY_TEXT[owner.basis]}"
    until = owner.until or ("-" if past == "is" else "")
    return owned, f"{past} {what} {owner.name}", owner.since or "not known", until, sure, owner.source


_LISTING_HEAD = ("Instrument", "Effect", "Entity as listed", "Listed from", "In force", "Binds", "Edition", "Source")


def _listings(company: Company, registry: Registry, as_of: date) -> Iterator[Section]:
    """In force, upcoming, context, ended."""
    groups: dict[str, list[tuple[str, ...]]] = {"force": [], "upcoming": [], "context": [], "ended": []}
    for listing in registry.listed.get(company.name, ()):
        instrument = registry.instruments[listing.instrument]
        group = _group(listing, instrument, as_of)
        if group:
            groups[group].append(_listing_row(listing, instrument, as_of))
        if group == "force":
            groups["upcoming"] += _stages(listing, instrument, as_of)
    told = {
        "force": "Named by instruments that prohibit something, in force",
        "upcoming": "Law already, with effect later",
        "context": "Named in lists, reports and recommendations that prohibit no use, purchase or import",
        "ended": "Ended",
    }
    for group, heading in told.items():
        if groups[group] or group == "force":
            text = () if groups[group] else (f"None that the registry knows. {_until(registry)}",)
            yield Section(heading, text, _LISTING_HEAD, tuple(groups[group]))


def _group(listing: Listing, instrument: Instrument, as_of: date) -> str:
    if ended(listing.until, as_of) or ended(instrument.until, as_of):
        return "ended"
    if not begun(listing.since, as_of):
        return "upcoming" if begun(listing.checked, as_of) else ""
    if not instrument.prohibits:
        return "context"
    return "force" if begun(instrument.in_force, as_of) else "upcoming"


def _listing_row(listing: Listing, instrument: Instrument, as_of: date) -> tuple[str, ...]:
    until = listing.until or instrument.until
    force = instrument.in_force + (f" until {until}" if until else "")
    age = (as_of - day(instrument.edition)).days
    edition = f"{instrument.edition} ({age} days old)" if age > 0 else instrument.edition
    sure = f"{listing.source} ({CERTAINTY_TEXT[listing.certainty]})"
    title = f"{instrument.id}: {instrument.title}"
    return title, instrument.effect, listing.entity, listing.since, force, instrument.binds, edition, sure


def _stages(listing: Listing, instrument: Instrument, as_of: date) -> Iterator[tuple[str, ...]]:
    for stage in instrument.stages:
        if begun(stage.announced, as_of) and not begun(stage.since, as_of):
            title = f"{instrument.id}: {stage.text}"
            yield (
                title, instrument.effect, listing.entity, listing.since, stage.since, instrument.binds,
                instrument.edition, stage.source,
            )  # fmt: skip


def _through_owners(company: Company, registry: Registry, as_of: date) -> Section:
    """Instruments that name an owner: never to be read as naming the company."""
    rows = []
    for owner in company.owners:
        for listing in registry.listed.get(owner.name, ()) if begun(owner.since, as_of) else ():
            instrument = registry.instruments[listing.instrument]
            if instrument.prohibits and _group(listing, instrument, as_of) == "force":
                reach = "says so" if instrument.reaches_affiliates else "not known"
                past = f"owned until {owner.until}" if ended(owner.until, as_of) else "owned now"
                rows.append((owner.name, past, instrument.id, listing.entity, reach, listing.source))
    head = ("Owner", "When", "Instrument", "Entity as listed", "Reaches affiliates", "Source")
    text = f"{company.name} is not named by these; an owner is." if rows else f"None. {_NOBODY}"
    return Section("Instruments that name an owner", (text,), head, tuple(rows))


def _criteria(company: Company, registry: Registry, as_of: date) -> Section:
    asks = []
    for instrument in registry.instruments.values() if company.prc_based or company.prc_question else ():
        if instrument.effect == "criterion" and holds(instrument.in_force, instrument.until, as_of):
            test = " ".join(filter(None, (instrument.purpose_test, instrument.site_test, company.prc_question)))
            asks.append(f"{instrument.id} ({instrument.binds}): {test} {instrument.source}")
    text = () if asks else ("None of the criteria in the registry asks about a company based where this one is.",)
    return Section("Criteria that name nobody and ask about it", text, points=tuple(asks))


_LABEL_HEAD = ("Brand", "Maker", "Scope", "Period", "How sure", "Source")


def _rebrands(company: Company, registry: Registry) -> Section:
    rows = [_label_row(each) for each in registry.labels if each.maker == company.name]
    rows += [_label_row(each) for each in labels_of(company.name, registry) if each.maker != company.name]
    text = "A row says what a source says of a label in general; a device's own words decide which maker it has."
    return Section("Brands and rebrands", (text if rows else f"None. {_NOBODY}",), _LABEL_HEAD, tuple(rows))


def _label_row(label: Label) -> tuple[str, ...]:
    period = f"{label.since or '?'} to {label.until or 'open'}" if label.since or label.until else "not known"
    sure = f"{label.certainty}; {CERTAINTY_TEXT[label.basis]}"
    return label.brand, label.maker, label.scope, period, sure, label.source


def _parts(company: Company, registry: Registry) -> Section:
    rows = tuple(
        (each.name, ", ".join(each.chips), each.note or "", each.source)
        for each in registry.components
        if each.company == company.name
    )
    text = () if rows else (f"None. {_NOBODY}",)
    return Section("Chips in others' devices", text, ("Chip maker", "Names begin with", "Note", "Source"), rows)


def _questions(registry: Registry) -> Section:
    rows = tuple(
        (each.topic, each.asks, f"{each.under}, {each.place}", "", f"{each.source} ({CERTAINTY_TEXT[each.certainty]})")
        for each in registry.questions
    )
    text = (
        "From the Surveillance Camera Code of Practice, what its Commissioner asked, and the UN Guiding Principles on "
        "Business and Human Rights. They are asked of every maker, and the answers are the buyer's to get and to keep."
    )
    return Section(
        "Questions for the buyer", (text,), ("About", "Question", "From", "Answer, date, by whom", "Source"), rows
    )


def _unknown(company: Company, registry: Registry, as_of: date) -> Section:
    return Section("What is not known", points=tuple(_gaps(company, registry, as_of)))


def _gaps(company: Company, registry: Registry, as_of: date) -> Iterator[str]:
    yield f"What changed after the editions that were read. {_until(registry)}"
    listed = {each.instrument for each in registry.listed.get(company.name, ())}
    silent = [each.id for each in registry.instruments.values() if each.prohibits and not each.part_of]
    missing = [name for name in silent if name not in listed]
    if missing:
        yield f"Whether it is named in another edition of: {', '.join(missing)}. The editions read do not name it."
    if company.prc_based is None:
        yield "Whether it is based in the People's Republic of China." + f" {company.prc_question}".rstrip()
    if not company.legal_names:
        yield "Its legal names: a listing under one that the registry lacks would not be found."
    yield from _owner_gaps(company)
    reported = sum(1 for each in registry.labels if each.maker == company.name and each.use == "question")
    if reported:
        yield f"Which models of the {reported} labels reported to be made by it really are, and which still are."
    if company.certainty == "unverified":
        yield "Its names and place are not verified against an official text."
    yield "Where its devices were assembled: no network shows it."
    yield "Answers to the questions above: the registry asks them and answers none."
    if (as_of - day(company.checked)).days > 180:
        yield f"Whether its names and owners are as they were on {company.checked}, when they were last checked."


def _owner_gaps(company: Company) -> Iterator[str]:
    if not company.owners:
        yield "Who owns it, in part or whole."
    for owner in company.owners:
        if owner.certainty == "reported":
            yield f"What {owner.name} holds of it today: the link is reported, not certain."
        if owner.since is None:
            yield f"Since when it belongs to {owner.name}."


def _until(registry: Registry) -> str:
    return f"The editions read end with {max(each.edition for each in registry.instruments.values())}."
