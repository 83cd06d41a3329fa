import errno
import os

from scanner.discover.ws_discovery import WsDiscovery
from scanner.net.api import Datagram
from scanner.wire import ws_discovery as wire
from tests.discover.fast import Sink, run
from tests.fakes import ScriptedNetwork

CAMERA = "198.51.100.10"
GROUP = (wire.GROUP, wire.PORT)


def notes_of(net: ScriptedNetwork) -> str:
    return " ".join(run(WsDiscovery().run(net, [CAMERA], Sink())).notes)


def test_nothing_is_noted_where_our_own_question_comes_back() -> None:
    assert notes_of(ScriptedNetwork(udp_script={GROUP: lambda _: []})) == ""


def test_a_question_that_does_not_come_back_is_said() -> None:
    assert "Multicast blocked on eth0?" in notes_of(ScriptedNetwork(udp_script={GROUP: lambda _: []}, loops=False))


def test_a_full_list_of_memberships_costs_the_check_alone() -> None:
    def answer(probe: bytes) -> list[Datagram]:
        return [Datagram(b"no xml", CAMERA, 3702)]

    net = ScriptedNetwork(udp_script={GROUP: answer}, no_joining=os.strerror(errno.ENOBUFS))
    sink = Sink()
    result = run(WsDiscovery().run(net, [CAMERA], sink))
    assert "igmp_max_memberships" in " ".join(result.notes)
    assert result.alive == {CAMERA}


def test_who_answers_to_the_group_is_heard_too() -> None:
    hello = Datagram(b"no xml but words", CAMERA, 3702)

    class Answering(ScriptedNetwork):
        def loop_back(self, data: bytes, group: str, port: int) -> None:
            super().loop_back(data, group, port)
            for _joined, member in self._members:
                member.arrive(hello)

    net = Answering(udp_script={GROUP: lambda _: []})
    assert run(WsDiscovery().run(net, [CAMERA], Sink())).alive == {CAMERA}
    assert net.open_sockets == 0
