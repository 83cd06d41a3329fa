"""What is wrong with the values of a site's keys, as far as the file alone tells: nothing is opened or looked up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date

import msgspec

from scanner.models import TargetError
from scanner.net.targets import parse_networks, parse_targets
from scanner.own_file import meant
from scanner.sitefile.keys import MARKS, Keys
from scanner.sitefile.secret import HOW, holds_password, is_public_address, is_reference, is_variable

_SOME_ADDRESS = "192.0.2.1"  # stands for whatever a name is resolved to


class Words(msgspec.Struct, frozen=True):
    """What a key may say where the choices are another room's."""

    formats: tuple[str, ...]
    gates: tuple[str, ...]
    progress: tuple[str, ...]


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with `key`, or with `value` in it. A message never holds what may be a secret."""

    key: str
    message: str
    value: str | None = None


def problems_of(keys: Keys, words: Words) -> Iterator[Problem]:
    """Everything that is wrong with the values."""
    yield from _targets(keys)
    yield from _secrets(keys)
    yield from _marks(keys)
    yield from _choices(keys, words)
    for key, number in (("rate", keys.rate), ("host-rate", keys.host_rate), ("budget", keys.budget)):
        if number is not None and not math.isfinite(number):
            yield Problem(key, "write a number")
    if keys.as_of is not None and _no_day(keys.as_of):
        yield Problem("as-of", "a date looks like 2026-11-22")


def _targets(keys: Keys) -> Iterator[Problem]:
    def target(text: str) -> None:
        parse_targets([text], allow_public=keys.allow_public, resolve=lambda _name: [_SOME_ADDRESS])

    def switch(text: str) -> None:
        size = parse_targets([text], allow_public=keys.allow_public, resolve=lambda _name: [_SOME_ADDRESS]).size
        if size != 1:
            raise TargetError(f"'{text}' is {size} addresses: name one switch, and the others after it")

    for key, texts, check in (
        ("targets", keys.targets, target),
        ("exclude", keys.exclude, _exclusion),
        ("switch", keys.switch, switch),
    ):
        for text in texts:
            wrong = _refused(check, text)
            if wrong:
                yield Problem(key, wrong.replace("--allow-public", "allow-public = true"), text)


def _exclusion(text: str) -> None:
    try:
        parse_networks([text])
    except TargetError:
        parse_targets([text], allow_public=True, resolve=lambda _name: [_SOME_ADDRESS])


def _refused(check: Callable[[str], None], text: str) -> str:
    """Why a target is none; "" where it may be one. What a list of targets holds is read when it is used."""
    if text.startswith("@"):
        return "" if len(text) > 1 else "@ names a file with one target a line"
    try:
        check(text)
    except TargetError as error:
        return str(error)
    return ""


def _secrets(keys: Keys) -> Iterator[Problem]:
    for text in keys.snmp_community:
        if not is_reference(text):
            yield Problem("snmp-community", f"a secret never stands in this file as text: {HOW}", text)
    for text in keys.notify:
        if not is_reference(text) and not is_public_address(text):
            told = f"a web hook's address and a password are secrets: {HOW}, or {{env:NAME}} for the part that is"
            yield Problem("notify", told, text)
    if keys.store is not None and holds_password(keys.store):
        yield Problem("store", 'a password never stands in this file as text: write "env:NAME"')
    if keys.credentials is not None and is_variable(keys.credentials) and not is_reference(keys.credentials):
        yield Problem("credentials", 'name the file, or the variable that names it: "env:NAME"')


def _marks(keys: Keys) -> Iterator[Problem]:
    for key, known in MARKS.items():
        value = getattr(keys, key.replace("-", "_")) or ()
        for part in (part for text in ((value,) if isinstance(value, str) else value) for part in text.split("{")[1:]):
            mark, closed, _ = part.partition("}")
            if not closed or mark not in known:
                told = ", ".join(f"{{{each}}}" for each in known)
                yield Problem(key, f"{'{' + mark[:20] + '}'!r} is not filled in; known: {told}")


def _choices(keys: Keys, words: Words) -> Iterator[Problem]:
    for key, values, known in (
        ("format", (keys.format,), words.formats),
        ("progress", (keys.progress,), words.progress),
        ("fail-on", keys.fail_on, words.gates),
    ):
        for value in values:
            if value is not None and value not in known:
                yield Problem(key, f"unknown {value!r}{meant(value, known) or '; known: ' + ', '.join(known)}", value)
    for text in keys.output:
        form, equals, file = text.partition("=")
        if not equals or not file or file == "-":
            yield Problem("output", "write FORMAT=FILE, as in sarif=camcensus.sarif", text)
        elif form not in words.formats:
            hint = meant(form, words.formats) or f"; known: {', '.join(words.formats)}"
            yield Problem("output", f"unknown format {form!r}{hint}", text)


def _no_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return True
    return len(text) != 10
