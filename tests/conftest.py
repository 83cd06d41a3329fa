"""How the tests run side by side: each worker on a network of its own, each file in one worker."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET, linux/sched.h
_WIRE = Path(__file__).parent / "e2e"


def pytest_configure(config: pytest.Config) -> None:
    """Simulated sites all have the same loopback addresses: two workers must not meet on them."""
    if hasattr(config, "workerinput"):
        _leave_the_shared_network()
    # Sweeps record themselves: never in the history of whoever runs the tests
    home = tempfile.mkdtemp(prefix="camcensus-tests-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ["XDG_DATA_HOME"] = home
    os.environ.pop("CAMCENSUS_STORE", None)


def pytest_itemcollected(item: pytest.Item) -> None:
    """A file's tests share its fixtures; tests that count frames on a wire wait for each other, not for a busy core.
    Who names a group keeps it.

    Not in `pytest_collection_modifyitems`: pytest-xdist reads the groups before a conftest has its turn there.
    """
    if item.get_closest_marker("xdist_group"):
        return
    group = "wire" if _WIRE in item.path.parents else str(item.path)
    item.add_marker(pytest.mark.xdist_group(group))


def _leave_the_shared_network() -> None:
    """An own network namespace (Linux, root). Who may not have one runs with one worker: see the Makefile."""
    if os.name != "posix" or os.geteuid() != 0:
        return
    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    if unshare is not None and unshare(_NEW_NETWORK) == 0:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
