from collections.abc import Iterable

from scanner.discover.answers import MAX_PER_SENDER
from scanner.discover.ws_discovery import WsDiscovery, WsDiscoveryUnicast
from scanner.models import Outcome
from scanner.net.api import Datagram
from scanner.wire import ws_discovery as wire
from tests.discover.fast import Sink, run
from tests.fakes import ETH0, ScriptedNetwork

CAMERA = "198.51.100.10"
GROUP = (wire.GROUP, wire.PORT)


def _match(probe: bytes, number: int = 0, xaddr: str = f"http://{CAMERA}/onvif/device_service") -> bytes:
    return wire.build_probe_match(
        relates_to=wire.message_id(probe) or "",
        message_id=f"urn:uuid:{number}",
        endpoint="urn:uuid:1",
        scopes=("onvif://www.onvif.org/hardware/AC-200",),
        xaddrs=(xaddr,),
    )


def test_every_form_is_sent_and_one_reply_kept_once() -> None:
    count = iter(range(100))
    net = ScriptedNetwork(udp_script={GROUP: lambda probe: [Datagram(_match(probe, next(count)), CAMERA, 3702)]})
    sink = Sink()
    result = run(WsDiscovery().run(net, [CAMERA], sink))
    assert result.outcome is Outcome.ANSWERED
    assert result.alive == {CAMERA}
    assert len(net.sent) == len(wire.PROBE_FORMS) + 1
    assert len({wire.message_id(one.data) for one in net.sent}) == len(net.sent)
    [reply] = sink.of("ws-discovery")
    assert reply.host == CAMERA
    assert "AC-200" in reply.get("xml")
    assert reply.seen_at


def test_the_sender_wins_and_foreign_xaddrs_are_noted() -> None:
    net = ScriptedNetwork(
        udp_script={
            GROUP: lambda p: [Datagram(_match(p, xaddr="http://203.0.113.9/x http://198.51.100.77/"), CAMERA, 1)]
        }
    )
    sink = Sink()
    run(WsDiscovery().run(net, [CAMERA, "198.51.100.77"], sink))
    assert {one.host for one in sink.evidence} == {CAMERA}
    assert net.outsiders == [(CAMERA, "203.0.113.9")]
    assert not any(one.host == "203.0.113.9" for one in net.sent)


def test_senders_out_of_scope_are_noted_and_nobodys_evidence() -> None:
    net = ScriptedNetwork(udp_script={GROUP: lambda probe: [Datagram(_match(probe), "203.0.113.9", 3702)]})
    sink = Sink()
    assert run(WsDiscovery().run(net, [CAMERA], sink)).alive == frozenset()
    assert sink.evidence == []
    assert {address for _, address in net.outsiders} == {"203.0.113.9"}


def test_what_is_no_xml_is_kept_and_somebodys_probe_is_not() -> None:
    def answer(probe: bytes) -> Iterable[Datagram]:
        yield Datagram(b"\x00\xff garbage", CAMERA, 3702)
        yield Datagram(probe, CAMERA, 3702)

    sink = Sink()
    run(WsDiscovery().run(ScriptedNetwork(udp_script={GROUP: answer}), [CAMERA], sink))
    assert len(sink.evidence) == 1
    assert "garbage" in sink.evidence[0].get("xml")


def test_one_sender_can_not_fill_the_log() -> None:
    flood = [Datagram(f"<a>{n}</a>".encode() + b"\xff" * n, CAMERA, 3702) for n in range(200)]
    flood += [Datagram(f"no xml {n}".encode(), CAMERA, 3702) for n in range(200)]
    sink = Sink()
    run(WsDiscovery().run(ScriptedNetwork(udp_script={GROUP: lambda _: flood}), [CAMERA], sink))
    assert 0 < len(sink.evidence) <= MAX_PER_SENDER


def test_no_multicast_on_a_link_without_a_target() -> None:
    net = ScriptedNetwork(scope=("203.0.113.0/24",), chosen=(ETH0,))
    assert run(WsDiscovery().run(net, ["203.0.113.5"], Sink())).outcome is Outcome.EMPTY
    assert net.sent == []


def test_unicast_asks_each_target_once_on_the_link() -> None:
    other = "198.51.100.11"
    net = ScriptedNetwork(udp_script={(CAMERA, 3702): lambda p: [_match(p)], (other, 3702): lambda _: []})
    sink = Sink()
    assert run(WsDiscoveryUnicast().run(net, [CAMERA, other], sink)).alive == {CAMERA}
    assert [one.host for one in net.sent] == [CAMERA, other]


def test_beyond_a_router_the_silent_get_the_other_form_too() -> None:
    far = "203.0.113.5"
    net = ScriptedNetwork(
        scope=("203.0.113.0/24",),
        udp_script={(far, 3702): lambda p: [] if b"NetworkVideoTransmitter<" in p else [_match(p)]},
    )
    assert run(WsDiscoveryUnicast().run(net, [far], Sink())).alive == {far}
    assert len(net.sent) == 2
