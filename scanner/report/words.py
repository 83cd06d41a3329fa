"""The words that every format uses for the same thing, and the order in which people want to see devices."""

from __future__ import annotations

from collections import Counter
from datetime import date

from scanner.models import (
    RECORDER_KINDS,
    Channel,
    Conflict,
    Device,
    Finding,
    Inventory,
    Status,
    Strength,
    WaiverRecord,
)
from scanner.text import sort_key

STATUS_LABEL = {
    Status.LISTED: "listed",
    Status.REVIEW: "review",
    Status.UNDETERMINED: "undetermined",
    Status.NOT_LISTED: "not listed",
    Status.NOT_A_CAMERA: "not a camera",
}

STATUS_MEANING = {
    Status.LISTED: "The device's own words name a maker (or an owner of it) that an instrument of the policy names.",
    Status.REVIEW: "A person must decide: the evidence raises a question that it does not settle.",
    Status.UNDETERMINED: "A camera, or perhaps one, whose maker is not established: an open question.",
    Status.NOT_LISTED: "The maker is established, and no instrument of the policy names it.",
    Status.NOT_A_CAMERA: "The device says that it is something else.",
}

KIND_LABEL = {
    "camera": "camera",
    "nvr": "recorder (NVR)",
    "dvr": "recorder (DVR)",
    "encoder": "video encoder",
    "doorbell": "doorbell",
    "vms": "video server",
    "other": "other",
    "unknown": "",
}

_ORDER = {status: rank for rank, status in enumerate(STATUS_LABEL)}


def in_reading_order(devices: tuple[Device, ...]) -> list[Device]:
    """Worst status first; within one, what is surely a camera first, then by address."""
    return sorted(devices, key=lambda d: (_ORDER[d.status], d.is_camera is not True, sort_key(d.host)))


def kind_text(device: Device) -> str:
    """What it is, in a word or two: "camera", "printer"; "" where nothing is known."""
    if device.is_camera is False:
        return device.product or "other"
    label = KIND_LABEL[device.kind]
    if device.is_camera:
        return label or "camera, kind open"
    return device.product or ""


def kind_short(device: Device) -> str:
    """`kind_text` for a narrow column."""
    if device.is_camera and device.kind in ("nvr", "dvr", "vms"):
        return device.kind.upper() + (f", {device.channel_count} ch" if device.channel_count else "")
    return "camera" if device.is_camera and device.kind == "unknown" else kind_text(device)


def maker_text(device: Device) -> str:
    """The maker, with a question mark where the confidence is low."""
    if device.maker is None:
        return ""
    return device.maker if device.confidence >= 0.8 else f"{device.maker}?"


def confidence_text(device: Device) -> str:
    """Two decimals, and never a rounded 1.00: nothing here is certain."""
    return "above 0.99" if device.confidence > 0.99 else f"{device.confidence:.2f}"


def status_counts(inventory: Inventory) -> dict[Status, int]:
    """Devices by status; every status is a key."""
    counts = Counter(device.status for device in inventory.devices)
    return {status: counts.get(status, 0) for status in STATUS_LABEL}


def headline(inventory: Inventory) -> str:
    """The verdict in one sentence, and never the word clean. Devices are counted, channels beside them."""
    counts = status_counts(inventory)
    parts = [
        f"{found_text(inventory)} found",
        f"{counts[Status.LISTED]} listed",
        f"{counts[Status.REVIEW]} to review",
        f"{counts[Status.UNDETERMINED]} undetermined",
        f"{counts[Status.NOT_LISTED]} not listed",
    ]
    marked = sum(1 for device in inventory.devices if status_text(device) != STATUS_LABEL[device.status])
    if marked:
        parts.append(f"{marked} of these waived in part or whole")
    others = counts[Status.NOT_A_CAMERA]
    sentence = "; ".join(parts) + (f". {count(others, 'other device')} besides." if others else ".")
    hidden = hidden_text(inventory)
    return f"{sentence} {hidden}" if hidden else sentence


def found_text(inventory: Inventory) -> str:
    """ "12 cameras, 2 recorders with 24 channels": devices, each once; the channels of a recorder are no devices."""
    cameras = [device for device in inventory.devices if device.is_camera and device.kind not in RECORDER_KINDS]
    recorders = [device for device in inventory.devices if device.is_camera and device.kind in RECORDER_KINDS]
    found = count(len(cameras), "camera")
    if not recorders:
        return found
    number = sum(device.channel_count or 0 for device in recorders)
    silent = sum(device.channel_count is None for device in recorders)
    told = f" with {count(number, 'channel')}" if number else ""
    unsaid = f" ({silent} of them did not say how many channels)" if silent and number else ""
    return f"{found}, {count(len(recorders), 'recorder')}{told}{unsaid}"


