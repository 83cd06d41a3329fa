"""Where a device is plugged in, from `switch-port` evidence. A place is no identity: nothing else follows from it."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.identify.fuse import Statement
from scanner.identify.places import as_number, as_text
from scanner.models import Evidence, Weight
from scanner.text import clean

SWITCH_PORT = "switch-port"
_AT = " @ "
_LIMIT = 100
_SMALL = 4
_ORDER = (Weight.STRONG, Weight.MEDIUM, Weight.WEAK)


def place_statement(record: Evidence, index: int) -> Statement | None:
    """The port as a statement; None behind an uplink, where the device's own port is not seen.

    The fewer addresses at the port, the surer it is this device's own; where they are not counted it may be an uplink.
    """
    port, switch = clean(as_text(record.get("port")), _LIMIT), clean(as_text(record.get("switch")), _LIMIT)
    if not port or not switch or record.get("uplink"):
        return None
    name = clean(as_text(record.get("switch_name")), _LIMIT)
    label = f"{name} ({switch})" if name and name != switch else switch
    others = as_number(record.get("macs_on_port")) or 0
    weight = Weight.STRONG if others == 1 else Weight.MEDIUM if 0 < others <= _SMALL else Weight.WEAK
    return Statement(
        "switch_port", f"{port}{_AT}{label}", weight, SWITCH_PORT, index, "switch-port.port", _text(record, others)
    )


def place_of(statements: Iterable[Statement]) -> tuple[str | None, str | None]:
    """(switch, port) of the best supported place; (None, None) without one."""
    found = [each for each in statements if each.field == "switch_port"]
    if not found:
        return None, None
    best = min(found, key=lambda each: (_ORDER.index(each.weight), each.value))
    port, _, switch = best.value.rpartition(_AT)
    return switch, port


def _text(record: Evidence, others: int) -> str:
    parts = [as_text(record.get("mac"))]
    for name, field in (("VLAN", "vlan"), ("PoE", "poe"), ("", "port_alias")):
        if said := clean(as_text(record.get(field)), _LIMIT):
            parts.append(f"{name} {said}".strip())
    if others > 1:
        parts.append(f"{others} addresses at this port")
    return ", ".join(part for part in parts if part)
