"""From what a device says to the companies it leads to: maker, brand's owner, affiliate, relabelled maker, chip.

A lead is not a finding yet. Its `cap` is the most that a listing of its company may become: a device's own words may
become `listed`; a directory of labels, a past owner, a chip or a low confidence can only ask (`review`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

import msgspec

from scanner.dates import begun, ended, holds
from scanner.models import Claim, Device, Relation, Strength, Weight
from scanner.registry.facts import CERTAINTY_TEXT, Company, Label, Owner, Registry
from scanner.registry.names import companies_by_name, fold, labels_of, same_name

CONFIDENCE_FLOOR = 0.8
"""Below this probability that the maker is right, a listing is a question."""


class Lead(msgspec.Struct, frozen=True):
    """`company`, how the device comes to it, on which claims; `words` begin the sentence of a finding.

    `direct` is true where the company is the maker or brand itself, not its owner or a reported maker. `subject` is the
    name that the device itself leads by; `reason` is the field of `Review` that says whether such a lead counts.
    """

    company: Company
    relation: Relation
    cap: Strength
    because: tuple[str, ...]
    words: str
    links: tuple[dict[str, Any], ...] = ()
    direct: bool = False
    question: str = ""
    subject: str = ""
    reason: Literal["", "labels", "past_owners", "reported_owners", "mac_only", "chips"] = ""


class Subject(msgspec.Struct, frozen=True):
    """A name the device is known by (maker or brand) with the claims of it; `own` where its own words say it.

    `label` is another name that it carries, for the sentence and the chain.
    """

    name: str
    because: tuple[str, ...]
    own: bool
    cap: Strength = Strength.LISTED
    label: str = ""


def maker_of(device: Device, registry: Registry) -> Subject | None:
    """The maker, on claims of maker or of a brand of the same name."""
    if device.maker is None:
        return None
    cap = Strength.LISTED if device.confidence >= CONFIDENCE_FLOOR else Strength.REVIEW
    return _subject(device, device.maker, ("maker", "brand"), cap, registry)


def brand_of(device: Device, registry: Registry) -> Subject | None:
    """The label, on claims of it."""
    if device.brand is None:
        return None
    return _subject(device, device.brand, ("brand",), Strength.LISTED, registry)


def _subject(device: Device, name: str, fields: tuple[str, ...], cap: Strength, registry: Registry) -> Subject:
    claims = (claim for claim in device.claims if claim.field in fields and same_name(claim.value, name, registry))
    because = _own_words(claims)
    return Subject(name, because, bool(because), cap)


def _own_words(claims: Iterable[Claim]) -> tuple[str, ...]:
    """Ids of the claims that rest on more than a weak sign; a MAC prefix is never more."""
    return tuple(each.id for each in claims if each.weight is not Weight.WEAK and not each.where.startswith("mac"))


def maker_leads(maker: Subject, registry: Registry, as_of: date) -> Iterator[Lead]:
    """The maker itself, its owners, and what a directory says of it where it is known as a relabel brand."""
    words = f"The device's own words indicate {maker.name} as its maker"
    words += f" under the label {maker.label}" if maker.label else ""
    yield from _company_leads(maker, Relation.MAKER, words, registry, as_of)
    for row in labels_of(maker.name, registry):
        if row.use == "brand-owner" or row.certainty == "reported":
            yield from _label_lead(row, maker, registry, as_of)


def brand_leads(brand: Subject, registry: Registry, as_of: date, *, settled: bool) -> Iterator[Lead]:
    """The brand's company and owners, and its rows in the directory.

    `settled`: the device's own words name its maker, so that reports about the label and past owners have no say.
    """
    words = f"The device's own words indicate the label {brand.name}"
    for lead in _company_leads(brand, Relation.BRAND_OWNER, words, registry, as_of):
        if not (settled and lead.question):
            yield lead
    for label in labels_of(brand.name, registry):
        if label.use == "brand-owner" or not settled:
            yield from _label_lead(label, brand, registry, as_of)


class Rival(msgspec.Struct, frozen=True):
    """A maker or brand that the device gives well-founded signs of, against the one chosen; its leads only ask."""

    field: str
    name: str
    leads: tuple[Lead, ...]


def rivals_of(device: Device, registry: Registry, as_of: date, *, settled: bool) -> Iterator[Rival]:
    """The contradictions about maker and brand, each with where the other value leads."""
    known = {claim.id for claim in device.claims}
    for conflict in device.conflicts:
        if conflict.field not in ("maker", "brand"):
            continue
        named = _subject(device, conflict.other, (conflict.field,), Strength.REVIEW, registry)
        because = named.because or tuple(each for each in conflict.claims if each in known)
        subject = Subject(conflict.other, because, bool(because), Strength.REVIEW)
        if conflict.field == "maker":
            leads = maker_leads(subject, registry, as_of)
        else:
            leads = brand_leads(subject, registry, as_of, settled=settled)
        question = "The device contradicts itself: is this the right one?"
        yield Rival(conflict.field, conflict.other, tuple(questioned(leads, question)))


def questioned(leads: Iterable[Lead], question: str) -> Iterator[Lead]:
    """The same leads, able to ask and no more."""
    for lead in leads:
        asks = " ".join(filter(None, (lead.question, question)))
        yield msgspec.structs.replace(lead, cap=Strength.REVIEW, question=asks)


def chip_leads(device: Device, registry: Registry, as_of: date) -> Iterator[Lead]:
    """The makers of a chip that the device names itself, and their owners; only ever a question."""
    if device.chip is None:
        return
    because = _own_words(claim for claim in device.claims if claim.field == "chip")
    words = fold(device.chip).split()
    for component in registry.components:
        if not because or not any(word.startswith(component.chips) for word in words):
            continue
        subject = Subject(component.company, because, True, Strength.REVIEW)
        start = _link("the device", component.name, "says it has a chip of", "the device's own words", because)
        sentence = f"The device's own words indicate a chip of {component.name} ({device.chip})"
        for lead in _company_leads(subject, Relation.COMPONENT, sentence, registry, as_of):
            question = " ".join(filter(None, (lead.question, component.note)))
            yield msgspec.structs.replace(
                lead, relation=Relation.COMPONENT, links=(start, *lead.links[1:]), question=question, reason="chips"
            )


def _company_leads(subject: Subject, relation: Relation, words: str, registry: Registry, as_of: date) -> Iterator[Lead]:
    if not subject.own:
        return
    for company in companies_by_name(subject.name, registry):
        says = "says its label" if relation is Relation.BRAND_OWNER else "says its maker"
        device = f"the device, labelled {subject.label}" if subject.label else "the device"
        start = _link(device, company.name, says, "the device's own words", subject.because)
        yield Lead(company, relation, subject.cap, subject.because, words, (start,), direct=True, subject=subject.name)
        for owner in company.owners:
            yield from _owner_lead(company, owner, subject, words, start, registry, as_of)


def _owner_lead(
    company: Company, owner: Owner, subject: Subject, words: str, start: dict[str, Any], registry: Registry, as_of: date
) -> Iterator[Lead]:
    """The owner as of the day; an owner that is past, or only reported, is a question."""
    owning = registry.companies.get(owner.name)
    if owning is None or not begun(owner.since, as_of):
        return
    past = ended(owner.until, as_of)
    what = "a part-owned company" if owner.relation == "owner" else f"{_article(owner.relation)} {owner.relation}"
    phrase = f"{what} of {owner.name} until {owner.until}" if past else f"{what} of {owner.name}"
    tells = {"certain": f"certain; {CERTAINTY_TEXT[owner.basis]}", "reported": "reported, not certain"}[owner.certainty]
    link = _link(company.name, owner.name, f"is {phrase}" if not past else f"was {phrase}", tells, owner.source)
    question = f"Was it bought while {company.name} belonged to {owner.name}, until {owner.until}?" if past else ""
    reason: Literal["", "past_owners", "reported_owners"] = "past_owners" if past else ""
    if owner.certainty == "reported":
        reason = "reported_owners"
        question = f"What does {owner.name} hold of {company.name} today? The link is reported, not certain."
    yield Lead(
        owning,
        Relation.AFFILIATE,
        Strength.REVIEW if question else subject.cap,
        subject.because,
        f"{words}; {company.name} {'was' if past else 'is'} {phrase}",
        (start, link),
        question=question,
        subject=company.name,
        reason=reason,
    )


def _label_lead(label: Label, subject: Subject, registry: Registry, as_of: date) -> Iterator[Lead]:
    """What the directory says of a label that the device's own words show."""
    if not subject.own or not begun(label.since, as_of):
        return
    maker = registry.companies[label.maker]
    start = _link("the device", label.brand, "says its label", "the device's own words", subject.because)
    basis = CERTAINTY_TEXT[label.basis]
    if label.use == "brand-owner" and holds(label.since, label.until, as_of):
        link = _link(label.brand, maker.name, "is a brand of", f"certain; {basis}", label.source)
        words = f"The device's own words indicate the label {label.brand}, a brand of {maker.name}"
        yield Lead(
            maker, Relation.BRAND_OWNER, subject.cap, subject.because, words, (start, link), direct=True,
            subject=subject.name,
        )  # fmt: skip
        return
    told = f"{label.scope}{f', until {label.until}' if label.until else ''}"
    link = _link(
        label.brand, maker.name, f"is reported to be made by ({told})", f"{label.certainty}; {basis}", label.source
    )
    words = f"The device's own words indicate the label {label.brand}, reported to be made by {maker.name} ({told})"
    question = f"Did {maker.name} make this device? Only a directory of labels says so, not the device."
    yield Lead(
        maker, Relation.REBRAND, Strength.REVIEW, subject.because, words, (start, link), question=question,
        subject=subject.name, reason="labels",
    )  # fmt: skip


def _link(start: str, end: str, relation: str, certainty: str, source: str | tuple[str, ...]) -> dict[str, Any]:
    """One link of a chain; the source is an address, or the claims of the device."""
    told = source if isinstance(source, str) else f"claims {', '.join(source)}"
    return {"from": start, "to": end, "relation": relation, "certainty": certainty, "source": told}


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
