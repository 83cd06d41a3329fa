"""The sweep that a new one is compared with, as an inventory: what the tables keep of it is enough to pair and judge.

Confidence, claims and what a finding asks are not kept; what needs them reads the run's own inventory, where that is
still the one that was recorded (`Found.digest`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from scanner.models import (
    Channel,
    Coverage,
    Device,
    Finding,
    InterfaceCoverage,
    Inventory,
    RegistryInfo,
    Relation,
    Status,
    Strength,
    Sweep,
    Tool,
    Waived,
    WaiverRecord,
)
from scanner.store.chronicle import texts
from scanner.store.known import Known, match
from scanner.store.reader import Reader
from scanner.store.sites import reached
from scanner.store.values import FACTS, known_as, safe
from scanner.text import sort_key


class Found(msgspec.Struct, frozen=True):
    """A complete sweep of the store: `run` is where its files were, `digest` what `values.digest_of` says of them."""

    number: int
    series: int
    site: str
    name: str
    started: str
    finished: str
    as_of: str
    policy: str
    version: str
    fingerprints: str
    registry: str
    registry_digest: str
    coverage: str
    run: str | None
    digest: str
    uid: str
    scope: tuple[str, ...]
    exclude: tuple[str, ...]


_SERIES = """
SELECT series.id, scope, exclude FROM series JOIN site ON site.id = series.site_id WHERE site.name = :site AND complete
"""
_LATEST = """
SELECT sweep.id, series_id, site.name, sweep.name, started, finished, as_of, policy, version, fingerprints, registry,
       registry_digest, coverage, run, digest, uid
FROM sweep JOIN site ON site.id = sweep.site_id
WHERE series_id = :series ORDER BY finished DESC, sweep.id DESC LIMIT 2
"""
# The spans of a series that reach over one of its sweeps; by time, as sweeps may be recorded in any order
_OVER = """
FROM span JOIN sweep AS first ON first.id = span.first_id LEFT JOIN sweep AS last ON last.id = span.last_id
     JOIN state ON state.id = span.state_id JOIN device ON device.id = span.device_id
"""
_WHERE = """
WHERE span.series_id = :series
  AND (first.finished < :finished OR (first.finished = :finished AND first.id <= :sweep))
  AND (span.last_id IS NULL OR last.finished > :finished OR (last.finished = :finished AND last.id >= :sweep))
"""
_COLUMNS = ", ".join(f"state.{name}" for name in FACTS)
_STATES = f"SELECT state.id, state.uid, device.mac, state.hidden, {_COLUMNS} {_OVER} {_WHERE}"
_FINDINGS = f"""
SELECT state.id, instrument, entity, relation, strength, edition, source, waiver.name, reason, owner, expires, expired
{_OVER} JOIN finding ON finding.state_id = state.id LEFT JOIN waiver ON waiver.id = finding.waiver_id
{_WHERE} ORDER BY finding.id
"""
_USES = """
SELECT waiver.name, instruments, devices, reason, owner, expires, state, findings, hosts
FROM waiver_use JOIN waiver ON waiver.id = waiver_use.waiver_id WHERE sweep_id = :sweep ORDER BY waiver_use.id
"""


def last_complete(reader: Reader, site: str, scope: Sequence[str], but: str | None = None) -> Found | None:
    """The latest complete sweep of these targets (in any order) at the site; None where there is none.

    Others that were excluded are no hindrance: the coverage tells of it. `but` is the `uid` of a sweep that is not
    meant: the one that is going on.
    """
    wanted = sorted(map(safe, scope))
    found = []
    for number, targets, exclude in reader.rows(_SERIES, site=site):
        if sorted(texts(targets)) != wanted:
            continue
        for row in reader.rows(_LATEST, series=number):
            columns = (*row, texts(targets), texts(exclude))
            one = Found(*columns)
            if one.uid != but:
                found.append(one)
                break
    return max(found, key=lambda one: (one.finished, one.number), default=None)


def other_scopes(reader: Reader, site: str) -> int:
    """How many other scopes the site has complete sweeps of."""
    return len({tuple(sorted(texts(targets))) for _number, targets, _exclude in reader.rows(_SERIES, site=site)})


class Seen(msgspec.Struct, frozen=True):
    """A device that some sweep of the site saw, and when the latest of them did."""

    known: Known
    last: str


_SEEN = """
SELECT device.id, device.uid, device.host, device.addresses, device.mac, device.serial, device.maker, device.model,
       device.first_at, device.last_at,
       max(coalesce(last.finished, (SELECT max(finished) FROM sweep WHERE sweep.series_id = span.series_id)))
