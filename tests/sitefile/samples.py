"""Site files for the tests, and the words that they may use."""

from __future__ import annotations

from scanner.sitefile import SiteFile, Words, read_site_file

WORDS = Words(
    formats=("table", "json", "jsonl"), gates=("listed", "review", "new", "coverage"), progress=("auto", "none")
)
SITE = '[[site]]\nname = "town-hall"\ntargets = ["198.51.100.0/24"]\n'


def read(text: str) -> SiteFile:
    return read_site_file("camcensus.toml", text, WORDS)
