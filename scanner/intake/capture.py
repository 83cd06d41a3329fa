"""Captures (pcap, pcapng) to evidence: cheap looks at headers first, and only what matters is taken apart.

The loop over packets does as little as it can; whatever is repeated is known by its bytes before it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, BinaryIO

from scanner.intake import datagrams, dhcp, frames, neighbour_words
from scanner.intake.first_words import of_stream
from scanner.intake.frames import Fragments, Inside
from scanner.intake.pcap import Packet, is_capture, packets
from scanner.intake.record import Once, noted, rfc3339
from scanner.intake.streams import Stream, Streams
from scanner.models import Evidence, EvidenceProblem
from scanner.text import normalise_mac

_NEIGHBOUR_SOLICITATION, _NEIGHBOUR_ADVERTISEMENT = 135, 136
PORTS = datagrams.PORTS | {dhcp.CLIENT, dhcp.SERVER}
Found = Iterator[Evidence | EvidenceProblem]


class Capture:
    """What tcpdump, Wireshark and switches' mirrors write."""

    name = "pcap"
    title = "packet capture (pcap, pcapng)"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the bytes say it for sure
        """By the magic number."""
        return is_capture(head)

    def read(self, stream: BinaryIO) -> Found:
        """Each thing once, in the order of the packets; a TCP stream's words when it ends or is long enough."""
        sieve = Sieve(self.name)
        for packet in packets(stream):
            if isinstance(packet, EvidenceProblem):
                yield packet
            else:
                yield from sieve.take(packet)
        yield from sieve.rest()


