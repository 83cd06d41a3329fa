"""The formats of captures and of other scanners."""

from __future__ import annotations

from scanner.intake.avahi import AvahiBrowse
from scanner.intake.capture import Capture
from scanner.intake.contract import Format
from scanner.intake.nmap import NmapXml
from scanner.intake.scan_lines import MasscanJson, MasscanList, OwnEvidence, RunZero, Zgrab2

CAPTURES_AND_SCANNERS: tuple[Format, ...] = (
    Capture(),
    NmapXml(),
    MasscanJson(),
    MasscanList(),
    Zgrab2(),
    RunZero(),
    AvahiBrowse(),
    OwnEvidence(),
)
