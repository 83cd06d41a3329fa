"""mDNS."""

from __future__ import annotations

import pytest

from scanner.wire import mdns
from scanner.wire.errors import WireError

AXIS = mdns.MdnsService(
    "_axis-video._tcp.local.",
    "AXIS M1065-LW - 00408C123456._axis-video._tcp.local.",
    "axis-00408c123456.local.",
    80,
    {"macaddress": "00408C123456"},
    ("198.51.100.10", "fe80::240:8cff:fe12:3456"),
)
HTTP = mdns.MdnsService(
    "_http._tcp.local.", "Cam 1.2._http._tcp.local.", "axis-00408c123456.local.", 80, {}, AXIS.addresses
)
SOURCE = "198.51.100.10"


def _parsed(packets: list[bytes]) -> list[mdns.MdnsService]:
    return [service for packet in packets for service in mdns.parse(packet, SOURCE)]


def test_a_query_asks_for_unicast_answers() -> None:
    query = mdns.build_query(["_axis-video._tcp.local.", "_http._tcp.local."])
    assert query == (
        b"\0\0\0\0\0\2\0\0\0\0\0\0\x0b_axis-video\x04_tcp\x05local\0\0\x0c\x80\x01\x05_http\xc0\x18\0\x0c\x80\x01"
    )
    assert mdns.build_query(["_http._tcp.local."], unicast=False).endswith(b"\0\x0c\0\x01")
    assert mdns.questions(query, SOURCE) == ["_axis-video._tcp.local.", "_http._tcp.local."]
    assert mdns.parse(query, SOURCE) == []


def test_an_announcement_reads_back() -> None:
    services = _parsed(mdns.build_response([AXIS, HTTP]))
    assert services == [AXIS, HTTP, mdns.MdnsService(AXIS.service), mdns.MdnsService(HTTP.service)]
    assert mdns.questions(mdns.build_response([AXIS])[0], SOURCE) == []


@pytest.mark.parametrize("unicast", [True, False])
def test_a_responder_answers_what_is_asked(unicast: bool) -> None:
    def ask(name: str) -> list[mdns.MdnsService]:
        return _parsed(mdns.build_response([AXIS, HTTP], query=mdns.build_query([name], unicast)))

    assert ask("_AXIS-video._tcp.local.") == [AXIS]
    assert ask("_ipp._tcp.local.") == []
    assert ask(mdns.META_QUERY) == [mdns.MdnsService(AXIS.service), mdns.MdnsService(HTTP.service)]
    assert mdns.build_response([], query=mdns.build_query([mdns.META_QUERY])) == []


def test_a_legacy_query_gets_its_id_and_question_back() -> None:
    query = b"\x12\x34" + mdns.build_query(["_http._tcp.local."], unicast=False)[2:]
    (packet,) = mdns.build_response([HTTP], query=query)
    assert packet[:6] == b"\x12\x34\x84\0\0\x01"
    assert mdns.parse(packet, SOURCE) == [HTTP]


def test_many_services_take_several_packets() -> None:
    services = [
        mdns.MdnsService("_x._tcp.local.", f"{'n' * 50}{i}._x._tcp.local.", f"h{i}.local.", i) for i in range(60)
    ]
    packets = mdns.build_response(services)
    assert len(packets) > 1
    assert {service.name for service in _parsed(packets)} >= {service.name for service in services}


def _name(*labels: bytes) -> bytes:
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def _record(name: bytes, kind: int, data: bytes) -> bytes:
    return name + kind.to_bytes(2, "big") + b"\0\x01\0\0\0\x78" + len(data).to_bytes(2, "big") + data


def _response(*records: bytes) -> bytes:
    return b"\0\0\x84\0\0\0" + len(records).to_bytes(2, "big") + b"\0\0\0\0" + b"".join(records)


def test_odd_names_and_texts_are_kept() -> None:
    instance = _name(b"K\xc3\xbcche \xff", b"_rtsp", b"_tcp", b"local")
    txt = b"\x07a=\xe9\0b=c\x01=\x03A=2\x03a=3\x02no\x09cut=short"
    (service,) = mdns.parse(_response(_record(instance, 16, txt)), SOURCE)
    assert service.name == "Küche \ufffd._rtsp._tcp.local."
    assert service.service == "_rtsp._tcp.local."
    assert service.txt == {"a": "é\0b=c", "A": "2", "no": "", "cut": "short"}


def test_a_broken_record_does_not_spoil_the_others() -> None:
    http = _name(b"_http", b"_tcp", b"local")
    good = _record(http, 12, _name(b"cam", b"_http", b"_tcp", b"local"))
    short_address = _record(_name(b"cam", b"local"), 1, b"\1\2")
    loop = _record(http, 12, b"\xc0\x0c")
    for broken in (short_address, loop, _record(http, 33, b"\0")):
        names = [service.name for service in mdns.parse(_response(broken, good), SOURCE)]
        assert "cam._http._tcp.local." in names
    cut = _response(good, good)[:-10]
    assert [service.name for service in mdns.parse(cut, SOURCE)] == ["cam._http._tcp.local."]


def test_addresses_without_a_service() -> None:
    packet = _response(
        _record(_name(b"cam", b"local"), 1, b"\xc6\x33\x64\x0a"),
        _record(_name(b"10", b"100", b"51", b"198", b"in-addr", b"arpa"), 12, _name(b"DS-2CD", b"local")),
    )
    assert mdns.parse(packet, SOURCE) == [
        mdns.MdnsService("", host="cam.local.", addresses=("198.51.100.10",)),
        mdns.MdnsService("", host="DS-2CD.local."),
    ]


def test_the_number_of_services_is_bounded() -> None:
    flood = _response(*[_record(b"\0", 12, _name(b"%d" % i, b"_a", b"_tcp", b"x")) for i in range(2000)])
    assert len(mdns.parse(flood, SOURCE)) == mdns.MAX_SERVICES


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a._http._tcp.local.", "_http._tcp.local."),
        ("a.b._tcp.c._hap._udp.local.", "_hap._udp.local."),
        ("_http._TCP.local.", "_http._TCP.local."),
        ("host.local.", ""),
        ("", ""),
    ],
)
def test_service_type(name: str, kind: str) -> None:
    assert mdns.service_type(name) == kind


@pytest.mark.parametrize("data", [b"", b"\0" * 11, b"\0\0\x84\0\xff\xff\0\0\0\0\0\0", b"x" * 70_000])
def test_no_dns(data: bytes) -> None:
    with pytest.raises(WireError):
        mdns.parse(data, SOURCE)
