"""A channel of a recorder: one video input, and what the recorder says of the camera behind it."""

from __future__ import annotations

import msgspec

from scanner.models.status import Status


class Channel(msgspec.Struct, frozen=True):
    """One video input of a recorder or encoder. Every text is the recorder's word, not the camera's.

    `number` counts from 1 as the recorder shows it, None where it does not number them; `token` is its own id for it.
    `resolution` is "1920x1080"; `source` the address at which the recorder finds the camera; `online` whether it says
    that it does, None where it does not say.
    `device` is the host of the device in this inventory that is this camera: its verdict stands there, and `status` is
    None. Without one, `status` is what follows from the recorder's word alone: `review` at most, never `listed`.
    `evidence` is the index of the recorder's evidence record, `where` the place in it.
    """

    number: int | None = None
    token: str = ""
    name: str | None = None
    resolution: str | None = None
    source: str | None = None
    maker: str | None = None
    model: str | None = None
    firmware: str | None = None
    serial: str | None = None
    mac: str | None = None
    online: bool | None = None
    device: str | None = None
    status: Status | None = None
    why: str = ""
    evidence: int = 0
    where: str = ""
