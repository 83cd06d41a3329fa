"""SNMP reads with what the user gave: GET of named objects, at most two requests of an agent that knows SNMPv2.

Each access of the user's is tried once, in his order, until one answers; a refused or silent one is not tried again.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanner.models import Outcome
from scanner.net.api import Network
from scanner.probe.contract import ProbeResult, SnmpAccess, Stage, Suspect
from scanner.probe.record import evidence
from scanner.probe.snmp_client import SnmpClient, snmp_client
from scanner.probe.snmp_oids import BRANCHES, ENTITY, SYSTEM, branch_of


class SnmpRead:
    """Nothing is guessed: without the user's own access it never runs."""

    name = "snmp-read"
    stage = Stage.CREDENTIALS
    sends = (
        "UDP 161, only with the user's own communities or SNMPv3 users, each once until one answers: GET of sysDescr, "
        "sysObjectID and sysName, then one GET of ENTITY-MIB's first row and, for a suspected "
        + ", ".join(branch.maker for branch in BRANCHES)
        + ", of that maker's own model, firmware, serial number and MAC objects (an SNMPv1 agent is asked one by one)."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Whether the user gave an access and nothing was read yet."""
        read = any(one.protocol == "snmp" and one.get("oids") for one in suspect.evidence)
        return bool(suspect.snmp) and not read

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """`snmp` evidence with `oids`."""
        if not net.in_scope(suspect.host):
            return ProbeResult(Outcome.OUT_OF_SCOPE)
        for access in suspect.snmp:
            oids = await read_identity(net, suspect.host, access, suspect.makers)
            if oids:
                return ProbeResult(Outcome.ANSWERED, (evidence(net, suspect.host, "snmp", oids=oids),))
        return ProbeResult(Outcome.TIMED_OUT)


async def read_identity(net: Network, host: str, access: SnmpAccess, makers: tuple[str, ...]) -> dict[str, str]:
    """What `access` may read of the device's identity, by OID; empty where nothing answered."""
    async with snmp_client(net, host, access) as client:
        found = await _some(client, SYSTEM)
        if found:
            branch = branch_of(makers, found.get(SYSTEM[1], ""))
            found |= await _some(client, (*(branch.names if branch else ()), *ENTITY))
    return found


async def _some(client: SnmpClient, names: Sequence[str]) -> dict[str, str]:
    """What the agent has of `names`. SNMPv1: together, and if that is refused one by one."""
    found = await client.get(names)
    if found or not client.single or names is SYSTEM:
        return found
    for name in names:
        found |= await client.get((name,))
    return found
