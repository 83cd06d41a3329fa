"""Is the data sound? References known, dates real and in order, sources present; old editions are warned of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from difflib import get_close_matches

import msgspec

from scanner.dates import day
from scanner.registry.facts import Instrument, Registry
from scanner.registry.names import fold

OLD_AFTER_DAYS = 180


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with the `number`th (from 0) entry of `file`. `error` false: a warning."""

    file: str
    number: int
    entry: str
    message: str
    error: bool = True


def check(registry: Registry, today: date | None = None) -> list[Problem]:
    """Every problem. With `today`, also a warning for each instrument not checked within OLD_AFTER_DAYS."""
    problems = [
        *_instruments(registry),
        *_companies(registry),
        *_listings(registry),
        *_labels(registry),
        *_components(registry),
        *_policies(registry),
        *_questions(registry),
    ]
    return problems + list(_old(registry, today)) if today else problems


def _instruments(registry: Registry) -> Iterator[Problem]:
    for number, each in enumerate(registry.instruments.values()):
        for message in (
            *_sourced(each.source, each.checked),
            *_period(each.in_force, each.until),
            *_date(each.edition),
            *_stages(each),
            *(_known(each.part_of, registry.instruments, "instrument") if each.part_of else ()),
        ):
            yield Problem("instruments.toml", number, each.id, message)
        if (each.effect == "criterion") != bool(each.criterion and each.criterion_entity):
            message = "a criterion needs criterion and criterion_entity, and nothing else may have them"
            yield Problem("instruments.toml", number, each.id, message)


def _stages(instrument: Instrument) -> Iterator[str]:
    for stage in instrument.stages:
        yield from (*_sourced(stage.source, stage.checked), *_date(stage.since), *_date(stage.announced))


def _companies(registry: Registry) -> Iterator[Problem]:
    for number, each in enumerate(registry.companies.values()):
        messages = _sourced(each.source, each.checked)
        for owner in each.owners:
            messages += [*_sourced(owner.source, owner.checked), *_period(owner.since, owner.until)]
        for spelling in (each.name, *each.aliases, *each.legal_names):
            shared = registry.names.get(fold(spelling), ())
            if len(shared) > 1:
                messages.append(f"{spelling!r} is a name of {' and of '.join(shared)}")
        for message in messages:
            yield Problem("companies.toml", number, each.name, message)


def _listings(registry: Registry) -> Iterator[Problem]:
    for number, each in enumerate(registry.listings):
        for message in (
            *_known(each.instrument, registry.instruments, "instrument"),
            *_known(each.company, registry.companies, "company"),
            *_sourced(each.source, each.checked),
            *_period(each.since, each.until),
            *_of_a_part(each.instrument, registry),
        ):
            yield Problem("listings.toml", number, f"{each.instrument} / {each.entity}", message)


def _of_a_part(instrument: str, registry: Registry) -> list[str]:
    found = registry.instruments.get(instrument)
    whole = found.part_of if found is not None else ""
    return [f"{instrument} is told with {whole}: list the entity there"] if whole else []


def _labels(registry: Registry) -> Iterator[Problem]:
    for number, each in enumerate(registry.labels):
        messages = [
            *_known(each.maker, registry.companies, "company"),
            *_sourced(each.source, each.checked),
            *_period(each.since, each.until),
        ]
        if (each.use == "brand-owner") != (each.certainty == "certain"):
            messages.append("only what is certain is a brand-owner's, and only that")
        for message in messages:
            yield Problem("labels.toml", number, f"{each.brand} → {each.maker}", message)


def _components(registry: Registry) -> Iterator[Problem]:
    for number, each in enumerate(registry.components):
        for message in (
            *_known(each.company, registry.companies, "company"),
            *_sourced(each.source, each.checked),
            *(f"chip {chip!r} must be lower case" for chip in each.chips if chip != chip.lower()),
        ):
            yield Problem("components.toml", number, each.name, message)


def _policies(registry: Registry) -> Iterator[Problem]:
    for number, each in enumerate(registry.policies.values()):
        for instrument in each.instruments or ():
            for message in _known(instrument, registry.instruments, "instrument"):
                yield Problem("policies.toml", number, each.id, message)
        for instrument, start in each.begins.items():
            for message in (*_known(instrument, each.instruments or (), "instrument of the policy"), *_date(start)):
                yield Problem("policies.toml", number, each.id, message)


def _questions(registry: Registry) -> Iterator[Problem]:
    for number, each in enumerate(registry.questions):
        for message in (*_known(each.under, registry.instruments, "instrument"), *_sourced(each.source, each.checked)):
            yield Problem("questions.toml", number, each.asks, message)


def _old(registry: Registry, today: date) -> Iterator[Problem]:
    for number, each in enumerate(registry.instruments.values()):
        age = (today - day(each.checked)).days
        if age > OLD_AFTER_DAYS:
            yield Problem("instruments.toml", number, each.id, f"last checked {age} days ago", error=False)


def _known(name: str, known: Collection[str], what: str) -> Iterable[str]:
    if name in known:
        return []
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return [f"unknown {what} {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")]


def _sourced(source: str, checked: str) -> list[str]:
    problems = [] if source.startswith(("https://", "http://")) else [f"source {source!r} is no address"]
    return problems + _date(checked)


def _period(since: str | None, until: str | None) -> list[str]:
    problems = [message for text in (since, until) if text is not None for message in _date(text)]
    if not problems and since is not None and until is not None and day(until) <= day(since):
        problems.append(f"ends ({until}) before it begins ({since})")
    return problems


def _date(text: str) -> list[str]:
    try:
        day(text)
    except ValueError as error:
        return [str(error)]
    return []
