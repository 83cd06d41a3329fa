"""The tools that the sweep benchmark runs over one site, and what each of their results says, in the same words."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from scanner.probe.ports import FIRST_TIER

# Without a single capability: what an ordinary user has, and still able to read this interpreter's files
WITHOUT_CAPABILITIES = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--")
PORTS = ",".join(map(str, FIRST_TIER))

Truth = Mapping[str, Mapping[str, Any]]


class Said(msgspec.Struct, frozen=True):
    """Devices found, and cameras whose maker a tool names right and wrong (None: it names none)."""

    found: int
    right: int | None = None
    wrong: int | None = None


class Contender(msgspec.Struct, frozen=True):
    """`command` gives the words for targets and a folder to write into; `read` that folder and the truth."""

    name: str
    command: Callable[[Sequence[str], Path], list[str]]
    read: Callable[[Path, Truth], Said]
    prefix: tuple[str, ...] = ()


def connect(hosts: Sequence[str]) -> Contender:
    """The yardstick; it is told which `hosts` are there."""
    return Contender(
        "yardstick: connect to first-tier ports",
        lambda _targets, _folder: [sys.executable, "-m", "benchmarks.connect", *hosts],
        lambda _folder, _truth: Said(len(hosts)),
    )


def camcensus(name: str, prefix: tuple[str, ...] = ()) -> Contender:
    """A sweep with the default rates."""
    return Contender(
        name,
        lambda targets, folder: [
            sys.executable, "-m", "scanner", "sweep", *targets, "--out", str(folder / "run"), "--quiet", "--no-store",
        ],
        lambda folder, truth: read_inventory(folder / "run" / "inventory.json", truth),
        prefix,
    )  # fmt: skip


def nmap(name: str, *options: str) -> Contender:
    """nmap without name resolution, over the same first-tier ports."""
    return Contender(
        name,
        lambda targets, folder: ["nmap", "-n", *options, "-p", PORTS, "-oG", str(folder / "nmap.txt"), *targets],
        lambda folder, truth: read_grepable(folder / "nmap.txt", truth, names="-sV" in options),
    )


def read_inventory(file: Path, truth: Truth) -> Said:
    """Our own inventory against the truth; nothing found where it was not written."""
    if not file.exists():
        return Said(0, 0, 0)
    devices = {a: d for d in json.loads(file.read_bytes())["devices"] for a in d["addresses"]}
    named = {host: devices[host]["maker"] for host in makers(truth) if host in devices}
    right = sum(1 for host, maker in named.items() if maker == makers(truth)[host])
    wrong = sum(1 for host, maker in named.items() if maker not in (None, makers(truth)[host]))
    return Said(len(set(truth) & set(devices)), right, wrong)


def read_grepable(file: Path, truth: Truth, *, names: bool) -> Said:
    """nmap's grepable output: hosts up, and makers whose name its services hold (wrong ones are not counted)."""
    lines = file.read_text("utf-8", "replace").splitlines() if file.exists() else []
    said: dict[str, str] = {}
    for line in lines:
        words = line.split(maxsplit=2)
        if len(words) == 3 and words[0] == "Host:":
            said[words[1]] = said.get(words[1], "") + words[2].casefold()
    found = len(set(truth) & set(said))
    if not names:
        return Said(found)
    return Said(found, sum(1 for host, maker in makers(truth).items() if maker.casefold() in said.get(host, "")))


def makers(truth: Truth) -> dict[str, str]:
    """The maker of each camera whose maker the wire shows."""
    return {host: str(each["maker"]) for host, each in truth.items() if each["is_camera"] and each["maker"]}
