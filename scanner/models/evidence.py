"""Evidence: one thing that one address said. The only product of the network side, the only food of the judging side.

Contract 1 (JSON Lines): `host`, optional `seen_at` (RFC 3339), `protocol`, and the protocol's own fields
beside them. Unknown protocols and fields are kept and passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

MAX_LINE_BYTES = 8 * 1024 * 1024
_RESERVED = ("host", "seen_at", "protocol")


class Evidence(msgspec.Struct, frozen=True, eq=True):
    """One observation.

    `host` is an IP address, or for imported evidence any stable name. `fields` holds the protocol's own
    fields exactly as in contract 1 (JSON values).
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
        """One JSON line, newline included. Lone surrogates are replaced, as JSON readers refuse them."""
        try:
            return _ENCODER.encode(self.to_object()) + b"\n"
        except UnicodeEncodeError:
            return _ENCODER.encode(_without_surrogates(self.to_object())) + b"\n"

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


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(v) for v in value]
    return value


_DECODER = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()
