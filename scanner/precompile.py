"""Fingerprints and registry decoded and proved once, when Camcensus is installed: `setup.py` calls this.

Reading a thousand rules from TOML takes a third of a second, and decoding what is kept here some milliseconds. What
is kept is looked up under a digest of the files, so that a changed file is read anew.
"""

from __future__ import annotations

from pathlib import Path

from scanner.cache import write_installed
from scanner.identify.rules import compiled_fingerprints
from scanner.registry.load import compiled_registry


def precompile(folder: Path) -> None:
    """Write what `read_installed` finds into `folder`."""
    write_installed(dict((compiled_fingerprints(), compiled_registry())), folder)
