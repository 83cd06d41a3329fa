"""Evidence: one thing that one address said. The only product of the network side, the only food of the judging side.

Contract 1 (JSON Lines): `host`, optional `seen_at` (RFC 3339), `protocol`, and the protocol's own fields
beside them. Unknown protocols and fields are kept and passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

MAX_LINE_BYTES = 8 * 1024 * 1024
_DEEPEST = 64
_RESERVED = ("host", "seen_at", "protocol")
_LOCAL = ".local"


class Evidence(msgspec.Struct, frozen=True, eq=True):
    """One observation.

    `host` is an IP address, or for imported evidence any stable name. `fields` holds the protocol's own
    fields exactly as in contract 1 (JSON values). What a device calls itself over mDNS is its `hostname`, for `host` is
    taken; where a line has only that name for its `host`, it is both.
    """

    host: str
    protocol: str
    fields: Mapping[str, Any] = {}
    seen_at: str | None = None

    def get(self, name: str, default: Any = None) -> Any:
        """The protocol field `name`, or `default`."""
        return self.fields.get(name, default)

    def to_object(self) -> dict[str, Any]:
        """The flat JSON object of contract 1."""
        flat: dict[str, Any] = {"host": self.host}
        if self.seen_at is not None:
            flat["seen_at"] = self.seen_at
        flat["protocol"] = self.protocol
        flat.update((k, v) for k, v in self.fields.items() if k not in _RESERVED)
        return flat

    def to_line(self) -> bytes:
        """One JSON line, newline included, whatever the fields hold.

        Lone surrogates are replaced, as JSON readers refuse them; what is nested too deeply for JSON is left out.
        """
        try:
            return _ENCODER.encode(self.to_object()) + b"\n"
        except (UnicodeEncodeError, RecursionError):
            return _ENCODER.encode(_plain(self.to_object())) + b"\n"

    @classmethod
    def from_object(cls, flat: object) -> Evidence:
        """Read one decoded JSON object; ValueError says what is wrong with it."""
        if not isinstance(flat, dict):
            raise ValueError("not a JSON object")
        protocol = flat.get("protocol")
        if not isinstance(protocol, str) or not protocol:
            raise ValueError("no 'protocol'")
        host = flat.get("host", "")
        if not isinstance(host, str):
            raise ValueError("'host' is not text")
        seen_at = flat.get("seen_at")
        fields = {k: v for k, v in flat.items() if k not in _RESERVED}
        if protocol == "mdns" and host.lower().rstrip(".").endswith(_LOCAL):
            fields.setdefault("hostname", host)
        return cls(host=host, protocol=protocol, fields=fields, seen_at=seen_at if isinstance(seen_at, str) else None)


class EvidenceProblem(msgspec.Struct, frozen=True):
    """A line of an evidence file that was skipped, and why. `line` counts from 1."""

    line: int
    reason: str


def read_lines(lines: Iterable[bytes]) -> Iterator[Evidence | EvidenceProblem]:
    """Decode JSON Lines one by one; a bad line yields a problem and the rest is still read."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE_BYTES:
            yield EvidenceProblem(number, f"longer than {MAX_LINE_BYTES} bytes")
            continue
        try:
            yield Evidence.from_object(_DECODER.decode(line))
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            yield EvidenceProblem(number, str(error) or "too deeply nested")


def capped_lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long only its beginning, so that it never lies in memory whole."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        yield line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES + 1)


def _plain(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {_plain(k): _plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v, depth + 1) for v in value]
    return value


_DECODER = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()
