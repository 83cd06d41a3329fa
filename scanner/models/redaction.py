"""What a redaction leaves as it is, and the key file that leads back: `camcensus.redaction/1`."""

from __future__ import annotations

from enum import StrEnum

import msgspec

KEY_SCHEMA = "camcensus.redaction/1"


class Kind(StrEnum):
    """What can be kept as it is."""

    ADDRESS = "address"
    MAC = "mac"
    SERIAL = "serial"
    UUID = "uuid"
    NAME = "name"
    SITE = "site"


class KeyFile(msgspec.Struct, frozen=True):
    """The secret behind the stand-ins (hex), and what each stands for."""

    key: str
    stand_ins: dict[str, str] = {}
    schema: str = KEY_SCHEMA
