"""Captures made byte by byte: what a test wants to see lies before its eyes."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from ipaddress import ip_address

from scanner.intake.capture import Capture
from scanner.models import Evidence, EvidenceProblem

MOMENT = 1_795_338_000
SEEN = "2026-11-22T09:00:00Z"
CAMERA, CLIENT = "198.51.100.10", "198.51.100.1"


def ethernet(payload: bytes, kind: int = 0x0800, tags: Sequence[int] = ()) -> bytes:
    tagged = b"".join(struct.pack(">HH", 0x8100, tag) for tag in tags)
    return b"\x02\0\0\0\0\x01\x44\x19\xb6\0\0\x01" + tagged + struct.pack(">H", kind) + payload


def ipv4(source: str, target: str, protocol: int, payload: bytes, identity: int = 1, flags: int = 0) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), identity, flags, 64, protocol, 0)
    return head + ip_address(source).packed + ip_address(target).packed + payload


def ipv6(source: str, target: str, protocol: int, payload: bytes) -> bytes:
    head = struct.pack(">IHBB", 0x6 << 28, len(payload), protocol, 255)
    return head + ip_address(source).packed + ip_address(target).packed + payload


def udp(source_port: int, target_port: int, payload: bytes) -> bytes:
    return struct.pack(">HHHH", source_port, target_port, 8 + len(payload), 0) + payload


def tcp(
    source_port: int, target_port: int, sequence: int, acknowledged: int, flags: int, payload: bytes = b""
) -> bytes:
    numbers = (sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF)
    return struct.pack(">HHIIBBHHH", source_port, target_port, *numbers, 0x50, flags, 65535, 0, 0) + payload


def said_by_udp(payload: bytes, port: int, to: int = 40000, source: str = CAMERA) -> bytes:
    return ethernet(ipv4(source, CLIENT, 17, udp(port, to, payload)))


def conversation(
    port: int, parts: Sequence[tuple[bool, bytes]], *, handshake: bool = True, start: int = 1000
) -> list[bytes]:
    """A connection of CLIENT to CAMERA; each part is (whether the server speaks, bytes)."""
    server, client = start, 7000
    frames = []
    if handshake:
        frames.append(ethernet(ipv4(CAMERA, CLIENT, 6, tcp(port, 50000, server, client, 0x12))))
        server += 1
    for by_server, payload in parts:
        if by_server:
            frames.append(ethernet(ipv4(CAMERA, CLIENT, 6, tcp(port, 50000, server, client, 0x18, payload))))
            server += len(payload)
        else:
            frames.append(ethernet(ipv4(CLIENT, CAMERA, 6, tcp(50000, port, client, server, 0x18, payload))))
            client += len(payload)
    return frames


def pcap(frames: Sequence[bytes], link: int = 1, order: str = "<", nano: bool = False) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    head = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    return head + b"".join(struct.pack(order + "IIII", MOMENT, 5, len(f), len(f)) + f for f in frames)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += b"\0" * (-len(body) % 4)
    length = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + length + body + length


def pcapng(frames: Sequence[bytes], link: int = 1, order: str = "<") -> bytes:
    section = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)
    resolution = struct.pack(order + "HHB3xHH", 9, 1, 9, 0, 0)
    face = block(1, struct.pack(order + "HHI", link, 0, 0) + resolution, order)
    ticks = MOMENT * 10**9
    packets = [
        block(6, struct.pack(order + "IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(f), len(f)) + f, order)
        for f in frames
    ]
    return section + face + b"".join(packets)


def read(data: bytes) -> tuple[list[Evidence], list[EvidenceProblem]]:
    """What the importer makes of a capture."""
    found = list(Capture().read(io.BytesIO(data)))
    return [f for f in found if isinstance(f, Evidence)], [f for f in found if isinstance(f, EvidenceProblem)]


def told(*frames: bytes) -> list[Evidence]:
    """The evidence of these frames, which must be read without a problem."""
    evidence, problems = read(pcap(frames))
    assert problems == []
    return evidence
