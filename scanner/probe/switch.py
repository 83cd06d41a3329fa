"""Reads a switch that the user names: which address is behind which port. Walks only, with the user's own access."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from scanner.models import Evidence
from scanner.net.api import Network
from scanner.probe.contract import SnmpAccess
from scanner.probe.record import evidence
from scanner.probe.snmp_client import SnmpClient, snmp_client
from scanner.probe.snmp_oids import ENTITY, SYSTEM
from scanner.probe.snmp_walk import Budget, walk
from scanner.text import clean
from scanner.wire import bridge
from scanner.wire.bridge import Entry, Neighbour, Row

MAX_ROWS = 60_000
MAX_OCTETS = 2 * 1024 * 1024
SECONDS = 90.0
MAX_VLANS = 64
SENDS = (
    "UDP 161, to the switches named with --switch, with the user's own access: GET of the system group and of "
    "ENTITY-MIB's first row; GETBULK walks (GETNEXT in SNMPv1) of dot1dBaseBridgeAddress, dot1qTpFdbTable, "
    "dot1dTpFdbTable, dot1dBasePortIfIndex, ifDescr, ifName, ifAlias, ifPhysAddress, LLDP's local ports and remote "
    "table, the CDP cache, pethPsePortTable and ipNetToMediaTable; on a Cisco switch without a VLAN-aware table of "
    "vtpVlanState, and of the bridge tables in the context of each VLAN (community@vlan). "
    f"At most {MAX_ROWS:,} rows and {SECONDS:.0f} seconds a switch."
)
_CISCO = "1.3.6.1.4.1.9."


class Port(msgspec.Struct, frozen=True):
    """One port with all that is behind it. `alias` is what the owner calls it; `poe` None where it feeds nothing."""

    name: str
    alias: str = ""
    poe: str | None = None
    entries: tuple[Entry, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()

    @property
    def macs(self) -> frozenset[str]:
        """The distinct addresses behind it."""
        return frozenset(entry.mac for entry in self.entries)


class Reading(msgspec.Struct, frozen=True):
    """What one switch said. `answered` False: nothing of what the user gave was accepted, or it is not there.

    `addresses` are (IPv4 address, MAC) of its ARP table; `cut` why its tables are not whole.
    """

    host: str
    answered: bool = False
    name: str = ""
    ports: tuple[Port, ...] = ()
    own: frozenset[str] = frozenset()
    addresses: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    cut: str = ""


async def read_switch(net: Network, host: str, accesses: Sequence[SnmpAccess]) -> Reading:
    """Each access is tried once, in order, until one answers. OutOfScope where `host` is not in scope."""
    for access in accesses:
        async with snmp_client(net, host, access) as client:
            system = await client.get(SYSTEM)
            if system:
                return await _Switch(net, host, client, system).read()
    return Reading(host)


class _Interfaces(msgspec.Struct, frozen=True):
    """IF-MIB and BRIDGE-MIB: how a port is called. `of_port` leads from a bridge port to its ifIndex."""

    of_port: dict[int, int]
    names: dict[int, str]
    aliases: dict[int, str]

    def index(self, port: int) -> int:
        """The ifIndex of a bridge port; agents without the table number both alike."""
        return self.of_port.get(port, port)

    def of_lldp(self, local: int, said: Sequence[str]) -> int:
        """The ifIndex of an LLDP local port: by the name that LLDP gives it, else by its number."""
        named = (index for index, name in self.names.items() if name in said)
        return next(named, self.index(local))


class _Switch:
    def __init__(self, net: Network, host: str, client: SnmpClient, system: dict[str, str]) -> None:
        self._net = net
        self._host = host
        self._client = client
        self._system = system
        self._budget = Budget(MAX_ROWS, MAX_OCTETS, SECONDS)
        self._cut: list[str] = []

    async def read(self) -> Reading:
        """The tables, joined."""
        oids = self._system | await self._client.get(ENTITY)
        interfaces = await self._interfaces()
        entries = await self._entries(interfaces)
        neighbours = await self._neighbours(interfaces)
        fed = {interfaces.index(port): state for port, state in bridge.power(await self._rows(bridge.POE_PORT)).items()}
        return Reading(
            host=self._host,
            answered=True,
            name=clean(self._system.get(SYSTEM[2], ""), 128),
            ports=tuple(_ports(interfaces, entries, neighbours, fed)),
            own=await self._own(),
            addresses=tuple(bridge.arp(await self._rows(bridge.ARP))),
            evidence=(evidence(self._net, self._host, "snmp", oids=oids),),
            cut=", ".join(dict.fromkeys(self._cut)),
        )

    async def _own(self) -> frozenset[str]:
        row = await self._client.next_rows(bridge.BRIDGE_ADDRESS.removesuffix(".0"), 1)
        mac = bridge.mac_text(row[0][1]) if row and row[0][0] == bridge.BRIDGE_ADDRESS else None
        return bridge.own_macs(await self._rows(bridge.IF_MAC)) | ({mac} if mac else set())

    async def _interfaces(self) -> _Interfaces:
        described = bridge.names(await self._rows(bridge.IF_DESCR))
        return _Interfaces(
            of_port=bridge.numbers(await self._rows(bridge.BASE_PORT)),
            names=described | bridge.names(await self._rows(bridge.IF_NAME)),
            aliases=bridge.names(await self._rows(bridge.IF_ALIAS)),
        )

    async def _entries(self, interfaces: _Interfaces) -> list[Entry]:
        """The forwarding entries, with the ifIndex as their port."""
        ports = await self._rows(bridge.VLAN_FDB_PORT)
        if ports:
            states = await self._rows(bridge.VLAN_FDB_STATUS)
            fdb_ids = await self._rows(bridge.VLAN_FDB_ID)
            return [_at(entry, interfaces.of_port) for entry in bridge.vlan_forwarding(ports, states, fdb_ids)]
        if self._system.get(SYSTEM[1], "").removeprefix(".").startswith(_CISCO):
            vlans = bridge.vlan_numbers(await self._rows(bridge.VTP_VLAN_STATE))[:MAX_VLANS]
            if vlans:
                return [entry for vlan in vlans for entry in await self._plain(self._client.in_vlan(vlan), vlan)]
        return await self._plain(self._client, None, interfaces.of_port)

    async def _plain(self, client: SnmpClient, vlan: int | None, of_port: dict[int, int] | None = None) -> list[Entry]:
        ports = await self._rows(bridge.FDB_PORT, client)
        if not ports:
            return []
        states = await self._rows(bridge.FDB_STATUS, client)
        if of_port is None:
            of_port = bridge.numbers(await self._rows(bridge.BASE_PORT, client))
        return [_at(entry, of_port) for entry in bridge.forwarding(ports, states, vlan)]

    async def _neighbours(self, interfaces: _Interfaces) -> list[Neighbour]:
        """Who says that it is there, with the ifIndex as its local port."""
        found = bridge.lldp_neighbours(await self._rows(bridge.LLDP_REMOTE))
        said = bridge.lldp_ports(await self._rows(bridge.LLDP_LOCAL_PORT)) if found else {}
        found = [_placed(each, interfaces.of_lldp(each.local, said.get(each.local, ()))) for each in found]
        return found + bridge.cdp_neighbours(await self._rows(bridge.CDP_CACHE))

    async def _rows(self, table: str, client: SnmpClient | None = None) -> tuple[Row, ...]:
        walked = await walk(client or self._client, table, self._budget)
        if walked.cut:
            self._cut.append(walked.cut)
        return walked.rows


def _ports(
    interfaces: _Interfaces, entries: Sequence[Entry], neighbours: Sequence[Neighbour], fed: dict[int, str]
) -> Iterator[Port]:
    """Every port behind which something is, in the order of the interfaces."""
    learned: dict[int, list[Entry]] = {}
    for entry in entries:
        learned.setdefault(entry.port, []).append(entry)
    speaking: dict[int, list[Neighbour]] = {}
    for each in neighbours:
        speaking.setdefault(each.local, []).append(each)
    for index in sorted(learned.keys() | speaking.keys()):
        yield Port(
            name=interfaces.names.get(index) or str(index),
            alias=interfaces.aliases.get(index, ""),
            poe=fed.get(index),
            entries=tuple(learned.get(index, ())),
            neighbours=tuple(speaking.get(index, ())),
        )


def _at(entry: Entry, of_port: dict[int, int]) -> Entry:
    return msgspec.structs.replace(entry, port=of_port.get(entry.port, entry.port))


def _placed(neighbour: Neighbour, index: int) -> Neighbour:
    return msgspec.structs.replace(neighbour, local=index)
