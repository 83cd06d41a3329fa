"""From a lead to findings: one for each instrument that names its company, with chain, question and one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.dates import begun, ended
from scanner.models import Finding, Relation, Strength
from scanner.registry.facts import CERTAINTY_TEXT, Instrument, Listing, Registry
from scanner.registry.leads import Lead
from scanner.registry.policy import Scope, effective, let_pass, site_answer

_STRENGTHS = (Strength.LISTED, Strength.REVIEW, Strength.CONTEXT)
_RELATIONS = tuple(Relation)


def findings_of(leads: Iterable[Lead], registry: Registry, scope: Scope) -> tuple[Finding, ...]:
    """All findings of `leads`, the weightiest of each (instrument, entity), in a fixed order."""
    best: dict[tuple[str, str], Finding] = {}
    for lead in leads:
        for finding in (*_listed(lead, registry, scope), *_criteria(lead, registry, scope)):
            key = (finding.instrument, finding.entity)
            if key not in best or _rank(finding) < _rank(best[key]):
                best[key] = finding
    order = {name: number for number, name in enumerate(registry.instruments)}
    return tuple(sorted(best.values(), key=lambda each: (*_place(each), order[each.instrument], each.entity)))


def counts(finding: Finding) -> bool:
    """Whether it is more than context."""
    return finding.strength is not Strength.CONTEXT


def _rank(finding: Finding) -> tuple[int, int]:
    return _STRENGTHS.index(finding.strength), _RELATIONS.index(finding.relation)


def _place(finding: Finding) -> tuple[int, bool, int]:
    """Weightiest first; of what is not counted, first what a policy lets pass."""
    strength, relation = _rank(finding)
    return strength, not finding.allowed, relation


def _listed(lead: Lead, registry: Registry, scope: Scope) -> Iterator[Finding]:
    for listing in registry.listed.get(lead.company.name, ()):
        instrument = registry.instruments[listing.instrument]
        if ended(listing.until, scope.as_of) or ended(instrument.until, scope.as_of):
            continue
        upcoming = _upcoming(listing, instrument, scope)
        if not begun(listing.since, scope.as_of) and not upcoming:
            continue
        strength = _strength(lead, listing, instrument, scope)
        if strength is not None:
            yield _finding(lead, listing, instrument, strength, scope, upcoming)


def _upcoming(listing: Listing, instrument: Instrument, scope: Scope) -> str:
    """From when the listing has effect, where it has none on the day; "" where it has.

    A listing that begins later is upcoming once it is known; before that day nobody could have told of it.
    """
    if not begun(listing.since, scope.as_of):
        return listing.since if begun(listing.checked, scope.as_of) else ""
    start = effective(instrument, scope)
    return "" if begun(start, scope.as_of) else start


def _strength(lead: Lead, listing: Listing, instrument: Instrument, scope: Scope) -> Strength | None:
    """What the listing becomes for this lead; None where it says nothing about the device."""
    if not instrument.prohibits:
        direct = lead.direct and lead.relation is not Relation.COMPONENT
        return Strength.CONTEXT if direct and instrument.effect != "criterion" else None
    if instrument.id not in scope.counted:
        return None
    if lead.relation is Relation.COMPONENT and not instrument.covers_components:
        return None
    if not begun(effective(instrument, scope), scope.as_of) or not begun(listing.since, scope.as_of):
        return Strength.CONTEXT
    return Strength.REVIEW if listing.open_question else lead.cap


def _finding(
    lead: Lead, listing: Listing, instrument: Instrument, strength: Strength, scope: Scope, upcoming: str
) -> Finding:
    counted = strength is not Strength.CONTEXT
    allowed = let_pass(lead, instrument, scope, asks=strength is Strength.REVIEW) if counted else ""
    strength = Strength.CONTEXT if allowed else strength
    return Finding(
        instrument=instrument.id,
        entity=listing.entity,
        relation=lead.relation,
        strength=strength,
        binds=instrument.binds,
        purpose_test=_questions(lead, listing, instrument, strength, scope),
        because=lead.because,
        source=listing.source,
        edition=instrument.edition,
        title=instrument.title,
        effect=instrument.effect,
        jurisdiction=instrument.jurisdiction,
        since=listing.since,
        certainty=CERTAINTY_TEXT[listing.certainty],
        chain=(*lead.links, _last_link(lead, listing)),
        statement=_sentence(lead, listing, instrument, strength, upcoming=upcoming, allowed=allowed),
        upcoming=_to_come(instrument, upcoming, scope),
        allowed=allowed,
    )


def _to_come(instrument: Instrument, upcoming: str, scope: Scope) -> str:
    """What is law on the day and takes effect later, of the whole instrument and of its stages."""
    told = [f"{instrument.title} takes effect on {upcoming}."] if upcoming else []
    told += [
        f"From {stage.since}: {stage.text} (law since {stage.announced}; {stage.source})"
        for stage in instrument.stages
        if begun(stage.announced, scope.as_of) and not begun(stage.since, scope.as_of) and instrument.prohibits
    ]
    return " ".join(told)


def _last_link(lead: Lead, listing: Listing) -> dict[str, str]:
    return {
        "from": lead.company.name,
        "to": listing.entity,
        "relation": f"is named by {listing.instrument} since {listing.since}",
        "certainty": CERTAINTY_TEXT[listing.certainty],
        "source": listing.source,
    }


def _questions(lead: Lead, listing: Listing, instrument: Instrument, strength: Strength, scope: Scope) -> str:
    """What a person still has to answer; nothing where the finding is not counted."""
    if strength is Strength.CONTEXT:
        return listing.open_question
    asks = [
        listing.purpose_test or instrument.purpose_test,
        site_answer(instrument, scope),
        listing.open_question,
        lead.question,
    ]
    if lead.relation is Relation.AFFILIATE and not instrument.reaches_affiliates:
        asks.append(f"Does the instrument, which names {lead.company.name}, reach its subsidiaries and affiliates?")
    return " ".join(filter(None, asks))


def _sentence(
    lead: Lead, listing: Listing, instrument: Instrument, strength: Strength, *, upcoming: str, allowed: str
) -> str:
    """One sentence that says no more than the links do."""
    named = f"“{instrument.title}” names {listing.entity} since {listing.since}"
    if upcoming == listing.since:
        return f"{lead.words}; “{instrument.title}” names {listing.entity} with effect from {upcoming}."
    if upcoming:
        return f"{lead.words}; {named}, with effect from {upcoming}."
    if allowed:
        return f"{lead.words}; {named} ({instrument.effect}), and the policy does not count that."
    if strength is Strength.CONTEXT:
        return f"{lead.words}; {named}, which is context and is not counted."
    if strength is Strength.REVIEW:
        return f"{lead.words}; {named} ({instrument.effect}), and a person must decide whether it applies."
    return f"{lead.words}; {named} ({instrument.effect})."


def _criteria(lead: Lead, registry: Registry, scope: Scope) -> Iterator[Finding]:
    """The criteria adopted, asked of a company based where they ask; no company is named by them."""
    if not (lead.company.prc_based or lead.company.prc_question) or lead.relation is Relation.COMPONENT:
        return
    for name in sorted(scope.criteria):
        instrument = registry.instruments[name]
        if instrument.criterion != "prc-based" or ended(instrument.until, scope.as_of):
            continue
        if begun(instrument.in_force, scope.as_of):
            yield _criterion(lead, instrument, scope)


def _criterion(lead: Lead, instrument: Instrument, scope: Scope) -> Finding:
    company = lead.company
    based = company.prc_question or f"{company.name} is registered in the People's Republic of China."
    link = {
        "from": company.name,
        "to": instrument.criterion_entity,
        "relation": "may meet the criterion by where it is based",
        "certainty": f"{based} {CERTAINTY_TEXT[company.certainty].capitalize()}; the rest is a legal judgement",
        "source": company.source,
    }
    allowed = let_pass(lead, instrument, scope, asks=True)
    asks = (instrument.purpose_test, site_answer(instrument, scope), company.prc_question, lead.question)
    return Finding(
        instrument=instrument.id,
        entity=instrument.criterion_entity,
        relation=Relation.CRITERION,
        strength=Strength.CONTEXT if allowed else Strength.REVIEW,
        binds=instrument.binds,
        purpose_test=" ".join(filter(None, asks)),
        because=lead.because,
        source=instrument.source,
        edition=instrument.edition,
        title=instrument.title,
        effect=instrument.effect,
        jurisdiction=instrument.jurisdiction,
        since=instrument.in_force,
        certainty=CERTAINTY_TEXT[instrument.certainty],
        chain=(*lead.links, link),
        statement=(
            f"{lead.words}; whether the test of “{instrument.title}”, which names no company, applies to "
            f"{company.name} by where it is based is for a person to decide."
        ),
        upcoming=_to_come(instrument, "", scope),
        allowed=allowed,
    )
