"""The keys of a site file: the options of `camcensus sweep`, under their names without the dashes.

The command line fills the same struct, so that one place says what an option is and which of two wins.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

import msgspec

from scanner.sitefile.secret import is_variable, path_of

Texts = Annotated[tuple[Annotated[str, msgspec.Meta(min_length=1)], ...], msgspec.Meta(max_length=10_000)]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Rate = Annotated[float, msgspec.Meta(ge=1, le=1_000_000)]
Days = Annotated[int, msgspec.Meta(ge=0, le=36_500)]
Seconds = Annotated[float, msgspec.Meta(ge=1, le=31_536_000)]


class ScheduleKeys(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"start": "from"}):
    """`schedule`: when a sweep may begin, and when it ends at the latest. `until` before `from` is on the next day."""

    days: Texts = ()
    start: Text = "00:00"
    until: Text = "24:00"
    zone: Text


class Keys(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="kebab"):
    """What one sweep is asked for. An empty list, None and False mean: not said."""

    targets: Texts = ()
    exclude: Texts = ()
    interface: Texts = ()
    policy: Texts = ()
    policy_file: Texts = ()
    registry_overlay: Texts = ()
    waivers: Texts = ()
    as_of: Text | None = None
    json: Text | None = None
    out: Text | None = None
    format: Text | None = None
    output: Texts = ()
    summary: Text | None = None
    notify: Texts = ()
    snmp_community: Texts = ()
    credentials: Text | None = None
    switch: Texts = ()
    rate: Rate | None = None
    host_rate: Rate | None = None
    budget: Seconds | None = None
    fail_on: Texts = ()
    baseline: Text | None = None
    max_registry_age: Days | None = None
    store: Text | None = None
    no_store: bool = False
    allow_public: bool = False
    no_ipv6: bool = False
    quiet: bool = False
    progress: Text | None = None
    fingerprints: Texts = ()
    recog: Text | None = None
    pins: Text | None = None
    unknown: Text | None = None
    schedule: ScheduleKeys | None = None


KEY_NAMES = tuple(field.encode_name for field in msgspec.structs.fields(Keys))
OF_A_SITE_ALONE = ("targets",)
"""Keys that mean nothing in [defaults]."""
WRITTEN = ("json", "out", "output", "unknown")
"""Files and folders that a sweep writes: no two sites may share one (a summary is appended to)."""
MARKS = {
    **dict.fromkeys((*WRITTEN, "summary"), ("site", "date", "time")),
    "baseline": ("site",),
}
"""What {…} may stand in a path, by key."""

_PATHS = ("policy_file", "registry_overlay", "waivers", "json", "out", "summary", "credentials", "fingerprints",
          "recog", "pins", "unknown")  # fmt: skip
_STORED = "store"
_COMMITTED = "git:"
_LISTS_OF_TARGETS = ("targets", "exclude")


def over(above: Keys, below: Keys) -> Keys:
    """`above` where it says something, else `below`. What either excludes is excluded: nobody is asked by oversight."""
    said = {field: value for field in Keys.__struct_fields__ if is_said(value := getattr(above, field))}
    return msgspec.structs.replace(below, **{**said, "exclude": (*below.exclude, *above.exclude)})


def is_said(value: object) -> bool:
    """Whether a key's value says something; 0 does."""
    return value is not None and value is not False and value != ()


def from_folder(keys: Keys, folder: PurePath) -> Keys:
    """The same with every relative path as one from `folder`."""
    changed: dict[str, object] = {field: _each(getattr(keys, field), folder) for field in _PATHS}
    for field in _LISTS_OF_TARGETS:
        texts = getattr(keys, field)
        changed[field] = tuple(f"@{_path(text[1:], folder)}" if text.startswith("@") else text for text in texts)
    changed["baseline"] = keys.baseline and _baseline(keys.baseline, folder)
    changed["store"] = keys.store if keys.store is None or "://" in keys.store else _path(keys.store, folder)
    changed["output"] = tuple(_output(text, folder) for text in keys.output)
    changed["policy"] = tuple(_path(text, folder) if text.endswith(".toml") else text for text in keys.policy)
    changed["notify"] = tuple(_reference(text, folder) for text in keys.notify)
    changed["snmp_community"] = tuple(_reference(text, folder) for text in keys.snmp_community)
    return msgspec.structs.replace(keys, **changed)


def filled(text: str, marks: dict[str, str]) -> str:
    """A path with its {site}, {date} and {time} filled in."""
    for mark, value in marks.items():
        text = text.replace(f"{{{mark}}}", value)
    return text


def fill(keys: Keys, marks: dict[str, str]) -> Keys:
    """The same with every mark in its paths filled in."""
    named = {key.replace("-", "_"): getattr(keys, key.replace("-", "_")) for key in MARKS}
    changed = {
        field: filled(value, marks) if isinstance(value, str) else tuple(filled(text, marks) for text in value)
        for field, value in named.items()
        if value
    }
    return msgspec.structs.replace(keys, **changed)


def _each(value: str | tuple[str, ...] | None, folder: PurePath) -> object:
    if value is None:
        return None
    return _path(value, folder) if isinstance(value, str) else tuple(_path(text, folder) for text in value)


def _path(text: str, folder: PurePath) -> str:
    """As it is where it is absolute, from the home folder, standard output or a variable; else from `folder`."""
    return text if text == "-" or text.startswith("~") or is_variable(text) else str(folder / text)


def _baseline(text: str, folder: PurePath) -> str:
    """The store's word and a commit stay what they are."""
    return text if text == _STORED or text.startswith(_COMMITTED) else _path(text, folder)


def _output(text: str, folder: PurePath) -> str:
    form, equals, file = text.partition("=")
    return f"{form}={_path(file, folder)}" if equals else text


def _reference(text: str, folder: PurePath) -> str:
    file = path_of(text)
    return text if file is None else f"file:{_path(file, folder)}"
