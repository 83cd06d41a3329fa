"""The tables of a site's switches: which device is at which port, as BRIDGE-MIB, IF-MIB, LLDP, CDP and PoE show it.

Each device hangs on one of the switches; for the others it is behind the uplink. A Cisco switch keeps a bridge table
for each VLAN, in the context that "community@vlan" opens (Cisco, "SNMP community string indexing").
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from scanner.lab.spec import Bridge, DeviceSpec, Snmp

FIRST_INDEX = 10001  # Cisco's ifIndex of the first port
UPLINK_INDEX = 10101

_BRIDGE = "1.3.6.1.2.1.17"
_INTERFACE, _MORE = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
_LLDP, _CDP = "1.0.8802.1.1.2.1", "1.3.6.1.4.1.9.9.23.1.2.1.1"
_POE, _ARP, _VTP = "1.3.6.1.2.1.105.1.1.1", "1.3.6.1.2.1.4.22.1.2.1", "1.3.6.1.4.1.9.9.46.1.3.1.1.2.1"
_LEARNED = "int:3"


def with_tables(devices: Sequence[DeviceSpec]) -> tuple[DeviceSpec, ...]:
    """The devices, each switch among them with its tables filled in."""
    switches = [device for device in devices if device.bridge is not None]
    others = [device for device in devices if device.bridge is None]
    made = {switch.host: _filled(switch, others[n :: len(switches)], others) for n, switch in enumerate(switches)}
    return tuple(made.get(device.host, device) for device in devices)


def _filled(switch: DeviceSpec, near: Sequence[DeviceSpec], everyone: Sequence[DeviceSpec]) -> DeviceSpec:
    plan, agent = switch.bridge, switch.snmp
    if plan is None or agent is None:
        return switch
    at_ports = [device.mac for device in near[: plan.ports - len(plan.silent)]] + list(plan.silent)
    far = [device.mac for device in everyone if device.mac not in at_ports]
    cameras = {device.mac for device in near if device.truth.is_camera} | set(plan.silent)
    oids = dict(agent.oids) | _interfaces(switch, plan, len(at_ports)) | _neighbours(plan, at_ports, near)
    oids |= {f"{_VTP}.{vlan}": "int:1" for vlan in (1, plan.vlan, 1002)}
    for number, mac in enumerate(at_ports, start=1):
        oids[f"{_POE}.3.1.{number}"] = "int:1"
        oids[f"{_POE}.6.1.{number}"] = "int:3" if mac in cameras else "int:2"
    oids |= {f"{_ARP}.{device.host}": f"hex:{device.mac.replace(':', '')}" for device in everyone}
    contexts = {"1": dict(agent.oids), str(plan.vlan): _forwarding(at_ports, far, plan)}
    filled = Snmp(agent.engine_id, agent.community, oids, contexts)
    return msgspec.structs.replace(switch, snmp=filled)


def _interfaces(switch: DeviceSpec, plan: Bridge, count: int) -> dict[str, str]:
    oids = {f"{_BRIDGE}.1.1.0": f"hex:{switch.mac.replace(':', '')}"}
    ports = [(FIRST_INDEX + n, f"{plan.port}{n + 1}", f"{plan.short}{n + 1}", f"room {101 + n}") for n in range(count)]
    ports.append((UPLINK_INDEX, plan.uplink, plan.uplink_short, "to the core"))
    for index, long, short, alias in ports:
        oids[f"{_INTERFACE}.2.{index}"] = long
        oids[f"{_INTERFACE}.6.{index}"] = f"hex:{switch.mac.replace(':', '')}"
        oids[f"{_MORE}.1.{index}"] = short
        oids[f"{_MORE}.18.{index}"] = alias
    return oids


def _forwarding(near: Sequence[str], far: Sequence[str], plan: Bridge) -> dict[str, str]:
    """The bridge table of the one VLAN. Bridge ports are numbered from 1, the uplink comes last."""
    last = plan.ports + 1
    oids = {f"{_BRIDGE}.1.4.1.2.{n}": f"int:{FIRST_INDEX + n - 1}" for n in range(1, plan.ports + 1)}
    oids[f"{_BRIDGE}.1.4.1.2.{last}"] = f"int:{UPLINK_INDEX}"
    places = [*enumerate(near, start=1), *((last, mac) for mac in far)]
    for port, mac in places:
        index = ".".join(str(octet) for octet in bytes.fromhex(mac.replace(":", "")))
        oids[f"{_BRIDGE}.4.3.1.2.{index}"] = f"int:{port}"
        oids[f"{_BRIDGE}.4.3.1.3.{index}"] = _LEARNED
    return oids


def _neighbours(plan: Bridge, at_ports: Sequence[str], near: Sequence[DeviceSpec]) -> dict[str, str]:
    """The core switch by LLDP and CDP at the uplink; each device that speaks LLDP at its port."""
    core = {"4": "int:4", "5": "hex:001bd4ffff00", "6": "int:5", "7": "Te1/0/1", "9": "core", "10": "Cisco core switch",
            "11": "hex:2800", "12": "hex:2800"}  # fmt: skip
    oids = {f"{_LLDP}.4.1.1.{column}.0.{UPLINK_INDEX}.1": text for column, text in core.items()}
    oids[f"{_LLDP}.3.7.1.3.{UPLINK_INDEX}"] = plan.uplink_short
    cdp = {"6": "core.example", "7": "TenGigabitEthernet1/0/1", "8": "cisco WS-C3850-48P", "9": "hex:00000029"}
    oids |= {f"{_CDP}.{column}.{UPLINK_INDEX}.1": text for column, text in cdp.items()}
    speaking = {device.mac: device.lldp for device in near if device.lldp}
    for number, mac in enumerate(at_ports, start=1):
        if mac not in speaking:
            continue
        plain = f"hex:{mac.replace(':', '')}"
        row = {"4": "int:4", "5": plain, "6": "int:3", "7": plain, "9": f"axis-{mac.replace(':', '')}",
               "10": speaking[mac], "11": "hex:0100", "12": "hex:0100"}  # fmt: skip
        oids |= {f"{_LLDP}.4.1.1.{column}.0.{FIRST_INDEX + number - 1}.1": text for column, text in row.items()}
    return oids
