"""From what switches said to evidence: which device is at which port.

A port with one device behind it is an edge; one that leads to another switch or router, or has a crowd behind it, is an
uplink, and where its addresses really are is for the next switch to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from scanner.models import Evidence, Outcome
from scanner.net.api import Network
from scanner.net.guard import guarded
from scanner.probe.contract import SnmpAccess
from scanner.probe.switch import SECONDS, Port, Reading, read_switch
from scanner.wire.bridge import Neighbour

PROTOCOL = "switch-port"
_GRACE = 15.0  # seconds for the last request after a switch's own budget
CROWD = 16
"""More addresses than this behind one port are no small unmanaged switch: there are others in between."""


class SwitchAccess(msgspec.Struct, frozen=True):
    """A switch that the user names, and what he gave for it, in his order."""

    host: str
    accesses: tuple[SnmpAccess, ...]


class Located(msgspec.Struct, frozen=True):
    """Evidence, and sentences for the coverage."""

    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()


class _Sighting(msgspec.Struct, frozen=True):
    reading: Reading
    port: Port
    vlan: int | None


async def survey(net: Network, switches: Sequence[SwitchAccess], known: Mapping[str, Iterable[str]]) -> Located:
    """Read the switches one after another, then say what is where. `known`: see `locate`."""
    readings = []
    for switch in switches:
        work = read_switch(net, switch.host, switch.accesses)
        readings.append(await guarded(work, SECONDS + _GRACE, _failed(switch.host)))
    return locate(readings, known, net.in_scope, net.now())


def locate(
    readings: Sequence[Reading], known: Mapping[str, Iterable[str]], in_scope: Callable[[str], bool], seen_at: str
) -> Located:
    """`switch-port` evidence of each address at an edge port, under its known IP addresses or, without one, its MAC.

    `known` are the IP addresses of a MAC as the sweep saw them; the switches' ARP tables are added as far as they are
    in scope. Behind an uplink only devices with a known address become evidence, without a place.
    """
    hosts = _hosts(readings, known, in_scope)
    own = frozenset(mac for reading in readings for mac in reading.own)
    edges: dict[str, list[_Sighting]] = {}
    beyond: dict[str, _Sighting] = {}
    for reading in readings:
        for port in reading.ports:
            uplink = leads_on(port, own - reading.own)
            for entry in port.entries:
                if entry.mac in own:
                    continue
                sighting = _Sighting(reading, port, entry.vlan)
                if uplink:
                    beyond.setdefault(entry.mac, sighting)
                else:
                    edges.setdefault(entry.mac, []).append(sighting)
    found = [each for reading in readings for each in reading.evidence]
    for mac, sightings in sorted(edges.items()):
        for host in hosts.get(mac, [mac]):
            found += [_evidence(host, mac, each, seen_at) for each in _each_port_once(sightings)]
            found += _neighbour_evidence(host, mac, sightings, seen_at)
    behind = sorted(beyond.keys() - edges.keys())
    for mac in behind:
        found += [_evidence(host, mac, beyond[mac], seen_at, uplink=True) for host in hosts.get(mac, ())]
    lost = sum(mac not in hosts for mac in behind)
    return Located(tuple(found), tuple(_notes(readings, own, lost)))


def _failed(host: str) -> Callable[[Outcome, str], Reading]:
    return lambda outcome, detail: Reading(host, cut=f"{outcome.value}: {detail}" if detail else outcome.value)


def leads_on(port: Port, other_switches: frozenset[str] = frozenset()) -> bool:
    """Whether a port is an uplink: a switch or router says so, a named switch is behind it, or a crowd."""
    if any(each.carries_others for each in port.neighbours) or port.macs & other_switches:
        return True
    return len(port.macs) > CROWD


def _hosts(
    readings: Sequence[Reading], known: Mapping[str, Iterable[str]], in_scope: Callable[[str], bool]
) -> dict[str, list[str]]:
    hosts: dict[str, set[str]] = {mac: set(addresses) for mac, addresses in known.items()}
    for reading in readings:
        for address, mac in reading.addresses:
            if mac not in known and in_scope(address):
                hosts.setdefault(mac, set()).add(address)
    return {mac: sorted(addresses) for mac, addresses in hosts.items() if addresses}


def _each_port_once(sightings: Sequence[_Sighting]) -> list[_Sighting]:
    """One sighting for each port; a trunk to a camera shows its address in several VLANs."""
    by_port: dict[tuple[str, str], _Sighting] = {}
    for each in sightings:
        by_port.setdefault((each.reading.host, each.port.name), each)
    return list(by_port.values())


def _evidence(host: str, mac: str, sighting: _Sighting, seen_at: str, *, uplink: bool = False) -> Evidence:
    reading, port = sighting.reading, sighting.port
    fields = {
        "switch": reading.host,
        "switch_name": reading.name or None,
        "port": port.name,
        "port_alias": port.alias or None,
        "vlan": sighting.vlan,
        "poe": port.poe,
        "mac": mac,
        "macs_on_port": len(port.macs),
        "uplink": True if uplink else None,
    }
    return Evidence(host, PROTOCOL, {name: value for name, value in fields.items() if value is not None}, seen_at)


def _neighbour_evidence(host: str, mac: str, sightings: Sequence[_Sighting], seen_at: str) -> Iterator[Evidence]:
    """What the device itself said to the switch by LLDP; by CDP, where it is alone at its port."""
    for sighting in _each_port_once(sightings):
        for each in sighting.port.neighbours:
            if each.mac == mac or (each.mac is None and len(sighting.port.macs) == 1):
                yield Evidence(host, each.protocol, _said(each, sighting), seen_at)


def _said(neighbour: Neighbour, sighting: _Sighting) -> dict[str, object]:
    fields = {
        "mac": neighbour.mac,
        "system_name": neighbour.name,
        "system_description": neighbour.description,
        "port_id": neighbour.port,
        "capabilities": list(neighbour.capabilities),
        "switch": sighting.reading.host,
    }
    return {name: value for name, value in fields.items() if value}


def _notes(readings: Sequence[Reading], own: frozenset[str], lost: int) -> Iterator[str]:
    for reading in readings:
        if not reading.answered:
            why = f" ({reading.cut})" if reading.cut else ""
            yield f"Switch {reading.host} did not answer to what you gave for SNMP: its ports were not read{why}."
            continue
        uplinks = [port.name for port in reading.ports if leads_on(port, own - reading.own)]
        edge = [port for port in reading.ports if port.name not in uplinks and port.entries]
        macs = len({mac for port in edge for mac in port.macs})
        said = f"Switch {reading.host}: {macs} hardware addresses at {len(edge)} ports"
        yield said + (f"; uplinks: {', '.join(uplinks[:8])}." if uplinks else ".")
        if reading.cut:
            yield f"The tables of switch {reading.host} were not read whole: {reading.cut}."
    if lost:
        yield (
            f"{lost} hardware addresses without a known IP address lie behind uplinks: name the next switch with "
            "--switch to see at which port."
        )
