"""What recorders' own pages say of their channels: Hikvision ISAPI, Dahua HTTP API, Hanwha SUNAPI. Pure, bounded.

Sources: ISAPI InputProxyChannelList and its status list (stored public dumps of DS-7616NI and DS-7732NI: the namespace
differs, and the `size` attribute is wrong on some, so it is never read); Dahua HTTP API `ChannelTitle` and
LogicDeviceManager `getCameraAll` (channels counted from 0 there, from 1 on the screen); SUNAPI `cameraregister`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from scanner.models import Channel
from scanner.text import clean, normalise_mac
from scanner.wire.errors import WireError
from scanner.wire.octets import secret
from scanner.wire.xml import find_all, first_text, parse_xml

MAX_CHANNELS = 512
_LIMIT = 1 << 20
_NAME = 128
_NOWHERE = frozenset({"", "0.0.0.0", "::", "192.168.0.0"})  # noqa: S104 - what a free slot has
_NO_MAC = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})

ISAPI_CHANNELS = "/ISAPI/ContentMgmt/InputProxy/channels"
ISAPI_STATUS = "/ISAPI/ContentMgmt/InputProxy/channels/status"
ISAPI_INPUTS = "/ISAPI/System/Video/inputs/channels"
DAHUA_TITLES = "/cgi-bin/configManager.cgi?action=getConfig&name=ChannelTitle"
DAHUA_CAMERAS = "/cgi-bin/LogicDeviceManager.cgi?action=getCameraAll"
SUNAPI_CAMERAS = "/stw-cgi/media.cgi?msubmenu=cameraregister&action=view"


class ChannelPage(msgspec.Struct, frozen=True):
    """`name` of the list that its rows belong to, and the reader of its body (WireError: it is none)."""

    name: str
    read: Callable[[str], list[Channel]]


def channel_page(path: str) -> ChannelPage | None:
    """What is read from the page at `path`; None for a page that lists no channels."""
    return _PAGES.get(path.lower())


def text_of(value: str | None, limit: int = _NAME) -> str | None:
    """A device's word made safe; None where it says nothing."""
    return clean(value, limit) or None if value else None


def _isapi_channels(body: str) -> list[Channel]:
    found = []
    for each in _elements(body, "InputProxyChannel"):
        source = first_text(each, "ipAddress") or first_text(each, "ipv6Address") or first_text(each, "hostName") or ""
        number = _number(first_text(each, "id"))
        found.append(
            Channel(
                number=number,
                token=f"proxy {number}",
                name=text_of(first_text(each, "name")),
                source=None if source in _NOWHERE else text_of(source),
                model=text_of(first_text(each, "model")),
                firmware=text_of(first_text(each, "firmwareVersion")),
                serial=text_of(first_text(each, "serialNumber")),
                mac=_mac(first_text(each, "macAddress")),
            )
        )
    return found


def _isapi_status(body: str) -> list[Channel]:
    found = []
    for each in _elements(body, "InputProxyChannelStatus"):
        number, online = _number(first_text(each, "id")), first_text(each, "online")
        known = (online or "").lower() in ("true", "false")
        found.append(Channel(number=number, token=f"proxy {number}", online=online == "true" if known else None))
    return found


def _isapi_inputs(body: str) -> list[Channel]:
    found = []
    for each in _elements(body, "VideoInputChannel"):
        number, seen = _number(first_text(each, "id")), first_text(each, "resDesc")
        online = None if seen is None else "NO VIDEO" not in seen.upper()
        name = text_of(first_text(each, "name"))
        found.append(Channel(number=number, token=f"input {number}", name=name, online=online))
    return found


def _elements(body: str, name: str) -> list[Any]:
    return find_all(parse_xml(body, limit=_LIMIT), name)[:MAX_CHANNELS]


