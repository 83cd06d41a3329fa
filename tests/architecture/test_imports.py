"""The house: each room imports only what lies below it, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "scanner"

# What each room may import of ours. A room is a folder of scanner/, or a module beside them.
ROOMS: dict[str, set[str]] = {
    "__init__": set(),
    "models": set(),
    "__main__": {"cli"},
    "data": {"models"},
    "cache": set(),
    "precompile": {"cache", "identify", "registry"},
    "timestamps": set(),
    "text": {"models"},
    "dates": set(),
    "own_file": {"models", "dates"},
    "wire": {"models", "text", "__init__"},
    "net": {"models", "text", "wire"},
    "discover": {"models", "text", "wire", "net"},
    "probe": {"models", "text", "wire", "net"},
    "intake": {"models", "text", "wire"},
    "identify": {"models", "text", "wire", "data", "cache"},
    "sitefile": {"models", "text", "own_file", "net"},
    "registry": {"models", "text", "data", "dates", "own_file", "cache"},
    "report": {"models", "text", "sitefile"},
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
    "gates": {"models", "text", "report", "pairing", "diff"},
    "diff": {"models", "text", "report", "pairing"},
    "notify": {"models", "text", "report", "diff"},
    "reconcile": {"models", "text", "identify"},
    "store": {"models", "text", "pairing", "timestamps"},
    "cli": {
        "models", "text", "net", "discover", "probe", "intake", "identify", "registry", "report", "lab", "runs",
        "progress", "listen", "reconcile", "diff", "notify", "pack", "portfolio", "redaction", "store",
        "credentials", "derive", "sweep", "coverage", "gates", "timestamps", "__init__", "data", "own_file",
        "sitefile",
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
         "sqlalchemy", "alembic", "sqlite3", "apprise", "smtplib"}  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    ["import scanner", "import scanner.models", "import scanner.cli", "import scanner.cli.app"],
)
def test_starting_loads_nothing_heavy(statement: str) -> None:
    code = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


_RUN = "import sys\nfrom scanner.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
NOT_TO_START = HEAVY - {"re2"} | {"asyncio", "pydantic", "ssl", "dns", "psutil"}


def _loaded(*arguments: str, given: str = "") -> set[str]:
    """The modules that a whole command has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments], input=given, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_help_loads_no_command() -> None:
    loaded = _loaded("--help")
    assert not {name for name in loaded if name.startswith("scanner.cli.") and name.endswith("_command")}
    assert not {name.partition(".")[0] for name in loaded} & (NOT_TO_START | {"re2", "rich"})


def test_judging_recorded_evidence_loads_only_what_it_uses() -> None:
    """Start-up is what most runs on little evidence wait for: every room in this list is a decision."""
    record = '{"host": "198.51.100.10", "protocol": "mac", "mac": "44:19:b6:00:00:01"}'
    loaded = _loaded("identify", "-", "--json", "-", given=record)
    assert not {name.partition(".")[0] for name in loaded} & (NOT_TO_START | {"rich", "pickle"})
    ours = {name for name in loaded if name.startswith("scanner.")}
    rooms = {name.split(".")[1] for name in ours}
    assert rooms <= {"cache", "cli", "data", "dates", "derive", "diff", "gates", "identify", "models", "net", "pairing",
                     "registry", "report", "runs", "text", "timestamps", "wire"}  # fmt: skip
    unused = {"identify.pins", "identify.merge", "identify.behind", "identify.selftest", "registry.overlay",
              "registry.policy_file", "registry.waivers", "registry.catalogue", "cli.sweep_command",
              "cli.planning"}  # fmt: skip
    assert not {f"scanner.{name}" for name in unused} & ours


def test_history_loads_no_machinery() -> None:
    code = (
        "import sys\nfrom scanner.cli.history_command import history\nimport scanner.report.history\n"
        "import scanner.store.history, scanner.store.reader\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not {name.partition(".")[0] for name in loaded} & (NOT_TO_START - {"sqlite3"} | {"re2"})
    assert not {
        name for name in loaded if name.startswith(("scanner.identify", "scanner.registry", "scanner.report.html"))
    }


def test_the_door_and_the_sweep_load_only_what_they_use() -> None:
    code = "import scanner.sweep, sys\nprint(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"scapy", "zeroconf", "httpx", "zeep", "onvif", "pysnmp", "jinja2"} & set(done.stdout.split())


def _name(path: Path) -> str:
    return ".".join(("scanner", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def _at_import(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run when a module is imported: not those in functions, nor those for the type checker."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and ast.unparse(node.test) != "TYPE_CHECKING":
            yield from _at_import([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from _at_import([*node.body, *(each for handler in node.handlers for each in handler.body)])
        elif isinstance(node, ast.ClassDef):
            yield from _at_import(node.body)


def _needs(path: Path, known: set[str]) -> set[str]:
    """Modules of ours that importing this one runs, the packages around them too.

    The packages around itself are under way already; they count only where a name of theirs is wanted.
    """
    mine = _name(path).split(".")
    own = {".".join(mine[:end]) for end in range(1, len(mine) + 1)}
    found = set()
    for node in _at_import(ast.parse(path.read_text("utf-8")).body):
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            inner = [f"{node.module}.{name}" for name in names]
            if node.module in own and not set(inner) <= known:
                found.add(str(node.module))
            names = [str(node.module), *inner]
        for name in names:
            parts = name.split(".")
            found |= ({".".join(parts[:end]) for end in range(1, len(parts) + 1)} & known) - own
    return found - {_name(path)}


def test_no_module_needs_itself_so_each_imports_alone() -> None:
    known = {_name(path) for path in MODULES}
    order = TopologicalSorter({_name(path): _needs(path, known) for path in MODULES})
    order.prepare()  # raises CycleError, which names the circle


def test_every_module_can_be_imported() -> None:
    # But for env.py, which Alembic runs, and nothing else can
    names = [_name(path) for path in MODULES if path.name not in ("__main__.py", "env.py")]
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
