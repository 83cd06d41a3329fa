"""What the registry holds: instruments, companies, listings, labels, components and policies."""

from __future__ import annotations

from typing import Literal

import msgspec

from scanner.registry.where import Where

Effect = Literal[
    "prohibits use", "prohibits purchase", "prohibits import/marketing", "criterion", "context", "recommendation"
]
Certainty = Literal["read", "reported", "unverified", "own", "imported"]
"""read: the text or an excerpt; reported: another party's report of it; unverified: known, checked against nothing.

Never in the data shipped: own (the user's policy says so), imported (from an official file, signed off by the user).
"""

CERTAINTY_TEXT = {
    "read": "the text or an excerpt of it was read",
    "reported": "a report of the text was read",
    "unverified": "not verified against the official text",
    "own": "the organisation's own policy says so",
    "imported": "read from the official file by an import that was signed off",
}


class _Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every fact has where it is from (an address) and when that was checked (a date)."""

    source: str
    checked: str
    note: str = ""


class Stage(_Fact, frozen=True, kw_only=True, rename={"since": "from"}):
    """A part of an instrument that is law since `announced` and takes effect on `since`: `text` says what it adds."""

    since: str
    announced: str
    text: str


class Instrument(_Fact, frozen=True, kw_only=True):
    """One law, list, order or guidance. Dates are YYYY, YYYY-MM or YYYY-MM-DD.

    Between a listing's start and `in_force` the instrument is known and has no effect yet: context. `part_of` names the
    instrument in whose findings this one is told. `criterion` "prc-based" asks about every maker based in the PRC.
    `site_test` is the question about the place, which a policy may answer; `stages` are what takes effect later.
    """

    id: str
    title: str
    jurisdiction: str
    legal_status: str
    in_force: str
    binds: str
    covers: str
    purpose_test: str
    exceptions: str
    effect: Effect
    edition: str
    certainty: Certainty
    until: str | None = None
    criterion: Literal["", "prc-based"] = ""
    criterion_entity: str = ""
    site_test: str = ""
    stages: tuple[Stage, ...] = ()
    reaches_affiliates: bool = False
    covers_components: bool = False
    part_of: str = ""
    further_sources: tuple[str, ...] = ()

    @property
    def prohibits(self) -> bool:
        """Whether it forbids a use, purchase, import or marketing."""
        return self.effect.startswith("prohibits")


class Owner(_Fact, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """Who owns a company: `relation` is what the company is to `name` ("owner": `name` is its owner in part)."""

    name: str
    relation: Literal["subsidiary", "affiliate", "owner"]
    certainty: Literal["certain", "reported"]
    basis: Certainty
    since: str | None = None
    until: str | None = None


class Company(_Fact, frozen=True, kw_only=True):
    """A maker or brand by its short name.

    `prc_based` is None where the registration does not settle it; `prc_question` then says what is open, if anything.
    """

    name: str
    aliases: tuple[str, ...]
    legal_names: tuple[str, ...]
    country: str
    certainty: Certainty
    camera_maker: bool
    prc_based: bool | None = None
    prc_question: str = ""
    owners: tuple[Owner, ...] = ()


class Listing(_Fact, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """`instrument` names `entity` (exactly as listed), which is `company`, from `since` until before `until`."""

    instrument: str
    entity: str
    company: str
    since: str
    certainty: Certainty
    until: str | None = None
    purpose_test: str = ""
    open_question: str = ""


class Label(_Fact, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """Brand → maker. `use` "brand-owner": the maker's own brand; "question": it can only raise one."""

    brand: str
    maker: str
    use: Literal["brand-owner", "question"]
    scope: str
    certainty: Literal["certain", "reported", "some models", "past"]
    basis: Certainty
    aliases: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


class Component(_Fact, frozen=True, kw_only=True):
    """A part that raises a question: `chips` are the beginnings (lower case) of the words of its chips' names."""

    name: str
    company: str
    chips: tuple[str, ...]
    certainty: Certainty


class Question(_Fact, frozen=True, kw_only=True):
    """What a buyer is asked to find out about any maker: `under` an instrument, at a `place` in it."""

    topic: str
    asks: str
    under: str
    place: str
    certainty: Certainty


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What counts as a question for a person. What does not is still shown, as context; no device is clean for it.

    `labels`: a brand that only a directory links to a listed maker; `mac_only`: a maker known by MAC prefix or other
    weak signs alone; `chips`: the maker of a chip.
    """

    labels: bool = True
    past_owners: bool = True
    reported_owners: bool = True
    mac_only: bool = True
    chips: bool = True


class Allow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from", "until": "to"}):
    """An exception that an organisation allows itself, with its reason; no instruments or makers: all of them."""

    reason: str
    instruments: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


class Site(msgspec.Struct, frozen=True):
    """A part of the network of which the policy says whether it is a sensitive site."""

    name: str
    sensitive: bool
    networks: tuple[Where, ...]


Sensitivity = Literal["ask", "sensitive", "not sensitive"]


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an organisation works under. `instruments` None: every one that prohibits; `criteria`: adopted or not.

    `begins` maps an instrument to the day since which it binds those whom the policy is for, where that is later than
    the instrument's own. `site_sensitivity` is for addresses in none of `sites`.
    """

    id: str
    title: str = ""
    instruments: tuple[str, ...] | None = None
    begins: dict[str, str] = {}
    criteria: bool = False
    note: str = ""
    review: Review = Review()
    allow: tuple[Allow, ...] = ()
    sites: tuple[Site, ...] = ()
    site_sensitivity: Sensitivity = "ask"


DEFAULT_POLICY = Policy("default", "every instrument that prohibits a use, purchase, import or marketing")


class Registry(msgspec.Struct, frozen=True):
    """One edition of the data. `edition` is a date, `digest` the SHA-256 of the files that made it.

    `names` maps a folded name (see `names.fold`) to companies, `labelled` to the label rows of that brand.
    """

    edition: str
    digest: str
    instruments: dict[str, Instrument]
    companies: dict[str, Company]
    listings: tuple[Listing, ...]
    labels: tuple[Label, ...]
    components: tuple[Component, ...]
    policies: dict[str, Policy]
    names: dict[str, tuple[str, ...]]
    labelled: dict[str, tuple[Label, ...]]
    listed: dict[str, tuple[Listing, ...]]
    questions: tuple[Question, ...] = ()
