"""Five nights of one site, through every example as its own system would run it, side by side on one wire.

First all is new; then nothing; then a listed camera comes; then a segment falls silent; then a list changes and no
device does. Needs root for network namespaces; skipped without. Nothing here asserts on a clock.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scanner.lab.sites import device_files, make_device
from scanner.lab.spec import Site
from scanner.registry import load_registry
from scanner.registry.importing import import_lists
from scanner.registry.overlay import render_overlay, sign_off
from tests.e2e.namespaces import ROOT, Namespaces, needed
from tests.examples.systems import EXAMPLES, SYSTEMS, Ended, GitHub, System, Systemd
from tests.registry.importing import lists

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(bool(needed()), reason=needed() or "-"),
    pytest.mark.xdist_group("five nights"),
]

LISTED, COMES, NEWLY_LISTED, PRINTER = "198.51.100.10", "198.51.100.14", "198.51.100.12", "198.51.100.13"
SEGMENT = ("198.51.100.20", "198.51.100.21", "198.51.100.22")
DEVICES = {
    LISTED: "hikvision-camera",
    "198.51.100.11": "axis-camera",
    NEWLY_LISTED: "uniview-camera",
    PRINTER: "hp-printer",
    COMES: "dahua-camera",
    **dict(zip(SEGMENT, ("bosch-camera", "vivotek-camera", "hanwha-camera"), strict=True)),
}
DECOY = "203.0.113.99"

# A night is some seconds of waiting and two of work for each: the others by CAMCENSUS_EVERY_EXAMPLE=1
CHOSEN = SYSTEMS if os.environ.get("CAMCENSUS_EVERY_EXAMPLE") else (GitHub, Systemd)

Nights = list[Mapping[str, "Night"]]


class Night(NamedTuple):
    """How it ended, and the inventory that was there in the morning."""

    ended: Ended
    inventory: dict[str, Any]

    @property
    def gates(self) -> list[str]:
        """The lines of the gates on standard error."""
        return [line.removeprefix("gate ") for line in self.ended.said.splitlines() if line.startswith("gate ")]

    @property
    def statuses(self) -> dict[str, str]:
        """By address."""
        return {device["host"]: device["status"] for device in self.inventory["devices"]}


def spend(machine: System) -> Night:
    ended = machine.night()
    assert (ended.run / "evidence.jsonl").stat().st_size, ended.said
    assert (ended.run / "report.html").exists()
    return Night(ended, json.loads((ended.run / "inventory.json").read_bytes()))


def site() -> Site:
    files = device_files()
    devices = tuple(make_device(key, files[key], host, 1, {"decoy": DECOY}) for host, key in DEVICES.items())
    return Site("office", ("198.51.100.0/24",), devices, "viewer", "not-used", "not-used", (DECOY,))


def site_file(*more: str) -> str:
    """The example's site file for these addresses, as fast as one's own wire allows, with further lines."""
    text = (EXAMPLES / "camcensus.toml").read_text("utf-8")
    changed = text.replace('["198.51.100.0/24"]', '["198.51.100.10-14", "198.51.100.20-22"]')
    assert changed != text
    return "\n".join([changed, 'policy = ["us-federal"]', "rate = 5000", "host-rate = 400", *more, ""])


def signed_lists(folder: Path) -> str:
    """An overlay, as somebody would make of tomorrow's list, that names Uniview."""
    day = date.today()  # noqa: DTZ011 - the day of the sweep
    registry = load_registry()
    text = render_overlay(import_lists([Path(lists.write(folder, lists.DOD))], registry, day))
    return sign_off("lists.toml", text.replace('"undecided"', '"reject"'), registry, "J. Doe", day)


