"""`camcensus notify`: told for real, shown, and refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.cli.app import main
from scanner.cli.baselines import read_baseline
from scanner.cli.notify_options import changed_since
from scanner.notify.words import headline
from scanner.report.json import read_inventory, render_json
from tests.cli.conftest import Run
from tests.notify.servers import post, web
from tests.registry.importing import lists
from tests.samples import device, inventory


def write(path: Path, *models: str) -> Path:
    devices = [
        device(f"198.51.100.{n}", id=f"d{n}", mac=f"44:19:b6:00:00:0{n}", model=m) for n, m in enumerate(models, 1)
    ]
    path.write_bytes(render_json(inventory(*devices)))
    return path


def test_what_changed_is_sent_shown_or_not_there(camcensus: Run, tmp_path: Path) -> None:
    old, new = write(tmp_path / "old.json", "A"), write(tmp_path / "new.json", "A", "B")
    with web() as hook, post() as server:
        mail = f"smtp://127.0.0.1:{server.port}?from=a@example.org&to=b@example.org"
        done = camcensus("notify", new, "--since", old, "--to", "env:HOOK", "--to", mail, HOOK=f"{hook.url}/s3cr3t")
        assert done.returncode == 0, done.stderr
    told = json.loads(hook.requests[0].body)
    assert [each["host"] for each in told["new"]["devices"]] == ["198.51.100.2"]
    assert len(server.mails) == 1
    assert "s3cr3t" not in done.stderr + done.stdout
    shown = camcensus("notify", new, "--since", old, "--json")
    assert json.loads(shown.stdout)["id"] == told["id"]
    assert "New (1)" in camcensus("notify", new, "--since", old).stdout
    same = camcensus("notify", new, "--since", new)
    assert (same.returncode, same.stdout) == (0, "")
    assert "Nothing changed" in same.stderr


def test_a_destination_is_tried(camcensus: Run) -> None:
    with web() as hook:
        done = camcensus("notify", "--test", f"{hook.url}/x")
        assert done.returncode == 0, done.stderr
    assert json.loads(hook.requests[0].body)["test"] is True
    with web(404) as hook:
        done = camcensus("notify", "--test", f"{hook.url}/s3cr3t")
    assert done.returncode == 2
    assert done.stderr == f"Notice to webhook {hook.url} failed: it answered 404 Not Found\n"


UNIVIEW = (
    '{"host":"198.51.100.10","protocol":"onvif","operation":"GetDeviceInformation","xml":"<a><Manufacturer>UNIVIEW'
    '</Manufacturer><Model>IPC2122LB-SF28-A</Model></a>"}\n'
)


def test_a_list_that_changed_between_two_nights_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(lists.DOD)
    (tmp_path / "policy.toml").write_text('name = "own"\ninstruments = ["US-DOD-1260H"]\n')
    (tmp_path / "e.jsonl").write_text(UNIVIEW)
    overlay, nights = tmp_path / "o.toml", (tmp_path / "a.json", tmp_path / "b.json")
    run("registry", "import", tmp_path / "list.csv", "-o", overlay, "--edition", "2026-11-27")
    overlay.write_text(overlay.read_text().replace('"undecided"', '"reject"'))
    run("registry", "sign-off", overlay, "--by", "J. Doe")
    judge = ("identify", tmp_path / "e.jsonl", "--policy-file", tmp_path / "policy.toml", "--as-of")
    run(*judge, "2026-11-26", "--json", nights[0])
    run(*judge, "2026-11-27", "--json", nights[1], "--registry-overlay", overlay)
    notice = changed_since(read_baseline(str(nights[0])), read_inventory(nights[1].read_bytes()))
    assert notice is not None
    assert headline(notice) == "Camcensus: 1 newly listed"
    assert "the lists changed" in notice.newly_listed.devices[0].said[0]


def run(*arguments: str | Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert ended.value.code == 0


def test_mistakes_are_explained(camcensus: Run, tmp_path: Path) -> None:
    for arguments, word in (
        ((), "--test URL"),
        ((tmp_path, "--test", "https://hooks.example.org/"), "leave RUN"),
        (("--test", "env:NOSUCH"), "NOSUCH"),
    ):
        done = camcensus("notify", *arguments)
        assert done.returncode == 2
        assert word in done.stderr
        assert "Traceback" not in done.stderr
