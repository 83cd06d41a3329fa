"""What a sweep is asked for, and what its network part came to."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from scanner.probe import Login, SnmpAccess, SwitchAccess

WORKERS = 160  # devices visited at once; the rates of the door are what bounds the traffic
DEVICE_SECONDS = 30.0  # absolute, for all the probes of one device


class SweepOptions(msgspec.Struct, frozen=True):
    """What the user chose. `budget` is in seconds for the whole run since `began` (of `time.monotonic`, None: since the
    network part begins), None for no limit; `renderings` are the reports that its end writes besides its own.

    `ipv6` False leaves IPv6 multicast out.
    `own` are this host's own addresses in scope: they are not asked, and the report says so.
    """

    targets: tuple[str, ...]
    own: tuple[str, ...] = ()
    budget: float | None = None
    began: float | None = None
    renderings: int = 0
    ipv6: bool = True
    device_seconds: float = DEVICE_SECONDS
    workers: int = WORKERS
    snmp: Callable[[str, str | None], tuple[SnmpAccess, ...]] = lambda _host, _mac: ()
    switches: tuple[SwitchAccess, ...] = ()
    logins: Callable[[str, str | None], Login | None] = lambda _host, _mac: None


class Gathered(msgspec.Struct):
    """What the network part came to, beside the evidence. `ended`: why it is not complete. `beyond`: see Discovery.

    Of the targets, `mute` answered ARP and nothing else, `refusing` had no open port and said nothing.
    `refused` are hosts that refused a login, with the question; `untried` those where it was not tried a second time.
    """

    complete: bool = False
    ended: str = "The sweep ended before every address was asked."
    alive: set[str] = msgspec.field(default_factory=set)
    beyond: set[str] = msgspec.field(default_factory=set)
    mute: set[str] = msgspec.field(default_factory=set)
    refusing: set[str] = msgspec.field(default_factory=set)
    cut: list[str] = msgspec.field(default_factory=list)
    refused: dict[str, str] = msgspec.field(default_factory=dict)
    untried: set[str] = msgspec.field(default_factory=set)
    notes: list[str] = msgspec.field(default_factory=list)
    failures: dict[str, str] = msgspec.field(default_factory=dict)
