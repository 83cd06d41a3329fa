"""What the report shows when a device is opened: built once, for the page's own script to lay out.

The texts that many devices share (a finding's sentence, its sources) are written once and named by number, so that
five thousand devices fit into a file that a browser opens at once.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from scanner.models import Device, Finding
from scanner.report import words
from scanner.report.abilities import ability_groups, ability_text
from scanner.text import clean

_CAP = 1000  # characters of one text

_FACTS = (
    ("brand", "Brand"), ("maker", "Maker"), ("family", "Firmware family"), ("chip", "Chip"), ("model", "Model"),
    ("firmware", "Firmware"), ("serial", "Serial number"), ("mac", "MAC address"), ("name", "Name"),
    ("switch", "Switch"), ("switch_port", "Switch port"),
)  # fmt: skip
_ALWAYS = ("maker", "model", "firmware", "serial")


class FindingGroup(msgspec.Struct):
    """One finding as it is said of several devices: `hosts` are theirs."""

    finding: Finding
    hosts: list[str]


class _Texts:
    """Texts by number."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a text, cleaned of what could act."""
        known = self._numbers.get(text)
        if known is None:
            known = self._numbers[text] = len(self.texts)
            self.texts.append(clean(text, _CAP))
        return known


def finding_groups(devices: Sequence[Device]) -> list[FindingGroup]:
    """The findings that count, those said alike joined, in the order of the devices."""
    groups: dict[tuple[str, ...], FindingGroup] = {}
    for device in devices:
        for finding in words.counted(device):
            groups.setdefault(_alike(finding), FindingGroup(finding, [])).hosts.append(device.host)
    return list(groups.values())


def packed_details(devices: Sequence[Device], as_of: str) -> str:
    """The details of `devices`, judged as of a day, as base64 of zlib of JSON.

    `{"texts": […], "devices": [[…]…]}`, texts by number.
    """
    texts = _Texts()
    rows = [_row(device, texts, as_of) for device in devices]
    data = msgspec.json.encode({"texts": texts.texts, "devices": rows})
    return base64.b64encode(zlib.compress(data, 9)).decode()


def _alike(finding: Finding) -> tuple[str, ...]:
    waived = words.waived_text(finding)
    return (finding.instrument, finding.entity, finding.relation, finding.strength, finding.statement, waived)


def _row(device: Device, texts: _Texts, as_of: str) -> list[Any]:
    """[meaning, facts, groups, findings, claims], every text a number."""
    number = texts.number
    lead = f"{words.meaning_text(device)} {device.why}".strip()
    facts = [[number(title), number(value)] for title, value in _facts(device)]
    groups = [[number(heading), [number(text) for text in said]] for heading, said in _groups(device) if said]
    findings = [[number(_headline(f)), [number(text) for text in _finding(f, as_of)]] for f in device.findings]
    claims = [
        [number(text) for text in (c.id, f"{c.field} = {c.value}", c.weight.value, c.fingerprint, c.where, c.text)]
        for c in device.claims
    ]
    return [number(lead), facts, groups, findings, claims]


def _facts(device: Device) -> Iterator[tuple[str, str]]:
    for field, title in _FACTS:
        value = getattr(device, field)
        if value or field in _ALWAYS:
            yield title, str(value or "not established")
    yield "All addresses", ", ".join(device.addresses or (device.host,))
    if device.maker:
        yield "Confidence in the maker", words.confidence_text(device)
    yield "Pieces of evidence", str(device.evidence_count)


def _groups(device: Device) -> Iterator[tuple[str, list[str]]]:
    """Headings with what stands under each; one without anything is left out."""
    yield "Contradictions", [words.conflict_text(conflict) for conflict in device.conflicts]
    for heading, capabilities in ability_groups(device):
        yield heading, [ability_text(capability) for capability in capabilities]


def _headline(finding: Finding) -> str:
    return f"{finding.instrument} ({finding.strength.value}, {finding.relation.value})"


def _finding(finding: Finding, as_of: str) -> Iterator[str]:
    yield finding.statement
    yield f"Entity as listed: {finding.entity}"
    yield f"Binds: {finding.binds}"
    if finding.purpose_test:
        yield f"A person still has to answer: {finding.purpose_test}"
    for link in finding.chain:
        yield chain_text(link)
    yield from words.asides(finding)
    yield f"Edition {words.edition_text(finding, as_of)}. Source: {finding.source}"
    if finding.because:
        yield f"Rests on {', '.join(finding.because)}"


def chain_text(link: dict[str, Any]) -> str:
    """One link of a chain: from, to, how sure, and by what source."""
    said = {key: str(link.get(key) or "") for key in ("from", "to", "relation", "certainty", "source")}
    sure = f" ({said['certainty']})" if said["certainty"] else ""
    source = f": {said['source']}" if said["source"] else ""
    return f"{said['from']} → {said['to']}, {said['relation']}{sure}{source}"
