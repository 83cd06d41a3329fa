"""Answers to datagrams: whose they are, whether they are new, and how many of them one sender may have."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from scanner.discover.contract import DiscoverResult
from scanner.discover.exchange import Handle, Patience, Shot, exchange, hear_on
from scanner.discover.linger import Told, current
from scanner.models import Outcome
from scanner.net.api import Interface, NetError, Network

MAX_PER_SENDER = 64


class Answers:
    """Lets an answer pass once, when its sender is one of the targets; notes senders that are out of scope."""

    def __init__(self, net: Network, name: str, targets: Sequence[str]) -> None:
        self._net = net
        self._name = name
        self._targets = frozenset(targets)
        self._seen: dict[str, set[Hashable]] = {}

    def expected(self, sender: str) -> bool:
        """Whether `sender` is a target; what others say is nobody's evidence."""
        if sender in self._targets:
            return True
        if not self._net.in_scope(sender):
            self._net.outside(f"{self._name} answer", sender)
        return False

    def fresh(self, sender: str, key: Hashable) -> bool:
        """Whether `sender` has not said `key` yet, and has not said too much already."""
        said = self._seen.setdefault(sender, set())
        if key in said or len(said) >= MAX_PER_SENDER:
            return False
        said.add(key)
        return True

    @property
    def senders(self) -> frozenset[str]:
        """Who has said something new."""
        return frozenset(self._seen)

    def result(self, notes: Sequence[str]) -> DiscoverResult:
        """What the contract asks for."""
        outcome = Outcome.ANSWERED if self._seen else Outcome.EMPTY
        return DiscoverResult(outcome, self.senders, tuple(notes))


async def over(
    net: Network, interface: Interface | None, shots: Sequence[Shot], handle: Handle, patience: Patience
) -> list[str]:
    """One socket, one exchange; the notes for the coverage where it failed.

    Within `lingering` the socket stays open afterwards, and what comes late is handed over too.
    """
    linger = current()

    async def talk(tell: Told) -> None:
        where = interface.name if interface else "the default route"
        try:
            async with net.udp(interface) as sock:
                failed = await exchange(sock, shots, handle, patience)
                none = failed and len(failed) == len(shots)
                tell([f"nothing could be sent on {where}: {failed[0]}"] if none else [])
                if linger is not None:
                    await hear_on(sock, handle)
        except NetError as error:
            tell([f"no datagrams on {where}: {error}"])

    if linger is not None:
        return await linger.keep(talk, max((shot.at for shot in shots), default=0.0))
    notes: list[str] = []
    await talk(notes.extend)
    return notes
