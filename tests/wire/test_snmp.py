"""SNMP, checked against pysnmp's own codec."""

from __future__ import annotations

from typing import Any

import pytest
from pyasn1.codec.ber import decoder, encoder  # type: ignore[import-untyped]
from pysnmp.proto import rfc1905  # type: ignore[import-untyped]
from pysnmp.proto.api import v1, v2c  # type: ignore[import-untyped]
from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message  # type: ignore[import-untyped]
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters  # type: ignore[import-untyped]

from scanner.wire import snmp
from scanner.wire.errors import WireError

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
ENGINE = "80009cfd034419b6000001"


def _v3(data: bytes) -> tuple[Any, Any]:
    message, rest = decoder.decode(data, asn1Spec=SNMPv3Message())
    assert not rest
    parameters, rest = decoder.decode(message["msgSecurityParameters"], asn1Spec=UsmSecurityParameters())
    assert not rest
    return message, parameters


def test_the_discovery_asks_for_nothing_but_the_engine() -> None:
    message, parameters = _v3(snmp.build_discovery(4711))
    assert int(message["msgVersion"]) == 3
    assert int(message["msgGlobalData"]["msgID"]) == 4711
    assert bytes(message["msgGlobalData"]["msgFlags"]) == b"\x04"  # reportable, no authentication, no privacy
    assert bytes(parameters["msgAuthoritativeEngineId"]) == b""
    assert bytes(parameters["msgUserName"]) == b""
    pdu = message["msgData"]["plaintext"]["data"].getComponent()
    assert pdu.tagSet == rfc1905.GetRequestPDU.tagSet
    assert len(pdu["variable-bindings"]) == 0


def test_a_report_answers_it() -> None:
    request = snmp.parse_request(snmp.build_discovery(4711))
    assert (request.version, request.kind, request.message_id, request.names) == (3, "get", 4711, ())
    report = snmp.build_report(request, ENGINE, 3, 86400)
    message, parameters = _v3(report)
    assert bytes(parameters["msgAuthoritativeEngineId"]).hex() == ENGINE
    pdu = message["msgData"]["plaintext"]["data"].getComponent()
    assert pdu.tagSet == rfc1905.ReportPDU.tagSet
    assert snmp.message_id(report) == 4711
    assert snmp.parse_discovery(report) == snmp.EngineInfo(ENGINE, 40189, mac="44:19:b6:00:00:01", boots=3, time=86400)


def test_long_lengths_and_padding_are_read() -> None:
    report = snmp.build_report(snmp.parse_request(snmp.build_discovery(1)), ENGINE, 1, 1)
    stretched = b"\x30\x83\x00\x00" + report[1:2] + report[2:]
    assert snmp.parse_discovery(stretched + b"\0\0").engine_id == ENGINE


@pytest.mark.parametrize("engine", ["", "80001f88", "00" * 33])
def test_an_answer_without_an_engine_is_refused(engine: str) -> None:
    report = snmp.build_report(snmp.parse_request(snmp.build_discovery(1)), engine, 0, 0)
    with pytest.raises(WireError, match="without an engine"):
        snmp.parse_discovery(report)


def _ask(module: Any, kind: Any, names: list[str], community: str = "site") -> tuple[bytes, Any]:
    pdu = kind()
    module.apiPDU.set_defaults(pdu)
    module.apiPDU.set_varbinds(pdu, [(name, module.Null("")) for name in names])
    message = module.Message()
    module.apiMessage.set_defaults(message)
    module.apiMessage.set_community(message, community)
    module.apiMessage.set_pdu(message, pdu)
    return encoder.encode(message), module.apiPDU.get_request_id(pdu)


@pytest.mark.parametrize(("module", "version"), [(v1, 1), (v2c, 2)])
def test_an_agent_answers_pysnmp(module: Any, version: int) -> None:
    data, request_id = _ask(module, module.GetRequestPDU, [SYS_DESCR, SYS_OBJECT_ID, "1.3.6.1.2.1.1.7.0"])
    request = snmp.parse_request(data)
    assert (request.version, request.kind, request.community, request.request_id) == (
        version,
        "get",
        b"site",
        int(request_id),
    )
    assert request.names == (SYS_DESCR, SYS_OBJECT_ID, "1.3.6.1.2.1.1.7.0")
    values: list[tuple[str, snmp.Value]] = [
        (SYS_DESCR, "Network Camera"),
        (SYS_OBJECT_ID, snmp.Oid("1.3.6.1.4.1.39165.1.1")),
        ("1.3.6.1.2.1.1.7.0", 72),
    ]
    answer, rest = decoder.decode(snmp.build_response(request, values), asn1Spec=module.Message())
    assert not rest
    assert str(module.apiMessage.get_community(answer)) == "site"
    pdu = module.apiMessage.get_pdu(answer)
    assert module.apiPDU.get_request_id(pdu) == request_id
    assert int(module.apiPDU.get_error_status(pdu)) == 0
    read = [(str(name), value.prettyPrint()) for name, value in module.apiPDU.get_varbinds(pdu)]
    assert read == [
        (SYS_DESCR, "Network Camera"),
        (SYS_OBJECT_ID, "1.3.6.1.4.1.39165.1.1"),
        ("1.3.6.1.2.1.1.7.0", "72"),
    ]


def test_what_an_agent_lacks() -> None:
    missing: list[tuple[str, snmp.Value]] = [(SYS_DESCR, b"x"), (SYS_OBJECT_ID, snmp.NO_SUCH_OBJECT)]
    data, _ = _ask(v1, v1.GetRequestPDU, [SYS_DESCR, SYS_OBJECT_ID])
    answer, _ = decoder.decode(snmp.build_response(snmp.parse_request(data), missing), asn1Spec=v1.Message())
    pdu = v1.apiMessage.get_pdu(answer)
    assert (int(v1.apiPDU.get_error_status(pdu)), int(v1.apiPDU.get_error_index(pdu))) == (2, 2)
    data, _ = _ask(v2c, v2c.GetRequestPDU, [SYS_DESCR, SYS_OBJECT_ID])
    answer, _ = decoder.decode(snmp.build_response(snmp.parse_request(data), missing), asn1Spec=v2c.Message())
    varbinds = v2c.apiPDU.get_varbinds(v2c.apiMessage.get_pdu(answer))
    assert varbinds[1][1].tagSet == rfc1905.NoSuchObject.tagSet


def test_other_requests_are_told_apart() -> None:
    data, _ = _ask(v2c, v2c.GetNextRequestPDU, ["1.3.6.1.2.1.1"])
    assert snmp.parse_request(data).kind == "get-next"
    data, _ = _ask(v1, v1.SetRequestPDU, [SYS_DESCR])
    assert snmp.parse_request(data).kind == "set"
    bulk = bytes.fromhex("3023020101040473697465a5180204000000070201010201143" + "00a300806042b0601020500")
    request = snmp.parse_request(bulk)
    assert (request.kind, request.non_repeaters, request.max_repetitions, request.names) == (
        "get-bulk",
        1,
        20,
        ("1.3.6.1.2",),
    )


@pytest.mark.parametrize("data", ["", "3000", "300302010a", "3003020103", "30060201010400a200", "04020101"])
def test_other_messages(data: str) -> None:
    with pytest.raises(WireError):
        snmp.parse_request(bytes.fromhex(data))
    with pytest.raises(WireError):
        snmp.parse_discovery(bytes.fromhex(data))
    with pytest.raises(WireError):
        snmp.message_id(bytes.fromhex(data))


def test_too_long() -> None:
    with pytest.raises(WireError, match="too long"):
        snmp.parse_discovery(b"\x30" * 70_000)
