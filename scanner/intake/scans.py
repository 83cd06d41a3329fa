"""The formats of captures and of other scanners."""

from __future__ import annotations

from scanner.intake.capture import Capture
from scanner.intake.contract import Format

CAPTURES_AND_SCANNERS: tuple[Format, ...] = (Capture(),)
