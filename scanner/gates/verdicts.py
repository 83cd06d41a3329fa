"""Gates on devices: what is listed, to review, undetermined or new that the baseline does not have, and why now."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.diff import Again, compare
from scanner.gates.kinds import FAILING, Against, Gate
from scanner.gates.standing import counting, name, standing, told_something
from scanner.models import Channel, Device, Finding, Inventory, Status, Strength
from scanner.models.changes import Cause, Change
from scanner.models.gate import GateResult
from scanner.pairing import pair
from scanner.report.words import STATUS_LABEL, channel_name, hidden_channels
from scanner.text import clean

_NAMED = 6
_UNTOLD = "; what was at its address then told nothing"
_FACTS = ("maker", "brand", "model", "firmware", "family", "kind", "is_camera", "chip", "serial", "product")
_STRENGTHS = {Status.LISTED: Strength.LISTED, Status.REVIEW: Strength.REVIEW}


def new(inventory: Inventory, against: Against) -> GateResult:
    """Devices that the baseline lacks, but for those that say they are no cameras."""
    lines = tuple(
        f"new: {name(device)} is not in the baseline{_UNTOLD if old else _back(device, against)}"
        for old, device in _pairs(inventory, against.baseline)
        if _perhaps(device) and (old is None or _appeared(old, device))
    )
    return GateResult(
        Gate.NEW.value, lines, f"each of {len(inventory.devices)} devices is in the baseline, or no camera"
    )


def verdict(inventory: Inventory, gate: Gate, against: Against) -> GateResult:
    """Devices whose standing fails `gate`; with a baseline, those that did not fail it so, or by fewer instruments."""
    failing, baseline = FAILING[gate], against.baseline
    hits: list[tuple[Device | None, Device]] = []
    for old, device in _pairs(inventory, baseline):
        fails = standing(device) in failing
        if fails and (old is None or standing(old) is not standing(device) or _gained(old, device, failing)):
            hits.append((old, device))
    changed = _Why(inventory, against) if any(old is not None for old, _device in hits) else None
    lines = [_line(gate, device, old, changed, against) for old, device in hits]
    lines += _hidden(inventory, baseline, failing, gate)
    return GateResult(gate.value, tuple(lines), _passed(inventory, failing, compared=baseline is not None))


def _pairs(inventory: Inventory, baseline: Inventory | None) -> list[tuple[Device | None, Device]]:
    """Each device with what the baseline has of it."""
    before = baseline.devices if baseline else ()
    return [(old, device) for old, device in pair(before, inventory.devices) if device is not None]


def _appeared(old: Device, device: Device) -> bool:
    """Whether the baseline knows no more than that something was there: closed to questions then, or another thing."""
    return told_something(device) and not told_something(old)


def _back(device: Device, against: Against) -> str:
    """When an earlier sweep than the baseline saw it, if one did."""
    last = against.last_seen.get(device.id)
    return f", an earlier sweep does: it was seen last on {last[:10]}" if last else ""


def _perhaps(device: Device) -> bool:
    return device.status is not Status.NOT_A_CAMERA


def _gained(old: Device, device: Device, failing: Iterable[Status]) -> list[Finding]:
    """Findings at the gate's level by instruments that said nothing so strong of the device in the baseline."""
    levels = {_STRENGTHS[status] for status in failing if status in _STRENGTHS}
    before = {finding.instrument for finding in counting(old) if finding.strength in levels}
    return [each for each in counting(device) if each.strength in levels and each.instrument not in before]


def _line(gate: Gate, device: Device, old: Device | None, changed: _Why | None, against: Against) -> str:
    status = standing(device)
    said = f"{gate.value}: {name(device)} is {STATUS_LABEL[status] if status else ''}"
    by = _instruments(counting(device))
    if old is None or changed is None:
        said += f" ({by})" if by else ""
        if against.baseline is None:
            return said
        return f"{said}; the baseline does not have it{_back(device, against)}"
    if _appeared(old, device):
        return f"{said} ({by}){_UNTOLD}" if by else f"{said}{_UNTOLD}"
    if told_something(old) and not told_something(device):
        return f"{said}; it told what it is in the baseline, and lets nothing be asked now"
    return f"{said}: {changed.sentence(old, device, FAILING[gate])}"


def _instruments(findings: Iterable[Finding]) -> str:
    names = list(dict.fromkeys(finding.instrument for finding in findings))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


