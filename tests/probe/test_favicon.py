import asyncio

import pytest

from scanner.models import Outcome
from scanner.probe.contract import ProbeResult, Suspect
from scanner.probe.favicon import Favicon
from scanner.wire.favicon import hashes
from tests.fakes import ScriptedNetwork
from tests.probe.suspects import HOST, answer, assert_no_login, pages, paths, said, suspect

ICON = b"\x00\x00\x01\x00\x01\x00" + b"pixels" * 30


def _run(net: ScriptedNetwork, who: Suspect) -> ProbeResult:
    return asyncio.run(Favicon().run(net, who))


def test_the_usual_place() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): pages({"/favicon.ico": answer(ICON)})})
    result = _run(net, suspect())
    md5, mmh3 = hashes(ICON)
    assert [one.fields for one in result.evidence] == [{"port": 80, "path": "/favicon.ico", "md5": md5, "mmh3": mmh3}]
    assert_no_login(net)


def test_the_icon_that_the_page_names_comes_first() -> None:
    front = said("http", port=80, path="/web/", status=200, body='<link rel="shortcut icon" href="img/a.png">')
    net = ScriptedNetwork(tcp={(HOST, 80, False): pages({"/web/img/a.png": answer(b"\x89PNG\r\n\x1a\n")})})
    assert _run(net, suspect(front)).outcome is Outcome.ANSWERED
    assert paths(net) == ["/web/img/a.png"]


def test_an_icon_elsewhere_is_noted_and_not_fetched() -> None:
    front = said("http", port=80, path="/", status=200, body='<link rel="icon" href="http://203.0.113.9/a.ico">')
    net = ScriptedNetwork(tcp={(HOST, 80, False): pages({})})
    assert _run(net, suspect(front)).outcome is Outcome.EMPTY
    assert net.outsiders == [(HOST, "203.0.113.9")]
    assert paths(net) == ["/favicon.ico"]
    assert_no_login(net)


@pytest.mark.parametrize(
    "reply", [answer(b"<html>login</html>"), answer(b""), answer(ICON, status="404 Not Found"), answer(ICON * 2000)]
)
def test_only_a_whole_picture_counts(reply: bytes) -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): reply})
    assert _run(net, suspect()).evidence == ()


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (suspect(), True),
        (suspect(makers=("Axis",)), False),
        (suspect(is_camera=False), False),
        (suspect(ports={554: "rtsp"}), False),
        (suspect(said("favicon", md5="0")), False),
        (suspect(said("http", path="/", status=401)), False),
    ],
)
def test_when_it_is_worth_a_packet(who: Suspect, wanted: bool) -> None:
    assert Favicon().wanted(who) is wanted
