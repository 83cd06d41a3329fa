"""One sweep over a scripted network: what is asked of whom, what is on disk when, and what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from scanner.derive import Context
from scanner.discover import Discovery, Emit
from scanner.models import Device, Evidence, LogError, Outcome
from scanner.net.api import Network
from scanner.net.conditions import Conditions
from scanner.probe import Login
from scanner.probe.ports import FIRST_TIER, SECOND_TIER
from scanner.progress import Silent
from scanner.runs import EVIDENCE, STATE, RunFolder
from scanner.sweep import Gathered, Sweeper, SweepOptions
from tests.discover import fast
from tests.fakes import ScriptedNetwork

CAMERA, PRINTER, EMPTY = "198.51.100.10", "198.51.100.11", "198.51.100.12"
PAGE = b"HTTP/1.1 200 OK\r\nServer: %s\r\nContent-Length: %d\r\n\r\n%s"
HIKVISION = PAGE % (b"App-webs/", 55, b'<script>location="/doc/page/login.asp"</script>'.ljust(55))
PRINTED = PAGE % (b"HP HTTP Server; HP LaserJet 400 M401dne - CF278A", 0, b"")


@pytest.fixture(scope="module")
def context() -> Context:
    return Context.load(as_of=date(2026, 11, 22))


def site() -> ScriptedNetwork:
    """A camera, a printer, and an address that refuses everything; no interface, so only direct questions."""
    return ScriptedNetwork(
        tcp={(CAMERA, 80, False): HIKVISION, (PRINTER, 80, False): PRINTED},
        chosen=(),
        unscripted=Outcome.REFUSED,
    )


async def everybody(_net: Network, targets: Sequence[str], _emit: object, *, ipv6: bool) -> Discovery:
    """No time spent on listening: every target is worth a connection (tests/discover has the discoverers)."""
    return Discovery(candidates=tuple(targets))


class Watching(Silent):
    """Checks, whenever a judgement is told, that the evidence for it is on disk."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.told: dict[str, Device] = {}

    def device(self, device: Device) -> None:
        lines = [line for line in self.log.read_text().splitlines() if f'"{device.host}"' in line]
        assert len(lines) >= device.evidence_count
        self.told[device.host] = device


def sweep(
    net: ScriptedNetwork,
    folder: Path,
    context: Context,
    *,
    resume: bool = False,
    budget: float | None = None,
    targets: tuple[str, ...] = (CAMERA, PRINTER, EMPTY),
    logins: Callable[[str, str | None], Login | None] = lambda _host, _mac: None,
) -> tuple[Gathered, Watching]:
    options = SweepOptions(targets=targets, budget=budget, logins=logins)
    watching = Watching(folder / EVIDENCE)
    open_folder: Callable[[Path], RunFolder] = RunFolder.reopen if resume else RunFolder.create
    with open_folder(folder) as run:
        sweeper = Sweeper(net, run, context, options, watching, find=everybody)
        asyncio.run(sweeper.gather())
    return sweeper.gathered, watching


def test_evidence_is_on_disk_before_it_is_judged(tmp_path: Path, context: Context) -> None:
    gathered, watching = sweep(site(), tmp_path, context)
    assert gathered.complete
    assert gathered.failures == {}
    assert watching.told[CAMERA].maker == "Hikvision"
    assert watching.told[CAMERA].status == "listed"
    assert watching.told[PRINTER].is_camera is False


def test_an_address_that_only_refuses_is_there_all_the_same(tmp_path: Path, context: Context) -> None:
    gathered, watching = sweep(site(), tmp_path, context)
    assert EMPTY in gathered.alive
    assert watching.told[EMPTY].maker is None
    assert watching.told[EMPTY].status == "undetermined"


def test_what_is_no_camera_is_asked_less(tmp_path: Path, context: Context) -> None:
    net = site()
    sweep(net, tmp_path, context)
    asked = {host: [sent for sent in net.sent if sent.host == host] for host in (CAMERA, PRINTER)}
    assert len(asked[PRINTER]) < len(asked[CAMERA])
    assert not [sent for sent in net.sent if b"Authorization:" in sent.data]


def test_a_resumed_sweep_asks_only_who_is_left(tmp_path: Path, context: Context) -> None:
    sweep(site(), tmp_path, context)
    state = (tmp_path / STATE).read_text().splitlines(keepends=True)
    (tmp_path / STATE).write_text("".join(line for line in state if f'"visited":"{PRINTER}"' not in line))
    net = site()
    gathered, _ = sweep(net, tmp_path, context, resume=True)
    assert gathered.complete
    assert gathered.alive == {CAMERA, PRINTER, EMPTY}
    assert {sent.host for sent in net.sent} == {PRINTER}


