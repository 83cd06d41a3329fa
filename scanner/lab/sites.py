"""Sites made of the device files: the demo site, and a large one for the benchmarks."""

from __future__ import annotations

import hashlib
import ipaddress
import tomllib
import uuid
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

import msgspec

from scanner.lab.bridge import with_tables
from scanner.lab.spec import DeviceSpec, Site
from scanner.models import UsageError

_NETWORK = uuid.UUID("5e1f6d0a-52a5-4f4f-9d53-0f3a5a0c7b11")
_NAMED = ("hikvision-camera", "axis-camera")
_NOWHERE = "192.168.254.9"  # an address behind a recorder, where a site lacks the device that it names
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def device_files() -> dict[str, dict[str, Any]]:
    """The files in `scanner/lab/devices` by key, in alphabetical order."""
    folder = resources.files("scanner.lab") / "devices"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): tomllib.loads((folder / name).read_text("utf-8")) for name in names}


def make_device(key: str, plan: Mapping[str, Any], host: str, number: int, extra: Mapping[str, str]) -> DeviceSpec:
    """The `number`-th device of a kind at `host`; the same arguments give the same device.

    `extra` are further values (the decoy's address). UsageError names the file where it is not valid.
    """
    values = _values(key, plan, host, number) | dict(extra)
    body = {name: part for name, part in plan.items() if name not in ("make", "variants", "weight")}
    body |= {"key": key, "host": host, "mac": values["mac"]}
    try:
        # Converted twice: the shape's own defaults hold names to fill as well
        return msgspec.convert(fill(msgspec.to_builtins(msgspec.convert(body, DeviceSpec)), values), DeviceSpec)
    except msgspec.ValidationError as error:
        raise UsageError(f"scanner/lab/devices/{key}.toml: {error}") from error


