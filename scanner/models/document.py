"""A text for people in sections, before it is Markdown or HTML."""

from __future__ import annotations

import msgspec


class Section(msgspec.Struct, frozen=True):
    """A heading, then paragraphs, then a table (`header` and `rows` of text) where there is one, then points."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    points: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True):
    """A title, what stands under it, and sections."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
