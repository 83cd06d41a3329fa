"""Names match whole: "Dahua" is not "Shanghai Dahua Scale Factory", and no name is found inside a word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from scanner.registry.facts import Company, Label, Registry

_MAX_NAME = 300


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """`name` without case and punctuation, its words apart: "Co.,Ltd." is "Co., Ltd", and "Dahuatech" stays itself.

    Company suffixes stay, since a name without its suffix may be another company's.
    """
    lowered = unicodedata.normalize("NFKC", name[:_MAX_NAME]).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in lowered).split())


def companies_by_name(text: str, registry: Registry) -> tuple[Company, ...]:
    """The companies whose short name, alias or legal name is `text` as a whole; never a part of it."""
    return tuple(registry.companies[name] for name in registry.names.get(fold(text), ()))


def same_name(one: str, other: str, registry: Registry) -> bool:
    """Whether both are names of one company, or one spelling of a name that the registry does not know."""
    if fold(one) == fold(other):
        return True
    return bool(set(registry.names.get(fold(one), ())) & set(registry.names.get(fold(other), ())))


def labels_of(brand: str, registry: Registry) -> tuple[Label, ...]:
    """The label rows of `brand` as a whole name."""
    return registry.labelled.get(fold(brand), ())


def index_companies(companies: Iterable[Company]) -> dict[str, tuple[str, ...]]:
    """Folded name → short names; more than one only where two companies really share a name."""
    index: dict[str, tuple[str, ...]] = {}
    for company in companies:
        for spelling in dict.fromkeys(fold(each) for each in (company.name, *company.aliases, *company.legal_names)):
            index[spelling] = (*index.get(spelling, ()), company.name)
    return index


def index_labels(labels: Iterable[Label]) -> dict[str, tuple[Label, ...]]:
    """Folded brand → its rows."""
    index: dict[str, tuple[Label, ...]] = {}
    for label in labels:
        for spelling in dict.fromkeys(fold(each) for each in (label.brand, *label.aliases)):
            index[spelling] = (*index.get(spelling, ()), label)
    return index
