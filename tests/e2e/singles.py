"""The devices of the two segments: each answers one protocol only, is late, shares a MAC, or stands behind a wall."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any

import msgspec

from scanner.lab.sites import device_files, make_device
from scanner.lab.spec import DeviceSpec, Site

A, B, DARK = "198.51.100.0/26", "198.51.100.128/26", "198.51.100.192/29"
ROUTER_A, ROUTER_B = "198.51.100.62", "198.51.100.129"
FACTORY = "203.0.113.64"
ONLY_V6, ONLY_V6_MAC = "fe80::4619:b6ff:fe00:601", "44:19:b6:00:06:01"
PROHIBITED = "198.51.100.180"
Wall = tuple[tuple[str, int], ...]

SINGLES = (
    ("ws-discovery", "hikvision-camera", "wsd"), ("mdns", "axis-camera", "mdns"), ("ssdp", "vivotek-camera", "ssdp"),
    ("sadp", "hikvision-camera", "vendor 0"), ("dhip", "dahua-camera", "vendor 0"),
    ("dvrip", "xiongmai-camera", "vendor 0"), ("tplink", "tapo-camera", "vendor 0"),
    ("hanwha", "hanwha-camera", "vendor 0"), ("bosch", "bosch-camera", "vendor 0"),
    ("vivotek", "vivotek-camera", "vendor 0"), ("ubnt", "ubiquiti-ap", "vendor 0"),
    ("rtsp", "dahua-camera", "rtsp"), ("http", "netwave-camera", "http 8899"), ("https", "axis-camera", "https"),
    ("snmp", "axis-camera", "snmp"),
)  # fmt: skip
OPEN: dict[str, Wall] = {
    "ws-discovery": (("udp", 3702),), "mdns": (("udp", 5353),), "ssdp": (("udp", 1900),), "sadp": (("udp", 37020),),
    "dhip": (("udp", 37810),), "dvrip": (("udp", 34569),), "tplink": (("udp", 20002),), "rtsp": (("tcp", 554),),
    "http": (("tcp", 8899),), "https": (("tcp", 443),), "snmp": (("udp", 161),),
}  # fmt: skip
"""What a firewall before such a device lets pass."""


@dataclass
class Plan:
    """Devices on segment A and B; `walls` as the cable has them; `silent`: addresses that nobody can hear.

    `says`: address → protocol that must be in its evidence ("": any). `one`: addresses that are one device; `apart`:
    addresses that must stay two.
    """

    a: list[DeviceSpec] = field(default_factory=list)
    b: list[DeviceSpec] = field(default_factory=list)
    walls: dict[str, Wall] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    one: tuple[str, str] = ("", "")
    apart: tuple[str, str] = ("", "")

    @property
    def site(self) -> Site:
        """For the lab."""
        return Site("segments", (A, B), (*self.a, *self.b), decoys=())


def plan(*, slow_pages: bool = True) -> Plan:
    """The whole of it, always the same; `slow_pages`: with web servers that take five seconds for a page."""
    made = Plan()
    number = _Numbers()
    for name, key, part in SINGLES:
        made.a.append(_single(key, part, number.next_a(), len(made.a)))
        made.says[made.a[-1].host] = _evidence(name)
    for name, key, part in SINGLES:
        # Beyond the router a wall lets pass what the device answers and nothing else, where OPEN has it
        made.b.append(_single(key, part, number.next_b(), 20 + len(made.b)))
        made.says[made.b[-1].host] = _evidence(name)
        if name in OPEN:
            made.walls[made.b[-1].host] = OPEN[name]
    _add_late(made, number, slow_pages=slow_pages)
    _add_walled(made, number)
    _add_twins(made, number)
    made.a.append(_single("hikvision-camera", "vendor 0", FACTORY, 70))
    v6 = _single("hikvision-camera", "wsd", ONLY_V6, 71)
    made.a.append(msgspec.structs.replace(v6, mac=ONLY_V6_MAC))
    made.says[ONLY_V6] = "ws-discovery"
    return made


def _add_late(made: Plan, number: _Numbers, *, slow_pages: bool) -> None:
    """Answers after more than four seconds, on both segments."""
    for segment, following in ((made.a, number.next_a), (made.b, number.next_b)):
        for part, protocol, late in (("wsd", "ws-discovery", 4.5), ("http 80", "http", 5.0))[: 1 + slow_pages]:
            spec = _single("hikvision-camera", part, following(), 40 + len(made.says))
            segment.append(msgspec.structs.replace(spec, late=late))
            made.says[spec.host] = protocol
            if segment is made.b and protocol in OPEN and part == "wsd":
                made.walls[spec.host] = OPEN[protocol]


def _add_walled(made: Plan, number: _Numbers) -> None:
    """Behind a firewall that drops: with one odd port open, and with nothing."""
    odd = _single("netwave-camera", "http 8081", number.next_a(), 60)
    deaf = _single("hikvision-camera", "http 80", number.next_a(), 61)
    beyond = _single("hikvision-camera", "http 80", number.next_b(), 62)
    made.a += [odd, deaf]
    made.b.append(beyond)
    made.says |= {odd.host: "http", deaf.host: "mac"}
    made.silent |= {beyond.host}
    made.walls |= {odd.host: (("tcp", 8081),), deaf.host: (), beyond.host: ()}


def _add_twins(made: Plan, number: _Numbers) -> None:
    """Two cameras with one MAC; one camera with an interface on each segment."""
    files = device_files()
    twins = [make_device("hikvision-camera", files["hikvision-camera"], number.next_a(), n, {}) for n in (64, 65)]
    made.a += [msgspec.structs.replace(twin, mac="00:11:22:33:44:55") for twin in twins]
    made.apart = (twins[0].host, twins[1].host)
    both = [
        make_device("dahua-camera", files["dahua-camera"], each(), 66, {}) for each in (number.next_a, number.next_b)
    ]
    made.a.append(both[0])
    made.b.append(msgspec.structs.replace(both[1], mac="02:00:5e:00:66:02"))
    made.one = (both[0].host, both[1].host)
    made.says |= dict.fromkeys([*made.apart, *made.one], "")


class _Numbers:
    """The next free address of each segment."""

    def __init__(self) -> None:
        self._a = IPv4Address(A.partition("/")[0]) + 9
        self._b = IPv4Address(B.partition("/")[0]) + 9

    def next_a(self) -> str:
        self._a += 1
        return str(self._a)

    def next_b(self) -> str:
        self._b += 1
        return str(self._b)


def _evidence(name: str) -> str:
    return {"https": "http", "tplink": "tplink"}.get(name, name)


def _single(key: str, part: str, host: str, number: int) -> DeviceSpec:
    """The device with nothing left but `part`: a protocol, "vendor N" or "http PORT"."""
    whole = make_device(key, device_files()[key], host, number, {"decoy": "203.0.113.99"})
    name, _, which = part.partition(" ")
    kept: dict[str, Any] = {}
    if name == "vendor":
        kept = {"vendor": (whole.vendor[int(which)],)}
    elif name == "http":
        kept = {"http": (msgspec.structs.replace(whole.http[0], ports=(int(which),), tls_ports=()),)}
    elif name == "https":
        kept = {"http": (msgspec.structs.replace(whole.http[0], ports=(), tls_ports=(443,)),), "tls": whole.tls}
    else:
        kept = {name: getattr(whole, name)}
    return DeviceSpec(key, whole.title, host, whole.mac, whole.truth, **kept)
