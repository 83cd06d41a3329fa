"""Vendor protocols by unicast: only the plausible ones, each answer to its asker, silence soon given up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scanner.models import Evidence, Outcome
from scanner.net.api import Datagram, NetError
from scanner.net.conditions import Conditions
from scanner.probe.post import box
from scanner.probe.vendor_udp import VendorUdp, plausible
from scanner.wire.vendor import PROTOCOLS
from tests.discover.fast import run
from tests.fakes import ScriptedNetwork
from tests.probe.suspects import HOST, said, suspect
from tests.wire.vendor_samples import ANSWERS

BLIND = ["sadp", "dhip", "dvrip", "tplink"]


def _names(*evidence: Evidence, **more: Any) -> list[str]:
    return [one.name for one in plausible(suspect(*evidence, **more))]


def test_what_is_plausible() -> None:
    assert _names() == BLIND
    assert _names(makers=("Dahua", "Amcrest")) == ["dhip", "dahua"]
    assert _names(makers=("Axis",)) == []
    assert _names(makers=("Axis",), ports={8000: "open"}) == ["sadp"]
    assert _names(makers=("LTS",), ports={37777: "open", 34567: "open"}) == ["dhip", "dvrip"]
    assert _names(makers=("Axis",), ports={9000: "open"}) == ["reolink"]
    assert _names(makers=("TP-Link",)) == ["tplink", "tplink-20004", "tplink-9999"]
    assert _names(ports={}) == BLIND


def test_what_is_not_worth_a_packet() -> None:
    assert _names(makers=("Dahua",), settled=True) == []
    assert _names(is_camera=False) == []
    assert _names(said("dhip", json={}), said("dahua", fields={}), makers=("Dahua",)) == []
    assert not VendorUdp().wanted(suspect(makers=("Axis",)))
    assert VendorUdp().wanted(suspect())


def test_an_answer_ends_it() -> None:
    net = ScriptedNetwork(
        udp_script={(HOST, 37810): lambda _asked: [b"noise", ANSWERS["dhip"]]}, unscripted=Outcome.TIMED_OUT
    )
    result = run(VendorUdp().run(net, suspect()))
    assert result.outcome is Outcome.ANSWERED
    [only] = result.evidence
    assert (only.host, only.protocol) == (HOST, "dhip")
    assert [one.port for one in net.sent] == [37020, 37810]
    assert net.open_sockets == 0


def test_silence() -> None:
    net = ScriptedNetwork(unscripted=Outcome.TIMED_OUT)
    result = run(VendorUdp().run(net, suspect()))
    assert (result.outcome, result.evidence) == (Outcome.TIMED_OUT, ())
    assert [one.port for one in net.sent] == [37020, 37810, 34569, 20002]
    assert {one.kind for one in net.sent} == {"udp"}


def test_answers_of_others_are_not_its_own() -> None:
    forged = Datagram(ANSWERS["sadp"], "198.51.100.77", 37020)
    net = ScriptedNetwork(udp_script={(HOST, 37020): lambda _asked: [forged]}, unscripted=Outcome.TIMED_OUT)
    assert run(VendorUdp().run(net, suspect(makers=("Hikvision",)))).evidence == ()


def test_many_devices_share_the_port_that_answers_come_to() -> None:
    hosts = [f"198.51.100.{n}" for n in range(10, 40)]
    net = ScriptedNetwork(udp_script={(host, 7701): lambda _asked: [ANSWERS["hanwha"]] for host in hosts})

    async def ask_all() -> list[str]:
        everyone = [suspect(makers=("Hanwha Vision",)) for _ in hosts]
        chosen = [type(one)(host, one.open_ports, makers=one.makers) for one, host in zip(everyone, hosts, strict=True)]
        results = await asyncio.gather(*(VendorUdp().run(net, one) for one in chosen))
        return [one.host for result in results for one in result.evidence]

    assert run(ask_all()) == hosts
    assert net.open_sockets == 0


def test_a_port_that_can_not_be_opened_is_said_to_all_who_wait() -> None:
    class Closed(ScriptedNetwork):
        def udp(self, *_args: object, **_more: object) -> Any:
            raise NetError(Outcome.NOT_PERMITTED, "any", 7711)

    async def try_both() -> list[object]:
        async def one(host: str) -> None:
            async with box(Closed(), host, 7711):
                pass

        return list(await asyncio.gather(one(HOST), one("198.51.100.11"), return_exceptions=True))

    assert [type(one) for one in run(try_both())] == [NetError, NetError]


@pytest.mark.parametrize(
    "name",
    [
        "dahua",
        "vivotek",
        "sony",
        "bosch",
        "panasonic",
        "ubnt",
        "foscam",
        "vstarcam",
        "tvt",
        "reolink",
        "topsee",
        "dynacolor",
        "vision360",
        "nice",
        "gige",
    ],
)
def test_each_protocol_by_its_maker(name: str) -> None:
    protocol = next(one for one in PROTOCOLS if one.name == name)
    net = ScriptedNetwork(
        udp_script={(HOST, protocol.port): lambda _asked: [ANSWERS[name]]}, unscripted=Outcome.TIMED_OUT
    )
    result = run(VendorUdp().run(net, suspect(makers=protocol.makers)))
    assert [one.protocol for one in result.evidence] == [protocol.evidence]
    assert result.evidence[0].get("port") == protocol.port


def test_beyond_a_router_all_are_worth_asking_of_one_that_nothing_names() -> None:
    assert _names(routed=True) == [protocol.name for protocol in PROTOCOLS]
    assert _names(routed=True, makers=("Axis",)) == []
    net = ScriptedNetwork(udp_script={(HOST, 10001): lambda _asked: [ANSWERS["ubnt"]]}, unscripted=Outcome.TIMED_OUT)
    result = run(VendorUdp().run(net, suspect(routed=True)))
    assert [one.protocol for one in result.evidence] == ["ubnt"]
    assert len(net.sent) == len(PROTOCOLS)
    assert net.open_sockets == 0


def test_where_packets_get_lost_it_is_asked_once_more() -> None:
    asked: list[bytes] = []

    def second_time(question: bytes) -> list[bytes]:
        asked.append(question)
        return [ANSWERS["dvrip"]] if len(asked) == 2 else []

    net = ScriptedNetwork(
        udp_script={(HOST, 34569): second_time},
        unscripted=Outcome.TIMED_OUT,
        weather=Conditions(rtt=0.1, loss=0.05, lossy=True),
    )
    result = run(VendorUdp().run(net, suspect()))
    assert [one.protocol for one in result.evidence] == ["dvrip"]
    assert len(net.sent) == 2 * len(BLIND)
