"""Third-party modules that carry no types, imported when they are first needed."""

from __future__ import annotations

import importlib
from typing import Any


def library(name: str) -> Any:
    """The module `name`."""
    return importlib.import_module(name)
