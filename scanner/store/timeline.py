"""What sweeps said of one device, as events: what changed at which sweep, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scanner.models import Status
from scanner.models.changes import Cause, Change
from scanner.models.history import Happening, HistoryEvent
from scanner.store.chronicle import StateRow, SweepRow
from scanner.store.spans import Run
from scanner.store.values import FACTS

_UNHEARD = frozenset({"mac", "switch", "switch_port"})
_PLACE = frozenset({"host", *_UNHEARD})
_SETTLED = frozenset({Status.LISTED.value, Status.NOT_LISTED.value})


def events(found: Sequence[Run], sweeps: Sequence[SweepRow], states: Mapping[int, StateRow]) -> Iterator[HistoryEvent]:
    """First seen, changed, gone and back, in order of time."""
    last: StateRow | None = None
    seen_at = -1
    here = False
    known: dict[str, object] = {}
    for run in found:
        sweep = sweeps[run.first]
        if run.state is None:
            if here:
                yield HistoryEvent(sweep.finished, Happening.GONE, sweep.name, note="its address was asked")
            here = False
            continue
        state = states[run.state]
        changes = () if last is None else tuple(_changes(known, last, state, sweeps[seen_at], sweep))
        if last is None:
            yield HistoryEvent(sweep.finished, Happening.FIRST_SEEN, sweep.name, note=_first(state))
        elif not here:
            yield HistoryEvent(sweep.finished, Happening.BACK, sweep.name, changes)
        elif changes:
            yield HistoryEvent(sweep.finished, Happening.CHANGED, sweep.name, changes)
        known |= {name: value for name in _UNHEARD if (value := state.facts[name]) is not None}
        last, seen_at, here = state, run.last, True


def _changes(
    known: Mapping[str, object], old: StateRow, new: StateRow, before: SweepRow, after: SweepRow
) -> Iterator[Change]:
    """What is another between two states. What a sweep could not learn (no root, no switch named) is no change."""
    facts = []
    for name in FACTS:
        one, other = known.get(name) if name in _UNHEARD else old.facts[name], new.facts[name]
        if name == "status" or one == other or (name in _UNHEARD and (other is None or one is None)):
            continue
        cause = Cause.DEVICE if name in _PLACE or before.rules == after.rules else Cause.UNKNOWN
        facts.append(Change(name, _text(one), _text(other), cause))
    yield from facts
    verdict = _cause_of_verdict([change for change in facts if change.field not in _PLACE], old, new, before, after)
    if old.facts["status"] != new.facts["status"]:
        yield Change("status", _text(old.facts["status"]), _text(new.facts["status"]), verdict)
    if old.instruments != new.instruments:
        yield Change("instruments", _listed(old.instruments), _listed(new.instruments), verdict)
    if old.waivers != new.waivers and before.waivers is not None and after.waivers is not None:
        same = (old.facts["status"], old.instruments) == (new.facts["status"], new.instruments)
        yield Change("waivers", _listed(old.waivers), _listed(new.waivers), Cause.POLICY if same else verdict)


def _cause_of_verdict(
    facts: Sequence[Change], old: StateRow, new: StateRow, before: SweepRow, after: SweepRow
) -> Cause:
    """As far as what is stored tells: `camcensus diff` of the two runs, which have their evidence, tells more.

    Of a device whose maker is established both times, by the same fingerprints, only lists, policy or day can turn the
    verdict; where a person has to decide, more or less evidence can as well.
    """
    lists, policy = before.registry_digest != after.registry_digest, before.policy != after.policy
    day = before.as_of != after.as_of
    same_rules = before.rules == after.rules
    if not (lists or policy or day):
        return Cause.DEVICE if same_rules else Cause.UNKNOWN
    if facts or not same_rules or not {old.facts["status"], new.facts["status"]} <= _SETTLED:
        return Cause.UNKNOWN
    if lists:
        return Cause.UNKNOWN if policy else Cause.LISTS
    return Cause.POLICY


def _first(state: StateRow) -> str:
    facts = state.facts
    words = [facts["brand"] or facts["maker"] or "", facts["model"] or ""]
    named = " ".join(word for word in words if word)
    firmware = f", firmware {facts['firmware']}" if facts["firmware"] else ""
    return f"{f'{named} ' if named else ''}at {facts['host']}{firmware}, {facts['status']}"


def _listed(instruments: tuple[str, ...]) -> str | None:
    return ", ".join(instruments) or None


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)
