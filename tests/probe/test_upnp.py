import asyncio

import pytest

from scanner.models import Evidence, Outcome
from scanner.probe.contract import ProbeResult, Suspect
from scanner.probe.upnp import Upnp
from tests.fakes import ScriptedNetwork
from tests.probe.suspects import HOST, answer, assert_no_login, pages, paths, said, suspect

XML = b"<root><device><modelName>AC-200</modelName></device></root>"


def _ssdp(location: str) -> Evidence:
    return said("ssdp", headers=[["LOCATION", location]])


def _run(net: ScriptedNetwork, *evidence: Evidence) -> ProbeResult:
    return asyncio.run(Upnp().run(net, suspect(*evidence, ports={})))


def test_the_exact_location_is_fetched_once() -> None:
    place = f"http://{HOST}:49152/a/desc.xml?x=1"
    net = ScriptedNetwork(tcp={(HOST, 49152, False): pages({"/a/desc.xml?x=1": answer(XML)})})
    result = _run(net, _ssdp(place), _ssdp(place))
    assert paths(net, 49152) == ["/a/desc.xml?x=1"]
    [found] = result.evidence
    assert (found.protocol, found.get("xml")) == ("upnp", XML.decode())
    assert_no_login(net)


@pytest.mark.parametrize(
    ("location", "noted"),
    [
        ("http://203.0.113.9/desc.xml", [(HOST, "203.0.113.9")]),
        ("http://198.51.100.77/desc.xml", []),
        ("/desc.xml", []),
        ("ftp://198.51.100.10/desc.xml", []),
        ("http://198.51.100.10:0/desc.xml", []),
        ("http://198.51.100.10/a b", []),
        ("http://198.51.100.10:9100/desc.xml", []),  # would be printed
    ],
)
def test_what_is_not_on_this_device_is_not_fetched(location: str, noted: list[tuple[str, str]]) -> None:
    net = ScriptedNetwork()
    assert _run(net, _ssdp(location)).outcome is Outcome.EMPTY
    assert net.sent == []
    assert net.outsiders == noted


def test_what_is_no_description_is_http_evidence() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): answer(b"no", status="404 Not Found")})
    [found] = _run(net, _ssdp(f"http://{HOST}/d.xml")).evidence
    assert (found.protocol, found.get("status")) == ("http", 404)


def test_at_most_two_descriptions() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): pages({}, otherwise=answer(XML))})
    _run(net, *(_ssdp(f"http://{HOST}/{n}.xml") for n in range(9)))
    assert len(paths(net)) == 2


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (suspect(_ssdp("http://x/")), True),
        (suspect(_ssdp("http://x/"), is_camera=False), True),  # it also says what is no camera
        (suspect(_ssdp("http://x/"), settled=True), False),
        (suspect(), False),
        (suspect(_ssdp("http://x/"), said("upnp", xml="")), False),
    ],
)
def test_when_it_is_worth_a_packet(who: Suspect, wanted: bool) -> None:
    assert Upnp().wanted(who) is wanted
