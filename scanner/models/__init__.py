"""The vocabulary of Camcensus: plain frozen values, with no machinery behind them."""

from scanner.models.capability import Capability
from scanner.models.claim import CLAIM_FIELDS, Claim, Conflict, Weight
from scanner.models.coverage import Coverage, InterfaceCoverage
from scanner.models.device import CAMERA_KINDS, KINDS, Device, Status
from scanner.models.errors import (
    CamcensusError,
    DataError,
    LogError,
    OutOfScope,
    TargetError,
    UsageError,
)
from scanner.models.evidence import Evidence, EvidenceProblem
from scanner.models.finding import Finding, Relation, Strength
from scanner.models.inventory import SCHEMA, Inventory, RegistryInfo, Sweep, Tool
from scanner.models.outcome import Outcome

__all__ = [
    "CAMERA_KINDS",
    "CLAIM_FIELDS",
    "KINDS",
    "SCHEMA",
    "CamcensusError",
    "Capability",
    "Claim",
    "Conflict",
    "Coverage",
    "DataError",
    "Device",
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
    "Status",
    "Strength",
    "Sweep",
    "TargetError",
    "Tool",
    "UsageError",
    "Weight",
]