def test_a_budget_leaves_a_part_and_says_so(tmp_path: Path, context: Context) -> None:
    class Slow(ScriptedNetwork):
        async def connect(self, *arguments: object, **options: object) -> None:  # type: ignore[override]
            await asyncio.sleep(60)

    gathered, _ = sweep(Slow(chosen=(), unscripted=Outcome.TIMED_OUT), tmp_path, context, budget=0.5)
    assert not gathered.complete
    assert "budget" in gathered.ended


def test_a_log_that_cannot_be_written_stops_the_sweep(tmp_path: Path, context: Context) -> None:
    class Full(RunFolder):
        def append(self, evidence: Evidence) -> None:
            raise LogError("can't write the evidence log: No space left on device")

    net = site()
    with Full.create(tmp_path) as run:
        sweeper = Sweeper(net, run, context, SweepOptions(targets=(CAMERA, PRINTER, EMPTY)), Silent(), find=everybody)
        with pytest.raises(LogError, match="No space left"):
            asyncio.run(sweeper.gather())
    assert not sweeper.gathered.complete


def test_a_fault_of_ours_costs_one_answer_and_is_told(tmp_path: Path, context: Context) -> None:
    class Broken(ScriptedNetwork):
        def udp(self, *arguments: object, **options: object) -> None:  # type: ignore[override]
            raise ZeroDivisionError("our own fault")

    broken = Broken(
        tcp={(CAMERA, 80, False): HIKVISION}, chosen=(), unscripted=Outcome.REFUSED
    )  # every question by UDP fails
    gathered, watching = sweep(broken, tmp_path, context)
    assert gathered.complete
    assert gathered.failures
    assert watching.told[CAMERA].maker == "Hikvision"


def forget_visits(folder: Path) -> None:
    """As a kill after discovery leaves it."""
    state = (folder / STATE).read_text().splitlines(keepends=True)
    (folder / STATE).write_text("".join(line for line in state if '"visited"' not in line))


def test_a_resumed_sweep_leaves_out_what_is_now_excluded(tmp_path: Path, context: Context) -> None:
    sweep(site(), tmp_path, context)
    forget_visits(tmp_path)
    net = site()
    sweep(net, tmp_path, context, resume=True, targets=(CAMERA, EMPTY))
    assert CAMERA in {sent.host for sent in net.sent}
    assert PRINTER not in {sent.host for sent in net.sent}


def test_a_device_whose_evidence_was_lost_is_asked_again(tmp_path: Path, context: Context) -> None:
    sweep(site(), tmp_path, context)
    log = (tmp_path / EVIDENCE).read_text().splitlines(keepends=True)
    (tmp_path / EVIDENCE).write_text(
        "".join(line if CAMERA not in line else "\0" * (len(line) - 1) + "\n" for line in log)
    )
    net = site()
    gathered, watching = sweep(net, tmp_path, context, resume=True)
    assert gathered.complete
    assert watching.told[CAMERA].maker == "Hikvision"
    assert PRINTER not in {sent.host for sent in net.sent}


def test_a_damaged_note_of_the_discovery_is_found_out_anew(tmp_path: Path, context: Context) -> None:
    sweep(site(), tmp_path, context)
    (tmp_path / STATE).write_text('{"options": {}}\n{"discovered": {"candidates": 7}}\n[[[\n')
    gathered, watching = sweep(site(), tmp_path, context, resume=True)
    assert gathered.complete
    assert watching.told[CAMERA].maker == "Hikvision"


def test_a_fault_in_the_first_contact_costs_one_device(tmp_path: Path, context: Context) -> None:
    class Broken(ScriptedNetwork):
        async def connect(self, host: str, *arguments: object, **options: object) -> object:  # type: ignore[override]
            if host == CAMERA:
                raise ZeroDivisionError("our own fault")
            return await super().connect(host, *arguments, **options)  # type: ignore[arg-type]

    broken = Broken(tcp={(PRINTER, 80, False): PRINTED}, chosen=(), unscripted=Outcome.REFUSED)
    gathered, watching = sweep(broken, tmp_path, context)
    assert gathered.complete
    assert "first contact with 198.51.100.10" in gathered.failures
    assert watching.told[PRINTER].is_camera is False


