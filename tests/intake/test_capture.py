from __future__ import annotations

import struct
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.intake.streams import MAX_STREAM, MAX_STREAMS
from scanner.models import Evidence
from scanner.wire import dhip, mdns, snmp, ssdp
from scanner.wire.ber import encode_octets
from tests.intake.frames import (
    CAMERA,
    CLIENT,
    SEEN,
    conversation,
    ethernet,
    ipv4,
    ipv6,
    pcap,
    read,
    said_by_udp,
    tcp,
    told,
    udp,
)

NOBODY = "0.0.0.0"  # noqa: S104 - the sender that has no address yet
MAC = bytes.fromhex("4419b6000001")
NOTIFY = b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nSERVER: Linux UPnP/1.0 Acme/1\r\nNTS: ssdp:alive\r\n\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\nContent-Length: 20\r\n\r\n<title>Acme</title>\r\n"


def arp(operation: int, sender: str, target: str, mac: bytes = MAC) -> bytes:
    body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, operation) + mac + ip_address(sender).packed
    return ethernet(body + b"\0" * 6 + ip_address(target).packed, 0x0806)


def only(evidence: list[Evidence], protocol: str) -> list[Evidence]:
    return [each for each in evidence if each.protocol == protocol]


def test_arp_says_who_has_an_address_once() -> None:
    (found,) = told(arp(2, CAMERA, CLIENT), arp(1, CAMERA, CLIENT), arp(1, NOBODY, CAMERA))
    assert found.to_object() == {
        "host": CAMERA, "seen_at": SEEN, "protocol": "mac", "mac": "44:19:b6:00:00:01", "via": "pcap",
    }  # fmt: skip


def test_neighbour_discovery_says_the_same_for_ipv6() -> None:
    body = b"\x88\0\0\0\x60\0\0\0" + ip_address("fe80::10").packed + b"\x02\x01" + MAC
    (found,) = told(ethernet(ipv6("fe80::10", "ff02::1", 58, body), 0x86DD))
    assert (found.host, found.get("mac")) == ("fe80::10", "44:19:b6:00:00:01")


@pytest.mark.parametrize(
    ("link", "before"),
    [
        (1, ethernet(b"")),
        (1, ethernet(b"", tags=[7, 8])),
        (113, b"\0\0\0\x01\0\x06" + MAC + b"\0\0\x08\0"),
        (276, b"\x08\0" + b"\0" * 18),
        (101, b""),
        (228, b""),
        (0, b"\x02\0\0\0"),
        (108, b"\0\0\0\x02"),
    ],
)
def test_every_link_type_leads_to_the_datagram(link: int, before: bytes) -> None:
    evidence, problems = read(pcap([before + ipv4(CAMERA, "239.255.255.250", 17, udp(1900, 1900, NOTIFY))], link))
    assert problems == []
    assert [e.protocol for e in evidence] == ["ssdp"]
    assert ["SERVER", "Linux UPnP/1.0 Acme/1"] in evidence[0].get("headers")


def test_a_link_type_that_is_not_read_is_said_once() -> None:
    evidence, problems = read(pcap([b"\0" * 60, b"\0" * 60], link=105))
    assert evidence == []
    assert [(p.line, p.reason) for p in problems] == [(1, "packets of link type 105 are not read")]


def test_a_datagram_in_fragments_is_put_together() -> None:
    whole = udp(1900, 1900, NOTIFY)
    head, tail = whole[:64], whole[64:]
    last = ethernet(ipv4(CAMERA, "239.255.255.250", 17, tail, identity=9, flags=8))
    first = ethernet(ipv4(CAMERA, "239.255.255.250", 17, head, identity=9, flags=0x2000))
    assert [e.protocol for e in told(last, first)] == ["ssdp"]
    assert told(last) == []


def test_questions_say_nothing_of_who_asks() -> None:
    search = said_by_udp(ssdp.build_search(), 50000, 1900, CLIENT)
    query = said_by_udp(mdns.build_query(["_axis-video._tcp.local."]), 5353, 5353, CLIENT)
    assert told(search, query, said_by_udp(snmp.build_discovery(1), 50000, 161, CLIENT)) == []


def test_repeats_are_told_once_however_their_date_changes() -> None:
    answers = [b"HTTP/1.1 200 OK\r\nDATE: %d\r\nSERVER: Acme\r\n\r\n" % n for n in range(5)]
    assert len(told(*[said_by_udp(answer, 1900) for answer in answers])) == 1


def test_mdns() -> None:
    service = mdns.MdnsService("_axis-video._tcp.local.", "A - 1._axis-video._tcp.local.", "a.local.", 80, {"m": "1"})
    (packet,) = mdns.build_response([service])
    found = told(said_by_udp(packet, 5353, 5353))
    assert {"service": service.service, "name": service.name, "port": 80, "txt": {"m": "1"}}.items() <= dict(
        found[0].fields
    ).items()