def fill(value: Any, values: Mapping[str, str]) -> Any:
    """`value` with every `{{name}}` of `values` replaced in its texts, at any depth."""
    if isinstance(value, str):
        if "{{" not in value:
            return value
        for name, text in values.items():
            value = value.replace("{{" + name + "}}", text)
        return value
    if isinstance(value, dict):
        return {name: fill(part, values) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [fill(part, values) for part in value]
    return value


def demo_site(first: str = "127.77.0.10") -> Site:
    """One device of each kind on loopback addresses from `first` on, in the order of `demo.toml`."""
    plan = _site_plan()
    files = device_files()
    decoy = str(plan["decoy"])
    hosts = _hosts(first, len(plan["devices"]))
    peers = _peers(zip(plan["devices"], hosts, strict=True))
    devices = tuple(
        make_device(key, _file(files, key), host, 0, {"decoy": decoy, **peers})
        for key, host in zip(plan["devices"], hosts, strict=True)
    )
    return _site("demo", plan, devices, first, decoy)


def large_site(n: int = 120, first: str = "198.51.100.10", decoy: str = "203.0.113.99") -> Site:
    """`n` devices of many makers, and look-alikes, at consecutive addresses from `first`; always the same ones.

    How often a kind occurs is its file's `weight` (default 2; 0 = never, as for the hostile device).
    """
    plan = _site_plan()
    files = device_files()
    order = _shuffled([key for key, part in files.items() for _ in range(int(part.get("weight", 2)))])
    counts: dict[str, int] = {}
    devices = []
    hosts = _hosts(first, n)
    peers = _peers(((order[index % len(order)], host) for index, host in enumerate(hosts)))
    for index, host in enumerate(hosts):
        key = order[index % len(order)]
        counts[key] = counts.get(key, 0) + 1
        devices.append(make_device(key, files[key], host, counts[key], {"decoy": decoy, **peers}))
    return _site("large", plan, tuple(devices), first, decoy)


def vendor_site(first: str = "198.51.100.10", elsewhere: str = "203.0.113.64", decoy: str = "203.0.113.99") -> Site:
    """A device for each file and vendor protocol in it, that speaks nothing but this protocol.

    The last one, at `elsewhere`, is a camera with the address that its factory gave it: on the link, out of the scope.
    """
    files = device_files()
    spoken = [(key, index) for key, part in files.items() for index, _ in enumerate(part.get("vendor", ()))]
    hosts = [*_hosts(first, len(spoken)), elsewhere]
    spoken.append(("hikvision-camera", 0))
    devices = []
    for number, (host, (key, index)) in enumerate(zip(hosts, spoken, strict=True)):
        whole = make_device(key, files[key], host, number, {"decoy": decoy})
        devices.append(DeviceSpec(key, whole.title, host, whole.mac, whole.truth, vendor=(whole.vendor[index],)))
    return _site("vendor", _site_plan(), tuple(devices), first, decoy)


def without(site: Site, texts: Iterable[str]) -> Site:
    """The site on a day when some devices are not there: addresses, networks (a/b) or ranges (127.77.0.26-33).

    The others stay as they are, switches' tables too. UsageError for what is neither, or names no device of the site.
    """
    gone: set[str] = set()
    for text in texts:
        first, last = _ends(text)
        named = {each.host for each in site.devices if first <= ipaddress.ip_address(each.host).packed <= last}
        if not named:
            raise UsageError(f"--without {text}: no device of the site is there")
        gone |= named
    return msgspec.structs.replace(site, devices=tuple(each for each in site.devices if each.host not in gone))


def _ends(text: str) -> tuple[bytes, bytes]:
    first, dash, last = text.partition("-")
    try:
        if dash:
            end = ipaddress.IPv4Address(f"{first.rpartition('.')[0]}.{last}")
            return ipaddress.IPv4Address(first).packed, end.packed
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise UsageError(f"--without {text}: name an address, a network or a range such as 127.77.0.26-33") from error
    return network.network_address.packed, network.broadcast_address.packed


def _peers(placed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """`{{host of KEY}}` for the kinds that a recorder names as its channels: the first of each on the site."""
    peers: dict[str, str] = {}
    for key, host in placed:
        if key in _NAMED:
            peers.setdefault(f"host of {key}", host)
    return peers


def _site(name: str, plan: Mapping[str, Any], devices: tuple[DeviceSpec, ...], first: str, decoy: str) -> Site:
    network = ipaddress.ip_network(f"{first}/24", strict=False)
    return Site(
        name=name,
        scope=(str(network),),
        devices=with_tables(devices),
        user=str(plan["user"]),
        password=str(plan["password"]),
        community=str(plan["community"]),
        decoys=(decoy,),
    )


def _site_plan() -> dict[str, Any]:
    return tomllib.loads((resources.files("scanner.lab") / "demo.toml").read_text("utf-8"))


def _file(files: Mapping[str, dict[str, Any]], key: str) -> dict[str, Any]:
    if key not in files:
        raise UsageError(f"scanner/lab/demo.toml names {key!r}, and scanner/lab/devices has no {key}.toml")
    return files[key]


def _hosts(first: str, count: int) -> list[str]:
    start = ipaddress.IPv4Address(first)
    network = ipaddress.IPv4Network(f"{first}/24", strict=False)
    last = start + max(count - 1, 0)
    if last >= network.broadcast_address:
        raise UsageError(f"{count} devices from {first} do not fit into {network}")
    return [str(start + index) for index in range(count)]


def _shuffled(keys: list[str]) -> list[str]:
    # An order that looks like a real site and never changes: by digest, not by a random generator
    ranked = sorted((hashlib.sha256(f"{key} {index}".encode()).digest(), key) for index, key in enumerate(keys))
    return [key for _, key in ranked]


def _values(key: str, plan: Mapping[str, Any], host: str, number: int) -> dict[str, str]:
    make = plan.get("make", {})
    variants = plan.get("variants", [{}])
    digest = hashlib.sha256(f"{key} {number}".encode()).digest()
    mac = f"{make['mac_prefix']}:{digest[0]:02x}:{digest[1]:02x}:{digest[2]:02x}"[:17]
    plain = mac.replace(":", "").upper()
    values = {
        "host": host,
        "mac": mac,
        "MAC": mac.upper(),
        "mac_dash": mac.replace(":", "-"),
        "mac_plain": plain,
        "mac_plain_lower": plain.lower(),
        "mac_tail": plain[6:],
        "uuid": str(uuid.uuid5(_NETWORK, f"{key} {number}")),
        "num": f"{int.from_bytes(digest[4:8], 'big') % 10**9:09d}",
        "alnum": "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[8:15]),
        "hex32": digest[:16].hex(),
        **{f"host of {name}": _NOWHERE for name in _NAMED},
    }
    values |= {name: str(text) for name, text in variants[number % len(variants)].items()}
    # A made value may use those before it: the serial number often starts with the model
    for name, text in make.items():
        if name != "mac_prefix":
            values[name] = fill(str(text), values)
    return values
