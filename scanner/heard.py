"""What kinds of things each address has said: who is there and mute, who only refuses, who may be there anyway."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from ipaddress import IPv6Address

from scanner.models import Evidence

_BARE = frozenset({"mac", "port", "refusal"})  # kinds of evidence of one that is there and has said nothing


class Heard:
    """Kinds of evidence by address."""

    def __init__(self) -> None:
        self._kinds: dict[str, set[str]] = {}

    def note(self, evidence: Evidence) -> None:
        """Count it."""
        refused = evidence.protocol == "port" and evidence.get("state") == "closed"
        self._kinds.setdefault(evidence.host, set()).add("refusal" if refused else evidence.protocol)

    def wordless(self, hosts: Iterable[str]) -> list[str]:
        """Of `hosts`, who has said nothing of itself, whatever else showed that it is there."""
        return [host for host in hosts if self._kinds.get(host, set()) <= _BARE]

    def mute(self, hosts: Iterable[str]) -> set[str]:
        """Of `hosts`, who answered ARP or neighbour discovery, and nothing else."""
        return {host for host in hosts if self._kinds.get(host) == {"mac"}}

    def refusing(self, hosts: Iterable[str]) -> set[str]:
        """Of `hosts`, who refused what was tried, and said nothing."""
        return {host for host in self.wordless(hosts) if "refusal" in self._kinds.get(host, ())}


def same_network(host: str, others: Collection[str]) -> bool:
    """Whether one of `others` lies in the /24 of `host`; with IPv6 in its /64."""
    return _network(host) in map(_network, others)


def _network(host: str) -> str:
    return host.rpartition(".")[0] or ":".join(IPv6Address(host.partition("%")[0]).exploded.split(":")[:4])
