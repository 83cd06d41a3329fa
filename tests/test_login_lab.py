"""Sweeps with the user's login through the real door, against simulated recorders and cameras on loopback."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
import pytest

from scanner.coverage import coverage_of
from scanner.derive import Context, build_inventory, derive_devices
from scanner.discover import Discovery
from scanner.lab import Lab, LabError, Site, demo_site
from scanner.lab.record import Record
from scanner.lab.sites import device_files, make_device
from scanner.models import Device, Inventory, Status, Sweep
from scanner.net.api import Network
from scanner.net.door import SocketNetwork
from scanner.net.targets import parse_targets
from scanner.probe import Login
from scanner.progress import Silent
from scanner.report.html import render_html
from scanner.report.json import render_json
from scanner.report.table import render_table
from scanner.runs import RunFolder
from scanner.sweep import Sweeper, SweepOptions

KEYS = ("hikvision-camera", "hikvision-nvr", "dahua-xvr", "axis-camera")
SITE = demo_site()
RIGHT = Login(SITE.user, SITE.password)
OTHERS_SECRET = "Unload-7741-pier"  # noqa: S105 - what the simulated recorder lists of a camera's login


async def everybody(_net: Network, targets: Sequence[str], _emit: object, *, ipv6: bool) -> Discovery:
    """No time spent on listening: every address is worth a visit."""
    return Discovery(candidates=tuple(targets), alive=frozenset(targets))


class Swept:
    """One sweep of simulated devices: the inventory, all that was written of it, and what the devices noted."""

    def __init__(self, folder: Path, site: Site, login: Login | None, *, resume: bool = False) -> None:
        self.folder = folder
        self.record = Record()
        asyncio.run(self._sweep(site, login, resume=resume))
        with RunFolder.reopen(folder) as run:
            self.evidence = (folder / "evidence.jsonl").read_text()
            context = Context.load(as_of=date(2026, 11, 22))
            devices = derive_devices(run.evidence(), context, merge=True, problem=lambda _: None)
        sweep = Sweep("1", "2026-11-22T09:00:00Z", "2026-11-22T09:01:00Z", True, (), (), "2026-11-22")
        self.inventory: Inventory = build_inventory(devices, context, sweep, self.coverage)
        self.devices = {self._keys[device.host]: device for device in devices}

    async def _sweep(self, site: Site, login: Login | None, *, resume: bool) -> None:
        context = Context.load(as_of=date(2026, 11, 22))
        async with Lab(site, granted=login == RIGHT) as lab:
            self.record, self._keys = lab.record, {device.host: device.key for device in site.devices}
            scope = parse_targets(list(lab.addresses))
            options = SweepOptions(targets=tuple(lab.addresses), logins=lambda _host, _mac: login)
            folder = RunFolder.reopen(self.folder) if resume else RunFolder.create(self.folder)
            with folder as run:
                async with SocketNetwork(scope, port_map=lab.port_map, host_rate=400) as net:
                    sweeper = Sweeper(net, run, context, options, Silent(), find=everybody)
                    gathered = await sweeper.gather()
                    self.coverage = coverage_of(scope, options, gathered, (), (), net.ledger)

    def written(self) -> str:
        """Everything that the sweep leaves behind."""
        files = "".join(path.read_text() for path in sorted(self.folder.iterdir()))
        reports = render_html(self.inventory) + render_table(self.inventory) + render_json(self.inventory).decode()
        return files + reports

    def logins(self) -> Counter[str]:
        """Wrong logins by device."""
        return Counter(self._keys[each.host] for each in self.record.violations if each.kind == "login")


def _site(*keys: str) -> Site:
    return msgspec.structs.replace(SITE, devices=tuple(device for device in SITE.devices if device.key in keys))


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Swept:
    try:
        return Swept(tmp_path_factory.mktemp("lab") / "run", _site(*KEYS), RIGHT)
    except LabError as error:
        pytest.skip(str(error))


def test_the_channels_of_both_recorders(swept: Swept) -> None:
    nvr, xvr = swept.devices["hikvision-nvr"], swept.devices["dahua-xvr"]
    assert [(row.number, row.name, row.online) for row in nvr.channels] == [
        (1, "Gate", True),
        (2, "Yard", True),
        (3, "Store", False),
        (4, "Office", True),
    ]
    assert (nvr.channel_count, xvr.channel_count) == (4, 8)
    assert {row.resolution for row in xvr.channels} == {"1920x1080"}
    assert [(row.number, row.source) for row in xvr.channels if row.source] == [(7, "10.1.1.65"), (8, "10.1.1.66")]


def test_what_the_login_opened_is_known(swept: Swept) -> None:
    nvr, xvr = swept.devices["hikvision-nvr"], swept.devices["dahua-xvr"]
    assert nvr.model == "DS-7608NI-K2"
    assert nvr.serial is not None
    assert xvr.model == "DHI-XVR5108HS-X"
    assert xvr.maker == "Dahua"


def test_a_channel_that_is_a_camera_here_is_counted_once(swept: Swept) -> None:
    camera = swept.devices["hikvision-camera"]
    assert camera.behind == (f"{swept.devices['hikvision-nvr'].host} channel 1",)
    assert swept.devices["axis-camera"].behind == (f"{swept.devices['hikvision-nvr'].host} channel 4",)
    text = render_table(swept.inventory, width=200)
    assert "2 cameras, 2 recorders with 12 channels found" in text


def test_a_camera_that_only_its_recorder_knows_is_to_review_at_most(swept: Swept) -> None:
    hidden = [row for device in swept.inventory.devices for row in device.channels if row.status is not None]
    assert [row.status for row in hidden] == [
        Status.REVIEW,
        Status.UNDETERMINED,
        Status.REVIEW,
        Status.UNDETERMINED,
    ]


def test_read_only_and_with_the_given_login_alone(swept: Swept) -> None:
    assert list(swept.record.violations) == []
    assert {swept._keys[each.host] for each in swept.record.logins} == set(KEYS)
    assert max(swept.record.peak_connections.values()) <= 2


def test_no_secret_is_written_anywhere(swept: Swept) -> None:
    written = swept.written()
    assert SITE.password not in written
    assert OTHERS_SECRET not in written
    assert f'username="{SITE.user}"' not in written
    assert "UsernameToken" not in written


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Swept:
    try:
        return Swept(tmp_path_factory.mktemp("lab") / "run", _site(*KEYS), Login(SITE.user, "Not-the-1-password"))
    except LabError as error:
        pytest.skip(str(error))


def test_a_wrong_login_is_tried_once_a_device(refused: Swept) -> None:
    assert refused.logins() == Counter(dict.fromkeys(KEYS, 1))
    assert refused.devices["hikvision-nvr"].channels == ()
    assert refused.devices["hikvision-nvr"].channel_count == 8  # it tells everybody how many it has room for


def test_a_refusal_is_told_and_the_secret_is_not(refused: Swept) -> None:
    host = refused.devices["hikvision-nvr"].host
    (note,) = [note for note in refused.coverage.notes if note.startswith("Refused the login")]
    assert f"{host} (GET /ISAPI/System/deviceInfo)" in note
    assert "Not-the-1-password" not in refused.written()


def test_an_interrupted_sweep_does_not_try_the_login_again(refused: Swept) -> None:
    """As if it had been killed right after the login was sent: no device is noted as visited."""
    state = refused.folder / "state.jsonl"
    kept = [line for line in state.read_text().splitlines() if '"visited"' not in line]
    state.write_text("\n".join(kept) + "\n")
    again = Swept(refused.folder, _site(*KEYS), Login(SITE.user, "Not-the-1-password"), resume=True)
    assert again.logins() == Counter()
    assert any(note.startswith("Not asked with their login") for note in again.coverage.notes)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Swept:
    plan = device_files()["hostile-recorder"]
    device = make_device("hostile-recorder", plan, SITE.devices[0].host, 0, {"decoy": SITE.decoys[0]})
    try:
        return Swept(
            tmp_path_factory.mktemp("lab") / "run",
            msgspec.structs.replace(SITE, devices=(device,)),
            RIGHT,
        )
    except LabError as error:
        pytest.skip(str(error))


def test_a_hostile_recorder_gets_the_login_to_itself_alone(hostile: Swept) -> None:
    assert [each.kind for each in hostile.record.violations] == []
    assert hostile.record.logins
    assert {each.host for each in hostile.record.logins} == {hostile.inventory.devices[0].host}
    assert any(SITE.decoys[0] in each for each in hostile.coverage.outside)


def test_its_endless_list_is_bounded_and_its_counts_are_not_believed(hostile: Swept) -> None:
    device: Device = hostile.inventory.devices[0]
    assert 0 < len(device.channels) <= 512
    assert device.status is not Status.NOT_LISTED
    assert SITE.password not in hostile.written()
