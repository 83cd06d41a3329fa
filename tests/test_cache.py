from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from scanner.cache import cache_directory, read_cache, write_cache


class Thing(msgspec.Struct, frozen=True):
    name: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_what_is_written_is_read(folder: Path) -> None:
    write_cache("key", Thing("a"), folder)
    assert read_cache("key", Thing, folder) == Thing("a")
    assert read_cache("other", Thing, folder) is None


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 200])
def test_a_damaged_file_is_not_read(folder: Path, damage: bytes) -> None:
    write_cache("key", Thing("a"), folder)
    (folder / "key.msgpack").write_bytes(damage)
    assert read_cache("key", Thing, folder) is None


def test_a_value_of_another_shape_is_not_read(folder: Path) -> None:
    write_cache("key", {"name": 3}, folder)
    assert read_cache("key", Thing, folder) is None


def test_a_folder_that_others_may_write_is_not_trusted(folder: Path) -> None:
    write_cache("key", Thing("a"), folder)
    folder.chmod(0o777)
    assert read_cache("key", Thing, folder) is None


def test_a_place_that_can_not_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    folder = blocked / "cache"
    write_cache("key", Thing("a"), folder)
    assert read_cache("key", Thing, folder) is None


def test_where_the_cache_lies() -> None:
    assert cache_directory({"CAMCENSUS_CACHE": "/var/here"}) == Path("/var/here")
    assert cache_directory({"XDG_CACHE_HOME": "/home/x/.cache"}) == Path("/home/x/.cache/camcensus")
    assert cache_directory({"CAMCENSUS_CACHE": ""}) is None


def test_no_folder_means_no_cache() -> None:
    write_cache("key", Thing("a"), None)
    assert read_cache("key", Thing, None) is None


def test_old_files_make_room(folder: Path) -> None:
    for number in range(12):
        write_cache(f"key{number}", Thing("a"), folder)
    assert len(list(folder.iterdir())) == 8
