"""Which lists name it: dated, cited data, and a pure verdict on a device under a policy as of a day.

A name's module is loaded when the name is first used: judging needs none of those that look at the lists or prove them.
`judge` and `check` are taken from the modules that bear their names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scanner.registry.basis import Own, basis_file, read_basis
    from scanner.registry.catalogue import Sheet, list_instruments, show
    from scanner.registry.check import Problem
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
    "companies_by_name",
    "find_policy",
    "list_instruments",
    "load_registry",
    "read_basis",
    "records",
    "show",
    "waive",
]

_MODULES = {
    "basis": (
        "Own",
        "basis_file",
        "read_basis",
    ),
    "catalogue": (
        "Sheet",
        "list_instruments",
        "show",
    ),
    "check": ("Problem",),
    "facts": (
        "DEFAULT_POLICY",
        "Company",
        "Component",
        "Instrument",
        "Label",
        "Listing",
        "Owner",
        "Policy",
        "Registry",
    ),
    "load": ("load_registry",),
    "names": ("companies_by_name",),
    "policy": ("find_policy",),
    "waivers": (
        "Waiver",
        "records",
        "waive",
    ),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
