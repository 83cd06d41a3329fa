from scanner.models import Outcome
from scanner.probe.contract import ProbeResult
from scanner.probe.snmp import SnmpDiscovery
from scanner.wire import snmp as wire
from tests.discover.fast import run
from tests.fakes import ScriptedNetwork
from tests.probe.suspects import HOST, said, suspect

ENGINE = "800098fd0344 19b6000001".replace(" ", "")


def _run(net: ScriptedNetwork) -> ProbeResult:
    return run(SnmpDiscovery().run(net, suspect()))


def test_the_engine_identifier_is_read_from_one_datagram_without_a_secret() -> None:
    net = ScriptedNetwork(
        udp_script={(HOST, 161): lambda asked: [wire.build_report(wire.parse_request(asked), ENGINE, 1, 2)]}
    )
    result = _run(net)
    assert result.outcome is Outcome.ANSWERED
    assert [one.fields for one in result.evidence] == [{"engine_id": ENGINE}]
    [request] = net.requests(HOST, 161)
    asked = wire.parse_request(request)
    assert (asked.version, asked.user, asked.names) == (3, b"", ())
    assert b"public" not in request


def test_silence() -> None:
    assert _run(ScriptedNetwork(udp_script={(HOST, 161): lambda _: []})).outcome is Outcome.TIMED_OUT


def test_an_answer_that_is_none_is_kept() -> None:
    result = _run(ScriptedNetwork(udp_script={(HOST, 161): lambda _: [b"\x30\x00"]}))
    assert result.outcome is Outcome.MALFORMED
    assert result.evidence[0].get("hex") == "3000"


def test_once() -> None:
    assert SnmpDiscovery().wanted(suspect())
    assert not SnmpDiscovery().wanted(suspect(said("snmp", engine_id=ENGINE)))
