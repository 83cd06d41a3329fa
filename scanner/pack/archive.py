"""A ZIP file that can be written in one way only, so that any changed byte of it shows, its own headers included.

Entries are stored (not compressed: a deflate stream has bits that nothing reads), in the order given, with one fixed
time and no extra fields. `read` takes a file apart, writes it anew and compares.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from scanner.models import DataError

_TIME = (1980, 1, 1, 0, 0, 0)  # the first that the format knows
MOST_BYTES = 4 * 1024**3 - 1  # beyond this, ZIP64 would be needed
MOST_ENTRIES = 10_000
Entry = tuple[str, bytes]


def write(entries: Iterable[Entry]) -> bytes:
    """The archive; UsageError is the caller's where it grows too large."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def read(data: bytes) -> list[Entry]:
    """The entries; DataError names the file whose bytes, or whose headers, are not as `write` makes them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check(infos, len(data))
            entries = [(info.filename, _content(archive, info)) for info in infos]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, RuntimeError, OSError) as error:
        raise DataError(f"no whole archive: {error}") from error
    _compare(data, write(entries), infos)
    return entries


def _check(infos: list[zipfile.ZipInfo], size: int) -> None:
    if len(infos) > MOST_ENTRIES:
        raise DataError(f"more than {MOST_ENTRIES} files")
    names = [info.filename for info in infos]
    if len(set(names)) != len(names):
        raise DataError("a file is in it twice")
    for info in infos:
        parts = info.filename.split("/")
        if info.filename.startswith("/") or "\\" in info.filename or {"", ".", ".."} & set(parts):
            raise DataError(f"{info.filename!r}: a name that leads elsewhere")
        if info.compress_type != zipfile.ZIP_STORED or info.file_size > size or info.flag_bits & 1:
            raise DataError(f"{info.filename}: its header was changed")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(info)
    except zipfile.BadZipFile as error:
        raise DataError(f"{info.filename}: changed ({error})") from error


def _compare(found: bytes, made: bytes, infos: list[zipfile.ZipInfo]) -> None:
    if found == made:
        return
    at = next((i for i, (one, other) in enumerate(zip(found, made, strict=False)) if one != other), len(made))
    name = max(((i.header_offset, i.filename) for i in infos if i.header_offset <= at), default=(0, "the archive"))[1]
    directory = infos and at >= infos[-1].header_offset + 30 + len(infos[-1].filename) + infos[-1].file_size
    raise DataError(f"{'the archive directory' if directory else name}: changed at byte {at}")
