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


class Waived(msgspec.Struct, frozen=True):
    """The waiver that was granted for a finding, as its file has it; `expired` says that it no longer holds."""

    id: str
    reason: str
    owner: str
    expires: str
    expired: bool = False


class Wording(msgspec.Struct, frozen=True, omit_defaults=True):
    """What many findings of one file say alike, written once (see `Finding.wording`)."""

    title: str = ""
    effect: str = ""
    jurisdiction: str = ""
    since: str | None = None
    certainty: str = ""
    chain: tuple[dict[str, Any], ...] = ()
    statement: str = ""
    upcoming: str = ""
    allowed: str = ""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a verdict, with everything an auditor needs to check it.

    `because` are claim ids of the device; `chain` the links label → maker → owner → listing, each
    `{"from", "to", "relation", "certainty", "source"}`. `upcoming` says what is law already and takes effect later,
    `allowed` which exception of the user's policy took the finding out of the count, `waiver` who waived it: it stays.
    `wording` stands in files only, in the place of the fields of a `Wording`: its number among the inventory's.
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
    upcoming: str = ""
    allowed: str = ""
    waiver: Waived | None = None
    wording: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it is more than context, and not validly waived."""
        return self.strength is not Strength.CONTEXT and (self.waiver is None or self.waiver.expired)
