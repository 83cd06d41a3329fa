"""mDNS responders of the lab (RFC 6762, DNS-SD RFC 6763), with zeroconf's own message classes."""

from __future__ import annotations

import socket

from zeroconf._dns import DNSAddress, DNSPointer, DNSQuestion, DNSRecord, DNSService, DNSText
from zeroconf._protocol.incoming import DNSIncoming
from zeroconf._protocol.outgoing import DNSOutgoing
from zeroconf.const import (
    _CLASS_IN,
    _CLASS_UNIQUE,
    _FLAGS_AA,
    _FLAGS_QR_RESPONSE,
    _TYPE_A,
    _TYPE_AAAA,
    _TYPE_ANY,
    _TYPE_PTR,
    _TYPE_SRV,
    _TYPE_TXT,
)

from scanner.lab.spec import Mdns, MdnsService
from scanner.lab.station import Station

GROUP = "224.0.0.251"
PORT = 5353

_META = "_services._dns-sd._udp.local."
_TTL = 4500
_HOST_TTL = 120
_UNIQUE = _CLASS_IN | _CLASS_UNIQUE


def answer(station: Station, responder: Mdns, data: bytes, port: int) -> tuple[list[bytes], bool]:
    """(datagrams, whether to send them to the asker alone rather than to the group).

    Unicast where the question has the QU bit, or comes from another port than 5353 (RFC 6762, 5.4 and 6.7).
    """
    query = DNSIncoming(data)
    if not query.valid or not query.is_query():
        return [], True
    records = _records(station, responder)
    legacy = port != PORT
    out = DNSOutgoing(_FLAGS_QR_RESPONSE | _FLAGS_AA, multicast=not legacy, id_=query.id if legacy else 0)
    known = set(query.answers())
    found: list[DNSRecord] = []
    for question in query.questions:
        if legacy:
            out.add_question(DNSQuestion(question.name, question.type, question.class_))
        found += [r for r in records if _answers(question, r) and r not in known and r not in found]
    if not found:
        return [], True
    for record in found:
        out.add_answer_at_time(record, 0)
    for record in _additional(records, found):
        out.add_additional_answer(record)
    alone = legacy or all(question.unicast for question in query.questions)
    return [bytes(packet) for packet in out.packets()], alone


def _answers(question: DNSQuestion, record: DNSRecord) -> bool:
    return question.name.lower() == record.key and question.type in (record.type, _TYPE_ANY)


def _additional(records: list[DNSRecord], found: list[DNSRecord]) -> list[DNSRecord]:
    """What an asker needs next: SRV and TXT of the instances named, and the host's address."""
    names = {record.alias.lower() for record in found if isinstance(record, DNSPointer)}
    names |= {record.key for record in found if isinstance(record, DNSService)}
    if not names:
        return []
    following = [r for r in records if not isinstance(r, DNSPointer) and r not in found]
    return [r for r in following if r.key in names or isinstance(r, DNSAddress)]


def _records(station: Station, responder: Mdns) -> list[DNSRecord]:
    kinds = dict.fromkeys(service.type for service in responder.services)
    records: list[DNSRecord] = [DNSPointer(_META, _TYPE_PTR, _CLASS_IN, _TTL, kind) for kind in kinds]
    for service in responder.services:
        instance = f"{service.name}.{service.type}"
        records += [
            DNSPointer(service.type, _TYPE_PTR, _CLASS_IN, _TTL, instance),
            DNSService(instance, _TYPE_SRV, _UNIQUE, _HOST_TTL, 0, 0, service.port, responder.host),
            DNSText(instance, _TYPE_TXT, _UNIQUE, _TTL, _txt(service)),
        ]
    records.append(_address(responder.host, station.host))
    return records


def _address(name: str, host: str) -> DNSAddress:
    if ":" in host:
        return DNSAddress(name, _TYPE_AAAA, _UNIQUE, _HOST_TTL, socket.inet_pton(socket.AF_INET6, host))
    return DNSAddress(name, _TYPE_A, _UNIQUE, _HOST_TTL, socket.inet_aton(host))


def _txt(service: MdnsService) -> bytes:
    parts = [f"{name}={value}".encode()[:255] for name, value in service.txt.items()]
    return b"".join(bytes([len(part)]) + part for part in parts) or b"\0"