FROM span JOIN device ON device.id = span.device_id JOIN site ON site.id = device.site_id
     LEFT JOIN sweep AS last ON last.id = span.last_id
WHERE site.name = :site AND span.state_id IS NOT NULL GROUP BY device.id ORDER BY device.id
"""


def ever_seen(reader: Reader, site: str) -> list[Seen]:
    """Every device that a sweep of the site saw, complete or not."""
    found = []
    for number, uid, host, addresses, *known, last in reader.rows(_SEEN, site=site):
        columns = (number, uid, host, texts(addresses), *known)
        found.append(Seen(Known(*columns), last))
    return found


def last_seen(seen: Sequence[Seen], devices: Sequence[Device]) -> dict[str, str]:
    """When each of `devices`, by its id, was seen last, as far as one of `seen` is it."""
    by_number = {one.known.number: one.last for one in seen}
    found = match([one.known for one in seen], [known_as(device) for device in devices])
    return {device.id: by_number[one.number] for device, one in zip(devices, found, strict=True) if one is not None}


def inventory_of(reader: Reader, found: Found) -> Inventory:
    """The sweep as far as the tables keep it."""
    coverage = reached(found.coverage)
    return Inventory(
        tool=Tool("camcensus", found.version, found.fingerprints, RegistryInfo(found.registry, found.registry_digest)),
        sweep=Sweep(
            id=found.name, started=found.started, finished=found.finished, complete=True, scope=found.scope,
            policy=texts(found.policy), as_of=found.as_of, site=found.site, options={"exclude": list(found.exclude)},
        ),
        coverage=Coverage(
            addresses=coverage.addresses, answered=coverage.answered, silent=coverage.silent, notes=coverage.notes,
            interfaces=tuple(map(InterfaceCoverage, coverage.interfaces)),
        ),
        devices=_devices(reader, found),
        waivers=tuple(_use(*row) for row in reader.rows(_USES, sweep=found.number)),
    )  # fmt: skip


def _devices(reader: Reader, found: Found) -> tuple[Device, ...]:
    over: dict[str, str | int] = {"series": found.series, "sweep": found.number, "finished": found.finished}
    findings: dict[int, list[Finding]] = defaultdict(list)
    for state, *rest in reader.rows(_FINDINGS, **over):
        findings[state].append(_finding(*rest))
    devices = [_device(row, findings[row[0]]) for row in reader.rows(_STATES, **over)]
    return tuple(sorted(devices, key=lambda device: sort_key(device.host)))


def _use(
    name: str, instruments: str, devices: str, reason: str, owner: str, expires: str, *counts: Any
) -> WaiverRecord:  # fmt: skip
    return WaiverRecord(name, texts(instruments), texts(devices), reason, owner, expires, *counts)


def _finding(*row: Any) -> Finding:
    instrument, entity, relation, strength, edition, source, waiver, reason, owner, expires, expired = row
    return Finding(
        instrument=instrument, entity=entity, relation=Relation(relation), strength=Strength(strength), binds="",
        purpose_test="", because=(), source=source, edition=edition,
        waiver=Waived(waiver, reason, owner, expires, expired=bool(expired)) if waiver is not None else None,
    )  # fmt: skip


def _device(row: tuple[Any, ...], findings: Sequence[Finding]) -> Device:
    _state, uid, known_mac, hidden, *columns = row
    facts = dict(zip(FACTS, columns, strict=True))
    facts |= {"status": Status(facts["status"]), "mac": facts["mac"] or known_mac}
    if facts["is_camera"] is not None:
        facts["is_camera"] = bool(facts["is_camera"])
    channels = msgspec.json.decode(hidden, type=tuple[Channel, ...]) if hidden else ()
    # A maker that was stored was established; how surely is not kept
    sure = 1.0 if facts["maker"] else 0.0
    return Device(
        id=uid, addresses=(facts["host"],), confidence=sure, findings=tuple(findings), channels=channels, **facts
    )
