"""Devices that announce themselves on a link from an address outside the scope: told to the user, and left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.net.api import Network
from scanner.text import clean
from scanner.wire.errors import WireError
from scanner.wire.xml import leaves, parse_xml

MAX_NOTED = 32
_MODELS = (
    "devicedescription", "devicetype", "device_model", "model", "platform", "devicename", "friendlyname", "name",
    "hostname",
)  # fmt: skip
_MACS = ("mac", "physaddress", "id")


class Announced:
    """The first MAX_NOTED of them, each once."""

    def __init__(self, net: Network) -> None:
        self._net = net
        self._notes: dict[str, str] = {}

    @property
    def full(self) -> bool:
        """Whether no further one is noted."""
        return len(self._notes) >= MAX_NOTED

    def heard(self, sender: str, interface: str, title: str, fields: Mapping[str, Any]) -> None:
        """`sender` told `fields` by the protocol `title` on `interface`."""
        if sender in self._notes or self.full:
            return
        told = {name.lower(): text for name, text in reversed(list(_leaves(fields)))}
        what = next((told[name] for name in _MODELS if told.get(name)), "")
        mac = next((told[name] for name in _MACS if told.get(name)), "")
        detail = ", ".join([title, *([f"MAC {clean(mac, 40)}"] if mac else [])])
        named = f"A device that calls itself {clean(what, 60)}" if what else "A device"
        why = "not in scope" if self._net.on_link(sender) else "not in scope, and not routable from here"
        self._notes[sender] = f"{named} announces itself on {interface} from {sender} ({detail}): {why}; not asked."

    def notes(self) -> list[str]:
        """Sentences for the coverage."""
        more = [f"More than {MAX_NOTED} such devices: the rest is not named."] if self.full else []
        return [*self._notes.values(), *more]


def _leaves(value: Any) -> Iterator[tuple[str, str]]:
    """(name, text) of the texts at any depth, of XML too."""
    for name, part in value.items():
        if isinstance(part, dict):
            yield from _leaves(part)
        elif name == "xml":
            try:
                yield from leaves(parse_xml(part))
            except WireError:
                continue
        elif isinstance(part, str):
            yield name, part
