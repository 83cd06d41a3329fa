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
Seconds = Annotated[float, msgspec.Meta(ge=1, le=31_536_000)]


class ScheduleKeys(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"start": "from"}):
    """`schedule`: when a sweep may begin, and when it ends at the latest. `until` before `from` is on the next day."""

    zone: Text
    days: Texts = ()
    start: Text = "00:00"
    until: Text = "24:00"


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
    snmp_community: Texts = ()
    credentials: Text | None = None
    switch: Texts = ()
    rate: Rate | None = None
    host_rate: Rate | None = None
    budget: Seconds | None = None
    fail_on: Texts = ()
    baseline: Text | None = None
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
WRITTEN = ("json", "out", "unknown")
"""Files and folders that a sweep writes: no two sites may share one."""
MARKS = {
    **dict.fromkeys(WRITTEN, ("site", "date", "time")),
    "baseline": ("site",),
}
"""What {…} may stand in a path, by key."""

_PATHS = ("policy_file", "registry_overlay", "waivers", "json", "out", "credentials", "baseline", "fingerprints",
          "recog", "pins", "unknown")  # fmt: skip
_LISTS_OF_TARGETS = ("targets", "exclude")


def over(above: Keys, below: Keys) -> Keys:
    """`above` where it says something, else `below`. What either excludes is excluded: nobody is asked by oversight."""
    said = {
        field: value for field in Keys.__struct_fields__ if (value := getattr(above, field)) not in ((), None, False)
    }
    return msgspec.structs.replace(below, **{**said, "exclude": (*below.exclude, *above.exclude)})


def from_folder(keys: Keys, folder: PurePath) -> Keys:
    """The same with every relative path as one from `folder`."""
    changed: dict[str, object] = {field: _each(getattr(keys, field), folder) for field in _PATHS}
    for field in _LISTS_OF_TARGETS:
        texts = getattr(keys, field)
        changed[field] = tuple(f"@{_path(text[1:], folder)}" if text.startswith("@") else text for text in texts)
    changed["policy"] = tuple(_path(text, folder) if text.endswith(".toml") else text for text in keys.policy)
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
    return msgspec.structs.replace(keys, **{field: filled(text, marks) for field, text in named.items() if text})


def _each(value: str | tuple[str, ...] | None, folder: PurePath) -> object:
    if value is None:
        return None
    return _path(value, folder) if isinstance(value, str) else tuple(_path(text, folder) for text in value)


def _path(text: str, folder: PurePath) -> str:
    """As it is where it is absolute, from the home folder, standard output or a variable; else from `folder`."""
    return text if text == "-" or text.startswith("~") or is_variable(text) else str(folder / text)


def _reference(text: str, folder: PurePath) -> str:
    file = path_of(text)
    return text if file is None else f"file:{_path(file, folder)}"
