"""The vendors' own discovery protocols of the lab: the maker's question in, the device's answer out.

Whatever else comes in on such a port is a violation: these protocols also set addresses and passwords.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address

from scanner.lab import vendor_binary
from scanner.lab.spec import Vendor
from scanner.lab.station import Station
from scanner.wire import dhip, dvrip, hanwha, sadp, tplink, vivotek
from scanner.wire.vendor import PROTOCOLS, VendorProtocol

_UBNT = {"firmware": 0x03, "hostname": 0x0B, "platform": 0x0C, "model": 0x14}
_BY_NAME = {protocol.name: protocol for protocol in PROTOCOLS}


def protocol_of(vendor: Vendor) -> VendorProtocol:
    """What the device speaks."""
    return _BY_NAME[vendor.protocol]


def answer(station: Station, vendor: Vendor, data: bytes, peer: str) -> list[bytes]:
    """The datagrams to send back."""
    protocol = protocol_of(vendor)
    if data == protocol.build():
        return [_ANSWERS[vendor.protocol](vendor)]
    if not (_is_answer(protocol, data) or _asks_another(protocol, data)):
        station.record.violation(station.host, protocol.port, peer, "setting", f"{protocol.title}: {data[:40]!r}")
    return []


def _is_answer(protocol: VendorProtocol, data: bytes) -> bool:
    """Another device's answer, which a port that is question's and answer's hears too."""
    return protocol.name == "sadp" and b"<ProbeMatch" in data


def _asks_another(protocol: VendorProtocol, data: bytes) -> bool:
    """The question of another maker's protocol that happens to use the same port."""
    return any(data == other.build() for other in PROTOCOLS if other.port == protocol.port)


def _sadp(vendor: Vendor) -> bytes:
    asked = sadp.build_request().partition(b"<Uuid>")[2].partition(b"<")[0].decode()
    return vendor.body.replace("{{relates}}", asked).encode()


def _ubnt(vendor: Vendor) -> bytes:
    parts = b""
    for name, text in vendor.fields.items():
        if name == "ip":
            kind, value = 0x02, _mac(vendor.fields["mac"]) + IPv4Address(text).packed
        elif name == "mac":
            kind, value = 0x01, _mac(text)
        else:
            kind, value = _UBNT[name], text.encode()
        parts += bytes([kind]) + len(value).to_bytes(2, "big") + value
    return b"\x01\0\0" + bytes([len(parts) & 0xFF]) + parts


def _hanwha(vendor: Vendor) -> bytes:
    data = bytearray(hanwha.SIZE)
    data[0] = 0x0B
    fields = vendor.fields
    for at, text in ((0x13, fields["mac"]), (0x25, fields["ip"]), (0x6D, fields["model"][:10]), (0x85, fields["url"])):
        data[at : at + len(text)] = text.encode()
    secret = fields.get("password", "").encode()[:20]
    data[0x55 : 0x55 + len(secret)] = secret
    return bytes(data)


def _vivotek(vendor: Vendor) -> bytes:
    fields = vendor.fields
    parts = [(1, fields["long_name"].encode()), (2, _mac(fields["mac"])), (9, fields["model"].encode())]
    packed = b"".join(bytes([kind, len(value)]) + value for kind, value in parts)
    return vivotek.build_request() + b"\x04\x01" + packed


def _mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


_BINARY = ("reolink", "pppp", "dynacolor", "nice", "gige", "sony", "panasonic", "foscam", "vstarcam", "tvt")


def _binary(name: str) -> Callable[[Vendor], bytes]:
    pack: Callable[[Mapping[str, str]], bytes] = getattr(vendor_binary, name)
    return lambda vendor: pack(vendor.fields)


_ANSWERS: dict[str, Callable[[Vendor], bytes]] = {
    "sadp": _sadp,
    "dhip": lambda vendor: dhip.pack(vendor.body.encode() + b"\n\0"),
    "dvrip": lambda vendor: dvrip.pack(1531, vendor.body.encode() + b"\n\0"),
    "tplink": lambda vendor: tplink.pack(vendor.body.encode()),
    "tplink-9999": lambda vendor: tplink.xor(vendor.body.encode()),
    "ubnt": _ubnt,
    "hanwha": _hanwha,
    "bosch": lambda vendor: vendor.body.encode(),
    "vivotek": _vivotek,
    "topsee": lambda vendor: vendor.body.encode("gb2312"),
    "vision360": lambda vendor: vendor.body.encode() + b"\n",
    **{name: _binary(name) for name in _BINARY},
}
