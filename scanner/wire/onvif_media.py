"""ONVIF's video sources: which a device has, how they are named, at which size (Media, Media2, DeviceIO, capabilities).

A recorder has one video source a channel. GetCapabilities and GetServices need no login and tell how many; which they
are needs one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.models import Channel
from scanner.wire.recorder import MAX_CHANNELS, text_of
from scanner.wire.xml import find_all, first_text, local_name, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_LIMIT = 1 << 20
_MOST = 4096
OPERATIONS = frozenset(
    {"GetVideoSources", "GetVideoSourceConfigurations", "GetProfiles", "GetCapabilities", "GetServices",
     "GetServiceCapabilities"}
)  # fmt: skip
"""The operations whose answers say something of video sources."""


def video_sources(xml: str) -> list[Channel]:
    """A channel for each video source that the answer names, in order. WireError: no XML.

    Its `number` comes from the token, where each token ends in a number of its own.
    """
    root = parse_xml(xml, limit=_LIMIT)
    found: dict[str, Channel] = {}
    for token, name, size in _mentions(root):
        if token not in found and len(found) >= MAX_CHANNELS:
            break
        known = found.get(token, Channel(token=token))
        found[token] = Channel(token=token, name=known.name or name, resolution=_larger(known.resolution, size))
    return _numbered(list(found.values()))


def source_count(xml: str) -> int | None:
    """How many video sources the DeviceIO capabilities state (GetCapabilities, GetServices). WireError: no XML."""
    stated = []
    for element in parse_xml(xml, limit=_LIMIT).iter("*"):
        text = element.get("VideoSources") if local_name(element) == "Capabilities" else None
        if local_name(element) == "DeviceIO":
            text = first_text(element, "VideoSources")
        if text and text.isascii() and text.isdigit() and len(text) < 5:
            stated.append(int(text))
    return max((count for count in stated if 0 < count <= _MOST), default=None)


def _mentions(root: _Element) -> list[tuple[str, str | None, str | None]]:
    """(token, name, size) of each element that names a video source."""
    sources = find_all(root, "VideoSources")
    found: list[tuple[str, str | None, str | None]] = [
        (token, None, _size(element)) for element in sources if (token := text_of(element.get("token")))
    ]
    for element in find_all(root, "SourceToken"):
        token = text_of((element.text or "").strip())
        parent = element.getparent()
        if token and parent is not None and "Audio" not in local_name(parent):
            found.append((token, _name(parent), _encoded(parent)))
    return found


def _name(configuration: _Element) -> str | None:
    for child in configuration:
        if isinstance(child.tag, str) and local_name(child) == "Name":
            return text_of((child.text or "").strip())
    return None


def _encoded(configuration: _Element) -> str | None:
    """The size in the encoder beside a profile's source configuration."""
    for sibling in configuration.itersiblings("*"):
        if local_name(sibling) in ("VideoEncoderConfiguration", "VideoEncoder"):
            return _size(sibling)
    return None


def _size(element: _Element) -> str | None:
    for resolution in find_all(element, "Resolution")[:1]:
        width, height = first_text(resolution, "Width") or "", first_text(resolution, "Height") or ""
        if all(text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) for text in (width, height)):
            return f"{int(width)}x{int(height)}"
    return None


def _larger(one: str | None, other: str | None) -> str | None:
    return max((size for size in (one, other) if size), key=_area, default=None)


def _area(size: str) -> int:
    width, _, height = size.partition("x")
    return int(width) * int(height)


def _numbered(channels: list[Channel]) -> list[Channel]:
    """The channels with names that tell them apart, and with the numbers in their tokens, counted from 1."""
    names = [channel.name for channel in channels]
    numbers = [_ending(channel.token) for channel in channels]
    whole = [number for number in numbers if number is not None]
    told = len(whole) == len(channels) == len(set(whole))
    first = 1 if told and whole and min(whole) == 0 else 0
    return [
        Channel(
            number=number + first if told and number is not None else None,
            token=channel.token,
            name=channel.name if len(channels) == 1 or names.count(channel.name) == 1 else None,
            resolution=channel.resolution,
        )
        for channel, number in zip(channels, numbers, strict=True)
    ]


def _ending(token: str) -> int | None:
    digits = token[len(token.rstrip("0123456789")) :]
    return int(digits) if digits.isascii() and 0 < len(digits) < 8 and int(digits) <= _MOST else None
