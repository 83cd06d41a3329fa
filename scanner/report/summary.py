"""A run in a page of Markdown for a CI job: what was not reached, what became of the gates, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.models import Inventory
from scanner.models.changes import Changes
from scanner.models.gate import GateResult
from scanner.report.diff import changes_markdown
from scanner.report.markdown import LIMIT, literal, reached_lines, verdict_lines

_LINES = 200
_LINE = 600


def render_summary(
    inventory: Inventory, gates: Sequence[GateResult], changes: Changes | None, baseline: str | None
) -> str:
    """At most `LIMIT` bytes; what is left out is counted. `baseline` says which sweep `changes` compares with."""
    head = "\n".join(_head(inventory, gates)) + "\n"
    if changes is None:
        return f"{head}Nothing is compared here: there is no baseline.\n\n"
    heading = f"## Since the baseline ({literal(baseline or 'an earlier sweep', 200)})"
    return head + changes_markdown(changes, heading, LIMIT - len(head.encode())) + "\n"


def _head(inventory: Inventory, gates: Sequence[GateResult]) -> Iterator[str]:
    site = f": {literal(inventory.sweep.site)}" if inventory.sweep.site else ""
    yield f"# Camera census{site}"
    yield ""
    yield from reached_lines(inventory)
    yield "## Gates"
    yield ""
    if not gates:
        yield "No gate was asked for."
    for gate in sorted(gates, key=lambda gate: not gate.hit):
        yield from _gate(gate)
    yield ""
    yield from verdict_lines(inventory)


def _gate(gate: GateResult) -> Iterator[str]:
    if not gate.hit:
        yield f"- passed: {gate.gate}: {literal(gate.passed, _LINE)}"
        return
    for line in gate.lines[:_LINES]:
        yield f"- **hit:** {literal(line, _LINE)}"
    if len(gate.lines) > _LINES:
        yield f"- **hit:** {gate.gate}: {len(gate.lines) - _LINES} more like these"
