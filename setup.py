"""Carry the top-level `fingerprints/` folder, and what is made of it, inside the wheel below `scanner/_data`."""

from __future__ import annotations

import compileall
import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


class BuildWithData(build_py):
    """`build_py`, and the fingerprints beside the code that reads them, as files and decoded."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            _precompile(ROOT / "scanner" / "_data" / "compiled")
            compileall.compile_dir(ROOT / "scanner", quiet=2)  # as pip does with what it copies
            return
        target = Path(self.build_lib) / "scanner" / "_data" / "fingerprints"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(ROOT / "fingerprints", target)
        _precompile(target.with_name("compiled"))


def _precompile(folder: Path) -> None:
    """Best effort: what is not there is made in the user's cache, at the price of a slower first start."""
    sys.path.insert(0, str(ROOT))
    try:
        from scanner.precompile import precompile

        precompile(folder)
    except ImportError as error:  # built without isolation and without what the build asks for
        sys.stderr.write(f"not precompiled: {error}\n")
    finally:
        sys.path.remove(str(ROOT))


setup(cmdclass={"build_py": BuildWithData})
