import asyncio

import pytest

from scanner.models import Outcome
from scanner.probe.contract import ProbeResult, Suspect
from scanner.probe.http import PAGES, UNIDENTIFIED, VendorPages
from tests.fakes import ScriptedNetwork
from tests.probe.suspects import HOST, answer, assert_no_login, pages, paths, said, suspect

UNAUTHORIZED = answer(b"", 'WWW-Authenticate: Digest realm="Login to 4M0123", nonce="1"', status="401 Unauthorized")


def _run(net: ScriptedNetwork, who: Suspect) -> ProbeResult:
    return asyncio.run(VendorPages().run(net, who))


def test_a_suspected_makers_pages_until_one_tells_something() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): pages({PAGES["Hikvision"][1].path: UNAUTHORIZED})})
    result = _run(net, suspect(makers=("Hikvision",)))
    assert paths(net) == [page.path for page in PAGES["Hikvision"][:2]]
    assert sum(one.kind == "connect" for one in net.sent) == 1
    assert result.outcome is Outcome.ANSWERED
    assert [one.get("status") for one in result.evidence] == [404, 401]
    assert_no_login(net)


def test_a_page_that_says_what_the_start_page_says_tells_nothing() -> None:
    same = answer(b"<title>login</title>")
    net = ScriptedNetwork(tcp={(HOST, 80, False): pages({}, otherwise=same)})
    front = said("http", port=80, path="/", status=200, body="<title>login</title>")
    _run(net, suspect(front, is_camera=True))
    assert paths(net) == [page.path for page in UNIDENTIFIED]


def test_posts_carry_their_body_and_no_login() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): pages({"/axis-cgi/basicdeviceinfo.cgi": answer(b'{"data":1}')})})
    _run(net, suspect(makers=("Axis",)))
    [request] = net.requests(HOST, 80)
    assert request.startswith(b"POST /axis-cgi/basicdeviceinfo.cgi HTTP/1.1\r\n")
    assert request.endswith(b'{"apiVersion":"1.0","method":"getAllUnrestrictedProperties"}')
    assert b"Content-Type: application/json\r\n" in request
    assert_no_login(net)


def test_a_redirect_is_not_followed() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): answer(b"", "Location: http://203.0.113.9/", status="302 Found")})
    result = _run(net, suspect(makers=("Dahua",)))
    assert [one.get("status") for one in result.evidence] == [302]
    assert_no_login(net)


def test_pages_over_tls_go_to_a_tls_port() -> None:
    net = ScriptedNetwork(tcp={(HOST, 443, True): answer(b"{}")})
    _run(net, suspect(makers=("Ubiquiti",), ports={80: "http", 443: "https"}))
    assert [(one.port, one.tls) for one in net.sent if one.kind == "connect"] == [(443, True)]


def test_a_device_that_is_gone() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): Outcome.REFUSED})
    assert _run(net, suspect(makers=("Dahua",))).outcome is Outcome.REFUSED
    assert len(net.sent) == 1


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (suspect(makers=("Axis",)), True),
        (suspect(is_camera=True), True),
        (suspect(said("http", path="/", status=401), is_camera=True), False),
        (suspect(said("http", path="/", status=401), makers=("Axis",)), True),
        (suspect(), False),  # nothing suggests a camera or a maker
        (suspect(makers=("Axis",), is_camera=False), False),
        (suspect(makers=("Axis",), settled=True), False),
        (suspect(makers=("Axis",), ports={554: "rtsp"}), False),
        (suspect(makers=("Nobody we know",), is_camera=True), False),
        (suspect(said("http", path=PAGES["Dahua"][0].path), makers=("Dahua",)), False),
    ],
)
def test_when_it_is_worth_a_packet(who: Suspect, wanted: bool) -> None:
    assert VendorPages().wanted(who) is wanted


def test_no_page_changes_or_opens_anything() -> None:
    words = ("set", "reboot", "reset", "snapshot", "upgrade", "factory", "password", "user=")
    for page in (page for group in PAGES.values() for page in group):
        assert page.path.startswith("/")
        assert page.source
        assert ".." not in page.path
        query = page.path.partition("?")[2].lower()
        assert not any(word in query for word in words)
