import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scanner.models import Evidence, Outcome
from scanner.net.api import TlsPeer
from scanner.net.conditions import Conditions
from scanner.probe.contact import ContactResult, first_contact
from scanner.probe.ports import FIRST_TIER, SECOND_TIER
from scanner.probe.session import http_session
from tests.fakes import Peer, Reply, ScriptedNetwork
from tests.probe.suspects import HOST, answer, assert_no_login, pages, paths

RTSP_401 = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nServer: AcmeCam\r\nWWW-Authenticate: Digest realm="ACME"\r\n\r\n'


def _contact(net: ScriptedNetwork, **more: object) -> ContactResult:
    return asyncio.run(first_contact(net, HOST, **more))  # type: ignore[arg-type]


def _net(tcp: dict[tuple[str, int, bool], object]) -> ScriptedNetwork:
    return ScriptedNetwork(tcp=tcp, unscripted=Outcome.REFUSED)  # type: ignore[arg-type]


def _of(result: ContactResult, protocol: str) -> list[Evidence]:
    return [one for one in result.evidence if one.protocol == protocol]


def test_an_open_port_is_used_on_the_connection_that_found_it() -> None:
    net = _net({(HOST, 80, False): pages({"/": answer(b"<title>AC-200</title>", "Server: AcmeCam")})})
    result = _contact(net)
    assert result.open_ports == {80: "http"}
    assert result.alive
    assert result.outcomes[80] is Outcome.ANSWERED
    assert result.outcomes[554] is Outcome.REFUSED
    [page] = _of(result, "http")
    assert page.get("headers")[0] == ["Server", "AcmeCam"]
    assert (page.get("path"), page.get("method"), page.get("tls"), page.get("status")) == ("/", "GET", False, 200)
    assert [one.fields for one in _of(result, "port")] == [{"port": 80, "state": "open"}]
    assert sum(one.kind == "connect" and one.port == 80 for one in net.sent) == 1
    assert_no_login(net)


def test_never_more_than_two_connections() -> None:
    net = _net({(HOST, port, False): answer(b"x") for port in (*FIRST_TIER, *SECOND_TIER)})
    _contact(net)
    assert net.peak[HOST] == 2


def test_rtsp_is_asked_options_and_describe_on_one_connection() -> None:
    def camera(request: bytes) -> Reply:
        return b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: DESCRIBE\r\n\r\n" if b"OPTIONS" in request else RTSP_401

    net = _net({(HOST, 554, False): camera})
    result = _contact(net)
    assert [(one.get("method"), one.get("status")) for one in _of(result, "rtsp")] == [
        ("OPTIONS", 200),
        ("DESCRIBE", 401),
    ]
    requests = net.requests(HOST, 554)
    assert all(f"rtsp://{HOST}/ RTSP/1.0".encode() in request for request in requests)
    assert not any(word in b"".join(requests) for word in (b"SETUP", b"PLAY"))
    assert_no_login(net)


def test_a_vendor_port_is_listened_to_and_nothing_sent() -> None:
    net = _net({(HOST, 37777, False): Peer(), (HOST, 34567, False): Peer(greeting=b"hello\n")})
    result = _contact(net)
    assert (result.open_ports[37777], result.open_ports[34567]) == ("open", "banner")
    assert [one.get("text") for one in _of(result, "banner")] == ["hello\n"]
    assert net.requests(HOST, 37777) == net.requests(HOST, 34567) == []


def test_more_ports_only_where_the_first_told_nothing() -> None:
    quiet = _net({(HOST, 22, False): Peer(greeting=b"SSH-2.0-dropbear\r\n")})
    result = _contact(quiet)
    assert result.open_ports == {22: "banner"}
    assert quiet.requests(HOST, 22) == []
    web = _net({(HOST, 80, False): answer(b"x")})
    assert set(_contact(web).outcomes) == set(FIRST_TIER)


def test_a_silent_address_is_left_soon() -> None:
    net = ScriptedNetwork(unscripted=Outcome.TIMED_OUT)
    result = _contact(net)
    assert not result.alive
    assert len(net.sent) <= 7


