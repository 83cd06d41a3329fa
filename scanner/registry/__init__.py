"""Which lists name it: dated, cited data, and a pure verdict on a device under a policy as of a day."""

from scanner.registry.basis import Own, basis_file, read_basis
from scanner.registry.catalogue import Sheet, list_instruments, show
from scanner.registry.check import Problem, check
from scanner.registry.facts import (
    DEFAULT_POLICY,
    Company,
    Component,
    Instrument,
    Label,
    Listing,
    Owner,
    Policy,
    Registry,
)
from scanner.registry.judge import judge
from scanner.registry.load import load_registry
from scanner.registry.names import companies_by_name
from scanner.registry.policy import find_policy
from scanner.registry.waivers import Waiver, records, waive

__all__ = [
    "DEFAULT_POLICY",
    "Company",
    "Component",
    "Instrument",
    "Label",
    "Listing",
    "Own",
    "Owner",
    "Policy",
    "Problem",
    "Registry",
    "Sheet",
    "Waiver",
    "basis_file",
    "check",
    "companies_by_name",
    "find_policy",
    "judge",
    "list_instruments",
    "load_registry",
    "read_basis",
    "records",
    "show",
    "waive",
]
