"""What became of one gate."""

from __future__ import annotations

import msgspec


class GateResult(msgspec.Struct, frozen=True):
    """`lines` are why the gate is hit, each of which explains itself; `passed` what can be said where there are none.

    `gate` is its name, as `--fail-on` has it, or that of an option (`registry`) or file (`waiver`) that makes one.
    """

    gate: str
    lines: tuple[str, ...]
    passed: str = ""

    @property
    def hit(self) -> bool:
        """Whether the run fails by it."""
        return bool(self.lines)
