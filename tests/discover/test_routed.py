"""Beyond routers: one datagram a protocol that anybody may speak, by unicast."""

from scanner.discover.routed import RoutedUnicast
from scanner.models import Outcome
from scanner.net.api import Datagram
from scanner.wire import snmp
from scanner.wire.vendor import PROTOCOLS
from tests.discover.fast import Sink, run
from tests.fakes import ScriptedNetwork
from tests.wire.vendor_samples import ANSWERS

FAR, OTHER = "203.0.113.5", "203.0.113.6"
BLIND = [protocol for protocol in PROTOCOLS if protocol.blind]
ENGINE = "8000017003b8a44f000001"


def test_one_datagram_a_protocol_and_address() -> None:
    net = ScriptedNetwork(scope=("203.0.113.0/24",), unscripted=Outcome.TIMED_OUT)
    result = run(RoutedUnicast().run(net, [FAR, OTHER], Sink()))
    assert result.outcome is Outcome.EMPTY
    ports = sorted([161, *(protocol.port for protocol in BLIND)])
    for host in (FAR, OTHER):
        assert sorted(one.port for one in net.sent if one.host == host) == ports
    assert {one.kind for one in net.sent} == {"udp"}
    assert net.open_sockets == 0


def test_each_answer_is_evidence_of_its_sender() -> None:
    def engine(question: bytes) -> list[bytes]:
        return [snmp.build_report(snmp.parse_request(question), ENGINE, 1, 1)]

    script = {(FAR, protocol.port): lambda _asked, p=protocol: [b"noise", ANSWERS[p.name]] for protocol in BLIND}
    net = ScriptedNetwork(
        scope=("203.0.113.0/24",), unscripted=Outcome.TIMED_OUT, udp_script={**script, (OTHER, 161): engine}
    )
    sink = Sink()
    result = run(RoutedUnicast().run(net, [FAR, OTHER], sink))
    assert result.alive == {FAR, OTHER}
    assert {(one.host, one.protocol) for one in sink.evidence} == {
        (OTHER, "snmp"), *((FAR, protocol.evidence) for protocol in BLIND)
    }  # fmt: skip
    assert [one.get("engine_id") for one in sink.of("snmp")] == [ENGINE]


def test_a_stranger_is_no_evidence() -> None:
    def stranger(_asked: bytes) -> list[Datagram]:
        return [Datagram(ANSWERS["dhip"], "192.0.2.1", 37810)]

    net = ScriptedNetwork(scope=("203.0.113.0/24",), unscripted=Outcome.TIMED_OUT, udp_script={(FAR, 37810): stranger})
    sink = Sink()
    run(RoutedUnicast().run(net, [FAR], sink))
    assert sink.evidence == []
    assert net.outsiders == [("unicast discovery answer", "192.0.2.1")]
