"""UDP: WS-Discovery, SSDP, mDNS and SNMP answer to unicast."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zeroconf._dns import DNSPointer, DNSQuestion, DNSService, DNSText
from zeroconf._protocol.incoming import DNSIncoming
from zeroconf._protocol.outgoing import DNSOutgoing

from scanner.lab import Lab, demo_site, snmp, ssdp, wsd
from scanner.lab.auth import Gate
from scanner.lab.record import Record
from scanner.lab.spec import DeviceSpec
from scanner.lab.station import Station
from tests.lab.kit import Visit, visit


def _probe(types: str = "") -> bytes:
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
        'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
        "<s:Header><a:MessageID>urn:uuid:1234</a:MessageID></s:Header>"
        f"<s:Body><d:Probe><d:Types>{types}</d:Types></d:Probe></s:Body></s:Envelope>"
    ).encode()


@pytest.mark.parametrize(
    ("key", "types", "text"),
    [
        ("hikvision-camera", "", b"onvif://www.onvif.org/name/HIKVISION%20DS-2CD2143G2-I"),
        ("hikvision-camera", "tds:Device", b"onvif://www.onvif.org/MAC/44:19:b6:"),
        ("dahua-camera", "dn:NetworkVideoTransmitter", b"onvif://www.onvif.org/name/Dahua"),
        ("bosch-camera", "", b""),
        ("axis-camera", "tds:Device", b""),
        ("hp-printer", "", b"wprt:PrintDeviceType"),
        ("hp-printer", "dn:NetworkVideoTransmitter", b""),
        ("vivotek-camera", "", b"http://127.77.1.99/onvif/device_service"),
        ("hostile-device", "", b"<!ENTITY c"),
    ],
)
def test_ws_discovery(key: str, types: str, text: bytes) -> None:
    async def talk(device: Visit) -> None:
        answers = await device.datagram(3702, _probe(types))
        assert len(answers) == bool(text)
        for answer in answers:
            assert text in answer
            assert b"RelatesTo>urn:uuid:1234<" in answer
        assert device.kinds() == []

    visit(key, talk)


@pytest.mark.parametrize(
    ("key", "target", "count"),
    [
        ("hikvision-camera", "upnp:rootdevice", 1),
        ("hikvision-camera", "ssdp:all", 3),
        ("hikvision-camera", "urn:schemas-upnp-org:device:MediaServer:1", 0),
        ("axis-camera", "urn:axis-com:device:BasicDevice:1", 1),
    ],
)
def test_ssdp(key: str, target: str, count: int) -> None:
    async def talk(device: Visit) -> None:
        lines = ["M-SEARCH * HTTP/1.1", "HOST: 239.255.255.250:1900", 'MAN: "ssdp:discover"', "MX: 1", f"ST: {target}"]
        answers = await device.datagram(1900, ("\r\n".join(lines) + "\r\n\r\n").encode())
        assert len(answers) == count
        assert all(answer.startswith(b"HTTP/1.1 200 OK\r\n") and b"LOCATION: http://" in answer for answer in answers)

    visit(key, talk)


def _question(name: str, kind: int) -> bytes:
    out = DNSOutgoing(0, multicast=False)
    out.add_question(DNSQuestion(name, kind, 1))
    return bytes(out.packets()[0])


def test_mdns_answers_a_unicast_question_with_all_that_is_needed() -> None:
    async def talk(device: Visit) -> None:
        answers = await device.datagram(5353, _question("_axis-video._tcp.local.", 12))
        assert len(answers) == 1
        records = DNSIncoming(answers[0]).answers()
        pointer = next(record for record in records if isinstance(record, DNSPointer))
        assert pointer.alias.startswith("AXIS M3086-V - B8A44F")
        assert any(isinstance(record, DNSService) and record.port == 80 for record in records)
        assert any(isinstance(record, DNSText) and b"macaddress=B8A44F" in record.text for record in records)

    visit("axis-camera", talk)


def test_mdns_lists_its_services() -> None:
    async def talk(device: Visit) -> None:
        (answer,) = await device.datagram(5353, _question("_services._dns-sd._udp.local.", 12))
        kinds = {record.alias for record in DNSIncoming(answer).answers() if isinstance(record, DNSPointer)}
        assert kinds == {"_axis-video._tcp.local.", "_http._tcp.local.", "_rtsp._tcp.local."}

    visit("axis-camera", talk)


def test_mdns_keeps_silent_about_others() -> None:
    async def talk(device: Visit) -> None:
        assert await device.datagram(5353, _question("_printer._tcp.local.", 12)) == []
        assert await device.datagram(5353, b"garbage") == []

    visit("axis-camera", talk)


def _discovery() -> bytes:
    """An SNMPv3 engine discovery as RFC 3414, 4, describes it."""
    usm = snmp.tlv(snmp.SEQUENCE, snmp.tlv(4, b"") + snmp.integer(0) * 2 + snmp.tlv(4, b"") * 3)
    head = snmp.tlv(snmp.SEQUENCE, snmp.integer(4711) + snmp.integer(65507) + snmp.tlv(4, b"\4") + snmp.integer(3))
    pdu = snmp.tlv(snmp.GET, snmp.integer(99) + snmp.integer(0) * 2 + snmp.tlv(snmp.SEQUENCE, b""))
    scoped = snmp.tlv(snmp.SEQUENCE, snmp.tlv(4, b"") * 2 + pdu)
    return snmp.tlv(snmp.SEQUENCE, snmp.integer(3) + head + snmp.tlv(4, usm) + scoped)


def _get(community: str, kind: int = snmp.GET, oid: str = "1.3.6.1.2.1.1.1.0") -> bytes:
    row = snmp.tlv(snmp.SEQUENCE, snmp.tlv(snmp.OID, snmp.pack_oid(oid)) + snmp.tlv(snmp.NULL, b""))
    pdu = snmp.tlv(kind, snmp.integer(7) + snmp.integer(0) * 2 + snmp.tlv(snmp.SEQUENCE, row))
    return snmp.tlv(snmp.SEQUENCE, snmp.integer(1) + snmp.tlv(4, community.encode()) + pdu)


def test_snmp_v3_discovery_shows_the_engine_and_is_no_violation() -> None:
    async def talk(device: Visit) -> None:
        (answer,) = await device.datagram(161, _discovery())
        parts = list(snmp.items(snmp.one(answer, snmp.SEQUENCE)))
        assert snmp.number(next(snmp.items(parts[1][1]))) == 4711
        engine = next(snmp.items(snmp.one(parts[2][1], snmp.SEQUENCE)))[1]
        assert engine.hex().startswith("80000170")
        assert parts[3][1].find(bytes([snmp.REPORT])) > 0
        assert device.kinds() == []

    visit("axis-camera", talk)


def test_snmp_answers_its_own_community_only() -> None:
    async def talk(device: Visit) -> None:
        (answer,) = await device.datagram(161, _get("site-read-7301"))
        assert b"; AXIS M3086-V; Network Camera; " in answer
        (following,) = await device.datagram(161, _get("site-read-7301", snmp.GET_NEXT, "1.3.6.1.2.1.1.1"))
        assert b"AXIS M3086-V" in following
        assert device.kinds() == []
        assert await device.datagram(161, _get("public")) == []
        assert await device.datagram(161, _get("site-read-7301", snmp.SET)) == []
        assert device.kinds() == ["community", "setting"]

    visit("axis-camera", talk, granted=True)


def test_any_community_is_noted_where_none_was_given() -> None:
    async def talk(device: Visit) -> None:
        await device.datagram(161, _get("site-read-7301"))
        assert device.kinds() == ["community"]

    visit("axis-camera", talk)


@pytest.mark.parametrize("oid", ["1.3.6.1.2.1.1.1.0", "1.3.6.1.4.1.39165.1.1", "2.16.840.1.113730", "0.0"])
def test_object_identifiers_survive_the_wire(oid: str) -> None:
    assert snmp.text_oid(snmp.pack_oid(oid)) == oid


@pytest.mark.parametrize("amount", [0, 1, 127, 128, 255, 256, 65507, 2**31 - 1, -1, -129])
def test_integers_survive_the_wire(amount: int) -> None:
    assert snmp.number(next(snmp.items(snmp.integer(amount)))) == amount


def _station(key: str) -> tuple[Station, DeviceSpec]:
    site = demo_site()
    device = next(device for device in site.devices if device.key == key)
    record = Record()
    return Station(device, site, record, Gate(device.host, site, record, granted=False)), device


AXIS = _station("axis-camera")


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_no_datagram_stops_a_device(data: bytes) -> None:
    station, device = AXIS
    assert device.snmp is not None
    assert device.wsd is not None
    assert device.ssdp is not None
    for bytes_in in (data, b"0" + bytes([len(data) & 127]) + data):
        assert isinstance(snmp.answer(station, device.snmp, bytes_in, "127.0.0.1"), list)
    assert wsd.answer(station, device.wsd, data) == []
    assert ssdp.answer(station, device.ssdp, data) == []


def test_a_lab_without_devices_is_one_too() -> None:
    assert Lab(demo_site()).truth["127.77.0.10"].maker == "Hikvision"
