from collections.abc import Callable, Sequence

from scanner.discover.mdns import Mdns, MdnsUnicast
from scanner.discover.mdns_browser import Resolved
from scanner.net.api import Datagram, Interface
from scanner.wire import mdns as wire
from tests.discover.fast import Sink, run
from tests.fakes import ScriptedNetwork

CAMERA = "198.51.100.10"
SERVICE = wire.MdnsService(
    service="_axis-video._tcp.local.",
    name="AC-200 - 001122334455._axis-video._tcp.local.",
    host="ac-200.local.",
    port=80,
    txt={"macaddress": "001122334455"},
    addresses=(CAMERA,),
)


def _responder(services: Sequence[wire.MdnsService]) -> Callable[[bytes], list[bytes]]:
    return lambda query: wire.build_response(services, query=query)


def test_a_listed_type_is_asked_for_by_name() -> None:
    net = ScriptedNetwork(udp_script={(CAMERA, 5353): _responder([SERVICE])})
    sink = Sink()
    assert run(MdnsUnicast().run(net, [CAMERA], sink)).alive == {CAMERA}
    named = [one for one in sink.of("mdns") if one.get("name")]
    assert named[0].get("txt") == {"macaddress": "001122334455"}
    assert (named[0].get("port"), named[0].get("hostname")) == (80, "ac-200.local.")
    assert len(net.sent) == 2
    assert all(len(wire.questions(one.data, "")) <= 2 for one in net.sent)


def test_the_sender_is_the_host_whatever_the_packet_says() -> None:
    liar = wire.MdnsService(SERVICE.service, SERVICE.name, SERVICE.host, 80, {}, ("203.0.113.7",))
    net = ScriptedNetwork(udp_script={(CAMERA, 5353): _responder([liar])})
    sink = Sink()
    run(MdnsUnicast().run(net, [CAMERA], sink))
    assert {one.host for one in sink.evidence} == {CAMERA}


def test_garbage_is_no_answer() -> None:
    net = ScriptedNetwork(udp_script={(CAMERA, 5353): lambda _: [b"\x00" * 5, b"\xff" * 300]})
    sink = Sink()
    assert run(MdnsUnicast().run(net, [CAMERA], sink)).alive == frozenset()
    assert sink.evidence == []


def test_hostile_type_names_are_not_repeated() -> None:
    names = [f"_{'x' * 60}._tcp.local.", "_a.b.c._tcp.local.", *(f"_t{n}._tcp.local." for n in range(40))]
    net = ScriptedNetwork(udp_script={(CAMERA, 5353): _responder([wire.MdnsService(name) for name in names])})
    run(MdnsUnicast().run(net, [CAMERA], Sink()))
    assert len(net.sent) <= 4
    assert not any(b"xxxxxxxxxx" in one.data for one in net.sent)


def test_without_a_multicast_link_that_is_said() -> None:
    lo = Interface(name="lo", index=1, addresses=("127.0.0.1/8",), multicast=False, loopback=True)
    net = ScriptedNetwork(scope=("127.0.0.0/8",), chosen=(lo,))
    result = run(Mdns().run(net, ["127.0.0.5"], Sink()))
    assert result.notes == ("mDNS not browsed: no link with a target carries multicast",)
    assert net.sent == []


async def _no_browser(address: str, types: Sequence[str], seconds: float, resolved: Resolved) -> list[str]:
    return [f"not browsed from {address}"]


def test_what_the_browser_resolves_belongs_to_targets_only() -> None:
    async def browser(address: str, types: Sequence[str], seconds: float, resolved: Resolved) -> list[str]:
        await resolved(SERVICE)
        await resolved(
            wire.MdnsService("_http._tcp.local.", "x._http._tcp.local.", addresses=("203.0.113.7", "fe80::1"))
        )
        return []

    net = ScriptedNetwork(udp_script={(wire.GROUP, 5353): lambda _: []})
    sink = Sink()
    run(Mdns(browser).run(net, [CAMERA], sink))
    assert [one.host for one in sink.evidence] == [CAMERA]
    assert {address for _, address in net.outsiders} == {"203.0.113.7"}


def test_multicast_questions_are_short_and_senders_kept() -> None:
    def answer(query: bytes) -> list[Datagram]:
        return [Datagram(packet, CAMERA, 5353) for packet in wire.build_response([SERVICE], query=query)]

    net = ScriptedNetwork(udp_script={(wire.GROUP, 5353): answer, (CAMERA, 5353): lambda _: []})
    sink = Sink()
    assert run(Mdns(_no_browser).run(net, [CAMERA], sink)).notes == ("not browsed from 198.51.100.1",)
    assert {one.host for one in sink.evidence} == {CAMERA}
    assert all(len(wire.questions(one.data, "")) <= 2 for one in net.sent if one.kind == "multicast")
