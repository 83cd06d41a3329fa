"""The vocabulary of Camcensus: plain frozen values, with no machinery behind them."""

from scanner.models.capability import Capability
from scanner.models.channel import Channel
from scanner.models.claim import CLAIM_FIELDS, Claim, Conflict, Weight
from scanner.models.coverage import Coverage, InterfaceCoverage
from scanner.models.device import CAMERA_KINDS, KINDS, RECORDER_KINDS, Device
from scanner.models.document import Document, Section
from scanner.models.errors import (
    CamcensusError,
    DataError,
    LogError,
    OutOfScope,
    TargetError,
    UsageError,
)
from scanner.models.evidence import Evidence, EvidenceProblem
from scanner.models.finding import Finding, Relation, Strength, Waived, Wording
from scanner.models.inventory import SCHEMA, BasisFile, Inventory, RegistryInfo, Sweep, Tool, WaiverRecord
from scanner.models.outcome import Outcome
from scanner.models.status import Status

__all__ = [
    "CAMERA_KINDS",
    "CLAIM_FIELDS",
    "KINDS",
    "RECORDER_KINDS",
    "SCHEMA",
    "BasisFile",
    "CamcensusError",
    "Capability",
    "Channel",
    "Claim",
    "Conflict",
    "Coverage",
    "DataError",
    "Device",
    "Document",
    "Evidence",
    "EvidenceProblem",
    "Finding",
    "InterfaceCoverage",
    "Inventory",
    "LogError",
    "OutOfScope",
    "Outcome",
    "RegistryInfo",
    "Relation",
    "Section",
    "Status",
    "Strength",
    "Sweep",
    "TargetError",
    "Tool",
    "UsageError",
    "Waived",
    "WaiverRecord",
    "Weight",
    "Wording",
]
