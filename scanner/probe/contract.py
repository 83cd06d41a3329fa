"""What a probe is: one question to one address, in one file, behind one short contract."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from scanner.models import Evidence, Outcome
from scanner.net.api import Network


class Stage(StrEnum):
    """When a probe runs."""

    CONTACT = "contact"  # cheap, for every live address: the first use of an open port
    FOLLOW_UP = "follow-up"  # only for what may be a camera
    CREDENTIALS = "credentials"  # only with what the user gave for that device


class SnmpAccess(msgspec.Struct, frozen=True):
    """What the user gave for SNMP. `version` 1, 2 or 3; secrets never leave this value."""

    version: int
    community: str = ""
    user: str = ""
    auth_protocol: str = ""
    auth_key: str = ""
    privacy_protocol: str = ""
    privacy_key: str = ""

    def __repr__(self) -> str:
        return f"SnmpAccess(version={self.version}, …)"


class Login(msgspec.Struct, frozen=True):
    """A user name and password the user gave for one device.

    `http`: also for its maker's documented pages, not for ONVIF alone. `basic`: the user allows HTTP Basic, which sends
    the password all but in clear.
    """

    user: str
    password: str
    http: bool = True
    basic: bool = False

    def __repr__(self) -> str:
        return f"Login(user={self.user!r}, password=…)"


class Suspect(msgspec.Struct, frozen=True):
    """What is known of the address so far, for a probe to decide whether and how to ask.

    `open_ports` maps port → service first seen there ("http", "https", "rtsp", "banner", "open"). `makers` are the
    makers (canonical names) that the evidence so far suggests, best first; `settled` says that maker, model and
    firmware are already well established, so that only what adds a new kind of fact is worth a packet. `routed`: it is
    beyond a router, where no broadcast has asked it.
    """

    host: str
    open_ports: Mapping[int, str]
    is_camera: bool | None = None
    makers: tuple[str, ...] = ()
    settled: bool = False
    kind: str = "unknown"
    counted: bool = False
    evidence: tuple[Evidence, ...] = ()
    snmp: tuple[SnmpAccess, ...] = ()
    login: Login | None = None
    routed: bool = False


class ProbeResult(msgspec.Struct, frozen=True):
    """How it ended, and what was learned. Partial evidence is kept whatever the outcome."""

    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    detail: str = ""


class Probe(Protocol):
    """`name` is unique; `sends` says in one line for docs/traffic.md exactly what it sends."""

    name: str
    stage: Stage
    sends: str

    def wanted(self, suspect: Suspect) -> bool:
        """Whether it is worth running on this address."""

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """Ask. Never raises for what a device does; NetError is turned into an outcome."""


Emit = Callable[[Evidence], Awaitable[None]]
"""Hand evidence over; returns once it is in the log on disk."""

ProbeList = Sequence[Probe]
