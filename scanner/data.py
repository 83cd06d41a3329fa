"""Where the packaged data lies: in the wheel under `scanner/_data/`, in a checkout at its top level."""

from __future__ import annotations

from pathlib import Path

from scanner.models import DataError

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder `name` ("fingerprints", …) of this installation; DataError when it is in neither place."""
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise DataError(f"the data folder {name!r} is missing from this installation: install camcensus again")
