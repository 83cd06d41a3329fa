"""What a command that judges does at its end, read from its options: every mistake is found before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.cli.output import say
from scanner.models import UsageError
from scanner.report.formats import Format

if TYPE_CHECKING:
    from scanner.cli.baselines import Baseline
    from scanner.cli.running import Plan
    from scanner.gates import Gate
    from scanner.notify import Destination
    from scanner.store.place import Place


@dataclass(frozen=True)
class Endings:
    """What `finish.conclude` does: reports, the store, gates with their baseline, the summary, notices.

    `store` is where the sweep is recorded (None: nowhere); `named` says that the user named that place, so that it has
    to work. `from_store` asks for the baseline of the store, which `prepared` reads once the scope is known. `since` is
    what notices compare with where the gates compare with nothing: the store's last sweep.
    """

    form: Format = Format.TABLE
    json_file: Path | None = None
    outputs: tuple[tuple[Format, Path], ...] = ()
    gates: tuple[Gate, ...] = ()
    baseline: Baseline | None = None
    from_store: bool = False
    max_registry_age: int | None = None
    store: Place | None = None
    named: bool = False
    summary: Path | None = None
    notify: tuple[Destination, ...] = ()
    since: Baseline | None = None
    quiet: bool = False

    @property
    def asks_the_store(self) -> bool:
        """Whether the store has to answer what was there before."""
        return self.from_store or bool(self.notify and self.baseline is None)


def endings(
    *,
    form: Format = Format.TABLE,
    json_file: Path | None = None,
    outputs: Sequence[str] | None = None,
    fail_on: Sequence[str] | None = None,
    baseline: str | None = None,
    max_registry_age: int | None = None,
    summary: Path | None = None,
    notify: Sequence[str] = (),
    quiet: bool = False,
) -> Endings:
    """The endings that the options say. UsageError for what is not known, can't be read, or can't be written."""
    from scanner.cli.baselines import STORE, read_baseline
    from scanner.cli.finish import check_format, check_json_file, check_writable
    from scanner.cli.notify_options import destinations

    gates = _gates(fail_on or (), baseline)
    check_format(form)
    check_json_file(json_file)
    check_writable("--summary", summary)
    return Endings(
        form=form, json_file=json_file, outputs=tuple(map(_output, outputs or ())), gates=gates,
        baseline=read_baseline(baseline) if baseline is not None and baseline != STORE else None,
        from_store=baseline == STORE, max_registry_age=max_registry_age, summary=summary, quiet=quiet,
        notify=destinations(notify),
    )  # fmt: skip


def recorded_in(ends: Endings, store: str | None, *, no_store: bool = False) -> Endings:
    """The same, with the sweep recorded in `store` (the user's own by default) unless it shall not be."""
    import os

    from scanner.store.place import VARIABLE, find_place

    if no_store:
        if store is not None or ends.from_store:
            raise UsageError(f"--no-store and {'--store' if store else '--baseline store'} exclude each other")
        if ends.asks_the_store:
            raise UsageError("--notify tells what changed since the store's last sweep, or since --baseline: name one")
        return ends
    named = store is not None or bool(os.environ.get(VARIABLE)) or ends.asks_the_store
    try:
        place = find_place(store)
    except UsageError:
        if named:
            raise
        return ends  # no home folder, as in many containers
    return replace(ends, store=place, named=named)


def without_store(ends: Endings, command: str) -> Endings:
    """For a command that records nothing and has no scope; UsageError where the store's baseline is asked for."""
    if ends.from_store:
        raise UsageError(
            f"--baseline store needs a sweep's site and scope, which {command} has not: name a file or run"
        )
    return ends


def prepared(ends: Endings, plan: Plan) -> Endings:
    """Ready for a sweep: a store that was named is opened (and made), its baseline read. UsageError if that fails."""
    if ends.store is None or not ends.named:
        return ends
    from scanner.store.engine import open_store

    with open_store(ends.store):
        pass
    if not ends.asks_the_store:
        return ends
    before = _stored(ends.store, plan)
    return replace(ends, since=before, baseline=before if ends.from_store else ends.baseline)


def _stored(place: Place, plan: Plan) -> Baseline | None:
    from scanner.cli.baselines import stored_baseline
    from scanner.store.baseline import other_scopes
    from scanner.store.reader import open_reader
    from scanner.store.values import DEFAULT_SITE, site_name

    site = site_name(plan.site or DEFAULT_SITE)
    with open_reader(place) as reader:
        found = stored_baseline(reader, site, plan.scope.texts, _going_on(plan))
        others = 0 if found else other_scopes(reader, site)
    if found is None:
        besides = f" (it has sweeps of {others} other scopes)" if others else ""
        say(f"The store has no complete sweep of the site {site!r} with this scope yet{besides}: everything is new.")
    return found


def _going_on(plan: Plan) -> str | None:
    """The uid of the sweep that is resumed: it may be in the store, and is no baseline for itself."""
    if not plan.resume:
        return None
    from scanner.runs import STATE, read_states
    from scanner.store.values import uid_of

    started = (str(state["started"]) for state in read_states(plan.folder / STATE) if "started" in state)
    name = plan.folder.resolve().name.encode("utf-8", "replace").decode()
    return next((uid_of(name, text, plan.scope.texts) for text in started), None)


def _output(text: str) -> tuple[Format, Path]:
    """`FORMAT=FILE`; UsageError where either is not usable."""
    from difflib import get_close_matches

    from scanner.cli.finish import check_makeable, check_writable

    name, equals, file = text.partition("=")
    if not (equals and file):
        raise UsageError(f"--output {text}: write FORMAT=FILE, as in sarif=camcensus.sarif")
    if name not in set(Format):
        close = get_close_matches(name, [form.value for form in Format], n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise UsageError(f"--output {text}: choose a format from {', '.join(Format)}.{hint}")
    if file == "-":
        raise UsageError(f"--output {text}: standard output has --format {name}; name a file here")
    check_makeable(Format(name))
    check_writable("--output", Path(file))
    return Format(name), Path(file)


def _gates(names: Sequence[str], baseline: str | None) -> tuple[Gate, ...]:
    """The gates by name; UsageError for one that is not known, or has nothing to compare with."""
    if not names:
        return ()
    from difflib import get_close_matches

    from scanner.gates import NEEDS_BASELINE, Gate

    for name in names:
        if name not in set(Gate):
            close = get_close_matches(name, [gate.value for gate in Gate], n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise UsageError(f"--fail-on {name!r}: choose from {', '.join(gate.value for gate in Gate)}.{hint}")
        if Gate(name) in NEEDS_BASELINE and baseline is None:
            raise UsageError(f"--fail-on {name} compares with an earlier inventory: give it with --baseline")
    return tuple(map(Gate, names))