def command(folder: Path) -> Path:
    """`camcensus` of this checkout, as an installed command."""
    file = folder / "bin" / "camcensus"
    file.parent.mkdir()
    file.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m scanner "$@"\n')
    file.chmod(0o755)
    return file


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """What each system said in each of the five nights."""
    folder = tmp_path_factory.mktemp("nights")
    with Namespaces(site=site()) as net, ThreadPoolExecutor(len(CHOSEN)) as pool:
        camcensus = command(folder)
        machines = {kind.__name__: kind(folder / kind.__name__, camcensus, net.command([])) for kind in CHOSEN}

        def night() -> Mapping[str, Night]:
            return dict(zip(machines, pool.map(spend, machines.values()), strict=True))

        _tell(machines, site_file())
        net.unplug([COMES])
        found = [night(), night()]
        net.plug([COMES])
        found.append(night())
        net.unplug(SEGMENT)
        found.append(night())
        net.plug(SEGMENT)
        _tell(machines, site_file('registry-overlay = ["lists.toml"]'), signed_lists(folder))
        found.append(night())
        yield found


def _tell(machines: Mapping[str, System], text: str, overlay: str = "") -> None:
    for machine in machines.values():
        machine.site_file.write_text(text)
        if overlay:
            (machine.site_file.parent / "lists.toml").write_text(overlay)


@pytest.fixture(params=[kind.__name__ for kind in CHOSEN])
def system(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_each_night_is_whole_and_of_its_site(nights: Nights, system: str) -> None:
    for night in nights:
        assert night[system].inventory["sweep"]["complete"] is True
        assert night[system].inventory["sweep"]["site"] == "office"


def test_the_first_night_all_is_new(nights: Nights, system: str) -> None:
    first = nights[0][system]
    assert first.ended.code == 1, first.ended.said
    new = {line.split()[1] for line in first.gates if line.startswith("new: ")}
    assert new == set(DEVICES) - {COMES, PRINTER}
    assert [line.split()[1] for line in first.gates if line.startswith("listed: ")] == [LISTED]
    assert not [line for line in first.gates if line.startswith("coverage: ")]


def test_the_second_night_nothing_is(nights: Nights, system: str) -> None:
    second = nights[1][system]
    assert (second.ended.code, second.gates) == (0, []), second.ended.said


def test_the_third_night_one_new_listed_camera_is_named(nights: Nights, system: str) -> None:
    third = nights[2][system]
    assert third.ended.code == 1, third.ended.said
    assert {(line.split(":")[0], line.split()[1]) for line in third.gates} == {("new", COMES), ("listed", COMES)}
    assert all("Dahua" in line for line in third.gates)


def test_the_fourth_night_a_silent_segment_is_named(nights: Nights, system: str) -> None:
    fourth = nights[3][system]
    assert fourth.ended.code == 1, fourth.ended.said
    assert {line.split(":")[0] for line in fourth.gates} == {"coverage"}
    (segment,) = [line for line in fourth.gates if "segment" in line]
    assert "198.51.100.20-22" in segment
    assert "3 cameras" in segment
    assert not set(SEGMENT) & set(fourth.statuses)


def test_the_fifth_night_a_list_changed_and_no_device(nights: Nights, system: str) -> None:
    fifth = nights[4][system]
    assert fifth.ended.code == 1, fifth.ended.said
    (line,) = [each for each in fifth.gates if each.startswith("listed: ")]
    assert line.startswith(f"listed: {NEWLY_LISTED} ")
    assert "the list changed, not the device" in line
    assert "US-DOD-1260H" in line
    # What was silent in the baseline's night answers again
    assert {each.split()[1] for each in fifth.gates if each != line} <= set(SEGMENT)
    assert (nights[3][system].statuses[NEWLY_LISTED], fifth.statuses[NEWLY_LISTED]) == ("not-listed", "listed")


def test_the_summary_names_what_the_gates_do(nights: Nights, system: str) -> None:
    for night in nights[2:]:
        for line in night[system].gates:
            named = line.split()[1] if "segment" not in line else "198.51.100.20-22"
            assert night[system].ended.said.count(named) > 1, "the line of the gate, and the summary"
