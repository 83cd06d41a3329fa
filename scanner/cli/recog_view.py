"""`camcensus fingerprints recog` in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scanner.models import UsageError
from scanner.text import clean

if TYPE_CHECKING:
    from scanner.identify.recog import Database

_WRONG_SHOWN = 50


def matched(databases: Sequence[Database], key: str, text: str) -> tuple[bool, str]:
    """(whether any entry matches, the params of the first that does, as lines). UsageError for an unknown key."""
    from scanner.identify.recog import match

    chosen = [each for each in databases if key in (each.key, each.file, each.file.removesuffix(".xml"))]
    if not chosen:
        known = ", ".join(sorted({each.key for each in databases}))
        raise UsageError(f"--match {key or 'KEY'}: say what the text is: {known}")
    for database in chosen:
        found = match(database, text)
        if found is not None:
            lines = [f"{name} = {clean(value, 500)}" for name, value in found.items()]
            return True, "\n".join([*lines, f"database = {database.file}"]) + "\n"
    return False, "no entry matches\n"


def verified(databases: Sequence[Database]) -> tuple[bool, str]:
    """(whether every example passes, a line for each that does not, and the count)."""
    from scanner.identify.recog import verify

    count, wrong = verify(databases)
    lines = [f"{each.file}:{each.line}: {clean(each.reason, 300)}" for each in wrong[:_WRONG_SHOWN]]
    if len(wrong) > _WRONG_SHOWN:
        lines.append(f"{len(wrong) - _WRONG_SHOWN} more")
    entries = sum(len(each.entries) for each in databases)
    lines.append(f"{count - len(wrong)} of {count} examples pass, of {entries} entries in {len(databases)} files")
    return not wrong, "\n".join(lines) + "\n"


def overview(databases: Sequence[Database]) -> str:
    """Each database with what becomes of it here; then each entry that can't be used, with the reason."""
    from scanner.identify.recog_rules import imported, places_of, weighted

    lines = []
    for each in databases:
        usable = [entry for entry in each.entries if not entry.fault]
        claiming = sum(1 for entry in usable if weighted(entry))
        places = ", ".join(places_of(each.key)) or "not used: no place of ours"
        lines.append(
            f"{each.file}  {each.key} → {places}  {len(each.entries)} entries, {claiming} with claims, "
            f"{len(each.faults)} not usable"
        )
    made = imported(list(databases))
    lines += [f"not usable: {fault}" for fault in made.faults]
    lines.append(
        f"{len(made.rules.fingerprints)} rules of {sum(len(each.entries) for each in databases)} entries; not used: "
        f"{len(made.faults)} with constructs that RE2 lacks, {sum(made.unmapped.values())} for what is not looked at"
    )
    return "\n".join(lines) + "\n"