def test_a_login_given_for_a_mac_is_not_had_by_saying_that_mac(tmp_path: Path, context: Context) -> None:
    asked: list[tuple[str, str | None]] = []

    def logins(host: str, mac: str | None) -> Login | None:
        asked.append((host, mac))
        return None

    folder = tmp_path / "run"
    RunFolder.create(folder).close()
    claim = Evidence(
        CAMERA, "upnp", {"xml": "<root><device><MACAddress>44:19:b6:00:00:01</MACAddress></device></root>"}
    )
    (folder / EVIDENCE).write_bytes(claim.to_line())
    sweep(site(), folder, context, resume=True, logins=logins)
    assert asked
    assert {mac for _, mac in asked} == {None}
    link = Evidence(CAMERA, "mac", {"mac": "44-19-B6-00-00-02"})
    (folder / EVIDENCE).write_bytes(claim.to_line() + link.to_line())
    (folder / STATE).write_bytes(b"")
    asked.clear()
    sweep(site(), folder, context, resume=True, logins=logins)
    assert {mac for host, mac in asked if host == CAMERA} == {"44:19:b6:00:00:02"}


MUTE, FAR, FAR_MUTE = "198.51.100.13", "203.0.113.5", "203.0.113.6"


class Again:
    """Stands in for the repeated questions: who is asked again, and who answers then."""

    def __init__(self, *answers: str) -> None:
        self.asked: list[str] = []
        self._answers = answers

    async def __call__(
        self, _net: Network, targets: Sequence[str], emit: Callable[[Evidence], Awaitable[None]]
    ) -> None:
        self.asked += targets
        for host in self._answers:
            await emit(Evidence(host, "sadp", {"xml": "<ProbeMatch/>"}))


def look_again(tmp_path: Path, context: Context, weather: Conditions, again: Again) -> tuple[ScriptedNetwork, Gathered]:
    net = ScriptedNetwork(
        scope=("198.51.100.0/24", "203.0.113.0/24"),
        tcp={(CAMERA, 80, False): HIKVISION, (FAR, 80, False): HIKVISION},
        unscripted=Outcome.TIMED_OUT,
        weather=weather,
    )
    targets = (CAMERA, MUTE, FAR, FAR_MUTE)

    async def find(
        _net: Network, _targets: object, emit: Callable[[Evidence], Awaitable[None]], *, ipv6: bool
    ) -> Discovery:
        for host in (CAMERA, MUTE):
            await emit(Evidence(host, "mac", {"mac": "44:19:b6:00:00:01"}))
        return Discovery(alive=frozenset({CAMERA, MUTE}), candidates=targets)

    with RunFolder.create(tmp_path) as run:
        sweeper = Sweeper(net, run, context, SweepOptions(targets=targets), Silent(), find=find, ask_again=again)
        fast.run(sweeper.gather())
    return net, sweeper.gathered


def test_where_packets_get_lost_the_silent_and_the_mute_are_asked_again(tmp_path: Path, context: Context) -> None:
    again = Again(FAR_MUTE)
    _, gathered = look_again(tmp_path, context, Conditions(rtt=0.1, loss=0.05, lossy=True), again)
    assert again.asked == [MUTE, FAR_MUTE]
    assert FAR_MUTE in gathered.alive
    assert gathered.mute == {MUTE}


def test_where_nothing_is_lost_nobody_is_asked_again(tmp_path: Path, context: Context) -> None:
    again = Again(FAR_MUTE)
    _, gathered = look_again(tmp_path, context, Conditions(), again)
    assert again.asked == []
    assert FAR_MUTE not in gathered.alive


def test_all_ports_of_one_that_may_be_there_are_tried_and_no_more_of_an_empty_network(
    tmp_path: Path, context: Context
) -> None:
    net, _ = look_again(tmp_path, context, Conditions(), Again())
    assert {one.port for one in net.sent if one.host == MUTE and one.kind == "connect"} >= {*FIRST_TIER, *SECOND_TIER}
    assert {one.port for one in net.sent if one.host == FAR_MUTE and one.kind == "connect"} >= {*SECOND_TIER}
    alone = ScriptedNetwork(scope=("203.0.113.0/24",), unscripted=Outcome.TIMED_OUT)
    sweep(alone, tmp_path / "alone", context, targets=(FAR_MUTE,))
    assert len({one.port for one in alone.sent if one.kind == "connect"}) < len(FIRST_TIER)


def test_one_that_answers_arp_and_refuses_all_is_not_called_walled_off(tmp_path: Path, context: Context) -> None:
    async def find(_net: Network, targets: Sequence[str], emit: Emit, *, ipv6: bool) -> Discovery:
        await emit(Evidence(EMPTY, "mac", {"mac": "44:19:b6:00:00:01"}))
        return Discovery(alive=frozenset({EMPTY}), candidates=tuple(targets))

    with RunFolder.create(tmp_path) as run:
        sweeper = Sweeper(site(), run, context, SweepOptions(targets=(EMPTY,)), Silent(), find=find)
        fast.run(sweeper.gather())
    assert sweeper.gathered.mute == set()
    assert sweeper.gathered.refusing == {EMPTY}
