"""What a judging command does at its end: checked before anything is sent, each step tried whatever others came to."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scanner.cli.baselines import read_baseline
from scanner.cli.endings import Endings, endings, prepared, recorded_in, without_store
from scanner.cli.exits import Exit, worst
from scanner.cli.finish import conclude
from scanner.cli.planning import Wishes, plan_sweep
from scanner.cli.running import Plan
from scanner.derive import Context, build_inventory
from scanner.models import BasisFile, Coverage, Device, Inventory, Status, UsageError
from scanner.registry import basis_file
from scanner.registry.importing import import_lists
from scanner.registry.overlay import render_overlay, sign_off
from scanner.report.formats import Format
from scanner.report.json import render_json
from scanner.runs import INVENTORY
from scanner.store.place import find_place
from scanner.store.reader import open_reader
from tests.registry.devices import camera as uniview
from tests.registry.devices import shipped
from tests.registry.importing import lists
from tests.samples import HOSTILE
from tests.store.nights import SCOPE, camera, night

FREE: dict[str, Any] = {"status": Status.NOT_LISTED, "findings": ()}
GATES = ("listed", "coverage", "new")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """What a night's sweep is planned as; nothing is sent for it."""
    return plan_sweep(Wishes(targets=(SCOPE,), out=tmp_path_factory.mktemp("plan") / "run"))


def by_store(store: Path, *, fail_on: Sequence[str] = GATES, **options: Any) -> Endings:
    return recorded_in(endings(form=Format.JSON, fail_on=fail_on, baseline="store", **options), str(store))


def run_of(folder: Path, inventory: Inventory) -> Path:
    """A sweep's folder, as far as it is read back."""
    folder.mkdir(parents=True)
    (folder / INVENTORY).write_bytes(render_json(inventory))
    return folder


