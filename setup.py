"""Carry the top-level `fingerprints/` folder inside the wheel as `scanner/_data/fingerprints`."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


class BuildWithData(build_py):
    """`build_py`, and the fingerprints beside the code that reads them."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "scanner" / "_data" / "fingerprints"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(ROOT / "fingerprints", target)


setup(cmdclass={"build_py": BuildWithData})
