"""docs/traffic.md, written from what the code itself says that it sends: `python -m tests.probe.traffic_page`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from scanner.discover import ALL
from scanner.probe import PROBES
from scanner.probe.contact import SENDS
from scanner.probe.contract import Stage
from scanner.probe.http import PAGES, UNIDENTIFIED, Page

_INTRODUCTION = """# What Camcensus sends

This page is written from the code (`python -m tests.probe.traffic_page > docs/traffic.md`) and a test compares the two.

Camcensus only reads. It sends nothing to an address outside your scope, whatever a redirect, an XAddr or a LOCATION
says; it opens at most two connections to a device at once; it guesses no password, no user and no community; without
a login that you give for a device there is no `Authorization` header and no WS-Security header in anything it sends.
Every HTTP and RTSP request carries the tool's name in `User-Agent`.
"""
_STAGES = {
    Stage.CONTACT: "Each address that is there",
    Stage.FOLLOW_UP: "Only what may be a camera, and only while something about it is still open",
    Stage.CREDENTIALS: "Only with what you give for it",
}


def document() -> str:
    """The whole page, Markdown."""
    parts = [_INTRODUCTION, "## Who is there\n", _rows((d.name, d.sends) for d in ALL)]
    for stage, title in _STAGES.items():
        first = [("first contact", SENDS)] if stage is Stage.CONTACT else []
        parts += [f"\n## {title}\n", _rows([*first, *((p.name, p.sends) for p in PROBES if p.stage is stage)])]
    parts += ["\n## Vendors' pages\n", _pages()]
    return "\n".join(parts)


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"- **{name}**: {sends}\n" for name, sends in rows)


def _pages() -> str:
    lines = ["| suspected maker | request | why it may be asked |", "|---|---|---|"]
    lines += [_line(maker, page) for maker, pages in PAGES.items() for page in pages]
    lines += [_line("a camera of which no maker is suspected", page) for page in UNIDENTIFIED]
    return "\n".join(lines) + "\n"


def _line(maker: str, page: Page) -> str:
    body = f" `{page.body.decode()}`" if page.body is not None else ""
    only = " (TLS only)" if page.tls else ""
    return f"| {maker} | `{page.method} {page.path}`{body}{only} | {page.source} |"


if __name__ == "__main__":
    sys.stdout.write(document())
