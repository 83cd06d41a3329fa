"""The verdict on one device or channel."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The verdict on one device, worst first."""

    LISTED = "listed"
    REVIEW = "review"
    UNDETERMINED = "undetermined"
    NOT_LISTED = "not-listed"
    NOT_A_CAMERA = "not-a-camera"
