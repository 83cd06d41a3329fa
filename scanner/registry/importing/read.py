"""Files of unknown goodwill, read piece by piece: capped in size, rows and depth; no entity, no network."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from scanner.models import DataError

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_FILE = 1 << 30
MAX_PAGE = 32 << 20
MAX_ROWS = 2_000_000
MAX_FIELD = 1 << 20
MAX_OBJECT = 4 << 20
_CHUNK = 1 << 18
_HEAD = 1 << 16


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, no larger than MAX_FILE; DataError where it can't be read or is."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            if size > MAX_FILE:
                raise DataError(f"{path}: larger than {MAX_FILE >> 20} MiB: no such list is")
            yield file
    except OSError as error:
        raise DataError(f"{path}: can't be read: {error.strerror}") from error


def sha256(path: Path) -> str:
    """The digest of the file, as hex."""
    digest = hashlib.sha256()
    with opened(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def head(path: Path) -> str:
    """The beginning of the file as text, for recognising it."""
    with opened(path) as file:
        return file.read(_HEAD).decode("utf-8-sig", "replace")


def csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row that is not empty; DataError where it is no CSV or has no end."""
    with opened(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
        before = csv.field_size_limit(MAX_FIELD)
        reader = csv.reader(text)
        try:
            for count, row in enumerate(reader):
                if count > MAX_ROWS:
                    raise DataError(f"{path}: more than {MAX_ROWS} rows")
                if any(cell.strip("\x1a \t") for cell in row):
                    yield reader.line_num, row
        except csv.Error as error:
            raise DataError(f"{path}:{reader.line_num}: not CSV: {error}") from error
        finally:
            csv.field_size_limit(before)


def csv_records(path: Path, skip: int = 0) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, {column: cell}) by the header, which follows `skip` rows; columns by their names in lower case."""
    rows = csv_rows(path)
    for _ in range(skip):
        next(rows, None)
    names = [cell.strip().casefold() for cell in next(rows, (0, []))[1]]
    for line, row in rows:
        yield line, dict(zip(names, (cell.strip() for cell in row), strict=False))


def json_objects(path: Path, key: str) -> Iterator[dict[str, Any]]:
    """The objects of the array under `key` (or of a file that is an array), one after the other."""
    with opened(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace")
        buffer = _from_array(path, text, key)
        decoder, at, count, ended = json.JSONDecoder(), 0, 0, False
        while True:
            at = _past(buffer, at, " \t\r\n,")
            if at < len(buffer) and buffer[at] == "]":
                return
            try:
                value, at = decoder.raw_decode(buffer, at)
            except RecursionError as error:
                raise DataError(f"{path}: object {count + 1} is nested too deep") from error
            except ValueError as error:
                more = text.read(_CHUNK)
                if (not more and ended) or len(buffer) - at > MAX_OBJECT:
                    raise DataError(f"{path}: object {count + 1} is no JSON, or has no end: {error}") from error
                buffer, at, ended = buffer[at:] + more, 0, not more
                continue
            count += 1
            if count > MAX_ROWS:
                raise DataError(f"{path}: more than {MAX_ROWS} objects")
            if isinstance(value, dict):
                yield value


def _from_array(path: Path, text: io.TextIOWrapper, key: str) -> str:
    """What follows the `[` of the array."""
    buffer = text.read(_CHUNK)
    if buffer.lstrip().startswith("["):
        return buffer.lstrip()[1:]
    while True:
        place = buffer.find(f'"{key}"')
        start = buffer.find("[", place) if place >= 0 else -1
        if start >= 0:
            return buffer[start + 1 :]
        more = text.read(_CHUNK)
        if not more or len(buffer) > MAX_OBJECT:
            raise DataError(f'{path}: no array "{key}" in it')
        buffer += more


def _past(text: str, at: int, skipped: str) -> int:
    while at < len(text) and text[at] in skipped:
        at += 1
    return at


def xml_elements(path: Path, names: tuple[str, ...]) -> Iterator[tuple[str, _Element]]:
    """(local name, element) of each element of these names, freed after use; DataError for a DTD or broken XML."""
    from lxml import etree

    if "<!DOCTYPE" in head(path).upper():
        raise DataError(f"{path}: XML with a document type declaration is not read")
    with opened(path) as file:
        try:
            elements = etree.iterparse(
                file, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                remove_comments=True, remove_pis=True,
            )  # fmt: skip
            for count, (_, element) in enumerate(elements):
                if count > MAX_ROWS * 50:
                    raise DataError(f"{path}: more elements than any such list has")
                name = local_name(element)
                if name in names:
                    yield name, element
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise DataError(f"{path}: not XML: {error}") from error


def local_name(element: _Element) -> str:
    """The element's name without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def html_rows(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """(cells, the words in bold) of each row of each table of a page, as text."""
    from lxml import html

    with opened(path) as file:
        data = file.read(MAX_PAGE + 1)
    if len(data) > MAX_PAGE:
        raise DataError(f"{path}: a page of more than {MAX_PAGE >> 20} MiB")
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(data, parser=parser)
    except (ValueError, html.etree.ParserError) as error:
        raise DataError(f"{path}: no page that can be read: {error}") from error
    for count, row in enumerate(root.iter("tr")):
        if count > MAX_ROWS:
            raise DataError(f"{path}: more than {MAX_ROWS} rows")
        cells = [_words(cell) for cell in row if cell.tag in ("td", "th")]
        yield cells, [_words(bold) for bold in row.iter("strong", "b")]


def _words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())