def test_a_refusal_is_a_sign_of_life() -> None:
    result = _contact(_net({}))
    assert result.alive
    assert result.open_ports == {}


def test_redirects_on_the_same_port_are_followed_twice_at_most() -> None:
    hops = {f"/{n}" if n else "/": answer(b"", f"Location: /{n + 1}", status="302 Found") for n in range(9)}
    net = _net({(HOST, 80, False): pages(hops)})
    _contact(net, ports=[80])
    assert paths(net) == ["/", "/1", "/2"]
    assert sum(one.kind == "connect" for one in net.sent) == 1


def test_a_redirect_elsewhere_is_noted_and_not_followed() -> None:
    elsewhere = answer(b"", "Location: http://203.0.113.9/evil", status="302 Found")
    net = _net({(HOST, 80, False): elsewhere})
    result = _contact(net, ports=[80])
    assert net.outsiders == [(HOST, "203.0.113.9")]
    assert paths(net) == ["/"]
    assert _of(result, "http")[0].get("status") == 302
    assert_no_login(net)


def test_a_redirect_to_another_port_of_the_device_is_a_port_to_try() -> None:
    net = _net(
        {
            (HOST, 80, False): answer(b"", f"Location: https://{HOST}:4443/", status="302 Found"),
            (HOST, 4443, False): answer(b"The plain HTTP request was sent to HTTPS port", status="400 Bad Request"),
            (HOST, 4443, True): answer(b"<title>inside</title>"),
        }
    )
    result = _contact(net, ports=[80])
    assert result.open_ports[4443] == "https"
    assert any("inside" in str(one.get("body")) for one in _of(result, "http"))


def test_a_port_that_prints_is_never_used() -> None:
    net = _net({(HOST, 80, False): answer(b"", f"Location: http://{HOST}:9100/", status="302 Found")})
    _contact(net)
    assert not any(one.port == 9100 for one in net.sent)


def test_a_server_that_can_not_decide_about_tls_does_not_make_us_loop() -> None:
    net = _net({(HOST, 8080, False): b"\x15\x03\x01\x00\x02\x02\x28", (HOST, 8080, True): Outcome.MALFORMED})
    result = _contact(net, ports=[8080])
    assert result.outcomes[8080] is Outcome.MALFORMED
    assert sum(one.kind == "connect" for one in net.sent) == 2


def test_tls_that_fails_is_tried_in_the_clear_once() -> None:
    net = _net({(HOST, 443, True): Outcome.MALFORMED, (HOST, 443, False): answer(b"<title>clear</title>")})
    result = _contact(net, ports=[443])
    assert result.open_ports == {443: "http"}


def test_the_certificate_becomes_evidence() -> None:
    peer = Peer(answer=answer(b"x"), tls=TlsPeer(_certificate("AC-200"), "TLSv1"))
    result = _contact(_net({(HOST, 443, True): peer}), ports=[443])
    [shown] = _of(result, "tls")
    assert "AC-200" in shown.get("subject")
    assert (shown.get("version"), shown.get("port")) == ("TLSv1", 443)
    assert len(shown.get("sha256")) == 64


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"<html><title>AC-200</title>", "AC-200"),  # HTTP/0.9
        (b"HTTP/1.0 200\nServer: AcmeCam\n\nAC-200", "AC-200"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nAC-200 short", "AC-200 short"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nAC-200", "AC-200"),
        (b"http/1.1  200 ok\r\nbad header\r\n\r\nAC-200 \xe9", "AC-200 é"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nAC-200\r\nzz", "AC-200"),
    ],
)
def test_malformed_answers_still_become_evidence(raw: bytes, kept: str) -> None:
    result = _contact(_net({(HOST, 80, False): raw}), ports=[80])
    assert kept in _of(result, "http")[0].get("body")


