"""What `camcensus init` writes: explained whole, valid with all its examples, and read back as it was meant."""

from __future__ import annotations

import tomllib

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from scanner.cli.site_file import words
from scanner.report.schemas import all_schemas
from scanner.sitefile import Draft, Keys, read_site_file, site_file_text
from scanner.sitefile.keys import KEY_NAMES, ScheduleKeys
from scanner.sitefile.schedule import window_of
from scanner.sitefile.write import DEFAULTS, SITE
from tests.sitefile.samples import SITE as SITE_TEXT

NIGHTS = window_of("mon-fri,sun 22:00-05:00 Europe/London")


def written(shared: Keys, *drafts: Draft) -> str:
    return site_file_text(drafts, shared, "camcensus.toml", "Written by a test.")


def test_every_key_is_explained_once() -> None:
    assert sorted(entry.key for entry in (*DEFAULTS, *SITE)) == sorted(KEY_NAMES)


def test_it_is_read_back_as_it_was_meant() -> None:
    shared = Keys(policy=("uk-local-authority",), rate=250.5, fail_on=("listed",), out="runs/{site}/{date}")
    hall = Draft("town hall", Keys(targets=("198.51.100.0/24",), schedule=NIGHTS), ("A note " * 30,))
    depot = Draft("Dépôt", Keys(targets=("203.0.113.0/28",), rate=50, max_registry_age=0, exclude=("203.0.113.9",)))
    text = written(shared, hall, depot)
    assert max(map(len, text.splitlines())) <= 120
    first, second = read_site_file("camcensus.toml", text, words()).sites
    assert first.keys == msgspec.structs.replace(shared, targets=("198.51.100.0/24",), schedule=NIGHTS)
    assert str(first.schedule) == "mon, tue, wed, thu, fri, sun 22:00-05:00 Europe/London"
    assert (second.name, second.keys.rate, second.keys.max_registry_age) == ("Dépôt", 50, 0)


def test_every_example_in_it_is_valid() -> None:
    text = written(Keys(), Draft("main", Keys(targets=("198.51.100.0/24",))))
    names = tuple(f"# {key} = " for key in KEY_NAMES)
    lines = [line.removeprefix("# ") if line.startswith(names) else line for line in text.splitlines()]
    (site,) = read_site_file("camcensus.toml", "\n".join(lines), words()).sites
    assert site.keys.snmp_community == ("env:CAMCENSUS_SNMP",)
    assert all(getattr(site.keys, name.replace("-", "_")) not in (None, ()) for name in KEY_NAMES)


def test_the_published_schema_takes_what_we_take() -> None:
    schema = all_schemas()["site-1.schema.json"]
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema)
    text = written(Keys(rate=9, policy=("x",)), Draft("a", Keys(targets=("198.51.100.1",), schedule=NIGHTS)))
    assert [error.message for error in valid.iter_errors(tomllib.loads(text))] == []
    for wrong in ("rate = 0", "rat = 5", "format = 'tabel'", "schedule = { days = ['mon'] }", "policy = 'x'"):
        assert not valid.is_valid(tomllib.loads(f"{SITE_TEXT}{wrong}\n")), wrong


_PATH = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=50)
@given(path=_PATH, folders=st.lists(_PATH, max_size=3), rate=st.floats(1, 1e6), quiet=st.booleans())
def test_any_text_survives(path: str, folders: list[str], rate: float, quiet: bool) -> None:
    keys = Keys(targets=("198.51.100.1",), pins=path, fingerprints=tuple(folders), rate=rate, quiet=quiet)
    (site,) = read_site_file("camcensus.toml", written(Keys(), Draft("main", keys)), words()).sites
    assert site.keys == keys


def test_windows() -> None:
    assert window_of("UTC") == ScheduleKeys(zone="UTC")
    assert window_of("sat 08:00-9:30 UTC") == ScheduleKeys(days=("sat",), start="08:00", until="9:30", zone="UTC")
    assert NIGHTS.days == ("mon-fri", "sun")
