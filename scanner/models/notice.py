"""What is told after a sweep, by webhook, mail or chat: `camcensus.notice/1`. Only what changed."""

from __future__ import annotations

import msgspec

NOTICE_SCHEMA = "camcensus.notice/1"


class NoticeDevice(msgspec.Struct, frozen=True):
    """One device. `said`: what there is to say of it, a few words each, changes with their causes."""

    host: str
    device: str
    label: str
    is_camera: bool | None
    status: str
    maker: str | None = None
    model: str | None = None
    instruments: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


class NoticeGroup(msgspec.Struct, frozen=True):
    """How many there are, and the first of them."""

    total: int = 0
    devices: tuple[NoticeDevice, ...] = ()


class NoticeLines(msgspec.Struct, frozen=True):
    """How many lines there are, and the first of them."""

    total: int = 0
    lines: tuple[str, ...] = ()


class NoticeSweep(msgspec.Struct, frozen=True):
    """One of the two sweeps. Times are RFC 3339 in UTC."""

    sweep: str
    started: str
    finished: str
    complete: bool
    devices: int


class Notice(msgspec.Struct, frozen=True):
    """What changed between two sweeps of one place, and first what was not reached.

    Each device is in one group. `newly_listed`: listed now and not before, although the device itself is as it was: the
    lists, the policy or the day are others. `gone`: its place was asked, and it was not there. `not_asked` counts
    devices of the earlier sweep that this one did not ask; `others` counts new and gone devices that are no cameras.
    `gates` are the lines of the gates that were hit. `id` is the same for the same content.
    """

    id: str
    site: str | None
    version: str
    now: NoticeSweep
    before: NoticeSweep | None
    addresses: int
    answered: int
    not_reached: NoticeLines = NoticeLines()
    gates: NoticeLines = NoticeLines()
    newly_listed: NoticeGroup = NoticeGroup()
    new: NoticeGroup = NoticeGroup()
    changed: NoticeGroup = NoticeGroup()
    gone: NoticeGroup = NoticeGroup()
    not_asked: int = 0
    others: int = 0
    test: bool = False
    schema: str = NOTICE_SCHEMA