def hidden_channels(inventory: Inventory) -> list[tuple[Device, Channel]]:
    """(recorder, channel) of each camera that a recorder tells of and that was not reached itself."""
    return [(device, each) for device in inventory.devices for each in device.channels if each.status is not None]


def hidden_text(inventory: Inventory) -> str:
    """How many cameras are known from their recorders only, and what follows from that; "" where there are none."""
    hidden = hidden_channels(inventory)
    if not hidden:
        return ""
    review = sum(channel.status is Status.REVIEW for _, channel in hidden)
    noun = "more camera is" if len(hidden) == 1 else "more cameras are"
    return f"{len(hidden)} {noun} known by a recorder's word only and not reached: {review} to review."


def channels_text(device: Device) -> str:
    """ "8 channels" where it lists them, "up to 8 channels" where it only says how many it has, "" where neither."""
    if device.channel_count is None:
        return ""
    return ("" if device.channels else "up to ") + count(device.channel_count, "channel")


def channel_name(channel: Channel) -> str:
    """ "channel 3" or, without a number, the recorder's own name for it."""
    return f"channel {channel.number}" if channel.number is not None else f"channel “{channel.name or channel.token}”"


def channel_camera_text(channel: Channel) -> str:
    """Which camera it is: a device of this inventory, or what the recorder says."""
    if channel.device is not None:
        return f"is {channel.device} in this inventory"
    said = [channel.maker, channel.model, f"at {channel.source}" if channel.source else None]
    words = " ".join(word for word in said if word)
    return f"{words}: not reached, the recorder's word only" if words else ""


def place_texts(device: Device) -> list[str]:
    """Which recorders have it as a channel: "behind 198.51.100.9 channel 3"."""
    return [f"behind {each}" for each in device.behind]


def reach_line(inventory: Inventory) -> str:
    """What was reached, in one sentence."""
    coverage = inventory.coverage
    if not coverage.addresses:
        return f"{count(len(inventory.devices), 'device')} in the evidence; nothing was sent."
    asked = count(coverage.addresses, "address", "addresses")
    walled = f" {', '.join(coverage.filtered[:4])} let no question through." if coverage.filtered else ""
    return f"{coverage.answered} of {asked} answered; {coverage.silent} did not.{walled}"


def counted(device: Device) -> list[Finding]:
    """The findings that count (context is shown and never counted)."""
    return [finding for finding in device.findings if finding.strength is not Strength.CONTEXT]


def status_text(device: Device) -> str:
    """The status as a label, with a word for what is waived: the finding stays, and so does the status."""
    every = counted(device)
    text = STATUS_LABEL[device.status]
    if all(finding.counts for finding in every):
        return text
    return f"{text}, waived" if waived(device) else f"{text}, partly waived"


def waived(device: Device) -> bool:
    """Whether all that counts is validly waived: gates pass over the device, reports do not."""
    every = counted(device)
    return bool(every) and not any(finding.counts for finding in every)


def waivers_of(device: Device) -> str:
    """What stands of waivers at the device's findings; "" for nothing."""
    return " ".join(dict.fromkeys(f"{f.instrument}: {waived_text(f)}" for f in device.findings if f.waiver))


def let_pass_text(device: Device) -> str:
    """The instruments that the policy lets pass, where nothing else counts; "" for none."""
    if device.status not in (Status.NOT_LISTED, Status.UNDETERMINED):
        return ""
    named = dict.fromkeys(finding.instrument for finding in device.findings if finding.allowed)
    return f"let pass by the policy: {', '.join(named)}" if named else ""


def meaning_text(device: Device) -> str:
    """What the status means for this device."""
    passed = let_pass_text(device)
    meaning = STATUS_MEANING[device.status]
    return f"{meaning} But {passed}, for the reason at each finding." if passed else meaning


def edition_text(finding: Finding, as_of: str) -> str:
    """The edition of the instrument that was read, and how old it was on the day that the device was judged."""
    age = _days(finding.edition, as_of)
    if age is None or age < 0:
        return finding.edition
    return f"{finding.edition}, {count(age, 'day')} old"


