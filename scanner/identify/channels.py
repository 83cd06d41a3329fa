"""The channels of a recorder from its evidence: those that it lists, and how many it says it has.

A list is the recorder's word about other devices: nothing in it says anything of the recorder itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from scanner.identify.fuse import Statement
from scanner.identify.places import as_number, as_text, body_text, leaves
from scanner.models import RECORDER_KINDS, Channel, Evidence, Weight
from scanner.wire.errors import WireError
from scanner.wire.onvif_media import OPERATIONS, source_count, video_sources
from scanner.wire.recorder import MAX_CHANNELS, channel_page
from scanner.wire.xml import first_text, parse_xml

STATED_CHANNELS = "stated-channels"
_HANWHA_STATUS = "/init-cgi/pw_init.cgi"
_ADDED = {
    "dhip": ("VideoInputChannels", "RemoteVideoInputChannels"),
    "dvrip": ("ChannelNum",),
    "tvt": ("channels",),
}
_SADP = ("AnalogChannelNum", "DigitalChannelNum")
_MOST = 4096
_PAGE_CAP = 512 * 1024
_FILLED = ("number", "name", "resolution", "source", "maker", "model", "firmware", "serial", "mac", "online")
_LISTS = ("isapi", "sunapi", "dahua", "dahua titles")  # what tells most first

_Rows = dict[str, Channel]


class ChannelBook:
    """Takes a device's evidence record by record and keeps what it says of channels. Never raises."""

    def __init__(self) -> None:
        self._lists: dict[str, _Rows] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._analogue = 0

    def add(self, record: Evidence, index: int) -> None:
        """Take one record."""
        try:
            if record.protocol == "onvif":
                self._onvif(record, index)
            elif record.protocol == "http":
                self._http(record, index)
            elif record.protocol in _ADDED or record.protocol == "sadp":
                numbers = _vendor_numbers(record)
                self._stated(record.protocol, sum(numbers) if numbers else None, index)
                if record.protocol == "dhip" and numbers:
                    self._analogue = max(self._analogue, numbers[0])
        except WireError:
            return

    @property
    def empty(self) -> bool:
        """Whether no record said anything of channels."""
        return not (self._lists or self._counts or self._analogue)

    def statements(self) -> Iterator[Statement]:
        """How many channels it says it has, place by place."""
        for (protocol, count), index in self._counts.items():
            text = f"{count} video inputs stated"
            where = f"{protocol}.channels"
            yield Statement("channels", str(count), Weight.MEDIUM, STATED_CHANNELS, index, where, text)
        if rows := self.channels():
            text = f"{len(rows)} channels listed"
            first = rows[0]
            yield Statement(
                "channels", str(len(rows)), Weight.STRONG, STATED_CHANNELS, first.evidence, first.where, text
            )

    def channels(self) -> tuple[Channel, ...]:
        """The channels of the list that tells most, its gaps filled from the others where they surely agree."""
        if not self._lists:
            return ()
        onvif = self._lists.get("onvif", {})
        for name in _LISTS:
            rows = self._lists.get(name)
            if not rows:
                continue
            if name == "dahua":
                rows = self._with_analogue(rows, self._lists.get("dahua titles", {}))
            return _sorted(_filled(rows, _by_number(onvif, rows)).values())
        return _sorted(onvif.values())

    def _onvif(self, record: Evidence, index: int) -> None:
        operation, xml = as_text(record.get("operation")), record.get("xml")
        if operation not in OPERATIONS or not isinstance(xml, str):
            return
        if operation in ("GetCapabilities", "GetServices", "GetServiceCapabilities"):
            self._stated("onvif", source_count(xml), index)
        else:
            self._listed("onvif", video_sources(xml), index, f"onvif.{operation}")

    def _http(self, record: Evidence, index: int) -> None:
        path = as_text(record.get("path"))
        page = channel_page(path)
        if page is not None and record.get("status") == 200:
            self._listed(page.name, page.read(body_text(record, _PAGE_CAP)), index, f"http {path}")
        elif path.startswith(_HANWHA_STATUS):
            self._stated("http", _after(body_text(record), "MaxChannel="), index)

    def _with_analogue(self, cameras: _Rows, titles: _Rows) -> _Rows:
        """IP channels with their names, and the sockets of a hybrid recorder that no IP camera has taken."""
        sockets = {
            token: row for token, row in titles.items() if token not in cameras and (row.number or 0) <= self._analogue
        }
        return sockets | _filled(cameras, titles)

    def _listed(self, name: str, rows: Iterable[Channel], index: int, where: str) -> None:
        known = self._lists.setdefault(name, {})
        for row in rows:
            placed = msgspec.structs.replace(row, evidence=index, where=where)
            if row.token in known:
                known[row.token] = _fill(known[row.token], placed)
            elif len(known) < MAX_CHANNELS:
                known[row.token] = placed

    def _stated(self, protocol: str, count: int | None, index: int) -> None:
        if count is not None and 0 < count <= _MOST and len(self._counts) < 16:
            self._counts.setdefault((protocol, count), index)


