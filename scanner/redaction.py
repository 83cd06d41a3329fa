"""A run that may be shared: its evidence with stand-ins, judged anew, so that a pack of it still verifies. Pure.

What is replaced and what is left out is `scanner/identify/redact.py`'s; here stand-ins can be chosen by kind, and each
is remembered, so that whoever holds the key file can lead back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from scanner.identify.names import Names
from scanner.identify.pseudonyms import Pseudonyms
from scanner.identify.redact import Redactor, spellings
from scanner.models import Coverage, DataError, Device, Evidence, Inventory, Sweep
from scanner.models.redaction import KeyFile, Kind
from scanner.text import normalise_mac

_LEFT_OUT = "redacted"


class Chosen(Pseudonyms):
    """Stand-ins for all kinds but those kept; `made` leads from each back to what it stands for."""

    def __init__(self, key: bytes, keep: Iterable[Kind] = ()) -> None:
        super().__init__(key)
        self._keep = frozenset(keep)
        self.made: dict[str, str] = {}

    def address(self, value: str) -> str:
        """As `Pseudonyms.address`."""
        return self._noted(Kind.ADDRESS, value, super().address(value))

    def mac(self, value: str) -> str:
        """As `Pseudonyms.mac`."""
        made = super().mac(value)
        plain, stand_in = normalise_mac(value), normalise_mac(made)
        if Kind.MAC not in self._keep and plain and stand_in:
            # The redactor writes one spelling for another by itself: each has to lead back.
            for spelt, stands_in in spellings(plain, stand_in).items():
                self.made |= {stands_in: spelt, stands_in.upper(): spelt.upper()}
        return self._noted(Kind.MAC, value, made)

    def serial(self, value: str) -> str:
        """As `Pseudonyms.serial`."""
        return self._noted(Kind.SERIAL, value, super().serial(value))

    def uuid(self, value: str) -> str:
        """As `Pseudonyms.uuid`."""
        return self._noted(Kind.UUID, value, super().uuid(value))

    def word(self, kind: str, value: str) -> str:
        """As `Pseudonyms.word`; a site's name is of a kind of its own."""
        return self._noted(Kind.SITE if kind == "site" else Kind.NAME, value, super().word(kind, value))

    def _noted(self, kind: Kind, value: str, made: str) -> str:
        if kind in self._keep or not value:
            return value
        self.made[made] = value
        return made


class RedactedRun:
    """The parts of a run with stand-ins. Read `evidence` to its end first: the rest names what it met."""

    def __init__(self, inventory: Inventory, stand_ins: Chosen, names: Names) -> None:
        self._inventory = inventory
        self._stand_ins = stand_ins
        self._redactor = Redactor(stand_ins, names)
        self._devices = {a: device for device in inventory.devices for a in (device.host, *device.addresses)}

    def evidence(self, records: Iterable[Evidence]) -> Iterator[Evidence]:
        """The records of devices; what tells of the network alone is left out. Times stay."""
        last: Device | None = None
        for record in records:
            device = self._devices.get(record.host)
            if device is not None and device is not last:
                self._redactor.device(device)
                last = device
            redacted = self._redactor.record(record)
            if redacted is not None:
                yield msgspec.structs.replace(redacted, seen_at=record.seen_at)

    def sweep(self) -> Sweep:
        """Without options, and with a scope that tells its size only; own files with the stand-ins in them."""
        sweep = self._inventory.sweep
        count = self._inventory.coverage.addresses
        return msgspec.structs.replace(
            sweep,
            id=self._stand_ins.word("sweep", sweep.id),
            site=self._stand_ins.word("site", sweep.site) if sweep.site else None,
            scope=(f"{_LEFT_OUT}: {count} addresses",) if count else (),
            options={"merge": sweep.options.get("merge", True), "redacted": True},
            basis=tuple(msgspec.structs.replace(file, text=self.text(file.text)) for file in sweep.basis),
        )

    def coverage(self) -> Coverage:
        """Its numbers, and its sentences with stand-ins; names of interfaces and ranges are left out."""
        coverage = self._inventory.coverage
        return Coverage(
            addresses=coverage.addresses, answered=coverage.answered, silent=coverage.silent, beyond=coverage.beyond,
            packets=coverage.packets, connections=coverage.connections,
            notes=(*(self.text(note) for note in coverage.notes), "Redacted for sharing: names, addresses and serial "
                   "numbers are stand-ins, and what told of the network alone was left out."),
        )  # fmt: skip

    def text(self, text: str) -> str:
        """A sentence of ours: what was met elsewhere, then what has the form of an address."""
        for made, value in sorted(self._stand_ins.made.items(), key=lambda item: -len(item[1])):
            if len(value) >= 5:
                text = text.replace(value, made)
        return self._redactor.text(text)


def reversed_text(text: str, stand_ins: Mapping[str, str]) -> str:
    """The text with every stand-in led back; the longest first, since one may begin like another."""
    for made in sorted(stand_ins, key=len, reverse=True):
        text = text.replace(made, stand_ins[made])
    return text


def read_key(data: bytes) -> KeyFile:
    """DataError where it is no key file."""
    try:
        found = msgspec.json.decode(data, type=KeyFile)
        bytes.fromhex(found.key)
    except (msgspec.DecodeError, ValueError) as error:
        raise DataError(f"no key of a redaction: {error}") from error
    return found


def key_bytes(key: bytes, made: Mapping[str, str], before: Mapping[str, Any] | None = None) -> bytes:
    """The key file's content: what is new, and what it held before."""
    stand_ins = dict(sorted({**(before or {}), **made}.items()))
    return msgspec.json.format(msgspec.json.encode(KeyFile(key.hex(), stand_ins)), indent=1) + b"\n"