class Sieve:
    """Takes packets in their order; `via` is the name of what they came by."""

    def __init__(self, via: str) -> None:
        self._via = via
        self._once = Once()
        self._streams = Streams()
        self._fragments = Fragments()
        self._dhcp = dhcp.Conversations()
        self._unread: set[int] = set()

    def take(self, packet: Packet) -> Found:
        """What one packet says; an empty tuple for nearly all of them."""
        data = packet.data
        kind, at = frames.network_layer(packet.link, data)
        if kind == frames.IPV4:
            inside = frames.ipv4(data, at)
        elif kind == frames.IPV6:
            inside = frames.ipv6(data, at)
        else:
            return self._beside_ip(packet, kind, at)
        if inside is None:
            return _NONE
        if inside.fragment is not None:
            return self._fragment(packet, inside)
        if inside.protocol == frames.TCP:
            return self._tcp(packet, inside, data)
        if inside.protocol == frames.UDP:
            return self._udp(packet, inside, data)
        return self._neighbour(packet, inside) if inside.protocol == frames.ICMPV6 else _NONE

    def _fragment(self, packet: Packet, inside: Inside) -> Found:
        if inside.protocol != frames.UDP:
            return _NONE
        whole = self._fragments.add(inside, packet.data)
        if whole is None:
            return _NONE
        return self._udp(packet, inside._replace(start=0, end=len(whole), fragment=None), whole)

    def _note(self, packet_seconds: float | None, host: str, protocol: str, fields: dict[str, Any]) -> Found:
        seen_at = None if packet_seconds is None else rfc3339(packet_seconds)
        yield noted(self._via, host, protocol, seen_at, **fields)

    def _tcp(self, packet: Packet, inside: Inside, data: bytes) -> Found:
        finished, accepted = self._streams.take(inside, data, packet.seconds)
        if finished is None and not accepted:
            return _NONE
        return self._of_tcp(packet, inside, finished, accepted)

    def _of_tcp(self, packet: Packet, inside: Inside, finished: Stream | None, accepted: bool) -> Found:
        if accepted:
            port = packet.data[inside.start] << 8 | packet.data[inside.start + 1]
            if self._once.first("port", inside.source, port):
                yield from self._note(packet.seconds, _address(inside.source), "port", {"port": port, "state": "open"})
        if finished is not None:
            yield from self._words(finished)

    def _words(self, stream: Stream) -> Found:
        if not self._once.first(stream.source, stream.source_port, stream.data()):
            return
        host = _address(stream.source)
        for protocol, fields in of_stream(stream):
            told = {k: v for k, v in fields.items() if k != "headers"}
            headers = [pair for pair in fields.get("headers", ()) if pair[0].lower() != "date"]
            if self._once.first(host, protocol, str(told), str(headers)):
                yield from self._note(stream.seconds, host, protocol, fields)

    def _udp(self, packet: Packet, inside: Inside, data: bytes) -> Found:
        at = inside.start
        if inside.end < at + 8:
            return _NONE
        source_port, target_port = data[at] << 8 | data[at + 1], data[at + 2] << 8 | data[at + 3]
        if source_port not in PORTS and target_port not in PORTS:
            return _NONE
        payload = data[at + 8 : min(inside.end, at + max(8, data[at + 4] << 8 | data[at + 5]))]
        if {source_port, target_port} <= {dhcp.CLIENT, dhcp.SERVER}:
            return self._of_dhcp(packet, payload)
        if not self._once.first(inside.source, source_port, payload):
            return _NONE
        return self._datagram(packet, inside.source, source_port, target_port, payload)

    def _datagram(self, packet: Packet, source: bytes, source_port: int, target_port: int, payload: bytes) -> Found:
        host = _address(source)
        for protocol, fields, same in datagrams.read(payload, host, source_port, target_port):
            if self._once.first(host, protocol, same):
                yield from self._note(packet.seconds, host, protocol, fields)

    def _of_dhcp(self, packet: Packet, payload: bytes) -> Found:
        message = dhcp.parse(payload)
        if message is not None:
            seen_at = None if packet.seconds is None else rfc3339(packet.seconds)
            yield from self._leases(self._dhcp.take(message, seen_at))

    def _leases(self, settled: Iterator[tuple[str, dict[str, Any], str | None]]) -> Found:
        for host, fields, seen_at in settled:
            mac = fields.pop("mac")
            if any(value is not None for value in fields.values()) and self._once.first(host, mac, str(fields)):
                yield noted(self._via, host, "dhcp", seen_at, mac=mac, **fields)
            if self._once.first(host, "mac", mac):
                yield noted(self._via, host, "mac", seen_at, mac=mac)

    def _beside_ip(self, packet: Packet, kind: int, at: int) -> Found:
        if kind == frames.ARP:
            return self._arp(packet, at)
        if kind in (frames.LLDP, frames.CDP):
            return self._announcement(packet, kind, at)
        if packet.link not in frames.LINKS and packet.link not in self._unread:
            self._unread.add(packet.link)
            return iter((EvidenceProblem(packet.number, f"packets of link type {packet.link} are not read"),))
        return _NONE

    def _arp(self, packet: Packet, at: int) -> Found:
        """RFC 826 over Ethernet and IPv4; a probe (RFC 5227) has no sender address yet."""
        data = packet.data[at : at + 28]
        if len(data) < 28 or data[:6] != b"\0\x01\x08\0\x06\x04" or not any(data[14:18]):
            return _NONE
        return self._mac(packet, data[14:18], data[8:14])

    def _mac(self, packet: Packet, address: bytes, packed: bytes) -> Found:
        host, mac = _address(address), normalise_mac(packed.hex())
        if mac is None or not self._once.first(host, "mac", mac):
            return _NONE
        return self._note(packet.seconds, host, "mac", {"mac": mac})

    def _neighbour(self, packet: Packet, inside: Inside) -> Found:
        """The link-layer address options of neighbour discovery (RFC 4861 §4.3, §4.4, §4.6.1)."""
        data = packet.data[inside.start : inside.end]
        if len(data) < 32 or data[0] not in (_NEIGHBOUR_SOLICITATION, _NEIGHBOUR_ADVERTISEMENT):
            return _NONE
        advertised = data[0] == _NEIGHBOUR_ADVERTISEMENT
        address = data[8:24] if advertised else inside.source
        if data[24] != (2 if advertised else 1) or data[25] != 1 or not any(address):
            return _NONE
        return self._mac(packet, address, data[26:32])

    def _announcement(self, packet: Packet, kind: int, at: int) -> Found:
        payload = packet.data[at:]
        if not self._once.first(kind, payload):
            return
        fields = neighbour_words.read_lldp(payload) if kind == frames.LLDP else neighbour_words.read_cdp(payload)
        mac = normalise_mac(packet.data[6:12].hex()) if packet.link == 1 else None
        host = fields.get("address") or fields.get("chassis_id") or mac
        if host and fields:
            protocol = "lldp" if kind == frames.LLDP else "cdp"
            yield from self._note(packet.seconds, host, protocol, {"fields": fields, "mac": mac})

    def rest(self) -> Found:
        """What only the end settles."""
        for stream in self._streams.rest():
            yield from self._words(stream)
        yield from self._leases(self._dhcp.rest())


@lru_cache(4096)
def _address(packed: bytes) -> str:
    return str(ip_address(packed))


_NONE: Found = iter(())