def speaks_of_channels(record: Evidence) -> bool:
    """Whether anything of a record goes into a device's channels."""
    book = ChannelBook()
    book.add(record, 0)
    return not book.empty


def channel_count(statements: Iterable[Statement], channels: Sequence[Channel], kind: str) -> int | None:
    """How many channels: those listed, else the most that it states; None for one video input of what records none."""
    stated = [as_number(each.value) or 0 for each in statements if each.field == "channels"]
    count = len(channels) or max(stated, default=0)
    return count if count > 1 or (count and kind in RECORDER_KINDS) else None


def joined(faces: Sequence[tuple[Sequence[Channel], int]]) -> tuple[Channel, ...]:
    """The channels of one device from its faces, each with the offset of its evidence: the longest list, filled."""
    lists = [
        {f"{row.where} {row.token}": msgspec.structs.replace(row, evidence=row.evidence + offset) for row in rows}
        for rows, offset in faces
    ]
    lists.sort(key=len, reverse=True)
    whole: _Rows = lists[0] if lists else {}
    for other in lists[1:]:
        whole = _filled(whole, other)
    return _sorted(whole.values())


def _vendor_numbers(record: Evidence) -> list[int]:
    """The fields that count inputs, each of one sort."""
    if record.protocol == "sadp":
        root = parse_xml(as_text(record.get("xml")))
        numbers = [as_number(first_text(root, name)) for name in _SADP]
    else:
        wanted = _ADDED[record.protocol]
        told: dict[str, int | None] = {}
        for field in ("json", "fields"):
            told |= {key: as_number(text) for key, text in leaves(record.get(field)) if key in wanted}
        numbers = [told.get(name) for name in wanted]
    return [number for number in numbers if number is not None]


def _after(body: str, word: str) -> int | None:
    _, found, rest = body.partition(word)
    return as_number(rest.split(None, 1)[0]) if found and rest.split(None, 1) else None


def _fill(one: Channel, other: Channel) -> Channel:
    gaps = {name: getattr(other, name) for name in _FILLED if getattr(one, name) is None}
    return msgspec.structs.replace(one, **gaps)


def _filled(rows: Mapping[str, Channel], others: Mapping[str, Channel]) -> _Rows:
    return {token: _fill(row, others[token]) if token in others else row for token, row in rows.items()}


def _by_number(others: Mapping[str, Channel], rows: Mapping[str, Channel]) -> _Rows:
    """`others` under the tokens of `rows`, where both have the very same numbers: else which is which is a guess."""
    numbered = {row.number: row for row in others.values() if row.number is not None}
    if len(numbered) != len(others) or set(numbered) != {row.number for row in rows.values()}:
        return {}
    return {token: numbered[row.number] for token, row in rows.items() if row.number is not None}


def _sorted(rows: Iterable[Channel]) -> tuple[Channel, ...]:
    return tuple(sorted(rows, key=lambda row: (row.number is None, row.number or 0, row.token)))
