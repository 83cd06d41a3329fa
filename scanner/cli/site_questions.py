"""What `camcensus init` asks: one question a choice, each answer checked before the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from scanner.cli.costs import expected
from scanner.cli.local_networks import LocalNetwork
from scanner.cli.planning import DEFAULT_RATE
from scanner.cli.site_file import words
from scanner.models import UsageError
from scanner.sitefile import Draft, Keys, window_of
from scanner.sitefile.check import problems_of
from scanner.sitefile.keys import ScheduleKeys
from scanner.sitefile.read import wrong_name

OUT = "runs/{site}/{date}-{time}"
NAME = "main"
_NONE = "none"
_SHARED = ("policy", "fail_on", "rate", "out")

_T = TypeVar("_T")


@dataclass(frozen=True)
class Person:
    """Who is asked: `ask(question, default)` gives the answer, `tell` shows a line."""

    ask: Callable[[str, str], str]
    tell: Callable[[str], None]

    def until(self, question: str, default: str, read: Callable[[str], _T]) -> _T:
        """Ask until `read` takes the answer; what it has against one is told."""
        while True:
            try:
                return read(self.ask(question, default).strip())
            except (ValueError, UsageError) as error:
                self.tell(f"  {error}")


def table_of(networks: Sequence[LocalNetwork], rate: float) -> list[str]:
    """The networks by number, each with what it costs to sweep at most and at least."""
    rows = []
    for number, network in enumerate(networks, 1):
        note = "  large: better name the part in use" if network.wide else ""
        rows.append(f"  {number:>2}  {network.interface:<10} {network.text:<18} {cost_text(network.size, rate)}{note}")
    return rows


def cost_text(size: int, rate: float) -> str:
    """What so many addresses cost: packets and time, if none is a device's and if all are."""
    cost = expected(size, rate)
    return (
        f"{size:,} addresses, {cost.least_packets:,} to {cost.most_packets:,} packets, "
        f"{_duration(cost.least_seconds)} to {_duration(cost.most_seconds)}"
    )


def proposed(given: Keys, networks: Sequence[LocalNetwork]) -> Keys:
    """What was given, and what is proposed where it was not."""
    small = tuple(network.text for network in networks if not network.wide)
    return msgspec.structs.replace(
        given,
        targets=given.targets or small,
        out=given.out or OUT,
        rate=given.rate or DEFAULT_RATE,
        fail_on=given.fail_on or ("listed",),
    )


def parted(keys: Keys, name: str) -> tuple[Keys, list[Draft]]:
    """[defaults] and one site of it."""
    shared = {field: getattr(keys, field) for field in _SHARED}
    own = msgspec.structs.replace(keys, **{field: getattr(Keys(), field) for field in _SHARED})
    return Keys(**shared), [Draft(name, own, _cost_notes(own, keys.rate or DEFAULT_RATE))]


def questions(
    person: Person, networks: Sequence[LocalNetwork], start: Keys, name: str, zone: str
) -> tuple[Keys, list[Draft]]:
    """[defaults] and the sites, as answered. `start` and `name` are the answers that are proposed."""
    shared = _shared(person, start)
    drafts: list[Draft] = []
    while True:
        taken = [draft.name for draft in drafts]
        drafts.append(_site(person, networks, start, "" if taken else name, zone, shared.rate or DEFAULT_RATE, taken))
        more = person.ask("Another site? (yes or no)", "no").strip().casefold()
        if more not in ("y", "yes"):
            return shared, drafts
        start = msgspec.structs.replace(start, targets=(), interface=(), exclude=())


def _shared(person: Person, start: Keys) -> Keys:
    policy = person.until(
        "Policies to judge by (`camcensus registry policies`), or FILE.toml of your own; none: whatever prohibits",
        _joined(start.policy) or _NONE,
        _policies,
    )
    gates = person.until(
        "Exit with 1, for scripts, at: listed, review, undetermined",
        _joined(start.fail_on),
        lambda text: _keys(fail_on=_split(text)).fail_on,
    )
    rate = person.until(
        "Packets a second in all, gentle to old switches and radio links", f"{start.rate or DEFAULT_RATE:g}", _rate
    )
    out = person.until("Folder of each sweep", start.out or OUT, lambda text: _keys(out=text).out)
    return Keys(policy=policy, fail_on=gates, rate=rate, out=out)


