"""Rows of a comma-, semicolon- or tab-separated file whose columns are found by name. Linear; no pattern matching.

The header is the first line (of the first twenty) with two known names; titles, `#TYPE` and `sep=` lines before it are
passed over. A column that is not known is not read at all: exports may hold passwords.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from scanner.intake.lines import Line, Told, head_lines, text_lines
from scanner.intake.values import cell
from scanner.models import EvidenceProblem

_SEPARATORS = (",", ";", "\t", "|")
_HEADER_WITHIN = 20
_MAX_COLUMNS = 512
_JOINED_LINES = 50
_JOINED_CHARACTERS = 100_000

# Column names in lower case with letters and digits only → what the column says.
_NAMES: dict[str, tuple[str, ...]] = {
    "address": ("ip", "ipaddress", "ipaddr", "ipv4", "ipv4address", "ipv6", "ipv6address", "address", "clientipaddress",
                "ipadresse", "adresseip", "direccionip", "host", "hostaddress", "networkaddress", "cameraip",
                "deviceip", "uri", "url", "deviceaddress", "internetaddress", "clientip", "hardwareuri"),
    "mac": ("mac", "macaddress", "macaddr", "macadresse", "adressemac", "direccionmac", "physicaladdress",
            "physischeadresse", "hwaddr", "hardwareaddress", "ethernetaddress", "clientid", "uniqueid", "clientmac",
            "eindeutigekennung", "devicemac", "cameramac", "linklayeraddress", "macid"),
    "name": ("name", "cameraname", "camera", "devicename", "displayname", "alias", "hardwarename", "unitname", "unit",
             "device", "entity", "bezeichnung", "nom", "nombre", "kamera", "label", "clientname"),
    "hostname": ("hostname", "clienthostname", "dnsname", "fqdn", "computername", "hostdns"),
    "manufacturer": ("manufacturer", "vendor", "make", "maker", "brand", "hersteller", "fabricant", "fabricante",
                     "driverfamily", "oui", "manufacturername", "vendorname", "macvendor", "marke", "devicevendor"),
    "model": ("model", "devicemodel", "hardwaremodel", "producttype", "productname", "product", "modell", "modele",
              "modelo", "modelname", "modelnumber", "cameramodel", "modelno"),
    "serial": ("serial", "serialnumber", "serialno", "sn", "seriennummer", "hardwareserial", "serialnum",
               "deviceserial", "numerodeserie"),
    "firmware": ("firmware", "firmwareversion", "fwversion", "softwareversion", "fw", "currentfirmware",
                 "firmwareversionnumber"),
    "channel": ("channel", "channelnumber", "channelno", "channelid", "cameranumber", "kanal"),
    "recorder": ("recordername", "recordingserver", "recorder", "archiver", "nvr", "server", "recordingservername"),
    "kind": ("devicetype", "unittype", "category", "devicecategory", "devicekind"),
    "location": ("location", "area", "site", "standort", "building", "room"),
    "vlan": ("vlan", "vlanid", "vid"),
    "port": ("switchport", "port", "swport", "portname", "switchportnumber", "uplinkport"),
    "switch": ("switch", "switchname", "swname", "uplinkdevice", "connecteddevice", "swmac", "switchmac"),
    "network": ("network", "ssid", "networkname", "essid", "wifi", "ssidnetwork", "wlan", "connection", "ap",
                "apname", "accesspoint", "apport", "apmac", "iswired", "uptime", "experience"),
    "scope": ("scopeid", "subnetid"),
    "expires": ("leaseexpirytime", "leaseexpiration", "leaseablaufdatum", "expire", "leaseexpires", "expires"),
    "state": ("addressstate", "state"),
    "lifetime": ("validlifetime",),
    "seen": ("lastseen", "lastseenat", "lastactivity", "lastseentime"),
}  # fmt: skip
COLUMNS = {spelling: column for column, spellings in _NAMES.items() for spelling in spellings}


class Header(msgspec.Struct, frozen=True):
    """`columns`: index → what the column says, the first of a kind winning. `line` is where it stands, from 1."""

    separator: str
    columns: dict[int, str]
    line: int

    def has(self, *columns: str) -> bool:
        """Whether all of `columns` are there."""
        return set(columns) <= set(self.columns.values())


class Row(msgspec.Struct, frozen=True):
    """One row: its line and its known cells that say something, made safe."""

    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell, "" where it says nothing."""
        return self.cells.get(column, "")


def find_header(lines: list[str]) -> Header | None:
    """The header among the first lines of a file; None where no line names two known columns, one of them a place."""
    for number, line in enumerate(lines[:_HEADER_WITHIN], start=1):
        if found := _header_of(line, number):
            return found
    return None


def header_of(head: bytes) -> Header | None:
    """`find_header` of a file's beginning."""
    return find_header(head_lines(head, _HEADER_WITHIN))


def read_rows(stream: BinaryIO) -> Iterator[Header | Row | EvidenceProblem]:
    """The header first, then each row; a problem where there is no header or a row can't be read."""
    told = Told()
    header: Header | None = None
    waiting: list[Line] = []
    for line in text_lines(stream):
        if isinstance(line, EvidenceProblem):
            yield line
        elif header is None:
            header = _header_of(line[1], line[0])
            if header is not None:
                yield header
            elif line[0] >= _HEADER_WITHIN:
                break
        else:
            waiting.append(line)
            if not _goes_on(waiting):
                yield from _rows(header, waiting, told)
                waiting = []
    if header is None:
        yield EvidenceProblem(1, "no line names its columns (an address or MAC, and something beside it)")
        return
    yield from _rows(header, waiting, told)
    yield from told.rest()


def _goes_on(lines: list[Line]) -> bool:
    """Whether a cell is open at the end of these lines, and may still be closed."""
    size = sum(len(text) for _, text in lines)
    return _open_quote(lines) and len(lines) < _JOINED_LINES and size < _JOINED_CHARACTERS


def _rows(header: Header, lines: list[Line], told: Told) -> Iterator[Row | EvidenceProblem]:
    if not _open_quote(lines):
        if lines:
            yield from _row(header, lines[0][0], "\n".join(text for _, text in lines), told)
        return
    # A quote that is never closed costs its own line, not the file.
    yield from told.problem(lines[0][0], "a quote that is not closed")
    for number, text in lines[1:]:
        yield from _row(header, number, text.replace('"', ""), told)


def _header_of(line: str, number: int) -> Header | None:
    found: list[Header] = []
    for separator in _SEPARATORS:
        names = _split(line, separator)
        if names is None or len(names) < 2:
            continue
        columns: dict[int, str] = {}
        for index, name in enumerate(names[:_MAX_COLUMNS]):
            column = COLUMNS.get("".join(letter for letter in name[:64].lower() if letter.isalnum()))
            if column and column not in columns.values():
                columns[index] = column
        if len(columns) > 1 and {"address", "mac", "serial"} & set(columns.values()):
            found.append(Header(separator, columns, number))
    return max(found, key=lambda each: len(each.columns), default=None)


def _row(header: Header, number: int, text: str, told: Told) -> Iterator[Row | EvidenceProblem]:
    if not text.strip():
        return
    values = _split(text, header.separator)
    if values is None:
        yield from told.problem(number, "a row that can't be read")
        return
    pairs = ((column, cell(values[index])) for index, column in header.columns.items() if index < len(values))
    cells = {column: value for column, value in pairs if value}
    if cells:
        yield Row(number, cells)


def _open_quote(lines: list[Line]) -> bool:
    return sum(text.count('"') for _, text in lines) % 2 == 1


def _split(text: str, separator: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=separator), None)
    except csv.Error:
        return None
