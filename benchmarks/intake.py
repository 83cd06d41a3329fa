"""How fast captures are read: packets to evidence, against a plain read of the same bytes.

`video` is what most of a camera network's traffic is: long RTP streams over TCP and UDP, of which nothing matters, with
the devices' own words between them (one packet in fifty). `mirror` is a mirror port of a site of forty cameras:
streams, bulk TCP and acknowledgements, and ARP, announcements, DNS, HTTP and RTSP polls that repeat themselves, IPv6
and fragments; every third frame has a VLAN tag, and 512 bytes of each were kept. `words` is the worst case: nothing but
discovery, handshakes and HTTP answers, each from another address. `container` is the reader of the file format alone.
Memory is how far the peak of a fresh process grows.
"""

from __future__ import annotations

import io
import struct
import tempfile
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

from benchmarks.measure import forget_peak, in_fresh_process, in_turn, peak_mib, show_ratio, show_seconds
from benchmarks.table import Table
from scanner.intake.capture import Capture
from scanner.intake.pcap import packets

NAME = "intake"
YARDSTICK = "plain read"
_CLIENT = ip_address("198.51.100.1").packed
_PAGE = b"HTTP/1.1 200 OK\r\nServer: Acme\r\nContent-Length: 19\r\n\r\n<title>Acme</title>"
_NOTIFY = b"NOTIFY * HTTP/1.1\r\nSERVER: Linux UPnP/1.0 Acme/%d\r\nNTS: ssdp:alive\r\n\r\n"


def run(count: int = 100_000, runs: int = 3) -> list[Table]:
    """One table: each kind of traffic in each way."""
    rows = []
    for kind, make in KINDS.items():
        data = make(count)
        works: dict[str, Callable[[], object]] = {
            YARDSTICK: _plain(data),
            "container": lambda data=data: sum(1 for _ in packets(io.BytesIO(data))),  # type: ignore[misc]
            "evidence": lambda data=data: sum(1 for _ in Capture().read(io.BytesIO(data))),  # type: ignore[misc]
        }
        total = sum(1 for _ in packets(io.BytesIO(data)))
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(data)
            file.flush()
            grown = in_fresh_process("benchmarks.intake:growth", file.name)["mib"]
        for name, timing in in_turn(works, YARDSTICK, runs).items():
            rate = f"{total / timing.median:,.0f}"
            memory = f"{grown:.0f}" if name == "evidence" else "–"
            rows.append((kind, name, show_seconds(timing.median), rate, show_ratio(timing.ratio), memory))
    columns = ("traffic", "work", "median", "packets/s", f"against {YARDSTICK}", "MiB grown")
    return [Table(NAME, f"Captures of {count:,} packets, median of {runs}", columns, tuple(rows))]


def growth(path: str) -> dict[str, float]:
    """How far the peak grows while a capture of any length is read."""
    with Path(path).open("rb") as stream:
        next(Capture().read(io.BytesIO(words(10))), None)
        forget_peak()
        before = peak_mib()
        for _ in Capture().read(stream):
            pass
    return {"mib": peak_mib() - before}


def _plain(data: bytes) -> Callable[[], object]:
    def read() -> int:
        stream, size = io.BytesIO(data), 0
        while part := stream.read(1 << 16):
            size += len(part)
        return size

    return read


