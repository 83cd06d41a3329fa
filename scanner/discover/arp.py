"""ARP who-has to every target on a link: the one question that a device on the link can't leave unanswered."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, ip_address

from scanner.discover.contract import DiscoverResult, Emit
from scanner.discover.links import links, own_address
from scanner.models import Evidence, Outcome
from scanner.net.api import Interface, Link, NetError, Network

ETHERTYPE_ARP = 0x0806
_PASSES = 2
_MOST_PASSES = 5
_FEW = 16
_LISTEN = 0.6  # seconds after a pass; Wi-Fi devices that sleep wake within one beacon interval of some 100 ms
_TARGET_AT = slice(38, 42)  # Ethernet header 14, then RFC 826: 24 bytes before the target's protocol address

Take = Callable[[bytes], Awaitable[None]]
Reader = Callable[[bytes], tuple[str, str] | None]


class Arp:
    """Needs raw sockets; where the system forbids them that is said and nothing is sent."""

    name = "arp"
    sends = (
        "ARP who-has to the broadcast address for each target on a directly connected IPv4 network: "
        "one pass, and a second for those that stayed silent; further ones, five in all, while the last one found "
        "somebody (then frames get lost), and a third in any case where at most 16 are silent."
    )

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """`mac` evidence for each target that answers, at most once a target and address."""
        seen: dict[str, str] = {}
        notes: list[str] = []
        outcomes: list[Outcome] = []
        for interface in links(net, targets):
            wanted = _on(interface, targets)
            if interface.loopback or not wanted:
                continue
            try:
                async with net.link(interface, ETHERTYPE_ARP) as link:
                    await _sweep(net, link, wanted, seen, emit)
                outcomes.append(Outcome.ANSWERED if seen else Outcome.EMPTY)
            except NetError as error:
                outcomes.append(error.outcome)
                notes.append(_why_not(interface, error))
        return DiscoverResult(_worst(outcomes), frozenset(seen), tuple(notes))


def askable(net: Network, targets: Sequence[str]) -> frozenset[str]:
    """The targets that ARP can ask about: IPv4 on a directly connected network, our own addresses apart."""
    asked = [_on(i, targets) for i in links(net, targets) if not i.loopback]
    return frozenset().union(*asked)


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    failed = [o for o in outcomes if o not in (Outcome.ANSWERED, Outcome.EMPTY)]
    if failed:
        return failed[0]
    return max(outcomes, key=lambda o: o is Outcome.ANSWERED, default=Outcome.SKIPPED)


def _why_not(interface: Interface, error: NetError) -> str:
    if error.outcome is Outcome.NOT_PERMITTED:
        return (
            f"ARP not used on {interface.name}: raw sockets need root or CAP_NET_RAW; "
            "the kernel's neighbour table was used instead, which is slower to tell who is absent"
        )
    return f"ARP not finished on {interface.name}: {error}"


def _on(interface: Interface, targets: Sequence[str]) -> dict[str, str]:
    """Each IPv4 target on the interface's networks with our own address there; our own addresses left out."""
    wanted = {}
    for target in targets:
        own = own_address(interface, target) if ip_address(target).version == 4 else None
        if own is not None and own != target:
            wanted[target] = own
    return wanted


async def _sweep(net: Network, link: Link, wanted: dict[str, str], seen: dict[str, str], emit: Emit) -> None:
    """Ask for each of `wanted`; `seen` grows by the addresses that answered, with their MAC."""
    templates, read = await asyncio.to_thread(_prepare, link.mac, frozenset(wanted.values()))

    async def take(frame: bytes) -> None:
        answer = read(frame)
        if answer is None or answer[0] not in wanted or seen.get(answer[0]) == answer[1]:
            return
        host, mac = answer
        seen[host] = mac
        await emit(Evidence(host=host, protocol="mac", fields={"mac": mac}, seen_at=net.now()))

    found = 0
    for number in range(_MOST_PASSES):
        silent = [t for t in wanted if t not in seen]
        if not silent or (number >= _passes(len(silent)) and not found):
            break
        before = len(seen)
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(_ask(link, [_aimed(templates[wanted[t]], t) for t in silent]))
            while not sender.done():
                await _take_next(link, take, 0.05)
            await _listen(link, take, lambda: wanted.keys() <= seen.keys())
        found = len(seen) - before if number else 0
        net.missed(answered=0 if number else len(seen), lost=found)


def _passes(silent: int) -> int:
    return _PASSES + (silent <= _FEW)


async def _ask(link: Link, frames: Sequence[bytes]) -> None:
    for frame in frames:
        await link.send(frame)


async def _listen(link: Link, take: Take, complete: Callable[[], bool]) -> None:
    clock = asyncio.get_running_loop().time
    end = clock() + _LISTEN
    while clock() < end and not complete():
        await _take_next(link, take, end - clock())


async def _take_next(link: Link, take: Take, timeout: float) -> None:
    frame = await link.receive(timeout)
    if frame is not None:
        await take(frame)


def _aimed(template: bytes, target: str) -> bytes:
    frame = bytearray(template)
    frame[_TARGET_AT] = IPv4Address(target).packed
    return bytes(frame)


def _prepare(mac: str, sources: frozenset[str]) -> tuple[dict[str, bytes], Reader]:
    """One who-has frame for each of our own addresses, and the reader of answers; scapy is first loaded here."""
    from scapy.error import Scapy_Exception
    from scapy.layers.l2 import ARP, Ether

    templates = {
        source: bytes(Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=mac, psrc=source, pdst=source))
        for source in sources
    }

    def read(frame: bytes) -> tuple[str, str] | None:
        """The sender's (IPv4 address, MAC) of an ARP request or reply; None for anything else."""
        try:
            packet = Ether(frame)[ARP]
            if packet.op not in (1, 2) or packet.hwlen != 6 or packet.plen != 4:
                return None
            return str(packet.psrc), str(packet.hwsrc).lower()
        except (Scapy_Exception, struct.error, LookupError, ValueError, TypeError, AttributeError, OSError):
            return None

    return templates, read
