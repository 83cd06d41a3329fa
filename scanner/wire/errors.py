"""The one error of the codecs."""

from __future__ import annotations

from scanner.models.errors import CamcensusError


class WireError(CamcensusError):
    """Bytes that can't be read as what they were taken for. They stay evidence all the same."""