def _site(
    person: Person,
    networks: Sequence[LocalNetwork],
    start: Keys,
    name: str,
    zone: str,
    rate: float,
    taken: Sequence[str],
) -> Draft:
    name = person.until("Name of the site", name, lambda text: _name(text, taken))
    numbers = {network.text: str(number) for number, network in enumerate(networks, 1)}
    targets = person.until(
        "Which networks: numbers of the list, or addresses, networks, ranges, names",
        _joined([numbers.get(text, text) for text in start.targets]),
        lambda text: _targets(text, networks, start.allow_public),
    )
    exclude = person.until(
        "Addresses to leave alone, such as machines' controllers",
        _joined(start.exclude) or _NONE,
        lambda text: _keys(exclude=_split(text)).exclude,
    )
    keys = msgspec.structs.replace(
        Keys(),
        targets=targets,
        exclude=exclude,
        interface=start.interface,
        credentials=start.credentials,
        allow_public=start.allow_public,
    )
    notes = _cost_notes(keys, rate)
    for note in notes:
        person.tell(f"  {note}")
    window = person.until(f"When it may run, as in: mon-fri 22:00-05:00 {zone}", _window_text(start) or _NONE, _window)
    return Draft(name, msgspec.structs.replace(keys, schedule=window), notes)


def _cost_notes(keys: Keys, rate: float) -> tuple[str, ...]:
    size = size_of(keys.targets, keys.exclude)
    return (f"With this scope: {cost_text(size, rate)}.",) if size else ()


def size_of(targets: Sequence[str], exclude: Sequence[str]) -> int:
    """Addresses in the scope; 0 where names or lists in it leave that open."""
    from scanner.net.targets import parse_targets

    try:
        return parse_targets(targets, exclude=exclude, allow_public=True, resolve=lambda _name: []).size
    except UsageError:
        return 0


def _keys(**fields: object) -> Keys:
    """The keys; UsageError for a value that no site file may have."""
    keys = msgspec.structs.replace(Keys(), **fields)
    for problem in problems_of(keys, words()):
        raise UsageError(problem.message.replace("allow-public = true", "--allow-public"))
    return keys


def _targets(text: str, networks: Sequence[LocalNetwork], allow_public: bool) -> tuple[str, ...]:
    by_number = {str(number): network.text for number, network in enumerate(networks, 1)}
    found = tuple(dict.fromkeys(by_number.get(word, word) for word in _split(text)))
    if not found:
        raise UsageError("a site needs one at least, as in 198.51.100.0/24")
    return _keys(targets=found, allow_public=allow_public).targets


def _name(text: str, taken: Sequence[str]) -> str:
    wrong = wrong_name(text) or ("there is one of this name" if text.casefold() in map(str.casefold, taken) else "")
    if wrong:
        raise UsageError(wrong)
    return text


def _policies(text: str) -> tuple[str, ...]:
    return known_policies(_split(text))


def known_policies(names: tuple[str, ...]) -> tuple[str, ...]:
    """The same; UsageError, with the nearest, for one that is neither known nor a file."""
    from scanner.registry import find_policy, load_registry

    registry = load_registry()
    for name in names:
        if not name.endswith(".toml"):
            find_policy(name, registry)
    return names


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 1 <= rate <= 1_000_000:
        raise UsageError("a number of packets, 1 at least")
    return rate


def _window(text: str) -> ScheduleKeys | None:
    return None if text in ("", _NONE) else window_of(text)


def _window_text(keys: Keys) -> str:
    window = keys.schedule
    return f"{','.join(window.days)} {window.start}-{window.until} {window.zone}".strip() if window else ""


def _split(text: str) -> tuple[str, ...]:
    if text.casefold() in ("y", "yes"):
        raise UsageError("say which, or none")
    return () if text.casefold() in (_NONE, "n", "no") else tuple(text.replace(",", " ").split())


def _joined(texts: Sequence[str]) -> str:
    return " ".join(texts)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
