"""The coverage says first what was not reached, and never hides what ended early."""

from __future__ import annotations

from scanner.coverage import coverage_of
from scanner.net.api import Interface
from scanner.net.ledger import Ledger
from scanner.net.targets import parse_targets
from scanner.sweep import Gathered, SweepOptions

SCOPE = parse_targets(["198.51.100.0/28"], exclude=["198.51.100.5"])
OPTIONS = SweepOptions(targets=tuple(SCOPE.addresses()), own=("198.51.100.1",))
ETH0 = Interface(name="eth0", index=2, addresses=("198.51.100.1/24",))
DOCKER = Interface(name="docker0", index=3, addresses=("172.17.0.1/16",), skip="container network")


def test_what_was_not_reached_comes_first() -> None:
    gathered = Gathered(complete=False, alive={"198.51.100.2"}, cut=["198.51.100.2"], failures={"snmp on x": "boom"})
    coverage = coverage_of(SCOPE, OPTIONS, gathered, [ETH0], [DOCKER], Ledger())
    assert (coverage.addresses, coverage.answered, coverage.silent) == (13, 1, 12)
    assert coverage.notes[0] == "The sweep ended before every address was asked."
    assert coverage.notes[1].startswith("12 of 13 addresses did not answer: the sweep ended before each was asked")
    text = " ".join(coverage.notes)
    for word in ("198.51.100.5", "Cut short", "boom", "own address"):
        assert word in text
    assert [(i.name, i.used, i.reason) for i in coverage.interfaces] == [
        ("eth0", True, ""),
        ("docker0", False, "container network"),
    ]


def test_who_is_elsewhere_is_named_and_told_apart() -> None:
    ledger = Ledger()
    ledger.note_outside("SSDP answer", "192.0.2.9")
    ledger.note_outside("198.51.100.2", "203.0.113.99")
    notes = " ".join(coverage_of(SCOPE, OPTIONS, Gathered(complete=True), [ETH0], [], ledger).notes)
    assert "outside the scope and not asked anything: 192.0.2.9" in notes
    assert "198.51.100.2 to 203.0.113.99" in notes


def test_without_an_interface_on_the_network_the_report_says_what_that_costs() -> None:
    notes = " ".join(coverage_of(SCOPE, OPTIONS, Gathered(complete=True), [], [], Ledger()).notes)
    assert "multicast" in notes


def test_the_busiest_device_is_named() -> None:
    ledger = Ledger()
    ledger.count("198.51.100.2", packets=30)
    ledger.count("198.51.100.3", packets=31)
    coverage = coverage_of(SCOPE, OPTIONS, Gathered(complete=True), [ETH0], [], ledger)
    assert coverage.busiest == "198.51.100.3 (31 packets)"
    assert coverage.packets == 61
