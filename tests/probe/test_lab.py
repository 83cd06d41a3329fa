"""Discovery and probes through the real door, against simulated devices on loopback."""

import asyncio

import msgspec
import pytest

from scanner.discover import discover
from scanner.lab import Lab, LabError, demo_site
from scanner.models import Evidence
from scanner.net.door import SocketNetwork
from scanner.net.targets import parse_targets
from scanner.probe import Stage, Suspect, first_contact, http_session, probes_for, run_probe
from tests.discover.fast import Sink

COUNT = 4


async def _visit(net: SocketNetwork, host: str, sink: Sink) -> None:
    async with http_session(net, host):
        contact = await first_contact(net, host, emit=sink)
        for stage in (Stage.CONTACT, Stage.FOLLOW_UP):
            for probe in probes_for(_suspect(host, contact.open_ports, sink.evidence), stage):
                suspect = _suspect(host, contact.open_ports, sink.evidence)
                if probe.wanted(suspect):
                    sink.evidence += (await run_probe(probe, net, suspect)).evidence


def _suspect(host: str, ports: object, evidence: list[Evidence]) -> Suspect:
    own = tuple(one for one in evidence if one.host == host)
    return Suspect(host, dict(ports), is_camera=True, evidence=own)  # type: ignore[call-overload]


async def _sweep(lab: Lab) -> tuple[list[Evidence], SocketNetwork]:
    sink = Sink()
    async with SocketNetwork(parse_targets(list(lab.addresses)), port_map=lab.port_map, host_rate=400) as net:
        found = await discover(net, lab.addresses, sink)
        assert set(found.candidates) == set(lab.addresses)
        await asyncio.gather(*(_visit(net, host, sink) for host in lab.addresses))
    return sink.evidence, net


async def _run() -> tuple[list[Evidence], Lab, SocketNetwork]:
    site = demo_site()
    async with Lab(msgspec.structs.replace(site, devices=site.devices[:COUNT])) as lab:
        evidence, net = await _sweep(lab)
        return evidence, lab, net


def test_simulated_cameras_are_heard_and_treated_well() -> None:
    try:
        evidence, lab, net = asyncio.run(_run())
    except LabError as error:
        pytest.skip(str(error))
    said = {one.host: {other.protocol for other in evidence if other.host == one.host} for one in evidence}
    assert set(said) == set(lab.addresses)
    assert all({"http", "rtsp", "port"} <= protocols for protocols in said.values())
    assert any("onvif" in protocols for protocols in said.values())
    assert any("ws-discovery" in protocols for protocols in said.values())
    assert list(lab.record.violations) == []
    assert net.ledger.peak <= 2
