"""mDNS and DNS-SD packets (RFC 6762, RFC 6763), read and written by python-zeroconf's codec."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from scanner.text import decode
from scanner.wire.errors import WireError

if TYPE_CHECKING:
    from zeroconf._dns import DNSQuestion, DNSRecord
    from zeroconf._protocol.incoming import DNSIncoming

# zeroconf re-exports its codec from the top without marking it so, hence the attr-defined exceptions below.
PORT = 5353
GROUP = "224.0.0.251"
META_QUERY = "_services._dns-sd._udp.local."
MAX_SERVICES = 256
MAX_TXT = 64
MAX_PACKET = 65535

_IN, _UNIQUE = 0x0001, 0x8000
_A, _PTR, _TXT, _AAAA, _SRV, _ANY = 1, 12, 16, 28, 33, 255
_RESPONSE = 0x8400
_TTL = 120


class MdnsService(msgspec.Struct, frozen=True):
    """One service instance, as far as one packet tells.

    `service` is the type ("_axis-video._tcp.local."), `name` the full instance name. A type that was only
    announced (meta query) has name "". Addresses of a host without any service have service and name "".
    """

    service: str
    name: str = ""
    host: str = ""
    port: int | None = None
    txt: dict[str, str] = {}
    addresses: tuple[str, ...] = ()


def build_query(names: Sequence[str], unicast: bool = True) -> bytes:
    """PTR questions for `names`; `unicast` asks for the answer to the sender alone (RFC 6762 §5.4).

    Ask at most two a packet: responders answer longer legacy queries incompletely.
    """
    from zeroconf import DNSOutgoing, DNSQuestion  # type: ignore[attr-defined]

    outgoing = DNSOutgoing(0, multicast=True)
    for name in names:
        outgoing.add_question(DNSQuestion(name, _PTR, _IN | _UNIQUE if unicast else _IN))
    return bytes(outgoing.packets()[0])


def parse(data: bytes, source: str) -> list[MdnsService]:
    """The services that a response names, at most MAX_SERVICES; empty for a query. WireError: no DNS message.

    Of a response that was cut (a capture with a snapshot length), the records before the cut count.
    """
    incoming = _incoming(data, source, cut=True)
    return _Gathered(incoming.answers()).services() if incoming.is_response() else []


def questions(data: bytes, source: str) -> list[str]:
    """The names that a query asks for; empty for a response. WireError: no DNS message."""
    incoming = _incoming(data, source)
    return [] if incoming.is_response() else [question.name for question in incoming.questions[:MAX_SERVICES]]


def _incoming(data: bytes, source: str, *, cut: bool = False) -> DNSIncoming:
    from zeroconf import DNSIncoming  # type: ignore[attr-defined]

    if len(data) > MAX_PACKET:
        raise WireError("DNS message too long")
    try:
        incoming = DNSIncoming(data, (source, PORT))
    except (ValueError, TypeError, IndexError) as error:
        raise WireError(f"not a DNS message: {error}") from None
    if not incoming.valid and not (cut and incoming.answers()):
        raise WireError("not a DNS message")
    return incoming


class _Gathered:
    """The records of one packet, by name without case."""

    def __init__(self, records: Sequence[DNSRecord]) -> None:
        self._types: dict[str, None] = {}
        self._names: dict[str, str] = {}
        self._hosts: dict[str, tuple[str, int]] = {}
        self._txts: dict[str, dict[str, str]] = {}
        self._addresses: dict[str, dict[str, None]] = {}
        self._spelt: dict[str, str] = {}
        for record in records:
            self._take(record)

    def _take(self, record: DNSRecord) -> None:
        from zeroconf import DNSAddress, DNSPointer, DNSService, DNSText  # type: ignore[attr-defined]

        key = record.name.lower()
        if isinstance(record, DNSPointer):
            self._pointer(key, record.alias)
        elif isinstance(record, DNSService):
            self._names.setdefault(key, record.name)
            self._hosts[key] = (record.server, record.port)
        elif isinstance(record, DNSText):
            self._names.setdefault(key, record.name)
            self._txts[key] = parse_txt(record.text)
        elif isinstance(record, DNSAddress) and len(record.address) in (4, 16):
            self._spelt.setdefault(key, record.name)
            self._addresses.setdefault(key, {})[str(ipaddress.ip_address(record.address))] = None

    def _pointer(self, key: str, target: str) -> None:
        if key == META_QUERY:
            self._types[target] = None
        elif key.endswith(".arpa."):
            self._spelt.setdefault(target.lower(), target)
            self._addresses.setdefault(target.lower(), {})
        else:
            self._names.setdefault(target.lower(), target)

    def services(self) -> list[MdnsService]:
        found = [self._service(key, name) for key, name in self._names.items()]
        named = {service.host.lower() for service in found}
        found += [MdnsService(kind) for kind in self._types]
        found += [
            MdnsService("", host=self._spelt[key], addresses=tuple(addresses))
            for key, addresses in self._addresses.items()
            if key not in named
        ]
        return found[:MAX_SERVICES]

    def _service(self, key: str, name: str) -> MdnsService:
        host, port = self._hosts.get(key, ("", None))
        return MdnsService(
            service=service_type(name),
            name=name,
            host=host,
            port=port,
            txt=self._txts.get(key, {}),
            addresses=tuple(self._addresses.get(host.lower(), ())),
        )


def service_type(name: str) -> str:
    """The type in an instance name: its last `_x._tcp` or `_x._udp` and what follows; "" without one."""
    lower = name.lower()
    at = max(lower.rfind("._tcp."), lower.rfind("._udp."))
    return name[name.rfind(".", 0, at) + 1 :] if at >= 0 else ""


def parse_txt(data: bytes) -> dict[str, str]:
    """The key=value strings of TXT data (RFC 6763 §6); the first of a key counts, at most MAX_TXT."""
    found: dict[str, str] = {}
    position = 0
    while position < len(data) and len(found) < MAX_TXT:
        end = position + 1 + data[position]
        key, _, value = data[position + 1 : end].partition(b"=")
        if key:
            found.setdefault(decode(key), decode(value))
        position = end
    return found


def build_response(services: Sequence[MdnsService], *, query: bytes | None = None) -> list[bytes]:
    """A responder's packets: all of `services`, or with `query` (a query's bytes) what it asks for.

    A query with an id other than 0 is a legacy one: its id and questions are repeated (RFC 6762 §6.7). Empty
    where nothing is asked that `services` have. WireError: `query` is no DNS message.
    """
    from zeroconf import DNSOutgoing  # type: ignore[attr-defined]

    records = _records(services)
    if query is None:
        outgoing = DNSOutgoing(_RESPONSE, multicast=True)
        answers, additional = records, []
    else:
        asked = _incoming(query, "")
        outgoing = DNSOutgoing(_RESPONSE, multicast=asked.id == 0, id_=asked.id)
        answers = [record for record in records if any(_asks(question, record) for question in asked.questions)]
        additional = _related(answers, records)
        for question in asked.questions if asked.id else ():
            outgoing.add_question(question)
    if not answers:
        return []
    for record in answers:
        outgoing.add_answer_at_time(record, 0)
    for record in additional:
        outgoing.add_additional_answer(record)
    return list(outgoing.packets())


def _asks(question: DNSQuestion, record: DNSRecord) -> bool:
    return question.type in (record.type, _ANY) and question.name.lower() == record.name.lower()


def _related(answers: Sequence[DNSRecord], records: Sequence[DNSRecord]) -> list[DNSRecord]:
    """SRV, TXT and address records that the answers lead to (RFC 6763 §12); a type alone leads to nothing."""
    from zeroconf import DNSPointer, DNSService  # type: ignore[attr-defined]

    names: set[str] = set()
    for _ in range(2):
        known = [record for record in records if record in answers or record.name.lower() in names]
        pointers = [record for record in known if isinstance(record, DNSPointer) and record.name != META_QUERY]
        names |= {record.alias.lower() for record in pointers}
        names |= {record.server.lower() for record in known if isinstance(record, DNSService)}
    return [record for record in records if record.name.lower() in names and record not in answers]


def _records(services: Sequence[MdnsService]) -> list[DNSRecord]:
    from zeroconf import DNSAddress, DNSPointer, DNSService, DNSText  # type: ignore[attr-defined]

    records: dict[DNSRecord, None] = {}
    for service in services:
        records[DNSPointer(META_QUERY, _PTR, _IN, _TTL, service.service)] = None
        if not service.name:
            continue
        records[DNSPointer(service.service, _PTR, _IN, _TTL, service.name)] = None
        host = service.host or "host.local."
        unique = _IN | _UNIQUE
        records[DNSService(service.name, _SRV, unique, _TTL, 0, 0, service.port or 0, host)] = None
        records[DNSText(service.name, _TXT, unique, _TTL, _txt(service.txt))] = None
        for text in service.addresses:
            address = ipaddress.ip_address(text)
            kind = _A if address.version == 4 else _AAAA
            records[DNSAddress(host, kind, unique, _TTL, address.packed)] = None
    return list(records)


def _txt(values: dict[str, str]) -> bytes:
    strings = [f"{key}={value}".encode()[:255] for key, value in values.items()]
    return b"".join(bytes((len(string),)) + string for string in strings) or b"\0"
