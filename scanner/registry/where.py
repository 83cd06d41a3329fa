"""Which devices a line of a policy or a waiver is for: an address, a network, a range, a MAC, a serial number."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

import msgspec

from scanner.models import Device
from scanner.text import normalise_mac

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Where(msgspec.Struct, frozen=True):
    """One such text, read. `version` is that of its addresses (4 or 6; 0 for none), `first` to `last` their numbers."""

    text: str
    version: int = 0
    first: int = 0
    last: int = 0
    mac: str | None = None

    def holds(self, address: Address) -> bool:
        """Whether `address` lies in the range."""
        return address.version == self.version and self.first <= int(address) <= self.last

    def matches(self, device: Device) -> bool:
        """Whether the device has such an address, MAC, serial number, id or (imported) name."""
        if self.version:
            return any(self.holds(each) for each in addresses_of(device))
        if self.mac is not None and device.mac == self.mac:
            return True
        return self.text in (device.serial, device.id, device.host)


def read_where(text: str, *, addresses_only: bool = False) -> Where:
    """ValueError where it looks like an address and is none, or (with `addresses_only`) is no address at all."""
    mac = normalise_mac(text)
    if mac is not None and not addresses_only:
        return Where(text, mac=mac)
    try:
        return _range(text)
    except ValueError as error:
        if addresses_only or not text.strip() or _meant_as_address(text):
            raise ValueError(f"{text!r} is no address, network, range or MAC") from error
    return Where(text)


def addresses_of(device: Device) -> Iterable[Address]:
    """The device's addresses, as far as they are ones."""
    for text in dict.fromkeys((device.host, *device.addresses)):
        try:
            yield ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            continue


def _range(text: str) -> Where:
    start, dash, end = text.partition("-")
    if not dash:
        network = ipaddress.ip_network(text, strict=False)
        return Where(text, network.version, int(network[0]), int(network[-1]))
    first = ipaddress.ip_address(start.strip())
    end = end.strip()
    last = ipaddress.ip_address(f"{start.strip().rpartition('.')[0]}.{end}" if end.isdigit() else end)
    if first.version != last.version or int(first) > int(last):
        raise ValueError("the range ends before it begins")
    return Where(text, first.version, int(first), int(last))


def _meant_as_address(text: str) -> bool:
    """Digits and points, as in an address with a slip: never to be taken for a serial number."""
    if not set(text) - set("0123456789./- ") and ("." in text or "/" in text):
        return True
    return text.count(":") >= 2 and not set(text.lower()) - set("0123456789abcdef:./-")
