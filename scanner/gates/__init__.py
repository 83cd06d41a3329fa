"""Gates: pure functions that say why a run should fail. Each reason is one line that explains itself."""

from scanner.gates.check import check, reasons
from scanner.gates.kinds import NEEDS_BASELINE, Against, Gate
from scanner.gates.standing import standing

__all__ = ["NEEDS_BASELINE", "Against", "Gate", "check", "reasons", "standing"]
