"""What a sweep tells while it runs, whoever listens."""

from __future__ import annotations

from typing import Protocol

from scanner.models import Device


class Progress(Protocol):
    """Called from the event loop: return at once, raise nothing."""

    def phase(self, name: str, total: int) -> None:
        """A phase begins ("discover", "probe", "judge") with `total` addresses."""

    def done(self, count: int) -> None:
        """So many addresses of the phase are done."""

    def device(self, device: Device) -> None:
        """What is known now of one device; called again when more is known."""

    def note(self, text: str) -> None:
        """A sentence that matters while it runs."""


class Silent:
    """Nobody listens."""

    def phase(self, name: str, total: int) -> None:
        """Ignored."""

    def done(self, count: int) -> None:
        """Ignored."""

    def device(self, device: Device) -> None:
        """Ignored."""

    def note(self, text: str) -> None:
        """Ignored."""
