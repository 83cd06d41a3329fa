"""Findings: one instrument that names, or asks about, the maker of one device."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class Relation(StrEnum):
    """How the device comes to the listed entity."""

    MAKER = "maker"
    BRAND_OWNER = "brand-owner"
    AFFILIATE = "affiliate"
    REBRAND = "rebrand"
    COMPONENT = "component"
    CRITERION = "criterion"


class Strength(StrEnum):
    """`listed` counts, `review` asks a person, `context` is shown and never counted."""

    LISTED = "listed"
    REVIEW = "review"
    CONTEXT = "context"


class Finding(msgspec.Struct, frozen=True):
    """One line of a verdict, with everything an auditor needs to check it.

    `because` are claim ids of the device; `chain` the links label → maker → owner → listing, each
    `{"from", "to", "relation", "certainty", "source"}`.
    """

    instrument: str
    entity: str
    relation: Relation
    strength: Strength
    binds: str
    purpose_test: str
    because: tuple[str, ...]
    source: str
    edition: str
    title: str = ""
    effect: str = ""
    jurisdiction: str = ""
    since: str | None = None
    certainty: str = ""
    chain: tuple[dict[str, Any], ...] = ()
    statement: str = ""