def _dahua_titles(body: str) -> list[Channel]:
    names: dict[int, str | None] = {}
    for key, value in key_values(body):
        index, field = _indexed(key, "table.ChannelTitle")
        if index is not None and field == "Name":
            names[index] = text_of(value)
    return [Channel(number=index + 1, token=str(index), name=name) for index, name in sorted(names.items())]


def _dahua_cameras(body: str) -> list[Channel]:
    rows: dict[int, dict[str, str]] = {}
    for key, value in key_values(body):
        index, field = _indexed(key, "camera")
        if index is not None:
            rows.setdefault(index, {})[field] = value
    return [channel for _, row in sorted(rows.items()) if (channel := _dahua_camera(row)) is not None]


def _dahua_camera(row: dict[str, str]) -> Channel | None:
    """A row that is in use; a free slot has Enable=false."""
    place = _number(row.get("UniqueChannel"))
    if place is None or "false" in (row.get("Enable", "").lower(), row.get("DeviceInfo.Enable", "").lower()):
        return None
    source = row.get("DeviceInfo.Address") or row.get("Address") or ""
    return Channel(
        number=place + 1,
        token=str(place),
        name=text_of(row.get("DeviceInfo.VideoInputs[0].Name")),
        source=None if source in _NOWHERE else text_of(source),
        model=text_of(row.get("DeviceInfo.DeviceType")),
        serial=text_of(row.get("DeviceInfo.SerialNo")),
        mac=_mac(row.get("DeviceInfo.Mac")),
    )


def key_values(body: str) -> Iterator[tuple[str, str]]:
    """The `key=value` lines, without those whose last name is that of a secret."""
    for line in body[:_LIMIT].splitlines():
        key, equals, value = line.strip().partition("=")
        if equals and not secret(key.rpartition(".")[2]):
            yield key, value


def _indexed(key: str, root: str) -> tuple[int | None, str]:
    """`camera[3].Enable` → (3, "Enable")."""
    head, _, rest = key.partition("].")
    name, _, index = head.partition("[")
    number = _number(index)
    return (number, rest) if name == root and number is not None and number < MAX_CHANNELS else (None, "")


def _sunapi_cameras(body: str) -> list[Channel]:
    try:
        whole = msgspec.json.decode(body[:_LIMIT].encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        raise WireError("no JSON") from None
    rows = whole.get("RegisteredCameras") if isinstance(whole, dict) else None
    if not isinstance(rows, list):
        raise WireError("no list of registered cameras")
    return [_sunapi_camera(row) for row in rows[:MAX_CHANNELS] if isinstance(row, dict)]


def _sunapi_camera(row: dict[str, Any]) -> Channel:
    place = row.get("Channel")
    number = place + 1 if isinstance(place, int) and 0 <= place < MAX_CHANNELS else None
    told = {name: str(row[name]) for name in ("Title", "IPAddress", "Model", "MACAddress", "Status") if row.get(name)}
    source = told.get("IPAddress", "")
    state = told.get("Status", "")
    return Channel(
        number=number,
        token=str(place) if number else "",
        name=text_of(told.get("Title")),
        source=None if source in _NOWHERE else text_of(source),
        model=text_of(told.get("Model")),
        mac=_mac(told.get("MACAddress")),
        online=state == "Success" if state else None,
    )


def _mac(text: str | None) -> str | None:
    mac = normalise_mac(text) if text else None
    return None if mac in _NO_MAC else mac


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else None


_PAGES = {
    path.lower(): page
    for path, page in {
        ISAPI_CHANNELS: ChannelPage("isapi", _isapi_channels),
        ISAPI_STATUS: ChannelPage("isapi", _isapi_status),
        ISAPI_INPUTS: ChannelPage("isapi", _isapi_inputs),
        DAHUA_TITLES: ChannelPage("dahua titles", _dahua_titles),
        DAHUA_CAMERAS: ChannelPage("dahua", _dahua_cameras),
        SUNAPI_CAMERAS: ChannelPage("sunapi", _sunapi_cameras),
    }.items()
}
