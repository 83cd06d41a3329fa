"""`--unknown FILE`: redacted evidence of what was not identified, to learn from and to share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.cli.output import say
from scanner.models import Inventory

if TYPE_CHECKING:
    from scanner.identify.rules import RuleSet
    from scanner.models import Evidence, EvidenceProblem

_KEY_BYTES = 32
_RECORDS_A_DEVICE = 200


@contextmanager
def readable_twice(files: list[Path], unknown: Path | None) -> Iterator[list[Path]]:
    """The files; standard input is kept in a file meanwhile, where it has to be read again for `unknown`."""
    if unknown is None or not any(str(file) == "-" for file in files):
        yield files
        return
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(prefix="camcensus-") as folder:
        kept = Path(folder) / "standard-input"
        with kept.open("wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        yield [kept if str(file) == "-" else file for file in files]


def write_unknown(
    file: Path, inventory: Inventory, records: Iterable[Evidence | EvidenceProblem], rules: RuleSet
) -> None:
    """Write records of the devices of `inventory` that were not identified, redacted, in the order of the evidence.

    At most some hundred of a device: a listener that runs for weeks hears the same again and again.
    """
    from scanner.identify.names import Names
    from scanner.identify.pseudonyms import Pseudonyms
    from scanner.identify.redact import Redactor, unknown_devices
    from scanner.models import Evidence
    from scanner.runs import write_whole

    devices = {
        address: device for device in unknown_devices(inventory.devices) for address in (device.host, *device.addresses)
    }
    redactor = Redactor(Pseudonyms(pseudonym_key()), Names(rules))
    lines: dict[str, dict[bytes, None]] = {}
    for record in records:
        device = devices.get(record.host) if isinstance(record, Evidence) else None
        if device is None or not isinstance(record, Evidence):
            continue
        kept = lines.setdefault(device.id, {})
        redactor.device(device)
        redacted = redactor.record(record)
        if redacted is not None and len(kept) < _RECORDS_A_DEVICE:
            kept[redacted.to_line()] = None
    told = [line for kept in lines.values() for line in kept]
    write_whole(file, b"".join(told))
    say(f"{file}: {len(told)} redacted records of {len(lines)} devices. Read it before you share it.")


def write_unknown_of_run(file: Path | None, inventory: Inventory, run: Path, rules: RuleSet) -> None:
    """The same from the evidence log of a run's folder; nothing where no file was named."""
    if file is None:
        return
    from scanner.derive import once
    from scanner.runs import EVIDENCE, read_evidence

    write_unknown(file, inventory, once(read_evidence(run / EVIDENCE)), rules)


def pseudonym_key() -> bytes:
    """The user's secret, made once, so that a device has the same stand-in in every file; never part of a result."""
    folder = _key_folder()
    if folder is None:
        return os.urandom(_KEY_BYTES)
    path = folder / "pseudonyms.key"
    with suppress(OSError):
        key = path.read_bytes()
        if len(key) == _KEY_BYTES:
            return key
    key = os.urandom(_KEY_BYTES)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(key)
    except OSError as error:
        say(f"can't keep the key of the pseudonyms in {path} ({error.strerror}): they hold for this file only")
    return key


def _key_folder() -> Path | None:
    base = os.environ.get("XDG_CONFIG_HOME")
    try:
        return (Path(base) if base else Path.home() / ".config") / "camcensus"
    except RuntimeError:
        return None