def waived_text(finding: Finding) -> str:
    """Who waived the finding, why and until when; "" for none."""
    waiver = finding.waiver
    if waiver is None:
        return ""
    if waiver.expired:
        expired = f"expired on {waiver.expires} and excuses nothing"
        return f"The waiver {waiver.id} by {waiver.owner} ({waiver.reason}) {expired}."
    return f"Waived by {waiver.owner} until {waiver.expires} ({waiver.id}): {waiver.reason}"


def asides(finding: Finding) -> list[str]:
    """What stands beside a finding: its waiver, the policy's exception, what takes effect later."""
    return [text for text in (waived_text(finding), finding.allowed, finding.upcoming) if text]


def waiver_lines(inventory: Inventory) -> list[str]:
    """Every waiver that was given, used or not: none is hidden."""
    return [_waiver_line(record) for record in inventory.waivers]


def upcoming_lines(inventory: Inventory) -> list[str]:
    """What is law on the day judged and takes effect later, with how many devices it concerns."""
    counts = Counter(
        text
        for device in inventory.devices
        for text in {finding.upcoming for finding in device.findings if finding.upcoming}
    )
    return [f"Upcoming, for {count(number, 'device')}: {text}" for text, number in sorted(counts.items())]


def policy_text(inventory: Inventory) -> str:
    """By what was judged: policies, and the user's own files with the beginning of their digests."""
    names = ", ".join(inventory.sweep.policy) or "every instrument that prohibits"
    files = ", ".join(f"{file.kind} {file.name} ({file.digest[:12]})" for file in inventory.sweep.basis)
    return f"{names}; {files}" if files else names


def _waiver_line(record: WaiverRecord) -> str:
    use = f"{count(record.findings, 'finding')} on {count(record.hosts, 'device')}"
    told = {
        "in use": f"waives {use}",
        "unused": "waives nothing that was found",
        "expired": f"EXPIRED, excuses nothing; it is for {use}",
        "not begun": "has not begun",
    }[record.state]
    what = f"{', '.join(record.instruments)} on {', '.join(record.devices)}"
    return f"Waiver {record.id}, {what}: {told}. {record.owner}, until {record.expires}: {record.reason}"


def _days(earlier: str, later: str) -> int | None:
    """Days between; a month or year counts to its first day. None where either is no date."""
    try:
        first = date.fromisoformat(f"{earlier}-01-01"[:10] if len(earlier) == 4 else f"{earlier}-01"[:10])
        return (date.fromisoformat(later) - first).days
    except ValueError:
        return None


def instruments_text(device: Device) -> str:
    """Ids of the instruments that count for this device, comma-separated."""
    return ", ".join(dict.fromkeys(finding.instrument for finding in counted(device)))


def instruments_short(device: Device) -> str:
    """The first instrument that counts, and how many more."""
    names = list(dict.fromkeys(finding.instrument for finding in counted(device)))
    if len(names) < 2:
        return "".join(names)
    return f"{names[0]} +{len(names) - 1}"


def instruments_met(inventory: Inventory) -> list[tuple[Finding, int]]:
    """Each instrument that counts for some device, by id, with one of its findings and the number of devices."""
    seen: dict[str, tuple[Finding, int]] = {}
    for device in inventory.devices:
        for finding in {each.instrument: each for each in counted(device)}.values():
            first, number = seen.get(finding.instrument, (finding, 0))
            seen[finding.instrument] = (first, number + 1)
    return [seen[key] for key in sorted(seen)]


def label(device: Device) -> str:
    """What a person calls it: brand (or maker), model and address."""
    words = (device.brand or maker_text(device), device.model or "")
    text = " ".join(word for word in words if word) or kind_text(device) or "device"
    return f"{text} at {device.host}"


def conflict_text(conflict: Conflict) -> str:
    """One contradiction in a few words."""
    if conflict.chosen:
        return f"{conflict.field}: {conflict.chosen} over {conflict.other}"
    return f"{conflict.field}: {conflict.other}, none chosen"


def rests_on(device: Device, finding: Finding) -> str:
    """The texts of the device that a finding rests on, each with the place it was read from."""
    claims = {claim.id: claim for claim in device.claims}
    found = (claims[name] for name in finding.because if name in claims)
    return "; ".join(dict.fromkeys(f"{claim.where}: {claim.text}" for claim in found))


def count(number: int, one: str, many: str = "") -> str:
    """The number with its word: "1 site", "3 sites"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
