"""Heavy packages wait until a codec needs them."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import scanner.wire

MODULES = sorted(module.name for module in pkgutil.iter_modules(scanner.wire.__path__))
HEAVY = ("lxml", "zeroconf", "cryptography", "mmh3", "scapy", "httpx", "pysnmp", "zeep")


def test_importing_every_codec_loads_nothing_heavy() -> None:
    code = "import sys, importlib\n"
    code += "".join(f"importlib.import_module('scanner.wire.{name}')\n" for name in MODULES)
    code += f"print([name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.strip() == "[]"
