"""LLDP and CDP frames, dissected by scapy: they are rare, and have many optional parts (IEEE 802.1AB, Cisco CDP)."""

from __future__ import annotations

import struct
from typing import Any

from scanner.text import clean, decode, is_ip, normalise_mac

MAX_FRAME = 2048
MAX_PARTS = 64
# What scapy raises on frames that are not what they say; its own base class is an Exception of no other kind.
_BROKEN = (ValueError, TypeError, IndexError, KeyError, AttributeError, AssertionError, OverflowError, RecursionError)
_LLDP_TEXTS = {
    "LLDPDUSystemName": ("system_name", "system_name"),
    "LLDPDUSystemDescription": ("description", "system_description"),
    "LLDPDUPortDescription": ("description", "port_description"),
}
_CDP_TEXTS = {
    "CDPMsgDeviceID": "system_name",
    "CDPMsgSoftwareVersion": "system_description",
    "CDPMsgPlatform": "platform",
    "CDPMsgPortID": "port_id",
}
_TO_NEIGHBOURS = bytes.fromhex("0180c200000e 000000000000 88cc")


def read_lldp(payload: bytes) -> dict[str, str]:
    """chassis_id, port_id, system_name, system_description, port_description, address, as far as they are there."""
    import scapy.contrib.lldp  # noqa: F401 - so that Ethernet knows it
    from scapy.error import Scapy_Exception
    from scapy.layers.l2 import Ether

    try:
        return _lldp_fields(Ether(_TO_NEIGHBOURS + payload[:MAX_FRAME]).payload)
    except (*_BROKEN, struct.error, Scapy_Exception):
        return {}


def _layers(layer: Any) -> list[Any]:
    found: list[Any] = []
    while layer and len(found) < MAX_PARTS:
        found.append(layer)
        layer = layer.payload
    return found


def _lldp_fields(first: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for layer in _layers(first):
        name = type(layer).__name__
        if name in _LLDP_TEXTS:
            attribute, field = _LLDP_TEXTS[name]
            found[field] = _text(getattr(layer, attribute))
        elif name in ("LLDPDUChassisID", "LLDPDUPortID"):
            found["chassis_id" if name == "LLDPDUChassisID" else "port_id"] = _identity(layer)
        elif name == "LLDPDUManagementAddress":
            found.setdefault("address", _address(bytes(layer.management_address)))
    return {field: text for field, text in found.items() if text}


def _identity(layer: Any) -> str:
    """A chassis' or port's identifier: a MAC in its usual form, else text."""
    value = layer.id
    text = value if isinstance(value, str) else _text(value)
    return normalise_mac(text) or text


def _address(packed: bytes) -> str:
    import ipaddress

    return str(ipaddress.ip_address(packed)) if len(packed) in (4, 16) else ""


def _text(value: object) -> str:
    return clean(decode(value) if isinstance(value, bytes) else str(value), 512)


def read_cdp(payload: bytes) -> dict[str, str]:
    """system_name, system_description, platform, port_id, address, as far as they are there."""
    from scapy.contrib.cdp import CDPv2_HDR
    from scapy.error import Scapy_Exception

    try:
        return _cdp_fields(CDPv2_HDR(payload[:MAX_FRAME]))
    except (*_BROKEN, struct.error, Scapy_Exception):
        return {}


def _cdp_fields(header: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for message in header.msg[:MAX_PARTS]:
        name = type(message).__name__
        if name in _CDP_TEXTS:
            value = getattr(message, "iface", None) or getattr(message, "val", b"")
            found[_CDP_TEXTS[name]] = _text(value)
        elif name in ("CDPMsgAddr", "CDPMsgMgmtAddr"):
            for each in message.addr[:1]:
                if is_ip(str(getattr(each, "addr", ""))):
                    found.setdefault("address", str(each.addr))
    return {field: text for field, text in found.items() if text}
