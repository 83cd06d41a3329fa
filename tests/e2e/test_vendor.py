"""Devices that answer nothing but one vendor's discovery protocol: found, named, and asked nothing but who they are.

Needs root for network namespaces; skipped without.
"""

from __future__ import annotations

import json
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.namespaces import Namespaces, needed

pytestmark = [pytest.mark.root, pytest.mark.skipif(bool(needed()), reason=needed() or "-")]

FACTORY = "203.0.113.64"
PLAIN_USER = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"]
SECRETS = ("never-kept-4711", "c8f3a1e2d45b60779a81f0e2b3c4d5e6", "b64key", "b64data")


class Swept:
    """One sweep of the site of single protocols."""

    def __init__(self, folder: Path, prefix: list[str]) -> None:
        run = folder / "run"
        command = [
            sys.executable,
            "-m",
            "scanner",
            "sweep",
            "198.51.100.0/24",
            "--out",
            str(run),
            "--quiet",
            "--no-store",
        ]
        with Namespaces(kind="vendor") as net:
            self.truth: dict[str, dict[str, Any]] = net.ready["truth"]
            with net.capture() as self.frames:
                self.done = net.run([*prefix, *command])
            self.record = net.stop_lab()
        self.evidence = (run / "evidence.jsonl").read_text()
        self.inventory: dict[str, Any] = json.loads((run / "inventory.json").read_text())
        self.devices = {a: d for d in self.inventory["devices"] for a in d["addresses"]}


@pytest.fixture(scope="module", params=["root", "ordinary user"])
def swept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Swept:
    return Swept(tmp_path_factory.mktemp("vendor"), [] if request.param == "root" else PLAIN_USER)


def test_each_is_found_by_its_own_protocol_and_named(swept: Swept) -> None:
    assert swept.done.returncode == 0, swept.done.stderr
    here = {host: truth for host, truth in swept.truth.items() if host != FACTORY}
    assert len(here) >= 24
    said = {json.loads(line)["host"] for line in swept.evidence.splitlines() if '"protocol":"mac"' not in line}
    assert set(here) <= said
    for host, truth in here.items():
        assert truth["maker"] in (None, swept.devices[host]["maker"]), host
    assert not [host for host, truth in here.items() if truth["is_camera"] and not swept.devices[host]["is_camera"]]


def test_models_are_those_announced(swept: Swept) -> None:
    for host, truth in swept.truth.items():
        if truth["model"] and host != FACTORY and truth["maker"] not in ("Xiongmai", "Reolink"):  # which tell no model
            assert swept.devices[host]["model"] == truth["model"], host


def test_a_camera_with_its_factory_address_is_told_of_and_left_alone(swept: Swept) -> None:
    assert FACTORY not in swept.devices
    assert swept.frames.sent[FACTORY] == 0
    [note] = [note for note in swept.inventory["coverage"]["notes"] if FACTORY in note and "announces itself" in note]
    assert "DS-2" in note
    assert "scan0" in note
    assert "not in scope, and not routable from here" in note


def test_only_questions_were_asked_and_no_secret_was_kept(swept: Swept) -> None:
    assert swept.record["violations"] == []
    for secret in SECRETS:
        assert secret not in swept.evidence
    allowed = [ip_network(text) for text in ("198.51.100.0/24", "224.0.0.0/4", "255.255.255.255/32")]
    for host in filter(None, swept.frames.sent):
        assert any(ip_address(host) in network for network in allowed), host
    assert swept.frames.sent["255.255.255.255"] <= 36