def test_snmp_answers_without_their_community() -> None:
    community = b"very-secret"
    request = snmp.SnmpRequest(2, "get", 7, community=community)
    answer = snmp.build_response(request, [("1.3.6.1.2.1.1.1.0", "AXIS P3245"), ("1.3.6.1.2.1.1.3.0", 12)])
    report = snmp.build_report(snmp.SnmpRequest(3, "get", 1, message_id=5), "80000178" + "0344" * 4, 1, 2)
    values, engine = told(said_by_udp(answer, 161), said_by_udp(report, 161))
    assert values.get("oids") == {"1.3.6.1.2.1.1.1.0": "AXIS P3245", "1.3.6.1.2.1.1.3.0": "12"}
    assert engine.get("engine_id") == "80000178" + "0344" * 4
    assert community not in values.to_line()


def test_vendor_discovery_keeps_what_the_codec_reads() -> None:
    body = b'{"mac":"3c:ef:8c:00:00:01","method":"client.notifyDevInfo","params":{"deviceInfo":{"DeviceType":"IPC"}}}'
    (found,) = told(said_by_udp(dhip.pack(body), 37810))
    assert (found.protocol, found.get("json")["params"]["deviceInfo"]["DeviceType"]) == ("dhip", "IPC")
    assert told(said_by_udp(dhip.build_request(), 50000, 37810, CLIENT)) == []


def bootp(operation: int, transaction: int, options: bytes, given: str = NOBODY) -> bytes:
    head = struct.pack(">BBBBI", operation, 1, 6, 0, transaction) + b"\0" * 8 + ip_address(given).packed + b"\0" * 8
    return head + MAC + b"\0" * 10 + b"\0" * 192 + b"\x63\x82\x53\x63" + options + b"\xff"


ASKS = b"\x35\x01\x03\x3c\x06udhcp1\x0c\x06camera\x37\x02\x01\x03"


def test_dhcp_joins_what_the_client_says_with_the_address_it_gets() -> None:
    asks = said_by_udp(bootp(1, 5, ASKS), 68, 67, NOBODY)
    grants = said_by_udp(bootp(2, 5, b"\x35\x01\x05", CAMERA), 67, 68, CLIENT)
    words, mac = told(asks, grants)
    assert words.to_object() == {
        "host": CAMERA, "seen_at": SEEN, "protocol": "dhcp", "mac": "44:19:b6:00:00:01", "vendor_class": "udhcp1",
        "hostname": "camera", "params": [1, 3], "via": "pcap",
    }  # fmt: skip
    assert (mac.protocol, mac.host, mac.get("mac")) == ("mac", CAMERA, "44:19:b6:00:00:01")


def test_dhcp_that_nobody_answers_has_the_address_it_asked_for_or_its_mac() -> None:
    asked = ASKS + b"\x32\x04" + ip_address(CAMERA).packed
    assert {e.host for e in told(said_by_udp(bootp(1, 5, asked), 68, 67, NOBODY))} == {CAMERA}
    assert {e.host for e in told(said_by_udp(bootp(1, 5, ASKS), 68, 67, NOBODY))} == {"44:19:b6:00:00:01"}


def test_http_with_its_request() -> None:
    found = told(*conversation(80, [(False, b"GET /doc/page.asp?user=a HTTP/1.1\r\nHost: x\r\n\r\n"), (True, PAGE)]))
    port, page = found
    assert (port.protocol, port.get("port"), port.get("state")) == ("port", 80, "open")
    assert page.to_object() == {
        "host": CAMERA, "seen_at": SEEN, "protocol": "http", "port": 80, "tls": False, "method": "GET",
        "path": "/doc/page.asp", "status": 200, "headers": [["Server", "App-webs/"], ["Content-Length", "20"]],
        "body": "<title>Acme</title>\r", "via": "pcap",
    }  # fmt: skip


def test_answers_one_after_the_other_keep_to_their_requests() -> None:
    one, two = b"GET /one HTTP/1.1\r\n\r\n", b"GET /two HTTP/1.1\r\n\r\n"
    other = PAGE.replace(b"200 OK", b"404 No")
    found = only(told(*conversation(80, [(False, one), (True, PAGE), (False, two), (True, other)])), "http")
    assert [(e.get("path"), e.get("status")) for e in found] == [("/one", 200), ("/two", 404)]


def test_what_is_told_to_a_client_with_a_login_is_not_kept() -> None:
    for secret in (b"Authorization: Basic YTpi", b"Cookie: session=1"):
        request = b"GET / HTTP/1.1\r\n" + secret + b"\r\n\r\n"
        answer = b"HTTP/1.1 200 OK\r\nServer: Acme\r\nSet-Cookie: session=2\r\n\r\nthe whole configuration"
        (found,) = only(told(*conversation(80, [(False, request), (True, answer)])), "http")
        assert found.get("headers") == [["Server", "Acme"]]
        assert found.get("body") is None