def test_a_picture_goes_in_as_base64_and_a_long_body_is_cut() -> None:
    net = _net({(HOST, 80, False): answer(bytes(range(256)) * 4), (HOST, 8080, False): answer(b"a" * 200_000)})
    first, second = _of(_contact(net, ports=[80, 8080]), "http")
    assert "body" not in first.fields
    assert first.get("body_b64")
    assert len(second.get("body")) == 64 * 1024


def test_http_on_an_rtsp_port_and_rtsp_on_an_http_port() -> None:
    net = _net({(HOST, 554, False): answer(b"x", status="400 Bad Request"), (HOST, 8080, False): RTSP_401})
    result = _contact(net, ports=[554, 8080])
    assert result.open_ports == {554: "http", 8080: "rtsp"}


def test_evidence_is_handed_on_as_it_comes_and_enough_ends_it() -> None:
    emitted: list[Evidence] = []

    async def emit(one: Evidence) -> None:
        emitted.append(one)

    net = _net({(HOST, 80, False): answer(b"x")})
    result = _contact(net, emit=emit, enough=lambda found: any(one.protocol == "http" for one in found))
    assert tuple(emitted) == result.evidence
    assert len(result.outcomes) < len(FIRST_TIER)


def test_a_lasting_connection_is_left_to_the_session() -> None:
    net = _net({(HOST, 80, False): pages({"/": answer(b"x"), "/two": answer(b"y")})})

    async def visit() -> int:
        async with http_session(net, HOST) as session:
            await first_contact(net, HOST, ports=[80, 554])
            assert (await session.request("GET", 80, "/two")).ok
            return net.open_streams

    assert asyncio.run(visit()) == 1
    assert sum(one.kind == "connect" and one.port == 80 for one in net.sent) == 1
    assert net.open_streams == 0


def test_silence_takes_the_place_of_a_lasting_connection() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): answer(b"x")}, unscripted=Outcome.TIMED_OUT)

    async def visit() -> int:
        async with http_session(net, HOST):
            await first_contact(net, HOST, ports=[80, 554, 8080])
            return net.open_streams

    assert asyncio.run(visit()) == 0


def _certificate(name: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


LOSSY = Conditions(rtt=0.2, loss=0.05, lossy=True)


def test_a_firewall_that_may_let_a_later_port_pass_is_asked_on_until_one_talks() -> None:
    page = pages({"/": answer(b"<title>AC-200</title>", "Server: AcmeCam")})
    net = ScriptedNetwork(tcp={(HOST, 8081, False): page}, unscripted=Outcome.TIMED_OUT)
    result = _contact(net, thorough=lambda: True)
    assert result.open_ports == {8081: "http"}
    assert set(FIRST_TIER) <= set(result.outcomes)
    assert len(result.outcomes) < len(FIRST_TIER) + len(SECOND_TIER)


def test_silence_of_nobody_in_particular_ends_it_early() -> None:
    net = ScriptedNetwork(unscripted=Outcome.TIMED_OUT)
    assert len(_contact(net).outcomes) < len(FIRST_TIER)
    assert len(_contact(net, thorough=lambda: True).outcomes) == len(FIRST_TIER) + len(SECOND_TIER)


def test_few_silent_ports_are_asked_again_where_packets_get_lost() -> None:
    tcp: dict[tuple[str, int, bool], object] = {(HOST, 554, False): Outcome.TIMED_OUT}
    for weather, times in ((Conditions(), 1), (LOSSY, 2)):
        net = ScriptedNetwork(tcp=tcp, unscripted=Outcome.REFUSED, weather=weather)  # type: ignore[arg-type]
        _contact(net)
        assert sum(one.kind == "connect" and one.port == 554 for one in net.sent) == times


def test_many_silent_ports_are_a_firewall_and_not_asked_again() -> None:
    tcp: dict[tuple[str, int, bool], object] = {(HOST, port, False): Outcome.TIMED_OUT for port in SECOND_TIER}
    net = ScriptedNetwork(tcp=tcp, unscripted=Outcome.REFUSED, weather=LOSSY)  # type: ignore[arg-type]
    _contact(net)
    assert sum(one.kind == "connect" and one.port == 22 for one in net.sent) == 1
