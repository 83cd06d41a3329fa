"""Ask one address one thing. One explicit list; first contact comes before all of them."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.probe.contact import ContactResult, first_contact
from scanner.probe.contract import Login, Probe, ProbeResult, SnmpAccess, Stage, Suspect
from scanner.probe.favicon import Favicon
from scanner.probe.http import VendorPages
from scanner.probe.login import WithLogin
from scanner.probe.login_doors import LoginDoors
from scanner.probe.onvif import Onvif
from scanner.probe.run import probes_of, run_probe
from scanner.probe.session import http_session
from scanner.probe.snmp import SnmpDiscovery
from scanner.probe.snmp_read import SnmpRead
from scanner.probe.switch_ports import SwitchAccess, survey
from scanner.probe.upnp import Upnp
from scanner.probe.vendor_udp import VendorUdp

__all__ = [
    "PROBES",
    "ContactResult",
    "Login",
    "LoginDoors",
    "Probe",
    "ProbeResult",
    "SnmpAccess",
    "Stage",
    "Suspect",
    "SwitchAccess",
    "WithLogin",
    "first_contact",
    "http_session",
    "probes_for",
    "run_probe",
    "survey",
    "unique",
]


def unique(probes: Iterable[Probe]) -> tuple[Probe, ...]:
    """The list as it is; ValueError where a name stands twice."""
    listed = tuple(probes)
    names = [probe.name for probe in listed]
    if len(set(names)) != len(names):
        raise ValueError(f"a probe stands twice in {names}")
    return listed


PROBES = unique([VendorUdp(), SnmpDiscovery(), Upnp(), Onvif(), VendorPages(), Favicon(), SnmpRead(), WithLogin()])


def probes_for(suspect: Suspect, stage: Stage) -> list[Probe]:
    """The probes of `stage` that are worth running on `suspect`, in their order."""
    return probes_of(PROBES, suspect, stage)
