from scanner.discover.ssdp import GROUP, PORT, Ssdp, SsdpUnicast
from scanner.net.api import Datagram
from tests.discover.fast import Sink, run
from tests.fakes import ScriptedNetwork

CAMERA = "198.51.100.10"


def _answer(st: str, date: str, location: str = f"http://{CAMERA}:49152/desc.xml") -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nST: {st}\r\nUSN: uuid:1::{st}\r\nDATE: {date}\r\nSERVER: Linux UPnP/1.0 Cam/1\r\n"
        f"LOCATION: {location}\r\n\r\n"
    ).encode()


def test_answers_that_differ_in_their_date_only_are_one() -> None:
    count = iter(range(100))
    net = ScriptedNetwork(
        udp_script={(GROUP, PORT): lambda _: [Datagram(_answer("upnp:rootdevice", f"d{next(count)}"), CAMERA, 1900)]}
    )
    sink = Sink()
    assert run(Ssdp().run(net, [CAMERA], sink)).alive == {CAMERA}
    [only] = sink.of("ssdp")
    assert ["SERVER", "Linux UPnP/1.0 Cam/1"] in only.get("headers")


def test_location_elsewhere_is_noted() -> None:
    net = ScriptedNetwork(
        udp_script={(GROUP, PORT): lambda _: [Datagram(_answer("a", "d", "http://203.0.113.9/d.xml"), CAMERA, 1900)]}
    )
    run(Ssdp().run(net, [CAMERA], Sink()))
    assert net.outsiders == [(CAMERA, "203.0.113.9")]


def test_searches_and_garbage_of_others_are_no_answers() -> None:
    noise = [Datagram(b"M-SEARCH * HTTP/1.1\r\n\r\n", CAMERA, 1), Datagram(b"\x00\x01", CAMERA, 1)]
    sink = Sink()
    run(Ssdp().run(ScriptedNetwork(udp_script={(GROUP, PORT): lambda _: noise}), [CAMERA], sink))
    assert sink.evidence == []


def test_unicast_names_the_target_and_asks_once() -> None:
    net = ScriptedNetwork(udp_script={(CAMERA, PORT): lambda _: [_answer("upnp:rootdevice", "d")]})
    sink = Sink()
    run(SsdpUnicast().run(net, [CAMERA], sink))
    [request] = net.requests(CAMERA, PORT)
    assert f"HOST: {CAMERA}:1900\r\n".encode() in request
    assert len(sink.of("ssdp")) == 1
