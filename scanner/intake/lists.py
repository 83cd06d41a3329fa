"""Tables with named columns: leases of Kea and Windows, clients of UniFi and Omada, camera lists, plain CSV.

A lease or a controller's client was on the network: `mac` and `dhcp` evidence. A camera list is somebody's record and
not the device's word: it becomes `inventory-list`, which no rule takes for more than a weak sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from scanner.intake.leases import lease
from scanner.intake.lines import Told
from scanner.intake.rows import Header, Row, header_of, read_rows
from scanner.intake.values import address_in, cell, epoch, mac_of, moment
from scanner.models import Evidence, EvidenceProblem

INVENTORY_LIST = "inventory-list"
_LISTED = ("name", "hostname", "manufacturer", "model", "serial", "firmware", "channel", "recorder", "kind", "location")
_ABOUT_CAMERAS = ("serial", "firmware", "channel", "recorder")


class _Table:
    """A table with named columns: each kind says which headers are its own and what one row gives."""

    name = ""
    title = ""

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content decides
        header = header_of(head)
        return header is not None and self.mine(header)

    def read(self, stream: BinaryIO) -> Iterator[Evidence | EvidenceProblem]:
        told = Told()
        for row in read_rows(stream):
            if isinstance(row, EvidenceProblem):
                yield row
            elif isinstance(row, Row):
                host, mac = who(row)
                found = list(self.evidence(row, host, mac))
                if found:
                    yield from found
                else:
                    yield from told.problem(row.line, "a row with neither an address nor a MAC that can be read")
        yield from told.rest()

    def mine(self, header: Header) -> bool:
        raise NotImplementedError

    def evidence(self, row: Row, host: str | None, mac: str | None) -> Iterator[Evidence]:
        raise NotImplementedError


def who(row: Row) -> tuple[str | None, str | None]:
    """(address, MAC) of a row, also where the two columns hold each other's."""
    address, mac = row.get("address"), row.get("mac")
    return address_in(address) or address_in(mac), mac_of(mac) or mac_of(address)


class KeaLeases(_Table):
    """Kea's memfile (kea-leases4.csv, kea-leases6.csv); `expire` is the end, `valid_lifetime` earlier it was seen."""

    name = "kea-leases"
    title = "Kea leases"

    def mine(self, header: Header) -> bool:
        return header.has("address", "mac", "lifetime", "expires", "scope")

    def evidence(self, row: Row, host: str | None, mac: str | None) -> Iterator[Evidence]:
        if host is None:
            return
        expires, lifetime = row.get("expires"), row.get("lifetime")
        seen = None
        if expires.isdigit() and lifetime.isdigit() and len(expires) < 12 and len(lifetime) < 12:
            seen = epoch(str(max(0, int(expires) - int(lifetime))))
        hostname = row.get("hostname").rstrip(".")
        yield from lease(self.name, host, mac, seen, hostname=hostname, expires=epoch(expires))


class WindowsLeases(_Table):
    """`Get-DhcpServerv4Lease | Export-Csv`, and the list that the DHCP console exports (English, German).

    The end of a lease is written in the manner of the server's country, so that it is kept as text and dates nothing.
    """

    name = "windows-dhcp"
    title = "Windows DHCP leases"

    def mine(self, header: Header) -> bool:
        dated = header.has("expires") or header.has("scope")
        return header.has("address", "mac") and dated and not header.has("lifetime")

    def evidence(self, row: Row, host: str | None, mac: str | None) -> Iterator[Evidence]:
        if host is None:
            return
        hostname = row.get("hostname") or row.get("name")
        yield from lease(self.name, host, mac, hostname=hostname, expires=row.get("expires"))


class ControllerClients(_Table):
    """Clients of a UniFi or Omada controller (or another with such columns): where on the network a MAC was."""

    name = "controller-clients"
    title = "UniFi or Omada clients"

    def mine(self, header: Header) -> bool:
        return header.has("mac") and header.has("network") and not header.has("expires") and not _camera_list(header)

    def evidence(self, row: Row, host: str | None, mac: str | None) -> Iterator[Evidence]:
        if mac is None:
            return
        seen = epoch(row.get("seen")) or moment(row.get("seen"))
        hostname = row.get("hostname") or row.get("name")
        yield from lease(self.name, host or mac, mac, seen, hostname=hostname)
        if port := row.get("port"):
            fields = {"mac": mac, "vlan": row.get("vlan"), "port": port, "switch": row.get("switch")}
            said = {name: value for name, value in fields.items() if value}
            yield Evidence(host or mac, "switch-port", {**said, "via": self.name}, seen)


class CameraList(_Table):
    """The list of a video management system: Milestone, Genetec or another; one row a camera or a channel."""

    name = "camera-list"
    title = "camera list of a video management system"

    def mine(self, header: Header) -> bool:
        return not header.has("expires") and _camera_list(header)

    def evidence(self, row: Row, host: str | None, mac: str | None) -> Iterator[Evidence]:
        yield from listed(self.name, row, host, mac)


class PlainTable(_Table):
    """Any table with a column of addresses, MACs or serial numbers and something beside it."""

    name = "csv"
    title = "table with an address or MAC column"

    def mine(self, header: Header) -> bool:
        return header.has("address") or header.has("mac")

    def evidence(self, row: Row, host: str | None, mac: str | None) -> Iterator[Evidence]:
        yield from listed(self.name, row, host, mac)


def _camera_list(header: Header) -> bool:
    """Names, models and what only a list of cameras has: serial, firmware, channel or recorder."""
    return (
        header.has("model")
        and any(header.has(column) for column in _ABOUT_CAMERAS)
        and (header.has("address") or header.has("mac"))
    )


def listed(via: str, row: Row, host: str | None, mac: str | None) -> Iterator[Evidence]:
    """`inventory-list` of one row, under its address, MAC, or serial number; nothing where it has none of them."""
    place = host or mac or row.get("serial")
    if not place:
        return
    fields = {name: value for name in _LISTED if (value := row.get(name))}
    if mac:
        fields["mac"] = mac
    if host is None and (text := cell(row.get("address").rpartition("@")[2].partition("?")[0], 64)):
        fields["address"] = text
    yield Evidence(place, INVENTORY_LIST, {"fields": fields, "via": via})
