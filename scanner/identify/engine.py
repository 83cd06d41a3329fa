"""Evidence in, device out: a pure function, as a one-shot call, as a builder, and over a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from scanner.identify.assembly import build_device, device_id, own_address
from scanner.identify.channels import ChannelBook
from scanner.identify.fuse import Statement
from scanner.identify.knowledge import Portrait, Reading, Said, knowledge
from scanner.identify.rules import RuleSet
from scanner.models import Device, Evidence

_MAX_CLAIMS = 400
_MAX_VALUES = 8
_MAX_PROTOCOLS = 64
_WAITING = 8
"""A device of more records, or more statements than are kept of one, is taken apart as it is read: it stays bounded."""


def identify(evidence: Iterable[Evidence], rules: RuleSet | None = None) -> Device:
    """The device that all of `evidence` speaks of. Pure: the same records give the same device."""
    builder: DeviceBuilder | None = None
    for record in evidence:
        if builder is None:
            builder = DeviceBuilder(record.host, rules)
        builder.add(record)
    return (builder or DeviceBuilder("", rules)).device()


def identify_stream(evidence: Iterable[Evidence], rules: RuleSet | None = None) -> Iterator[Device]:
    """One device a host, in order of first appearance; the records themselves are not kept."""
    builders: dict[str, DeviceBuilder] = {}
    for record in evidence:
        builder = builders.get(record.host)
        if builder is None:
            builder = builders[record.host] = DeviceBuilder(record.host, rules)
        builder.add(record)
    for builder in builders.values():
        yield builder.device()


class DeviceBuilder:
    """Takes the evidence of one host record by record and keeps only what the fingerprints claim of it."""

    def __init__(self, host: str, rules: RuleSet | None = None) -> None:
        self.host = host
        self._known = knowledge(rules)
        self._count = 0
        self._waiting: list[Reading] | None = []
        self._statements: dict[tuple[str, str, str, str], Statement] = {}
        self._values: dict[tuple[str, str], int] = {}
        self._ports: set[int] = set()
        self._protocols: set[str] = set()
        self._channels = ChannelBook()

    def add(self, record: Evidence) -> None:
        """Take one record. Never raises for what it holds."""
        reading = self._known.read(record)
        index = self._count
        self._count += 1
        if self._waiting is not None:
            if self._may_wait(self._waiting, reading):
                self._waiting.append(reading)
                return
            self._take_waiting(self._waiting)
        self._take(reading, index)
        if reading.channels:
            self._channels.add(record, index)

    def device(self) -> Device:
        """The device as of now. What a device said word for word before, with nothing more, is not fused again."""
        if self._waiting is None:
            return self._built()
        key = tuple(reading.key for reading in self._waiting)
        portrait = self._known.portrait(key)
        if portrait is not None:
            return _of_host(portrait, self.host)
        self._take_waiting(self._waiting)
        device = self._built()
        self._known.keep(key, Portrait(device, device.id == device_id(self.host, {})))
        return device

    def _built(self) -> Device:
        return build_device(
            self.host,
            (*self._statements.values(), *self._channels.statements()),
            self._known.names,
            evidence_count=self._count,
            channels=self._channels.channels(),
            ports=tuple(sorted(self._ports)),
            protocols=tuple(sorted(self._protocols)),
        )

    @staticmethod
    def _may_wait(waiting: list[Reading], reading: Reading) -> bool:
        if reading.key is None or reading.channels or len(waiting) >= _WAITING:
            return False
        return len(reading.said) + sum(len(each.said) for each in waiting) <= _MAX_CLAIMS

    def _take_waiting(self, waiting: list[Reading]) -> None:
        self._waiting = None
        for index, reading in enumerate(waiting):
            self._take(reading, index)

    def _take(self, reading: Reading, index: int) -> None:
        if len(self._protocols) < _MAX_PROTOCOLS:
            self._protocols.add(reading.protocol)
        if reading.port is not None:
            self._ports.add(reading.port)
        for said in reading.said:
            self._state(said, index)

    def _state(self, said: Said, index: int) -> None:
        """Keep a statement once, with the text that sorts first; a hostile device can't make more than some hundred."""
        statement, key, slot = said
        known = self._statements.get(key)
        if known is not None:
            if (statement.where, statement.text) < (known.where, known.text):
                self._statements[key] = statement._replace(evidence=index)
            return
        if len(self._statements) >= _MAX_CLAIMS:
            return
        self._values[slot] = self._values.get(slot, 0) + 1
        if self._values[slot] <= _MAX_VALUES:
            self._statements[key] = statement._replace(evidence=index) if index else statement


def _of_host(portrait: Portrait, host: str) -> Device:
    """The device under another address: it says nothing of where it was seen, unless it has no other identity."""
    device = portrait.device
    identity = device_id(host, {}) if portrait.by_host else device.id
    return msgspec.structs.replace(device, id=identity, host=host, addresses=own_address(host))
