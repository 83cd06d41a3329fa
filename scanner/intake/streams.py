"""The first words of servers in captured TCP streams: a small reassembly with a bounded table (RFC 9293).

Only the way from server to client is kept, at most `MAX_STREAM` bytes of it; of the client, which requests it made and
whether it had logged in, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.intake.frames import Inside

MAX_STREAM = 16 * 1024
MAX_STREAMS = 1024
MAX_PARTS = 256
MAX_REQUESTS = 16
_FIN_RST, _SYN, _ACK = 0x05, 0x02, 0x10
_ANSWERS = (b"HTTP/1", b"RTSP/1")
_METHODS = frozenset({b"GET", b"POST", b"HEAD", b"PUT", b"OPTIONS", b"DESCRIBE", b"SETUP", b"PLAY"})
_STARTS = frozenset(method[:3] for method in _METHODS)
_MAX_REQUEST = 4096
_TELNET_COMMAND = b"\xff"


class Request:
    """What a client asked: method, path without its query, and whether it showed a login."""

    __slots__ = ("logged_in", "method", "path")

    def __init__(self, head: bytes) -> None:
        line, _, rest = head[:_MAX_REQUEST].partition(b"\n")
        method, _, target = line.partition(b" ")
        self.method = method.decode("latin-1")
        self.path = target.split(b" ", 1)[0].split(b"?", 1)[0].decode("latin-1").strip()
        lower = rest.lower()
        self.logged_in = any(name in lower for name in (b"authorization:", b"cookie:", b"x-auth")) or b"@" in target


class Stream:
    """What one server said to one client."""

    __slots__ = ("_base", "_parts", "_size", "answers_first", "requests", "seconds", "source", "source_port", "spoken")

    def __init__(self, source: bytes, source_port: int, base: int, seconds: float | None, from_start: bool) -> None:
        self.source = source
        self.source_port = source_port
        self.seconds = seconds
        self.requests: list[Request] = []
        self.answers_first = not from_start
        self.spoken: int | None = None
        self._base = base
        self._parts: dict[int, bytes] = {}
        self._size = 0

    def add(self, sequence: int, payload: bytes) -> bool:
        """Take a segment; whether there is room for more."""
        offset = (sequence - self._base) & 0xFFFFFFFF
        if offset < MAX_STREAM and len(payload) > len(self._parts.get(offset, b"")):
            self._parts[offset] = payload[: MAX_STREAM - offset]
            self._size += len(payload)
        return self._size < MAX_STREAM and len(self._parts) < MAX_PARTS

    def heard(self, payload: bytes, acknowledged: int) -> None:
        """The client spoke, and had heard the server up to `acknowledged`."""
        if self.spoken is None and payload[:1] != _TELNET_COMMAND:
            self.spoken = (acknowledged - self._base) & 0xFFFFFFFF
        if is_request(payload) and len(self.requests) < MAX_REQUESTS:
            self.requests.append(Request(payload))

    def data(self) -> bytes:
        """What lies before the first gap."""
        whole = bytearray()
        for offset in sorted(self._parts):
            if offset > len(whole):
                break
            part = self._parts[offset]
            whole += part[len(whole) - offset :]
        return bytes(whole[:MAX_STREAM])

    def greeting(self) -> bytes:
        """What the server said before the client said anything; empty where the beginning was not captured."""
        if self.answers_first:
            return b""
        data = self.data()
        return data if self.spoken is None else data[: self.spoken]


def is_request(payload: bytes) -> bool:
    """Whether a segment begins an HTTP or RTSP request."""
    return payload[:3] in _STARTS and payload.split(b" ", 1)[0] in _METHODS


class Streams:
    """The streams that are open, at most `MAX_STREAMS`; the one that began first goes when there is no room."""

    def __init__(self) -> None:
        self._open: dict[bytes, Stream] = {}

    def take(self, inside: Inside, data: bytes, seconds: float | None) -> tuple[Stream | None, bool]:
        """(a stream that is finished by this segment, whether the segment accepts a connection)."""
        at = inside.start
        if inside.end < at + 20:
            return None, False
        flags = data[at + 13]
        key = inside.source + inside.target + data[at : at + 4]
        payload = data[at + (data[at + 12] >> 4) * 4 : inside.end]
        if flags & (_SYN | _ACK) == _SYN | _ACK:
            sequence = int.from_bytes(data[at + 4 : at + 8], "big")
            return self._begin(key, Stream(inside.source, _port(data, at), sequence + 1, seconds, True)), True
        stream = self._open.get(key)
        if stream is not None:
            return self._go_on(key, stream, data, at, flags, payload), False
        if not payload:
            return None, False
        return self._of_client(inside, data, at, payload, key, seconds), False

    def rest(self) -> Iterator[Stream]:
        """Those that nothing ended."""
        while self._open:
            yield self._open.pop(next(iter(self._open)))

    def _begin(self, key: bytes, stream: Stream) -> Stream | None:
        finished = self._open.pop(key, None)
        if finished is None and len(self._open) >= MAX_STREAMS:
            finished = self._open.pop(next(iter(self._open)))
        self._open[key] = stream
        return finished

    def _go_on(self, key: bytes, stream: Stream, data: bytes, at: int, flags: int, payload: bytes) -> Stream | None:
        room = True
        if payload:
            room = stream.add(int.from_bytes(data[at + 4 : at + 8], "big"), payload)
        if room and not flags & _FIN_RST:
            return None
        return self._open.pop(key)

    def _of_client(
        self, inside: Inside, data: bytes, at: int, payload: bytes, key: bytes, seconds: float | None
    ) -> Stream | None:
        """A client's segment, or one of a stream whose beginning was not captured."""
        acknowledged = int.from_bytes(data[at + 8 : at + 12], "big")
        reverse = inside.target + inside.source + data[at + 2 : at + 4] + data[at : at + 2]
        stream = self._open.get(reverse)
        if stream is not None:
            stream.heard(payload, acknowledged)
            return None
        if is_request(payload):
            stream = Stream(inside.target, _port(data, at + 2), acknowledged, seconds, False)
            stream.heard(payload, acknowledged)
            return self._begin(reverse, stream)
        if payload[:6] in _ANSWERS:
            sequence = int.from_bytes(data[at + 4 : at + 8], "big")
            stream = Stream(inside.source, _port(data, at), sequence, seconds, False)
            stream.add(sequence, payload)
            return self._begin(key, stream)
        return None


def _port(data: bytes, at: int) -> int:
    return data[at] << 8 | data[at + 1]
