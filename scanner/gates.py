"""Gates: pure functions that say why a run should fail. Each reason is one line that explains itself."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from scanner.models import Channel, Device, Inventory, Status, Strength, WaiverRecord
from scanner.pairing import pair
from scanner.report.words import STATUS_LABEL, channel_name, hidden_channels


class Gate(StrEnum):
    """`--fail-on`: the first three include those before them; `new` and `coverage` compare with a baseline."""

    LISTED = "listed"
    REVIEW = "review"
    UNDETERMINED = "undetermined"
    NEW = "new"
    COVERAGE = "coverage"


_LADDER = (Status.LISTED, Status.REVIEW, Status.UNDETERMINED)
_FAILING = {
    Gate.LISTED: _LADDER[:1],
    Gate.REVIEW: _LADDER[:2],
    Gate.UNDETERMINED: _LADDER[:3],
}
NEEDS_BASELINE = frozenset({Gate.NEW, Gate.COVERAGE})


def reasons(inventory: Inventory, gates: Iterable[Gate], baseline: Inventory | None) -> list[str]:
    """Why the gates are hit; empty when none is. With a baseline the status gates look at what it does not have yet."""
    chosen = list(dict.fromkeys(gates))
    found: list[str] = _expired(inventory) if chosen else []
    for gate in chosen:
        if gate is Gate.COVERAGE:
            found += _lost_coverage(inventory, baseline)
        elif gate is Gate.NEW:
            found += [f"new: {_name(d)} is not in the baseline" for d in _unknown(inventory, baseline) if _perhaps(d)]
        else:
            devices = _unknown(inventory, baseline, same_status=True)
            found += [
                f"{gate.value}: {_name(d)} is {STATUS_LABEL[status]}"
                for d in devices
                if (status := standing(d)) in _FAILING[gate] and status is not None
            ]
            found += _hidden(inventory, baseline, _FAILING[gate], gate)
    return found


def _hidden(inventory: Inventory, baseline: Inventory | None, failing: Iterable[Status], gate: Gate) -> list[str]:
    """Cameras that only a recorder tells of, which the baseline does not have there with this status."""
    before = {_channel_key(each, channel) for each, channel in hidden_channels(baseline)} if baseline else set()
    return [
        f"{gate.value}: {_name(device)} {channel_name(channel)} is {STATUS_LABEL[channel.status]} by its word alone"
        for device, channel in hidden_channels(inventory)
        if channel.status is not None and channel.status in failing and _channel_key(device, channel) not in before
    ]


def _channel_key(device: Device, channel: Channel) -> tuple[str, ...]:
    camera = channel.serial or channel.mac or channel.source or channel.token
    return device.id, camera, channel.model or "", str(channel.status)


def standing(device: Device) -> Status | None:
    """The status without the findings that are validly waived; None where nothing is left of it."""
    if not any(finding.waiver is not None and not finding.waiver.expired for finding in device.findings):
        return device.status
    left = {finding.strength for finding in device.findings if finding.counts}
    if Strength.LISTED in left:
        return Status.LISTED
    return Status.REVIEW if left else None


def _expired(inventory: Inventory) -> list[str]:
    """A line for each waiver that has expired: somebody must renew it, or act."""
    return [
        f"waiver: {each.id} ({each.owner}) expired on {each.expires}; it is for {', '.join(each.instruments)} on "
        f"{', '.join(each.devices)} and named {_findings(each)}"
        for each in inventory.waivers
        if each.state == "expired"
    ]


def _findings(record: WaiverRecord) -> str:
    if not record.findings:
        return "nothing that is found now"
    return "1 finding that counts now" if record.findings == 1 else f"{record.findings} findings that count now"


def _perhaps(device: Device) -> bool:
    return device.status is not Status.NOT_A_CAMERA


def _unknown(inventory: Inventory, baseline: Inventory | None, *, same_status: bool = False) -> list[Device]:
    """Devices that the baseline lacks (or, with `same_status`, has under another status)."""
    before = baseline.devices if baseline else ()
    return [
        new
        for old, new in pair(before, inventory.devices)
        if new is not None and (old is None or (same_status and standing(old) is not standing(new)))
    ]


def _lost_coverage(inventory: Inventory, baseline: Inventory | None) -> list[str]:
    if baseline is None:
        return []
    now, before = inventory.coverage, baseline.coverage
    found = []
    if now.answered < before.answered:
        found.append(f"coverage: {now.answered} addresses answered, {before.answered} did in the baseline")
    if now.addresses < before.addresses:
        found.append(f"coverage: {now.addresses} addresses were asked for, {before.addresses} in the baseline")
    if baseline.sweep.complete and not inventory.sweep.complete:
        found.append("coverage: this sweep is not complete, the baseline was")
    missing = {i.name for i in before.interfaces if i.used} - {i.name for i in now.interfaces if i.used}
    found += [f"coverage: interface {name} was used in the baseline and is not now" for name in sorted(missing)]
    return found


def _name(device: Device) -> str:
    words = [device.brand or device.maker or "", device.model or ""]
    text = " ".join(w for w in words if w)
    return f"{device.host} ({text})" if text else device.host
