"""The coverage gate: whether less was reached than in the baseline, and which part of the scope fell silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network

import msgspec

from scanner.gates.kinds import Against
from scanner.gates.standing import told_something
from scanner.models import Device, Inventory
from scanner.models.gate import GateResult
from scanner.pairing import pair
from scanner.report.words import count, label
from scanner.text import is_ip, sort_key

_SHORTEST = 3  # lost addresses in a row that make a segment, where others of their network still answer
_NAMED = 5
_DUMB = frozenset({"port", "mac"})  # what is known of an address that lets nothing be asked: ports closed, who has it
_MOST = 20


class Segment(msgspec.Struct, frozen=True):
    """Addresses (`first` to `last`) that answered in the baseline and tell nothing now, with the devices lost there.

    `whole` is the network, where no address of it answers any more; `refusing` counts the addresses at which something
    is there yet and lets nothing be asked.
    """

    first: str
    last: str
    addresses: int
    devices: tuple[Device, ...]
    whole: str = ""
    refusing: int = 0


def coverage(inventory: Inventory, against: Against) -> GateResult:
    """Each way in which less was reached."""
    before = against.baseline
    cut = not inventory.sweep.complete
    if before is None:
        lines = ["coverage: this sweep is not complete"] if cut else []
        return GateResult("coverage", tuple(lines), "there is nothing to compare with yet")
    found = silent_segments(before.devices, inventory.devices)
    within = {id(device) for segment in found for device in segment.devices}
    lines = [*_counts(inventory, before), *_segments(inventory, found, against.asked)]
    lines += _muted(inventory, before, within)
    now = inventory.coverage
    told = f"{count(now.answered, 'address', 'addresses')} of {now.addresses} answered; {before.coverage.answered} of "
    return GateResult("coverage", tuple(lines), f"{told}{before.coverage.addresses} did in the baseline")


def _counts(inventory: Inventory, baseline: Inventory) -> Iterator[str]:
    now, before = inventory.coverage, baseline.coverage
    if now.answered < before.answered:
        yield f"coverage: {now.answered} addresses answered, {before.answered} did in the baseline"
    if now.addresses < before.addresses:
        yield f"coverage: {now.addresses} addresses were asked for, {before.addresses} in the baseline"
    if baseline.sweep.complete and not inventory.sweep.complete:
        yield "coverage: this sweep is not complete, the baseline was"
    missing = {i.name for i in before.interfaces if i.used} - {i.name for i in now.interfaces if i.used}
    yield from (f"coverage: interface {name} was used in the baseline and is not now" for name in sorted(missing))


def _segments(
    inventory: Inventory, found: Sequence[Segment], asked: Callable[[str], bool | None] | None
) -> Iterator[str]:
    for segment in found[:_MOST]:
        yield f"coverage: {_where(segment)} {_how(segment, inventory, asked)}{_lost(segment)}"
    if len(found) > _MOST:
        yield f"coverage: {len(found) - _MOST} more ranges that answered in the baseline are silent"


def silent_segments(before: Sequence[Device], after: Sequence[Device]) -> list[Segment]:
    """What answered before and tells nothing now, by address.

    A network (/24, /64) of which nothing answers any more; and in one that still answers, several addresses in a row
    with a camera (or perhaps one) among them and nobody between. What was found again at another address is not lost.
    """
    pairs = pair(before, after)
    mute = {id(new): old for old, new in pairs if old is not None and new is not None and _fell_mute(old, new)}
    answering = {address for device in after if id(device) not in mute for address in own_addresses(device)}
    gone = [old for old, new in pairs if old is not None and new is None]
    refusing = {a: old for device in after if (old := mute.get(id(device))) for a in own_addresses(device)}
    lost = {a: old for old in gone for a in own_addresses(old) if a not in answering} | refusing
    networks: dict[str, list[str]] = defaultdict(list)
    for address in sorted({*lost, *answering}, key=sort_key):
        networks[_network(address)].append(address)
    segments = [segment for network, hosts in networks.items() for segment in _silent(network, hosts, lost)]
    return [_with_refusing(segment, refusing) for segment in segments]


def _fell_mute(old: Device, new: Device) -> bool:
    return told_something(old) and not told_something(new) and not new.ports and _DUMB.issuperset(new.protocols)


def _with_refusing(segment: Segment, refusing: Mapping[str, Device]) -> Segment:
    devices = {id(device) for device in segment.devices}
    count_ = sum(id(old) in devices for old in refusing.values())
    return msgspec.structs.replace(segment, refusing=count_)


def _silent(network: str, hosts: Sequence[str], lost: dict[str, Device]) -> Iterator[Segment]:
    if all(host in lost for host in hosts):
        yield _segment(hosts, lost, network)
        return
    row: list[str] = []
    for host in (*hosts, ""):
        if host in lost:
            row.append(host)
            continue
        if len(row) >= _SHORTEST and any(lost[each].is_camera is not False for each in row):
            yield _segment(row, lost)
        row = []


def _segment(hosts: Sequence[str], lost: dict[str, Device], whole: str = "") -> Segment:
    devices = {id(device): device for device in (lost[host] for host in hosts)}
    return Segment(hosts[0], hosts[-1], len(hosts), tuple(devices.values()), whole)


def own_addresses(device: Device) -> Iterable[str]:
    """The addresses by which a place is judged: those of IPv4, else its own; others come and go with multicast."""
    addresses = dict.fromkeys((device.host, *device.addresses))
    return [each for each in addresses if "." in each and is_ip(each)] or [
        each for each in (device.host,) if is_ip(each)
    ]


def _network(address: str) -> str:
    return str(ip_network(f"{address.partition('%')[0]}/{64 if ':' in address else 24}", strict=False))


def _where(segment: Segment) -> str:
    if segment.first == segment.last:
        where = segment.first
    elif ":" in segment.first:
        where = f"{segment.first} to {segment.last}"
    else:
        where = f"{segment.first}-{segment.last.rpartition('.')[2]}"
    return f"segment {segment.whole} ({where})" if segment.whole else f"segment {where}"


def _how(segment: Segment, inventory: Inventory, asked: Callable[[str], bool | None] | None) -> str:
    answered = f"{count(segment.addresses, 'address', 'addresses')} answered in the baseline"
    if asked is not None and asked(segment.first) is False and asked(segment.last) is False:
        return f"was not asked: {answered}"
    if not inventory.sweep.complete:
        return f"was not reached before the sweep ended: {answered}"
    if not segment.refusing:
        return f"is silent: {answered}, none does now"
    if segment.refusing == segment.addresses:
        return f"tells nothing any more: {answered}, and each refuses or drops every question now"
    silent = segment.addresses - segment.refusing
    return f"tells nothing any more: {answered}; now {silent} are silent and {segment.refusing} refuse every question"


def _lost(segment: Segment) -> str:
    cameras = [device for device in segment.devices if device.is_camera]
    others = len(segment.devices) - len(cameras)
    named = ", ".join(label(device) for device in cameras[:_NAMED])
    more = f" and {len(cameras) - _NAMED} more" if len(cameras) > _NAMED else ""
    if not cameras:
        return f"; lost from sight: {count(others, 'device')}, none of them known as a camera"
    besides = f", and {count(others, 'other device')}" if others else ""
    return f"; lost from sight: {count(len(cameras), 'camera')} ({named}{more}){besides}"


def _muted(inventory: Inventory, baseline: Inventory, within: Collection[int]) -> Iterator[str]:
    """Cameras of the baseline, but for those of a segment, that are there and let no question through any more."""
    muted = [
        old
        for old, new in pair(baseline.devices, inventory.devices)
        if old is not None and new is not None and old.is_camera and _fell_mute(old, new) and id(old) not in within
    ]
    if muted:
        more = f" and {len(muted) - _NAMED} more" if len(muted) > _NAMED else ""
        yield (
            f"coverage: {count(len(muted), 'camera')} of the baseline let nothing be asked any more, by a firewall or "
            f"asleep: {', '.join(label(device) for device in muted[:_NAMED])}{more}"
        )
