"""A sweep that tells what changed: since the store's last one, or a baseline; and what fails costs nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli.endings import Endings, endings, prepared, recorded_in
from scanner.cli.exits import Exit
from scanner.cli.finish import conclude
from scanner.cli.planning import Wishes, plan_sweep
from scanner.cli.running import Plan
from scanner.models import Status, UsageError
from scanner.report.formats import Format
from scanner.report.json import render_json
from scanner.runs import NOTICES
from scanner.sitefile.keys import Keys, from_folder
from tests.notify.servers import Web, web
from tests.store.nights import SCOPE, camera, night


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """What a night's sweep is planned as; nothing is sent for it."""
    return plan_sweep(Wishes(targets=(SCOPE,), out=tmp_path_factory.mktemp("plan") / "run"))


def ending(store: Path, *to: str, **options: Any) -> Endings:
    return recorded_in(endings(form=Format.JSON, notify=to, quiet=True, **options), str(store))


def told(server: Web) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in server.requests]


def hosts(notice: dict[str, Any]) -> dict[str, list[str]]:
    names = ("newly_listed", "new", "changed", "gone")
    return {name: [each["host"] for each in notice[name]["devices"]] for name in names if notice[name]["total"]}


def test_night_after_night_only_what_changed(plan: Plan, tmp_path: Path) -> None:
    store, run = tmp_path / "s.sqlite", tmp_path / "run"
    run.mkdir()
    nights = ([camera(1), camera(2)], [camera(1), camera(2)], [camera(1), camera(2), camera(3)], [camera(1)])
    with web() as server:
        for day, devices in enumerate(nights, 1):
            ends = prepared(ending(store, f"{server.url}/s3cr3t"), plan)
            assert conclude(night(day, *devices), ends, run) is Exit.DONE
    first, third, fourth = told(server)
    assert first["before"] is None
    assert hosts(first) == {"new": ["198.51.100.1", "198.51.100.2"]}
    assert hosts(third) == {"new": ["198.51.100.3"]}
    assert hosts(fourth) == {"gone": ["198.51.100.2", "198.51.100.3"]}
    notes = (run / NOTICES).read_text().splitlines()
    assert [line.partition(" ")[2] for line in notes] == [f"Notice sent to webhook {server.url}."] * 3


def test_since_a_baseline_with_the_gates_that_were_hit(plan: Plan, tmp_path: Path) -> None:
    baseline = tmp_path / "last.json"
    baseline.write_bytes(render_json(night(1, camera(1))))
    with web() as server:
        ends = ending(
            tmp_path / "s.sqlite", f"{server.url}/x", baseline=str(baseline), fail_on=["listed"], max_registry_age=1
        )
        after = night(2, camera(1, status=Status.REVIEW), camera(2))
        assert conclude(after, prepared(ends, plan), None) is Exit.GATE
    (notice,) = told(server)
    assert hosts(notice) == {"new": ["198.51.100.2"], "changed": ["198.51.100.1"]}
    assert any("198.51.100.2" in line for line in notice["gates"]["lines"])


def test_a_notice_that_fails_is_a_line_and_a_note_and_nothing_else(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.json"
    with web(403) as server, web() as other:
        ends = prepared(ending(tmp_path / "s.sqlite", f"{server.url}/s3cr3t", f"{other.url}/x", json_file=file), plan)
        capsys.readouterr()
        assert conclude(night(1, camera(1)), ends, tmp_path) is Exit.DONE
    assert capsys.readouterr().err == f"Notice to webhook {server.url} failed: it answered 403 Forbidden\n"
    assert file.exists()
    notes = (tmp_path / NOTICES).read_text()
    assert f"sent to webhook {other.url}" in notes
    assert "failed: it answered 403" in notes
    assert "s3cr3t" not in notes


def test_what_is_wrong_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    hook = "http://127.0.0.1:9/"
    with pytest.raises(UsageError, match="since the store's last sweep, or since --baseline"):
        recorded_in(endings(notify=[hook]), None, no_store=True)
    with pytest.raises(UsageError, match="allow-unencrypted"):
        endings(notify=["http://hooks.example.org/"])
    secret = tmp_path / "hook"
    secret.write_text(hook)
    secret.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        endings(notify=[f"file:{secret}"])
    secret.chmod(0o600)
    assert [each.name for each in endings(notify=[f"file:{secret}"]).notify] == [f"webhook file:{secret}"]
    keys = from_folder(Keys(notify=("file:hook", "env:HOOK", hook)), tmp_path)
    assert keys.notify == (f"file:{secret}", "env:HOOK", hook)
