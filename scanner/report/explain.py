"""One device in full: facts, the claims behind each, the text that matched, findings with their chain."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.models import Claim, Device, Finding, Inventory
from scanner.report import words
from scanner.report.abilities import LIMIT, ability_groups, ability_text
from scanner.report.table import STATUS_STYLE, output, paper, styled
from scanner.report.words import kind_text
from scanner.text import clean, normalise_mac

_FACTS = (
    "brand", "maker", "family", "chip", "model", "firmware", "serial", "mac", "kind", "product", "name", "switch",
    "switch_port",
)  # fmt: skip

Line = tuple[str, str, int]
"""Text, style, indent."""

_BLANK: Line = ("", "", 0)


def find_devices(inventory: Inventory, wanted: str) -> list[Device]:
    """Devices with this address, MAC, serial number or id."""
    mac = normalise_mac(wanted)
    return [
        d
        for d in inventory.devices
        if wanted in (d.host, d.id, d.serial, *d.addresses) or (mac is not None and d.mac == mac)
    ]


def render_explanation(device: Device, inventory: Inventory, *, width: int = 120, color: bool = False) -> str:
    """Text for a terminal; `color` adds styles of ours."""
    console = paper(width, color)
    for text, style, indent in _lines(device, inventory):
        line = styled(text, style, limit=1200)
        line.pad_left(indent)
        console.print(line)
    return output(console)


def _lines(device: Device, inventory: Inventory) -> Iterator[Line]:
    yield f"{device.host}  {kind_text(device)}", "bold", 0
    yield f"{words.status_text(device)}: {words.meaning_text(device)}", STATUS_STYLE[device.status], 0
    if device.why:
        yield device.why, "", 0
    if device.maker:
        yield f"Confidence that the maker is right: {words.confidence_text(device)}", "", 0
    yield f"{device.evidence_count} pieces of evidence from {', '.join(device.addresses or (device.host,))}", "", 0
    for fact in _FACTS:
        yield from _fact(device, fact)
    yield from _channels(device)
    yield from _abilities(device)
    for conflict in device.conflicts:
        yield _BLANK
        over = f"{conflict.chosen} over {conflict.other}" if conflict.chosen else f"{conflict.other}; none chosen"
        yield f"Contradiction about the {conflict.field}: {over} ({', '.join(conflict.claims)})", "yellow", 0
    for finding in device.findings:
        yield _BLANK
        yield from _finding(finding, inventory.sweep.as_of)
    for line in words.waiver_lines(inventory):
        yield _BLANK
        yield line, "yellow", 0
    yield _BLANK
    tool = inventory.tool
    judged = f"fingerprints {tool.fingerprints[:12]}, registry of {tool.registry.edition}"
    yield f"Judged as of {inventory.sweep.as_of} by {judged}; policy: {words.policy_text(inventory)}.", "dim", 0


def _channels(device: Device) -> Iterator[Line]:
    """Which channels it has, and of which recorder it is one."""
    for text in words.place_texts(device):
        yield text, "", 0
    if device.channel_count is None:
        return
    yield _BLANK
    yield f"channels: {words.channels_text(device)}", "bold", 0
    for claim in (each for each in device.claims if each.field == "channels"):
        yield _claim(claim), "", 2
        yield f"{claim.where}: “{clean(claim.text, 300)}”", "dim", 6
    for channel in device.channels:
        told = [channel.name if channel.number is not None else None, channel.resolution]
        told += [words.channel_camera_text(channel), "offline" if channel.online is False else None]
        yield f"{words.channel_name(channel)}: {', '.join(text for text in told if text) or 'nothing more said'}", "", 2
        if channel.status is not None:
            yield f"{words.STATUS_LABEL[channel.status]}: {channel.why}", STATUS_STYLE[channel.status], 6


def _fact(device: Device, fact: str) -> Iterator[Line]:
    value = getattr(device, fact)
    claims = [c for c in device.claims if c.field == fact or (fact == "kind" and c.field == "is_camera")]
    if (value is None or value == "unknown") and not claims:
        return
    yield _BLANK
    yield f"{fact}: {value if value is not None else 'not established'}", "bold", 0
    for claim in claims:
        yield _claim(claim), "", 2
        yield f"{claim.where}: “{clean(claim.text, 300)}”", "dim", 6


def _abilities(device: Device) -> Iterator[Line]:
    """What it can do as far as it says so itself, with the claims, and what that does not tell."""
    by_id = {claim.id: claim for claim in device.claims}
    for heading, capabilities in ability_groups(device):
        yield _BLANK
        yield heading, "bold", 0
        for capability in capabilities:
            yield ability_text(capability), "", 2
            for claim in (by_id[each] for each in capability.because if each in by_id):
                yield f"{claim.where}: “{clean(claim.text, 300)}”", "dim", 6
    if device.is_camera is not False:
        yield _BLANK
        yield LIMIT, "dim", 0


def _claim(claim: Claim) -> str:
    if claim.evidence < 0:
        return f"{claim.id}  {claim.field} = {claim.value}  (a person's statement)"
    basis = f"{claim.weight.value}, fingerprint {claim.fingerprint}, evidence {claim.evidence}"
    return f"{claim.id}  {claim.field} = {claim.value}  ({basis})"


def _finding(finding: Finding, as_of: str) -> Iterator[Line]:
    yield f"{finding.instrument}  {finding.title}", "bold", 0
    yield f"{finding.strength.value}, {finding.relation.value}: {finding.statement}", "", 2
    yield f"Entity as listed: {finding.entity}", "", 2
    yield f"Binds: {finding.binds}", "", 2
    if finding.purpose_test:
        yield f"A person has to answer: {finding.purpose_test}", "", 2
    for text in words.asides(finding):
        yield text, "yellow", 2
    for link in finding.chain:
        basis = f"{link.get('relation')} ({link.get('certainty')}; {link.get('source')})"
        yield f"{link.get('from')} → {link.get('to')}: {basis}", "dim", 4
    rests = f"; rests on {', '.join(finding.because)}" if finding.because else ""
    yield f"Edition {words.edition_text(finding, as_of)}; {finding.source}{rests}", "dim", 2
