"""The house: each room imports only what lies below it, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "scanner"

# What each room may import of ours. A room is a folder of scanner/, or a module beside them.
ROOMS: dict[str, set[str]] = {
    "__init__": set(),
    "models": set(),
    "__main__": {"cli"},
    "data": {"models"},
    "timestamps": set(),
    "text": {"models"},
    "wire": {"models", "text", "__init__"},
    "net": {"models", "text", "wire"},
    "discover": {"models", "text", "wire", "net"},
    "probe": {"models", "text", "wire", "net"},
    "intake": {"models", "text", "wire"},
    "identify": {"models", "text", "wire", "data"},
    "registry": {"models", "text", "data"},
    "report": {"models", "text"},
    "lab": {"models", "text", "wire"},
    "runs": {"models"},
    "progress": {"models"},
    "keyring": {"models"},
    "credentials": {"models", "text", "net", "probe", "keyring"},
    "derive": {"models", "text", "identify", "registry", "__init__"},
    "heard": {"models"},
    "sweep": {"models", "text", "net", "discover", "probe", "identify", "derive", "runs", "progress", "heard"},
    "listen": {"models", "net", "identify", "derive", "runs", "progress"},
    "unreached": {"text", "net"},
    "coverage": {"models", "text", "net", "sweep", "unreached"},
    "pairing": {"models"},
    "redaction": {"models", "text", "identify"},
    "portfolio": {"models", "report"},
    "pack": {"models", "text", "report", "timestamps"},
    "gates": {"models", "report", "pairing"},
    "diff": {"models", "text", "report", "pairing"},
    "reconcile": {"models", "text", "identify"},
    "store": {"models", "text", "pairing", "timestamps"},
    "cli": {
        "models", "text", "net", "discover", "probe", "intake", "identify", "registry", "report", "lab", "runs",
        "progress", "listen", "reconcile", "diff", "pack", "portfolio", "redaction", "store",
        "credentials", "derive", "sweep", "coverage", "gates", "timestamps", "__init__", "data",
    },
}  # fmt: skip

MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports_of_ours(path: Path) -> set[str]:
    """Rooms that a module imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == "scanner":
                names = [f"scanner.{alias.name}" for alias in node.names]
            assert node.level == 0, f"{path}: imports are absolute"
        for name in names:
            parts = name.split(".")
            if parts[0] == "scanner":
                room = parts[1] if len(parts) > 1 else "__init__"
                found.add(room if room in ROOMS else "__init__")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_only_what_lies_below(path: Path) -> None:
    room = room_of(path)
    assert room in ROOMS, f"{room} is a new room: say in ROOMS what it may import"
    upward = imports_of_ours(path) - ROOMS[room] - {room}
    assert not upward, f"{path.relative_to(PACKAGE)} imports {upward}"


def test_the_order_has_no_circle() -> None:
    done: set[str] = set()
    while len(done) < len(ROOMS):
        ready = {room for room, below in ROOMS.items() if room not in done and below - {room} <= done}
        assert ready, f"a circle among {set(ROOMS) - done}"
        done |= ready


HEAVY = {"scapy", "zeroconf", "httpx", "httpcore", "zeep", "onvif", "pysnmp", "lxml", "jinja2", "cryptography", "re2",
         "sqlalchemy", "alembic", "sqlite3"}  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    ["import scanner", "import scanner.models", "import scanner.cli", "import scanner.cli.app"],
)
def test_starting_loads_nothing_heavy(statement: str) -> None:
    code = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_the_door_and_the_sweep_load_only_what_they_use() -> None:
    code = "import scanner.sweep, sys\nprint(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"scapy", "zeroconf", "httpx", "zeep", "onvif", "pysnmp", "jinja2"} & set(done.stdout.split())


def test_each_module_imports_alone() -> None:
    names = [
        ".".join(("scanner", *p.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        for p in MODULES
        if p.name not in ("__main__.py", "env.py")  # which Alembic runs, and nothing else can
    ]
    # One process each would take minutes; fresh sub-interpreters of the import system do the same.
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    for loaded in [m for m in sys.modules if m == 'scanner' or m.startswith('scanner.')]:\n"
        "        del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
