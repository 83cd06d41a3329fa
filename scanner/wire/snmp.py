"""SNMP messages, as few as an inventory needs (RFC 3416, RFC 3412 §6, RFC 3414 §4, RFC 1157).

Towards devices: only the unauthenticated SNMPv3 engine discovery, which needs no secret. The agent's side
(`parse_request`, `build_report`, `build_response`) serves the lab.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from scanner.wire import ber
from scanner.wire.ber import Reader
from scanner.wire.engine_id import EngineInfo, describe_engine, describe_octets
from scanner.wire.errors import WireError

__all__ = [
    "NO_SUCH_OBJECT",
    "EngineInfo",
    "NoSuchObject",
    "Oid",
    "SnmpRequest",
    "Value",
    "build_discovery",
    "build_report",
    "build_response",
    "describe_engine",
    "parse_discovery",
    "parse_request",
]

PORT = 161
MAX_MESSAGE = 65507
MAX_VARBINDS = 128
UNKNOWN_ENGINE_IDS = "1.3.6.1.6.3.15.1.1.4.0"

_GET, _GET_NEXT, _RESPONSE, _GET_BULK, _REPORT = 0xA0, 0xA1, 0xA2, 0xA5, 0xA8
_KINDS = {_GET: "get", _GET_NEXT: "get-next", _GET_BULK: "get-bulk", 0xA3: "set"}
_COUNTER32 = 0x41
_REPORTABLE = 0x04
_USM = 3
_NO_SUCH_NAME = 2


class Oid(str):
    """A value that is an object identifier, dotted."""

    __slots__ = ()


class NoSuchObject:
    """The value of what an agent does not have (noSuchObject; in v1 the error noSuchName)."""


NO_SUCH_OBJECT = NoSuchObject()
Value = str | bytes | int | Oid | NoSuchObject


class SnmpRequest(msgspec.Struct, frozen=True):
    """What a manager asks. `version` is 1, 2 or 3; `kind` get, get-next, get-bulk, set or other.

    v1 and v2c: `community`, `names` (dotted). v3: `message_id`, `engine_id` (hex, "" in a discovery), `flags`,
    `user`; an encrypted v3 request has kind "other" and no names.
    """

    version: int
    kind: str
    request_id: int
    names: tuple[str, ...] = ()
    community: bytes = b""
    message_id: int = 0
    flags: int = 0
    engine_id: str = ""
    user: bytes = b""
    non_repeaters: int = 0
    max_repetitions: int = 0


def build_discovery(message_id: int) -> bytes:
    """The SNMPv3 discovery datagram (RFC 3414 §4): no user, no engine, nothing asked; the agent reports its engine."""
    return _v3(message_id, _REPORTABLE, b"", 0, 0, _pdu(_GET, message_id, 0, 0, []))


def build_report(request: SnmpRequest, engine_id: str, boots: int, time: int) -> bytes:
    """The agent's answer to a v3 request with an unknown engine: usmStatsUnknownEngineIDs. `engine_id` is hex."""
    counter = ber.encode_integer(1, _COUNTER32)
    varbind = ber.encode_sequence([ber.encode_object_identifier(UNKNOWN_ENGINE_IDS), counter])
    report = _pdu(_REPORT, request.request_id, 0, 0, [varbind])
    return _v3(request.message_id, 0, bytes.fromhex(engine_id), boots, time, report)


def build_response(request: SnmpRequest, values: Sequence[tuple[str, Value]]) -> bytes:
    """The agent's answer to a v1 or v2c request: (dotted name, value) in the order asked.

    `str` goes out as UTF-8 octets, `bytes` as octets, `int` as INTEGER, `Oid` as object identifier.
    """
    missing = [index for index, (_, value) in enumerate(values, start=1) if isinstance(value, NoSuchObject)]
    error = (_NO_SUCH_NAME, missing[0]) if missing and request.version == 1 else (0, 0)
    varbinds = [
        ber.encode_sequence([ber.encode_object_identifier(name), _value(value, request.version)])
        for name, value in values
    ]
    return ber.encode_sequence(
        [
            ber.encode_integer(request.version - 1),
            ber.encode_octets(request.community),
            _pdu(_RESPONSE, request.request_id, *error, varbinds),
        ]
    )


def _value(value: Value, version: int) -> bytes:
    if isinstance(value, NoSuchObject):
        return ber.encode(ber.NULL if version == 1 else 0x80, b"")
    if isinstance(value, int):
        return ber.encode_integer(value)
    if isinstance(value, Oid):
        return ber.encode_object_identifier(value)
    return ber.encode_octets(value.encode() if isinstance(value, str) else value)


