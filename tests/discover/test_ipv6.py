from collections.abc import Iterable

from scanner.discover.ipv6 import MAX_SENDERS, Ipv6, _Heard
from scanner.models import Outcome
from scanner.net.api import Datagram, Interface, Neighbour
from scanner.wire import ssdp
from scanner.wire import ws_discovery as wire
from tests.discover.fast import Sink, run
from tests.fakes import ETH0, ScriptedNetwork, UdpAnswer

TARGET = "198.51.100.10"
CAMERA, OTHER, OWN = "fe80::4619:b6ff:fe00:1", "2001:db8::7", "fe80::1"
LINK = Interface(name="eth0", index=2, addresses=("198.51.100.1/24", f"{OWN}/64"))
WS, SSDP, MDNS = ("ff02::c", 3702), ("ff02::c", 1900), ("ff02::fb", 5353)


def match(probe: bytes, xaddr: str = "http://203.0.113.9/") -> bytes:
    return wire.build_probe_match(
        relates_to=wire.message_id(probe) or "",
        message_id="urn:uuid:7",
        endpoint="urn:uuid:1",
        scopes=("onvif://www.onvif.org/hardware/AC-200",),
        xaddrs=(xaddr,),
    )


def silent(_: bytes) -> Iterable[Datagram]:
    return []


def network(ws: UdpAnswer = silent, **more: object) -> ScriptedNetwork:
    script = {WS: ws, SSDP: silent, MDNS: silent}
    return ScriptedNetwork(**{"udp_script": script, "chosen": (LINK,), "echo_script": {}, **more})  # type: ignore[arg-type]


def test_who_answers_is_heard_and_asked_nothing() -> None:
    net = network(
        lambda probe: [Datagram(match(probe), CAMERA, 3702)],
        table=[Neighbour(CAMERA, "44:19:b6:00:00:01", "eth0", resolved=True)],
    )
    sink = Sink()
    result = run(Ipv6().run(net, [TARGET], sink))
    assert result.outcome is Outcome.ANSWERED
    assert result.alive == {CAMERA}
    assert {one.host for one in sink.evidence} == {CAMERA}
    assert {one.get("interface") for one in sink.evidence} == {"eth0"}
    assert [one.get("mac") for one in sink.of("mac")] == ["44:19:b6:00:00:01"]
    assert {(one.kind, one.host) for one in net.sent} == {
        ("multicast", "ff02::c"), ("multicast", "ff02::fb"), ("multicast", "ff02::1")
    }  # fmt: skip
    assert len(net.sent) == 4
    assert net.outsiders == [(CAMERA, "203.0.113.9")]


def test_our_own_address_is_nobody() -> None:
    net = network(lambda probe: [Datagram(match(probe), OWN, 3702)], echo_script={"eth0": [OWN]})
    assert run(Ipv6().run(net, [TARGET], Sink())).outcome is Outcome.EMPTY


def test_what_is_in_scope_and_no_target_was_left_out_on_purpose() -> None:
    net = network(lambda probe: [Datagram(match(probe), OTHER, 3702)], scope=("198.51.100.0/24", "2001:db8::/64"))
    sink = Sink()
    run(Ipv6().run(net, [TARGET], sink))
    assert sink.evidence == []


def test_who_only_echoes_has_its_mac() -> None:
    net = network(
        echo_script={"eth0": [CAMERA]},
        table=[
            Neighbour(CAMERA, "44:19:b6:00:00:01", "eth0", resolved=True),
            Neighbour("fe80::99", "44:19:b6:00:00:99", "eth0", resolved=True),
            Neighbour(CAMERA, "44:19:b6:00:00:02", "eth1", resolved=True),
        ],
    )
    sink = Sink()
    assert run(Ipv6().run(net, [TARGET], sink)).alive == {CAMERA}
    assert [(one.host, one.get("mac")) for one in sink.evidence] == [(CAMERA, "44:19:b6:00:00:01")]


def test_without_the_right_to_echo_the_rest_goes_on_and_it_is_said() -> None:
    net = network(lambda probe: [Datagram(match(probe), CAMERA, 3702)], echo_script=None)
    result = run(Ipv6().run(net, [TARGET], Sink()))
    assert result.alive == {CAMERA}
    assert "no echo" in " ".join(result.notes)


def test_a_link_without_a_link_local_address_or_a_target_is_not_spoken_to() -> None:
    for link, target in ((ETH0, TARGET), (LINK, "203.0.113.5")):
        net = network(chosen=(link,), scope=("198.51.100.0/24", "203.0.113.0/24"))
        assert run(Ipv6().run(net, [target], Sink())).outcome is Outcome.EMPTY
        assert net.sent == []


def test_a_forger_of_addresses_can_not_fill_the_log() -> None:
    heard = _Heard(network(), [TARGET])
    admitted = [heard.admits(f"fe80::{number:x}") for number in range(2, MAX_SENDERS + 200)]
    assert admitted.count(True) == len(heard.senders) == MAX_SENDERS
    assert heard.full
    assert heard.admits("fe80::2")


def test_the_question_names_the_group_that_it_goes_to() -> None:
    net = network()
    run(Ipv6().run(net, [TARGET], Sink()))
    search, again = net.requests(*SSDP)
    assert again == search  # nobody answered
    assert b"HOST: [FF02::C]:1900" in search
    assert ssdp.parse(search).start_line.startswith("M-SEARCH")
