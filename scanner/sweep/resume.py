"""What an interrupted sweep has done, read back from its folder: only what is complete, and whose evidence is there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.discover import Discovery
from scanner.models import Evidence
from scanner.probe import LoginDoors
from scanner.runs import RunFolder
from scanner.sweep.said import SoFar


class Done(msgspec.Struct):
    """`visited` are asked and done; `silent` those of them that said nothing. `switches`: they were read."""

    visited: set[str] = msgspec.field(default_factory=set)
    silent: set[str] = msgspec.field(default_factory=set)
    discovery: Discovery | None = None
    switches: bool = False

    def __bool__(self) -> bool:
        return bool(self.visited or self.discovery is not None)


def read_back(run: RunFolder, said: SoFar, doors: LoginDoors) -> Done:
    """Put what the run has heard into `said`, shut the doors where it logged in, and say what it has done."""
    done = Done()
    for state, held in run.held():
        _restore_logins(state, said, doors)
        if held:
            _restore(state, said, done)
    _hear_again(run, said, done)
    return done


def _restore_logins(state: dict[str, Any], said: SoFar, doors: LoginDoors) -> None:
    """Whether or not what the device answered is still there: nobody is logged in to twice."""
    if "login" in state:
        doors.shut([str(state["login"])])
    elif "refused" in state:
        said.gathered.refused[str(state["refused"])] = str(state.get("detail", ""))


def _restore(state: dict[str, Any], said: SoFar, done: Done) -> None:
    if "visited" in state:
        host = str(state["visited"])
        done.visited.add(host)
        (said.gathered.alive.add if state.get("alive") else done.silent.add)(host)
        if state.get("alive"):
            done.silent.discard(host)
        if state.get("cut"):
            said.gathered.cut.append(host)
    elif "discovered" in state:
        with contextlib.suppress(msgspec.ValidationError):  # a damaged line: asked again
            done.discovery = msgspec.convert(state["discovered"], Discovery)
    elif "switches" in state:
        done.switches = True
        said.gathered.notes += _texts(state["switches"])
    elif "failed" in state:
        said.gathered.failures[str(state["failed"])] = str(state.get("detail", ""))


def _hear_again(run: RunFolder, said: SoFar, done: Done) -> None:
    """The log once more: whoever is not done is known by what it said, and so is who spoke after it was given up."""
    heard = {record.host for record in _evidence(run)}
    # Who is said to have answered and is not in the log was lost with a part of it: asked again.
    done.visited -= said.gathered.alive - heard
    for record in _evidence(run):
        if record.host not in done.visited or record.host in done.silent:
            said.learn(record)
        else:
            said.recall(record)


def _evidence(run: RunFolder) -> Iterator[Evidence]:
    return (record for record in run.evidence() if isinstance(record, Evidence))


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
