"""Which device of the inventory is the camera of which recorder's channel, and what the recorder's word alone says.

A camera is taken for a channel's by its serial number, its MAC or the address at which the recorder finds it, as far as
nothing that both state differs. It stays one device: the channel only points to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from scanner.identify.assembly import build_device, telling
from scanner.identify.fuse import Statement
from scanner.identify.knowledge import Knowledge, knowledge
from scanner.identify.names import fold
from scanner.identify.rules import RuleSet
from scanner.models import Channel, Device, Weight
from scanner.text import clean

RECORDERS_WORD = "recorder-channel"
_PLACES = (("onvif.model", "model"), ("onvif.serial", "serial"), ("onvif.manufacturer", "maker"))
_TAKEN = frozenset({"maker", "brand", "family"})


def link_channels(devices: Sequence[Device]) -> list[Device]:
    """The devices, in their order, with each channel's `device` and each camera's `behind` filled in."""
    index = _Index(devices)
    behind: dict[str, list[str]] = {}
    linked = []
    for device in devices:
        channels = []
        for channel in device.channels:
            camera = index.camera_of(channel, device)
            if camera is not None:
                behind.setdefault(camera.host, []).append(f"{device.host} {channel_text(channel)}")
                channel = msgspec.structs.replace(channel, device=camera.host)
            channels.append(channel)
        linked.append(msgspec.structs.replace(device, channels=tuple(channels)) if channels else device)
    return [
        msgspec.structs.replace(each, behind=tuple(behind[each.host])) if each.host in behind else each
        for each in linked
    ]


def channel_text(channel: Channel) -> str:
    """ "channel 3", or by the recorder's own id where it does not number them."""
    return f"channel {channel.number}" if channel.number is not None else f"channel “{channel.name or channel.token}”"


def is_stated(channel: Channel) -> bool:
    """Whether the recorder tells anything by which the camera behind the channel could be known."""
    return any((channel.source, channel.model, channel.serial, channel.mac, channel.maker))


def channel_camera(recorder: Device, channel: Channel, rules: RuleSet | None = None) -> Device:
    """A camera made of nothing but what the recorder says of it: every claim is weak, whatever form it has."""
    known = knowledge(rules)
    statements = tuple(_statements(known, channel))
    host = channel.source or f"{recorder.host} {channel_text(channel)}"
    device = build_device(host, statements, known.names, evidence_count=1)
    return msgspec.structs.replace(device, is_camera=True, kind="camera", model=channel.model, serial=channel.serial)


def _statements(known: Knowledge, channel: Channel) -> Iterable[Statement]:
    for place, field in _PLACES:
        text = getattr(channel, field)
        for hit in known.matcher.hits(place, text, None, None) if text else ():
            for claimed, value in hit.values.items():
                kept = known.resolve(claimed, value, "$" in hit.rule.claims[claimed])
                if claimed in _TAKEN and kept is not None:
                    where = f"{RECORDERS_WORD}.{field}"
                    shown = clean(text, 200)
                    yield Statement(*kept, Weight.WEAK, hit.rule.id, channel.evidence, where, shown)


class _Index:
    """The devices by what tells them apart."""

    def __init__(self, devices: Iterable[Device]) -> None:
        self._serials: dict[str, list[Device]] = {}
        self._macs: dict[str, list[Device]] = {}
        self._addresses: dict[str, list[Device]] = {}
        for device in devices:
            if device.serial and telling(device.serial):
                self._serials.setdefault(fold(device.serial), []).append(device)
            if device.mac and telling(device.mac):
                self._macs.setdefault(device.mac, []).append(device)
            for address in dict.fromkeys((device.host, *device.addresses)):
                self._addresses.setdefault(address, []).append(device)

    def camera_of(self, channel: Channel, recorder: Device) -> Device | None:
        """The one device that it can be; None where there is none, or several."""
        serial = fold(channel.serial) if channel.serial and telling(channel.serial) else ""
        for table, key in (
            (self._serials, serial),
            (self._macs, channel.mac or ""),
            (self._addresses, channel.source or ""),
        ):
            found = [each for each in table.get(key, ()) if each.host != recorder.host and _may_be(channel, each)]
            if key and len(found) == 1:
                return found[0]
        return None


def _may_be(channel: Channel, device: Device) -> bool:
    """Whether it is a camera and nothing that both state differs: something else may have got the address since."""
    if device.is_camera is False:
        return False
    if channel.serial and device.serial and telling(channel.serial) and telling(device.serial):
        return fold(channel.serial) == fold(device.serial)
    if channel.mac and device.mac and channel.mac != device.mac:
        return False
    mine, theirs = fold(channel.model or ""), fold(device.model or "")
    return not (mine and theirs) or mine in theirs or theirs in mine