class _Why:
    """Why devices stand otherwise than in the baseline."""

    def __init__(self, inventory: Inventory, against: Against) -> None:
        baseline = against.baseline
        assert baseline is not None  # noqa: S101 - the caller's condition
        self._editions = (baseline.tool.registry.edition, inventory.tool.registry.edition)
        again = against.again() or Again()
        self._rows = {row.device: row.changes for row in compare(baseline, inventory, against.asked, again).rows}

    def sentence(self, old: Device, device: Device, failing: Iterable[Status]) -> str:
        """The cause, and what says so now."""
        changes = self._rows.get(device.id, ())
        verdict = next((change for change in changes if change.field in ("status", "instruments")), None)
        gained = _gained(old, device, failing) or counting(device)
        if verdict is None:
            return _waiver_ended(old, device)
        if verdict.cause is Cause.LISTS:
            return f"the list changed, not the device: {self._named(gained)}"
        if verdict.cause is Cause.POLICY:
            return f"another policy or day judged it, and neither lists nor device changed: {_by(gained)}"
        if verdict.cause is Cause.FINGERPRINTS:
            return f"its words are understood otherwise by other fingerprints{_facts(changes, verdict.cause)}"
        if verdict.cause is Cause.DEVICE:
            return f"the device's answers changed{_facts(changes, verdict.cause)}{_because(gained)}"
        return f"device, fingerprints or lists changed, and which it was is not known{_facts(changes, None)}"

    def _named(self, findings: Iterable[Finding]) -> str:
        named = dict.fromkeys(f"{each.instrument} (edition {each.edition}) names {each.entity}" for each in findings)
        before, now = self._editions
        editions = f"the registry of {now} judged" + (f", that of {before} in the baseline" if before != now else "")
        return f"{'; '.join(list(named)[:_NAMED])}; {editions}"


def _waiver_ended(old: Device, device: Device) -> str:
    """The verdict is as it was: what excused it is gone."""
    ended = [each.waiver for each in old.findings if each.waiver is not None and not each.waiver.expired]
    if not ended:
        return "what it rests on changed"
    names = ", ".join(dict.fromkeys(f"{waiver.id} ({waiver.owner}, until {waiver.expires})" for waiver in ended))
    return f"it was waived in the baseline by {names} and is not now: {_instruments(counting(device))}"


def _by(findings: Iterable[Finding]) -> str:
    return "; ".join(dict.fromkeys(f"{each.instrument} names {each.entity}" for each in findings)) or "no finding"


def _because(findings: Iterable[Finding]) -> str:
    named = _instruments(findings)
    return f"; by {named}" if named else ""


def _facts(changes: Iterable[Change], cause: Cause | None) -> str:
    """The facts that changed, by this cause where one is named."""
    told = [
        f"{change.field} {change.before or 'not established'} → {change.after or 'not established'}"
        for change in changes
        if change.field in _FACTS and cause in (None, change.cause)
    ]
    return f" ({', '.join(told)})" if told else ""


def _hidden(inventory: Inventory, baseline: Inventory | None, failing: Iterable[Status], gate: Gate) -> list[str]:
    """Cameras that only a recorder tells of, which the baseline does not have there with this status."""
    before = {_channel_key(each, channel) for each, channel in hidden_channels(baseline)} if baseline else set()
    return [
        f"{gate.value}: {name(device)} {channel_name(channel)} is {STATUS_LABEL[channel.status]} by its word alone"
        for device, channel in hidden_channels(inventory)
        if channel.status is not None and channel.status in failing and _channel_key(device, channel) not in before
    ]


def _channel_key(device: Device, channel: Channel) -> tuple[str, ...]:
    camera = channel.serial or channel.mac or channel.source or channel.token
    return device.id, clean(camera), clean(channel.model or ""), str(channel.status)


def _passed(inventory: Inventory, failing: Iterable[Status], *, compared: bool) -> str:
    """What can be said where the gate is not hit: it may be that nothing fails, or nothing more than before."""
    levels = tuple(failing)
    count = sum(standing(device) in levels for device in inventory.devices)
    waived = sum(device.status in levels and standing(device) not in levels for device in inventory.devices)
    words = " or ".join(STATUS_LABEL[status] for status in levels)
    said = f"{count} of {len(inventory.devices)} devices are {words}" + (
        ", as in the baseline" if count and compared else ""
    )
    return said + (f"; {waived} more are, and waived" if waived else "")
