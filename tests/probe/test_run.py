import asyncio
from pathlib import Path

import pytest

from scanner.models import Outcome
from scanner.net.api import NetError, Network
from scanner.probe import PROBES, probes_for, run_probe, unique
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.favicon import Favicon
from tests.discover.fast import run
from tests.fakes import ScriptedNetwork
from tests.probe.suspects import HOST, said, suspect


class Faulty:
    name = "faulty"
    stage = Stage.CONTACT
    sends = "nothing"

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    def wanted(self, suspect: Suspect) -> bool:
        return True

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        if self._error is not None:
            raise self._error
        await asyncio.sleep(3600)
        return ProbeResult(Outcome.ANSWERED)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ZeroDivisionError("oops"), Outcome.FAILED),
        (NetError(Outcome.UNREACHABLE, HOST, 80), Outcome.UNREACHABLE),
        (None, Outcome.CUT),
    ],
)
def test_a_fault_costs_one_result(error: Exception | None, outcome: Outcome) -> None:
    result = run(run_probe(Faulty(error), ScriptedNetwork(), suspect()))
    assert result.outcome is outcome
    assert result.detail.startswith("faulty: ")


def test_probes_by_stage_and_wish() -> None:
    assert [probe.name for probe in probes_for(suspect(), Stage.CONTACT)] == ["vendor-udp", "snmp"]
    assert [probe.name for probe in probes_for(suspect(), Stage.FOLLOW_UP)] == ["onvif", "favicon"]
    assert probes_for(suspect(is_camera=False), Stage.FOLLOW_UP) == []
    assert probes_for(suspect(said("onvif", xml="")), Stage.CREDENTIALS) == []


def test_names_are_unique() -> None:
    with pytest.raises(ValueError, match="twice"):
        unique([*PROBES, Favicon()])


def test_each_probe_has_a_test_file() -> None:
    for probe in PROBES:
        module = type(probe).__module__.rpartition(".")[2]
        assert (Path(__file__).parent / f"test_{module}.py").is_file(), module
        assert probe.sends.endswith(".")
