"""A switch of the lab, read over real sockets through the door, and what becomes of its site."""

import asyncio

import msgspec

from scanner.derive import Context, derive_devices
from scanner.lab import Lab, demo_site
from scanner.models import Device
from scanner.net.door import SocketNetwork
from scanner.net.targets import parse_targets
from scanner.probe.contract import SnmpAccess
from scanner.probe.snmp_read import read_identity
from scanner.probe.switch_ports import Located, SwitchAccess, survey

OWN = "switch-read-4420"
SILENT = "44:19:b6:5a:11:07"


def _survey() -> tuple[Located, Lab, str]:
    async def run() -> tuple[Located, Lab, str]:
        site = demo_site()
        switch = next(device for device in site.devices if device.bridge)
        alone = msgspec.structs.replace(site, devices=(switch,))
        async with Lab(alone, ports="mapped", granted=True) as lab:
            scope = parse_targets(["127.77.0.0/24"])
            net = SocketNetwork(scope, port_map=lab.port_map, host_rate=2000)
            return await survey(net, (SwitchAccess(switch.host, (SnmpAccess(2, OWN),)),), {}), lab, switch.host

    return asyncio.run(run())


def _devices(located: Located) -> dict[str, Device]:
    found = derive_devices(located.evidence, Context.load(), merge=True, problem=lambda _problem: None)
    return {device.host: device for device in found}


def test_every_device_of_the_site_has_its_port() -> None:
    located, lab, switch = _survey()
    assert list(lab.record.violations) == []
    devices = _devices(located)
    site = demo_site()
    first = site.devices[0]
    assert devices[first.host].switch_port == "Fa0/1"
    assert devices[first.host].switch == f"sw-floor2 ({switch})"
    # Eighteen at ports of their own, two silent ones, the rest behind the uplink
    assert sum(device.switch_port is not None for device in devices.values()) == 20
    assert devices[site.devices[-1].host].switch_port is None
    assert any("uplinks: Gi0/1" in note for note in located.notes)


def test_a_camera_that_answers_nothing_is_counted_and_not_listed() -> None:
    device = _devices(_survey()[0])[SILENT]
    assert (device.mac, device.maker, device.switch_port) == (SILENT, "Hikvision", "Fa0/19")
    assert device.status.value in ("review", "undetermined")


def test_an_axis_camera_tells_its_switch_what_it_is() -> None:
    said = [one.get("system_description") for one in _survey()[0].evidence if one.protocol == "lldp"]
    assert len(said) == 1
    assert str(said[0]).startswith("AXIS ")


def test_vendor_objects_of_the_labs_cameras() -> None:
    async def run(key: str) -> dict[str, str]:
        site = demo_site()
        camera = next(device for device in site.devices if device.key == key)
        alone = msgspec.structs.replace(site, devices=(camera,))
        async with Lab(alone, ports="mapped", granted=True) as lab:
            async with SocketNetwork(parse_targets([camera.host]), port_map=lab.port_map) as net:
                found = await read_identity(net, camera.host, SnmpAccess(2, site.community), ())
            assert list(lab.record.violations) == []
        return found

    assert "1.3.6.1.4.1.1004849.2.1.2.6.0" in asyncio.run(run("dahua-camera"))
    assert "1.3.6.1.4.1.39165.1.4.0" in asyncio.run(run("hikvision-camera"))
    assert asyncio.run(run("bosch-camera"))["1.3.6.1.4.1.3967.1.1.1.7.0"] == "Bosch"
