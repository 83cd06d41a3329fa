"""A notice in words: one line for a subject, a document for mail, a short text for chats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.models import Document, Section
from scanner.models.notice import Notice, NoticeDevice, NoticeGroup
from scanner.report.words import count
from scanner.text import clean

_CHAT_ROWS = 8
_CHAT_LINE = 160
_LINE = 1000
_INSTRUMENTS = 2
_TITLES = {
    "newly_listed": "Newly listed, the devices being as they were",
    "new": "New",
    "changed": "Changed",
    "gone": "Gone",
}
# Signs that are markup, a link, a mention or a tag in Slack, Teams, Discord, Telegram, Matrix, Mattermost or HTML, and
# like ones that are nothing anywhere. Chats differ in how a sign is escaped; a sign that is not there can't act.
_ALIKE = str.maketrans("<>&@[]*`~|\\#", "‹›＆＠［］∗ˋ∼∣＼＃")


def headline(notice: Notice) -> str:
    """The numbers in one line; no word of a device is in it."""
    if notice.test:
        return "Camcensus: a test notice"
    numbers = (
        ("newly listed", notice.newly_listed),
        ("new", notice.new),
        ("changed", notice.changed),
        ("gone", notice.gone),
    )
    parts = [f"{group.total} {name}" for name, group in numbers if group.total]
    if notice.before is None:
        parts.append("first sweep")
    if notice.gates.total:
        parts.append("gate hit")
    if not notice.now.complete:
        parts.append("not complete")
    return f"Camcensus{f' {clean(notice.site, 60)}' if notice.site else ''}: {', '.join(parts)}"


def document(notice: Notice) -> Document:
    """What was not reached, the gates, then each group."""
    sections = [Section(heading, points=tuple(_points(lines, total))) for heading, lines, total in _parts(notice)]
    return Document(title=headline(notice), lead=tuple(_lead(notice)), sections=tuple(sections))


def plain(notice: Notice) -> str:
    """For the text part of a mail and for a terminal."""
    made = document(notice)
    lines = [made.title, "", *made.lead]
    for section in made.sections:
        lines += ["", section.heading, *(f"- {point}" for point in section.points)]
    return "\n".join(lines) + "\n"


def chat(notice: Notice) -> str:
    """Short, and of signs that are markup in no chat (`defused`): the title stands apart."""
    lines = [_numbers(notice)]
    for heading, points, total in _parts(notice):
        lines += [f"{heading}:", *(f"• {point}" for point in _points(points[:_CHAT_ROWS], total))]
    return "\n".join(defused(line) for line in lines)


def defused(text: str) -> str:
    """A line that no chat reads as markup, mention or link. An underscore stays inside a word only."""
    shown = _unlinked(clean(text, _CHAT_LINE)).translate(_ALIKE)
    return "".join(
        "＿" if sign == "_" and not (shown[at - 1 : at].isalnum() and shown[at + 1 : at + 2].isalnum()) else sign
        for at, sign in enumerate(shown)
    )


def _parts(notice: Notice) -> Iterator[tuple[str, list[str], int]]:
    """(heading, the lines there are, how many there were), what was not reached first."""
    for heading, told in (("Not reached", notice.not_reached), ("Gates", notice.gates)):
        if told.total:
            yield heading, list(told.lines), told.total
    for name, title in _TITLES.items():
        group: NoticeGroup = getattr(notice, name)
        if group.total:
            yield f"{title} ({group.total})", [_point(each) for each in group.devices], group.total


def _points(lines: Sequence[str], total: int) -> Iterator[str]:
    yield from (_unlinked(clean(line, _LINE)) for line in lines)
    if total > len(lines):
        yield f"and {total - len(lines)} more"


def _unlinked(text: str) -> str:
    """No mail program or chat makes a link of it: a device may call itself by a page that asks for a password."""
    return text.replace("://", "：//")


def _lead(notice: Notice) -> Iterator[str]:
    yield _numbers(notice)
    if notice.before is None:
        yield "There is no earlier sweep to compare with: all that was found is new."
    else:
        yield f"Compared with the sweep {notice.before.sweep}, which ended {notice.before.finished}."


def _numbers(notice: Notice) -> str:
    asked = count(notice.addresses, "address", "addresses")
    reached = f"{notice.answered} of {asked} answered. " if notice.addresses else ""
    how = "besides" if notice.before is None else "came or went"
    others = f" {count(notice.others, 'other device')} {how}." if notice.others else ""
    found = count(notice.now.devices, "device")
    return f"{reached}Sweep {notice.now.sweep}, ended {notice.now.finished}: {found}.{others}"


def _point(device: NoticeDevice) -> str:
    rest = len(device.instruments) - _INSTRUMENTS
    more = f" and {rest} more" if rest > 0 else ""
    named = f" ({', '.join(device.instruments[:_INSTRUMENTS])}{more})" if device.instruments else ""
    said = f" — {'; '.join(device.said)}" if device.said else ""
    return f"{device.label}: {device.status}{named}{said}"
