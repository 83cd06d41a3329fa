"""The listener: what it keeps, how it bounds it, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from scanner.derive import Context
from scanner.listen import MAX_SAYINGS, Heard, Listener
from scanner.models import Device, Evidence, LogError, Outcome
from scanner.net.api import Interface, NetError
from scanner.progress import Silent
from scanner.runs import RunFolder
from tests.fakes import ETH0

ETH1 = Interface(name="eth1", index=3)
FOREVER = None


class Watching(Silent):
    def __init__(self) -> None:
        self.devices: list[str] = []
        self.notes: list[str] = []

    def device(self, device: Device) -> None:
        self.devices.append(device.host)

    def note(self, text: str) -> None:
        self.notes.append(text)


class ScriptedEars:
    """Gives the script's frames one by one; then stays silent, or fails."""

    def __init__(self, frames: Sequence[bytes], end: NetError | None) -> None:
        self._frames = list(frames)
        self._end = end

    async def receive(self) -> Sequence[bytes]:
        if self._frames:
            return [self._frames.pop(0)]
        if self._end is not None:
            raise self._end
        await asyncio.Event().wait()
        raise AssertionError

    def dropped(self) -> int:
        return 3


class Site:
    """By interface, the frames to hear. A frame is "host protocol word"."""

    def __init__(self, **links: Sequence[str]) -> None:
        self.links = {name: [frame.encode() for frame in frames] for name, frames in links.items()}
        self.broken: dict[str, NetError] = {}
        self.forbidden: dict[str, NetError] = {}
        self.open = 0

    def ears(self, interface: Interface) -> AbstractAsyncContextManager[ScriptedEars]:
        return self._ears(interface)

    @asynccontextmanager
    async def _ears(self, interface: Interface) -> AsyncIterator[ScriptedEars]:
        if error := self.forbidden.get(interface.name):
            raise error
        self.open += 1
        try:
            yield ScriptedEars(self.links.get(interface.name, ()), self.broken.get(interface.name))
        finally:
            self.open -= 1


class Words:
    """Reads the site's frames; what is said "last" only the end settles."""

    def __init__(self) -> None:
        self._last: list[Evidence] = []

    def take(self, frame: bytes, seconds: float) -> Iterable[Evidence]:
        host, protocol, word = frame.decode().split(" ")
        fields: dict[str, object] = {"mac": word} if protocol == "mac" else {"headers": [["Server", word]]}
        found = Evidence(host, protocol, fields, "2026-11-22T09:00:00Z")
        if word != "last":
            return [found]
        self._last.append(found)
        return []

    def rest(self) -> Iterable[Evidence]:
        return self._last


def hear(
    folder: Path, site: Site, *, seconds: float | None = 0.2, own: Iterable[str] = (), progress: Silent | None = None
) -> tuple[Heard, list[Evidence]]:
    async def listen(run: RunFolder) -> Heard:
        listener = Listener(run, Context.load(), progress or Silent(), Words, site.ears, frozenset(own))
        return await listener.listen((ETH0, ETH1), seconds)

    with RunFolder.create(folder) as run:
        heard = asyncio.run(listen(run))
        kept = [each for each in run.evidence() if isinstance(each, Evidence)]
    assert site.open == 0
    return heard, kept


def test_what_is_said_is_in_the_log_once_with_its_link(tmp_path: Path) -> None:
    watching = Watching()
    site = Site(eth0=["198.51.100.10 ssdp AcmeCam/1"] * 3, eth1=["198.51.100.11 mac 44:19:b6:00:00:01"])
    heard, kept = hear(tmp_path / "run", site, progress=watching)
    assert [(e.host, e.protocol, e.get("interface")) for e in kept] == [
        ("198.51.100.10", "ssdp", "eth0"),
        ("198.51.100.11", "mac", "eth1"),
    ]
    assert all(e.seen_at for e in kept)
    assert heard.hosts == {"198.51.100.10", "198.51.100.11"}
    assert set(watching.devices) == heard.hosts
    assert heard.dropped == 6


def test_what_this_host_says_is_nobodys_evidence(tmp_path: Path) -> None:
    heard, kept = hear(tmp_path / "run", Site(eth0=["198.51.100.1 ssdp us"]), own=["198.51.100.1"])
    assert (heard.hosts, kept) == (set(), [])


def test_one_sender_can_not_fill_the_log(tmp_path: Path) -> None:
    flood = [f"198.51.100.10 ssdp word{n}" for n in range(200)]
    heard, kept = hear(tmp_path / "run", Site(eth0=[*flood, "198.51.100.11 ssdp other"]), seconds=1)
    assert len(kept) == MAX_SAYINGS + 1
    assert heard.unkept == 200 - MAX_SAYINGS


def test_what_only_the_end_settles_is_kept(tmp_path: Path) -> None:
    _, kept = hear(tmp_path / "run", Site(eth0=["198.51.100.10 dhcp last"]))
    assert [(e.host, e.protocol) for e in kept] == [("198.51.100.10", "dhcp")]


def test_a_link_that_fails_costs_that_link_only(tmp_path: Path) -> None:
    site = Site(eth0=["198.51.100.10 ssdp a"], eth1=["198.51.100.11 ssdp b"])
    site.broken["eth0"] = NetError(Outcome.UNREACHABLE, "eth0", 0, "Network is down")
    watching = Watching()
    heard, kept = hear(tmp_path / "run", site, progress=watching)
    assert {e.host for e in kept} == {"198.51.100.10", "198.51.100.11"}
    assert list(heard.failed) == ["eth0"]
    assert "eth0" in watching.notes[0]


def test_without_a_link_left_it_ends_by_itself(tmp_path: Path) -> None:
    site = Site()
    for name in ("eth0", "eth1"):
        site.forbidden[name] = NetError(Outcome.NOT_PERMITTED, name, 0)
    heard, kept = hear(tmp_path / "run", site, seconds=FOREVER)
    assert set(heard.failed) == {"eth0", "eth1"}
    assert kept == []


def test_what_can_not_be_written_ends_it(tmp_path: Path) -> None:
    async def listen(run: RunFolder) -> None:
        listener = Listener(run, Context.load(), Silent(), Words, Site(eth0=["198.51.100.10 ssdp a"]).ears)
        run.close()
        await listener.listen((ETH0,), 5)

    with RunFolder.create(tmp_path / "run") as run, pytest.raises(LogError):
        asyncio.run(listen(run))