def test_night_after_night(plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """First all is new, then nothing, then one camera; from the run's folder, and from the store where that is gone."""
    store, summary = tmp_path / "s.sqlite", tmp_path / "new" / "summary.md"

    def one(day: int, *devices: Device, run: Path | None = None, **options: Any) -> tuple[Exit, list[str]]:
        ends = prepared(by_store(store, summary=summary, quiet=True, **options), plan)
        code = conclude(night(day, *devices), ends, run)
        return code, [line for line in capsys.readouterr().err.splitlines() if line]

    first, free = camera(1), camera(2, **FREE)
    run = run_of(tmp_path / "night-1", night(1, first, free))
    code, said = one(1, first, free, run=run)
    assert code is Exit.GATE
    assert said[0].startswith("The store has no complete sweep of the site 'default' with this scope yet")
    assert [line.split(" (")[0] for line in said[1:]] == [
        "gate listed: 198.51.100.1", "gate new: 198.51.100.1", "gate new: 198.51.100.2"
    ]  # fmt: skip
    assert one(2, first, free) == (Exit.DONE, [])
    report = tmp_path / "new" / "c.xml"
    code, said = one(3, first, free, camera(3, model=HOSTILE), outputs=[f"junit={report}"])
    assert code is Exit.GATE
    assert all("198.51.100.3" in line for line in said)
    assert report.read_text().startswith("<?xml")
    code, said = one(4, first, msgspec.structs.replace(camera(2), firmware="2"))
    assert code is Exit.GATE  # the third is gone, and the second's verdict is another
    assert any("the device's answers changed (firmware not established → 2)" in line for line in said)
    code, said = one(5, first, camera(3, model=HOSTILE), msgspec.structs.replace(camera(2), firmware="2"))
    assert all("seen last on 2026-01-03" in line for line in said)
    assert len(said) == 2  # listed and new: the third is back
    pages = summary.read_text().split("# Camera census\n")
    assert len(pages) == 6
    assert "from " + str(run).replace("_", "&#95;") in pages[2].replace("&#47;", "/")
    assert "as the store keeps it" in pages[3]
    assert "<script>" not in pages[3]
    marks = ("**Reached:**", "- 251 of 254", "## Gates", "- **hit:** listed", "- passed: coverage")
    order = [pages[3].index(word) for word in (*marks, "## Since the baseline", "### New (1)")]
    assert order == sorted(order)
    assert "- passed: listed: 1 of 2 devices are listed, as in the baseline" in pages[2]


@pytest.mark.parametrize("kept", [True, False], ids=["its run is there", "the store alone"])
def test_a_list_changed_and_no_device(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: bool
) -> None:
    """By the real lists, as of each night's own day: an official file named the maker."""
    made = import_lists([lists.write(tmp_path, lists.DOD)], shipped(), date(2026, 11, 28))
    decided = render_overlay(made).replace('"undecided"', '"reject"')
    signed = sign_off("o.toml", decided, shipped(), "J. Doe", date(2026, 11, 28))

    def one(day: date, *basis: BasisFile) -> Inventory:
        context = Context.load(("us-federal",), day, basis=basis)
        sweep = night(day.day, policy=("us-federal",), as_of=day.isoformat()).sweep
        return build_inventory((context.judge(uniview("Uniview")),), context, sweep, Coverage(addresses=1, answered=1))

    store, before = tmp_path / "s.sqlite", one(date(2026, 11, 28))
    conclude(before, prepared(by_store(store), plan), run_of(tmp_path / "28", before) if kept else None)
    capsys.readouterr()
    after = one(date(2026, 11, 29), basis_file("overlay", "o.toml", signed))
    assert conclude(after, prepared(by_store(store), plan), None) is Exit.GATE
    (said,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("gate ")]
    assert "is listed: the list changed, not the device: US-DOD-1260H (edition 2026-11-20) names " in said


def test_an_incomplete_sweep_is_recorded_and_is_no_baseline(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "s.sqlite"
    assert conclude(night(1, camera(1, **FREE), complete=False), prepared(by_store(store), plan), None) is Exit.GATE
    ends = prepared(by_store(store), plan)
    assert ends.baseline is None
    assert "everything is new" in capsys.readouterr().err
    with open_reader(find_place(str(store), {})) as reader:
        assert reader.rows("SELECT name, run FROM sweep") == [("night-1", None)]


def test_a_resumed_sweep_is_no_baseline_for_itself(plan: Plan, tmp_path: Path) -> None:
    store, folder = tmp_path / "s.sqlite", tmp_path / "night-2"
    for day in (1, 2):
        conclude(night(day, camera(day)), prepared(by_store(store), plan), None)
    folder.mkdir()
    (folder / "state.jsonl").write_text(json.dumps({"started": "2026-01-02T01:00:00Z", "options": {}}) + "\n")
    found = prepared(by_store(store), replace(plan, resume=True, folder=folder)).baseline
    assert found is not None
    assert found.inventory.sweep.id == "night-1"


def test_a_run_that_is_another_by_now_is_not_taken_for_the_recorded_one(plan: Plan, tmp_path: Path) -> None:
    run = run_of(tmp_path / "last", night(1, camera(1)))
    conclude(night(1, camera(1)), prepared(by_store(tmp_path / "s.sqlite"), plan), run)
    (run / INVENTORY).write_bytes(render_json(night(1, camera(1, model="forged"))))
    found = prepared(by_store(tmp_path / "s.sqlite"), plan).baseline
    assert found is not None
    assert (found.run, found.inventory.devices[0].model) == (None, "CMIP1042")


def test_each_step_is_tried_whatever_became_of_the_others(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    ends = prepared(by_store(tmp_path / "s.sqlite", outputs=[f"csv={out}"], max_registry_age=0, quiet=False), plan)
    out.mkdir()  # since it was checked
    assert conclude(night(5, camera(1)), ends, None) is Exit.USAGE
    said = capsys.readouterr().err
    assert f"camcensus: can't write {out}" in said
    assert "gate listed: 198.51.100.1" in said
    assert f"Recorded in {tmp_path / 's.sqlite'}: site default, 1 devices, 1 of them not known" in said


def test_a_default_store_that_fails_is_a_note_and_a_named_one_an_error(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.sqlite"
    bad.write_bytes(b"torn" * 1000)
    default = Endings(store=find_place(str(bad), {}), form=Format.JSON)
    assert prepared(default, plan) is default
    assert conclude(night(1, camera(1)), default, None) is Exit.DONE
    assert "Not recorded in the history: the store" in capsys.readouterr().err
    with pytest.raises(UsageError, match="not a database"):
        prepared(recorded_in(Endings(), str(bad)), plan)
    assert recorded_in(Endings(), None, no_store=True).store is None
    for options in ({"store": "x"}, {"store": None}):
        with pytest.raises(UsageError, match="exclude each other"):
            recorded_in(Endings(from_store=options["store"] is None), **options, no_store=True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fail_on": ["covrage"]}, "Did you mean coverage"),
        ({"fail_on": ["new"]}, "--baseline"),
        ({"outputs": ["sarif"]}, "FORMAT=FILE"),
        ({"outputs": ["sarf=x"]}, "Did you mean sarif"),
        ({"outputs": ["csv=-"]}, "name a file"),
        ({"outputs": ["csv=/dev/null/x"]}, "can't write"),
        ({"summary": Path("/")}, "that is a folder"),
        ({"baseline": "git:HEAD"}, "git:REV:PATH"),
        ({"baseline": "git:--output=x:y"}, "is an option"),
        ({"baseline": "git:HEAD:/etc/passwd"}, "relative to the current folder"),
        ({"baseline": "git:HEAD:y\0"}, "git could not be asked"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        endings(**options)


def test_the_store_is_no_baseline_for_what_has_no_scope() -> None:
    with pytest.raises(UsageError, match="identify has not"):
        without_store(endings(baseline="store"), "identify")


def test_a_baseline_from_a_commit(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *who, *arguments], check=True, cwd=tmp_path, capture_output=True)

    here = tmp_path / "sites"
    run_of(here, night(1, camera(1)))
    (here / "text.json").write_text("{}")
    git("init", "-q")
    git("add", "sites")
    git("commit", "-q", "-m", "first")
    (here / INVENTORY).write_bytes(render_json(night(2)))
    with contextlib.chdir(here):
        found = read_baseline("git:HEAD:inventory.json")
        assert found.told == "git:HEAD:inventory.json, sweep night-1 of 2026-01-01T02:00:00Z"
        assert len(found.inventory.devices) == 1
        assert read_baseline("git:main:../sites/inventory.json").inventory == found.inventory
        assert read_baseline(".").inventory.devices == ()
        for text, said in (
            ("git:HEAD:../sites", "a tree in git"),
            ("git:HEAD:text.json", "not an inventory"),
            ("git:HEAD:nothing.json", "git says: "),
            ("git:nothing:inventory.json", "git says: "),
        ):
            with pytest.raises(UsageError, match=said):
                read_baseline(text)
    with contextlib.chdir(tmp_path.parent), pytest.raises(UsageError, match="not a git repository"):
        read_baseline("git:HEAD:x.json")


def test_the_worst_exit_code_wins() -> None:
    assert worst() is worst(Exit.DONE, Exit.DONE) is Exit.DONE
    ordered = [Exit.INTERNAL, Exit.INTERRUPTED, Exit.USAGE, Exit.INCOMPLETE, Exit.GATE, Exit.DONE]
    assert [worst(*ordered[at:]) for at in range(6)] == ordered