def video(count: int) -> bytes:
    """One packet in fifty says something."""
    said = _words(count // 50)
    filler = b"\x80\x60" + b"v" * 1198
    frames = []
    for number in range(count - len(said)):
        if number % 49 == 0 and said:
            frames.append(said.pop())
        camera = ip_address(f"198.51.100.{10 + number % 40}").packed
        if number % 2:
            frames.append(
                _ip(camera, 6, struct.pack(">HHIIBBHHH", 554, 40000, number, 1, 0x50, 0x10, 9, 0, 0) + filler)
            )
        else:
            frames.append(_ip(camera, 17, struct.pack(">HHHH", 6970, 40000, 8 + len(filler), 0) + filler))
    return _pcap(frames)


def words(count: int) -> bytes:
    """Every packet says something."""
    return _pcap(_words(count))


def mirror(count: int) -> bytes:
    """A mirror port: forty cameras in turn, of which each says the same things again and again."""
    frames: list[bytes] = []
    number = 0
    while len(frames) < count:
        frames += _round(number % 40, number)
        number += 1
    return _pcap([(_tagged(f) if n % 3 == 0 else f)[:512] for n, f in enumerate(frames[:count])])


def _round(which: int, number: int) -> list[bytes]:
    """What passes by of one camera in a moment: sixty packets, most of them video."""
    camera = ip_address(f"198.51.100.{10 + which}").packed
    rtp = _ip(camera, 17, struct.pack(">HHHH", 6970, 40000, 1208, 0) + b"\x80\x60" + b"v" * 1198)
    bulk = _ip(
        camera, 6, struct.pack(">HHIIBBHHH", 443, 41000, number, 1, 0x50, 0x10, 9, 0, 0) + b"\x17\3\3" + b"t" * 1400
    )
    ack = _ip(camera, 6, struct.pack(">HHIIBBHHH", 41000, 443, 1, number, 0x50, 0x10, 9, 0, 0), to_camera=True)
    notify = _NOTIFY % which
    said = _ip(camera, 17, struct.pack(">HHHH", 1900, 1900, 8 + len(notify), 0) + notify)
    dns = _ip(camera, 17, struct.pack(">HHHH", 40001, 53, 40, 0) + b"\0" * 32)
    arp = (
        b"\xff" * 6
        + b"\2\0\0\0\0\1\x08\6"
        + b"\0\1\x08\0\6\4\0\1"
        + b"\2\0\0\0\1"
        + bytes([which])
        + camera
        + bytes(10)
    )
    polls = _poll(camera, 80, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", _PAGE, number)
    polls += _poll(camera, 554, b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", number)
    six = b"\2\0\0\0\0\1\2\0\0\0\0\2\x86\xdd" + b"\x60\0\0\0\4\xb0\x11\x40" + bytes(32) + rtp[34:]
    return [*[rtp] * 28, *[bulk] * 12, *[ack] * 6, said, dns, arp, *polls, six, *_fragments(camera, number)]


def _poll(camera: bytes, port: int, request: bytes, answer: bytes, number: int) -> list[bytes]:
    own = 20_000 + number % 40_000
    return [
        _ip(camera, 6, struct.pack(">HHIIBBHHH", port, own, 99, 1, 0x50, 0x12, 9, 0, 0)),
        _ip(camera, 6, struct.pack(">HHIIBBHHH", own, port, 1, 100, 0x50, 0x18, 9, 0, 0) + request, to_camera=True),
        _ip(camera, 6, struct.pack(">HHIIBBHHH", port, own, 100, 9, 0x50, 0x19, 9, 0, 0) + answer),
    ]


def _fragments(camera: bytes, number: int) -> list[bytes]:
    """A datagram of 450 bytes in two packets."""
    whole = struct.pack(">HHHH", 3702, 40002, 458, 0) + b"x" * 450
    frames = []
    for flags, part in ((0x2000, whole[:224]), (224 // 8, whole[224:])):
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(part), number & 0xFFFF, flags, 64, 17, 0)
        frames.append(b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + head + camera + _CLIENT + part)
    return frames


def _tagged(frame: bytes) -> bytes:
    return frame[:12] + b"\x81\0\0\x14" + frame[12:]


KINDS: dict[str, Callable[[int], bytes]] = {"video": video, "mirror": mirror, "words": words}


def _words(count: int) -> list[bytes]:
    """In turn: an announcement; a handshake, a request and an answer."""
    frames: list[bytes] = []
    number = 0
    while len(frames) < count:
        camera = ip_address(int(ip_address("198.18.0.0")) + number % 65_000).packed
        notify = _NOTIFY % number
        frames.append(_ip(camera, 17, struct.pack(">HHHH", 1900, 1900, 8 + len(notify), 0) + notify))
        request = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number
        port = 20_000 + number % 40_000
        frames += [
            _ip(camera, 6, struct.pack(">HHIIBBHHH", 80, port, 99, 1, 0x50, 0x12, 9, 0, 0)),
            _ip(camera, 6, struct.pack(">HHIIBBHHH", port, 80, 1, 100, 0x50, 0x18, 9, 0, 0) + request, to_camera=True),
            _ip(camera, 6, struct.pack(">HHIIBBHHH", 80, port, 100, 9, 0x50, 0x19, 9, 0, 0) + _PAGE),
        ]
        number += 1
    return frames[:count]


def _ip(camera: bytes, protocol: int, payload: bytes, *, to_camera: bool = False) -> bytes:
    pair = _CLIENT + camera if to_camera else camera + _CLIENT
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0)
    return b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0" + head + pair + payload


def _pcap(frames: list[bytes]) -> bytes:
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    return head + b"".join(struct.pack("<IIII", 1_795_338_000, 0, len(f), len(f)) + f for f in frames)
