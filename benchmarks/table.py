"""What a benchmark returns: a table, for people on standard output or as Markdown for docs/benchmarks.md."""

from __future__ import annotations

import msgspec


class Table(msgspec.Struct, frozen=True):
    """Rows of texts under `columns`; the first column names what was measured. `notes` are sentences."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.name}: {len(self.columns)} columns, and a row of {len(row)}: {row}")


def as_text(table: Table) -> str:
    """Aligned columns: the first to the left, figures to the right."""
    lines = [f"{table.name}: {table.title}"]
    rows = [table.columns, *table.rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.columns))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(["  " + row[0].ljust(widths[0]), *cells]).rstrip())
    lines += [f"  {note}" for note in table.notes]
    return "\n".join(lines) + "\n"


def as_markdown(table: Table) -> str:
    """A heading, a Markdown table and the notes, as they stand in docs/benchmarks.md."""
    lines = [f"**{table.title}**", "", _line(table.columns), _line(("---", *("---:" for _ in table.columns[1:])))]
    lines += [*(_line(row) for row in table.rows), ""]
    if table.notes:
        lines += [" ".join(table.notes), ""]
    return "\n".join(lines)


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