def _pdu(tag: int, request_id: int, status: int, index: int, varbinds: Sequence[bytes]) -> bytes:
    numbers = [ber.encode_integer(number) for number in (request_id, status, index)]
    return ber.encode_sequence([*numbers, ber.encode_sequence(varbinds)], tag)


def _v3(message_id: int, flags: int, engine_id: bytes, boots: int, time: int, pdu: bytes) -> bytes:
    header = ber.encode_sequence(
        [
            ber.encode_integer(message_id),
            ber.encode_integer(MAX_MESSAGE),
            ber.encode_octets(bytes((flags,))),
            ber.encode_integer(_USM),
        ]
    )
    security = ber.encode_sequence(
        [
            ber.encode_octets(engine_id),
            ber.encode_integer(boots),
            ber.encode_integer(time),
            *[ber.encode_octets(b"")] * 3,  # user, authentication and privacy parameters
        ]
    )
    scoped = ber.encode_sequence([ber.encode_octets(engine_id), ber.encode_octets(b""), pdu])
    return ber.encode_sequence([ber.encode_integer(3), header, ber.encode_octets(security), scoped])


class _Header(msgspec.Struct, frozen=True):
    message_id: int
    flags: int
    engine_id: bytes
    boots: int
    time: int
    user: bytes


def _message(data: bytes) -> tuple[int, Reader]:
    """(version field, reader of the rest); bytes after the message are ignored, as some agents pad."""
    if len(data) > MAX_MESSAGE:
        raise WireError("SNMP message too long")
    reader = Reader(data).inside(ber.SEQUENCE)
    return reader.integer(), reader


def _v3_header(reader: Reader) -> _Header:
    header = reader.inside(ber.SEQUENCE)
    message_id = header.integer()
    header.integer()  # the largest message that the sender takes
    flags = header.octets()
    if header.integer() != _USM:
        raise WireError("SNMPv3 with another security model than USM")
    security = Reader(reader.octets()).inside(ber.SEQUENCE)
    engine_id, boots, time, user = security.octets(), security.integer(), security.integer(), security.octets()
    return _Header(message_id, flags[0] if flags else 0, engine_id, boots, time, user)


def parse_discovery(data: bytes) -> EngineInfo:
    """The engine that an SNMPv3 Report (or any v3 answer) names. WireError: another message, or no engine in it."""
    version, reader = _message(data)
    if version != 3:
        raise WireError("not an SNMPv3 message")
    header = _v3_header(reader)
    if not 5 <= len(header.engine_id) <= 32:
        raise WireError("SNMPv3 answer without an engine identifier")
    return describe_octets(header.engine_id, header.boots, header.time)


def message_id(data: bytes) -> int:
    """The message id of a v3 message, by which an answer is matched to its question. WireError: not v3."""
    version, reader = _message(data)
    if version != 3:
        raise WireError("not an SNMPv3 message")
    return _v3_header(reader).message_id


def parse_request(data: bytes) -> SnmpRequest:
    """Read what a manager asks. WireError: not a message of SNMP v1, v2c or v3."""
    version, reader = _message(data)
    if version in (0, 1):
        community = reader.octets()
        kind, numbers, names = _read_pdu(reader)
        return SnmpRequest(
            version + 1, kind, numbers[0], names, community, non_repeaters=numbers[1], max_repetitions=numbers[2]
        )
    if version != 3:
        raise WireError("unknown SNMP version")
    header = _v3_header(reader)
    kind, numbers, names = "other", (0, 0, 0), ()
    if reader.peek() == ber.SEQUENCE:
        scoped = reader.inside()
        scoped.octets()  # context engine
        scoped.octets()  # context name
        kind, numbers, names = _read_pdu(scoped)
    return SnmpRequest(
        version=3,
        kind=kind,
        request_id=numbers[0],
        names=names,
        message_id=header.message_id,
        flags=header.flags,
        engine_id=header.engine_id.hex(),
        user=header.user,
        non_repeaters=numbers[1],
        max_repetitions=numbers[2],
    )


def _read_pdu(reader: Reader) -> tuple[str, tuple[int, int, int], tuple[str, ...]]:
    """(kind, (request id, second number, third number), names)."""
    tag = reader.peek()
    if tag not in _KINDS:
        raise WireError("not an SNMP request")
    pdu = reader.inside()
    numbers = (pdu.integer(), pdu.integer(), pdu.integer())
    names: list[str] = []
    varbinds = pdu.inside(ber.SEQUENCE)
    while not varbinds.empty and len(names) < MAX_VARBINDS:
        names.append(ber.object_identifier(varbinds.inside(ber.SEQUENCE).value(ber.OBJECT_IDENTIFIER)[1]))
    return _KINDS[tag], numbers, tuple(names)