@pytest.mark.parametrize("start", [1000, 0xFFFFFFF0])
def test_segments_out_of_order_and_repeated(start: int) -> None:
    request = (False, b"GET / HTTP/1.1\r\n\r\n")
    frames = conversation(80, [request, (True, PAGE[:10]), (True, PAGE[10:40]), (True, PAGE[40:])], start=start)
    mixed = [frames[0], frames[1], frames[4], frames[2], frames[2], frames[3]]
    assert only(told(*mixed), "http") == only(told(*frames), "http")
    (gap,) = only(told(*frames[:3], frames[4]), "http")
    assert gap.get("headers") == []


def test_a_connection_whose_beginning_was_missed() -> None:
    asked = conversation(80, [(False, b"GET /late HTTP/1.1\r\n\r\n"), (True, PAGE)], handshake=False)
    assert [e.get("path") for e in told(*asked)] == ["/late"]
    (answer_alone,) = told(*conversation(80, [(True, PAGE)], handshake=False))
    assert answer_alone.get("path") is None
    assert told(*conversation(80, [(True, b"\x80\x60video")], handshake=False)) == []


def test_rtsp() -> None:
    answer = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Basic realm="Acme"\r\n\r\n'
    url = b"DESCRIBE rtsp://198.51.100.10/live RTSP/1.0\r\nCSeq: 1\r\n\r\n"
    (found,) = only(told(*conversation(554, [(False, url), (True, answer)])), "rtsp")
    assert (found.get("method"), found.get("status")) == ("DESCRIBE", 401)


def test_a_greeting_ends_where_the_client_speaks() -> None:
    talk = [(True, b"camera login: "), (False, b"admin\r\n"), (True, b"admin\r\nPassword: ")]
    (found,) = only(told(*conversation(23, talk)), "banner")
    assert found.get("text") == "camera login: "
    assert only(told(*conversation(23, talk, handshake=False)), "banner") == []
    assert only(told(*conversation(9000, [(True, b"\x01\x02binary")])), "banner") == []


def test_streams_are_bounded_in_number_and_length() -> None:
    long = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1400
    parts = [(False, b"GET / HTTP/1.1\r\n\r\n"), *[(True, long if n == 0 else b"x" * 1400) for n in range(40)]]
    (found,) = only(told(*conversation(80, parts)), "http")
    assert len(found.get("body")) <= MAX_STREAM
    many = [ethernet(ipv4(CAMERA, CLIENT, 6, tcp(80, 1000 + n, 1, 1, 0x12))) for n in range(MAX_STREAMS * 2)]
    assert len(told(*many)) == 1


def test_lldp_and_cdp_frames() -> None:
    lldp = bytes.fromhex(
        "0207044419b600000104050565746830060200780a07617869732d30300c11415849532050333234353b2031302e3132"
        "100c0501c633640a0100000000000000"
    )
    cdp = bytes.fromhex("02b464ad0001000953455030300006000e41584953205033323435")
    frame = MAC + MAC + struct.pack(">H", len(cdp) + 8) + b"\xaa\xaa\x03\0\0\x0c\x20\0" + cdp
    one, two = told(ethernet(lldp, 0x88CC), frame)
    assert (one.protocol, one.host) == ("lldp", CAMERA)
    assert one.get("fields")["system_description"] == "AXIS P3245; 10.12"
    assert (two.protocol, two.host) == ("cdp", "44:19:b6:00:00:01")
    assert two.get("fields")["system_name"] == "SEP00"


@settings(max_examples=40, deadline=None)
@given(
    payload=st.binary(max_size=300),
    port=st.sampled_from([161, 1900, 3702, 5353, 9999, 10000, 10001, 20002, 34569, 37020, 37810, 68]),
)
def test_no_datagram_makes_it_raise(payload: bytes, port: int) -> None:
    told(said_by_udp(payload, port), said_by_udp(encode_octets(payload), 50000, port))


@settings(max_examples=40, deadline=None)
@given(payload=st.binary(max_size=400), start=st.sampled_from([b"HTTP/1.1 ", b"RTSP/1.0 ", b"\x16\x03\x03", b"220 "]))
def test_no_stream_makes_it_raise(payload: bytes, start: bytes) -> None:
    told(*conversation(21, [(True, start + payload)]))


@settings(max_examples=30, deadline=None)
@given(payload=st.binary(max_size=200), kind=st.sampled_from([0x88CC, 0x0806, 0x86DD, 0x0800, 0x8100]))
def test_no_frame_makes_it_raise(payload: bytes, kind: int) -> None:
    told(ethernet(payload, kind))
