"""A document as Markdown or HTML. Every word is escaped: a registry, or an overlay, may hold anything."""

from __future__ import annotations

import html
from collections.abc import Iterator

from scanner.models import Document, Section
from scanner.text import clean

_LIMIT = 4000
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem;color-scheme:light dark}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;"
    "border-bottom:1px solid #8888;overflow-wrap:anywhere}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}"
)


def render_markdown(document: Document) -> str:
    """CommonMark with tables."""
    return "\n".join(_markdown(document)) + "\n"


def render_document_html(document: Document) -> str:
    """One page, with no script, no link that is followed by itself, no font from elsewhere."""
    return "".join(_page(document))


def _markdown(document: Document) -> Iterator[str]:
    yield f"# {_md(document.title)}"
    for text in document.lead:
        yield from ("", _md(text))
    for section in document.sections:
        yield from ("", f"## {_md(section.heading)}")
        for text in section.paragraphs:
            yield from ("", _md(text))
        if section.rows:
            yield ""
            yield f"| {' | '.join(map(_md, section.header))} |"
            yield f"|{'---|' * len(section.header)}"
            yield from (f"| {' | '.join(_md(cell) for cell in row)} |" for row in section.rows)
        if section.points:
            yield ""
            yield from (f"- {_md(point)}" for point in section.points)


def _md(text: str) -> str:
    """Literal text: what Markdown or a browser would read as more is escaped; an address stays as it is."""
    words = clean(text, _LIMIT).split(" ")
    return " ".join(
        word if word.startswith("https://") and not set(word) & set("<>|`*") else _escaped(word) for word in words
    )


def _escaped(word: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in word)


def _page(document: Document) -> Iterator[str]:
    title = _esc(document.title)
    yield f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n"
    yield from (f"<p>{_esc(text)}</p>\n" for text in document.lead)
    for section in document.sections:
        yield from _section(section)
    yield "</body></html>\n"


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{_esc(section.heading)}</h2>\n"
    yield from (f"<p>{_esc(text)}</p>\n" for text in section.paragraphs)
    if section.rows:
        heads = "".join(f'<th scope="col">{_esc(cell)}</th>' for cell in section.header)
        yield f"<table><thead><tr>{heads}</tr></thead><tbody>\n"
        yield from (f"<tr>{''.join(f'<td>{_esc(cell)}</td>' for cell in row)}</tr>\n" for row in section.rows)
        yield "</tbody></table>\n"
    if section.points:
        yield f"<ul>{''.join(f'<li>{_esc(point)}</li>' for point in section.points)}</ul>\n"


def _esc(text: str) -> str:
    return html.escape(clean(text, _LIMIT))
