from scanner.discover.neighbours import Neighbours
from scanner.models import Outcome
from scanner.net.api import Neighbour
from tests.discover.fast import Sink, run
from tests.fakes import ScriptedNetwork

ROWS = (
    Neighbour("198.51.100.10", "44:19:b6:00:00:01", "eth0", resolved=True),
    Neighbour("198.51.100.11", None, "eth0", resolved=False),
    Neighbour("198.51.100.12", "44:19:b6:00:00:02", "eth0", resolved=True),
)


def test_resolved_targets_only() -> None:
    sink = Sink()
    result = run(Neighbours().run(ScriptedNetwork(table=ROWS), ["198.51.100.10", "198.51.100.11"], sink))
    assert result.outcome is Outcome.ANSWERED
    assert result.alive == {"198.51.100.10"}
    assert [(e.protocol, e.get("mac")) for e in sink.evidence] == [("mac", "44:19:b6:00:00:01")]


def test_empty_table() -> None:
    assert run(Neighbours().run(ScriptedNetwork(), ["198.51.100.10"], Sink())).outcome is Outcome.EMPTY
