"""`--progress json`: every line of a run is valid by the published schema, and the last is always `end`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from scanner.cli.demo_command import _plan, _present, _site
from scanner.cli.events import JsonProgress, told
from scanner.cli.running import run_plan
from scanner.discover import Discovery
from scanner.models import UsageError
from scanner.net.api import Network
from scanner.sweep import Find
from tests.e2e.lives import everybody
from tests.samples import HOSTILE, device

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "progress-1.schema.json"


def events(text: str) -> list[dict[str, Any]]:
    """All events of what was said, each valid."""
    schema = json.loads(SCHEMA.read_bytes())
    Draft202012Validator.check_schema(schema)
    read = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert [error.message for event in read for error in Draft202012Validator(schema).iter_errors(event)] == []
    return read


def sweep(folder: Path, find: Find, **changed: Any) -> None:
    """The simulated site, swept as the command does it."""
    from dataclasses import replace

    import msgspec

    plan = _plan(folder)
    plan = replace(plan, site="north", options=msgspec.structs.replace(plan.options, **changed))
    progress = JsonProgress()
    with told(progress, folder, site=plan.site, scope=plan.scope.texts) as outcome:
        ended = run_plan(plan, progress, partial(_site, _present(())), find)
        outcome.known(ended.inventory, ended.exit)


def stopping(error: BaseException) -> Find:
    async def find(_net: Network, _targets: Sequence[str], _emit: object, *, ipv6: bool) -> Discovery:
        raise error

    return find


def test_a_whole_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sweep(tmp_path / "run", everybody)
    said = events(capsys.readouterr().err)
    assert {event["event"] for event in said} == {"start", "phase", "done", "device", "end"}
    first, last = said[0], said[-1]
    inventory = json.loads((tmp_path / "run" / "inventory.json").read_bytes())
    assert (first["event"], first["run"], first["site"]) == ("start", inventory["sweep"]["id"], "north")
    assert (first["folder"], first["scope"]) == (str(tmp_path / "run"), inventory["sweep"]["scope"])
    assert [event["event"] for event in said].count("end") == 1
    assert (last["event"], last["run"], last["exit"], last["complete"]) == ("end", first["run"], 0, True)
    found = inventory["devices"]
    assert (last["devices"], last["cameras"], last["listed"]) == (
        len(found),
        sum(one["is_camera"] is True for one in found),
        sum(one["status"] == "listed" for one in found),
    )
    assert last["listed"] > 0


@pytest.mark.parametrize(
    ("find", "changed", "code"), [(stopping(KeyboardInterrupt()), {}, 130), (everybody, {"budget": 0.001}, 3)]
)
def test_a_run_that_is_not_complete(
    find: Find, changed: dict[str, Any], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep(tmp_path / "run", find, **changed)
    last = events(capsys.readouterr().err)[-1]
    assert (last["event"], last["exit"], last["complete"], last["error"]) == ("end", code, False, None)
    assert last["devices"] == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [(RuntimeError("\x1b[31mof ours"), 4), (UsageError("of the user's"), 2), (KeyboardInterrupt(), 130)],
)
def test_a_run_that_fails(error: BaseException, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(type(error)), told(JsonProgress(), tmp_path):
        raise error
    first, last = events(capsys.readouterr().err)
    assert (first["event"], last["event"], last["exit"], last["complete"]) == ("start", "end", code, False)
    assert last["devices"] is None
    assert "\x1b" not in last["error"]


def test_what_devices_say_is_cleaned_and_cut(capsys: pytest.CaptureFixture[str]) -> None:
    JsonProgress().device(device(model=HOSTILE + "m" * 5000, brand="a\u202eb\x1b[2J"))
    JsonProgress().note("n\n" * 5000)
    seen, note = events(capsys.readouterr().err)
    assert len(seen["model"]) <= 200
    assert seen["brand"] == "ab"
    assert len(note["text"]) <= 400
    assert "\n" not in note["text"]


def test_the_schema_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with told(JsonProgress(), tmp_path):
        pass
    valid = Draft202012Validator(json.loads(SCHEMA.read_bytes()))
    for event in events(capsys.readouterr().err):
        del event["time"]
        assert not valid.is_valid(event)
