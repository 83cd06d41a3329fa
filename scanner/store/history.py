"""`camcensus history`: devices over time, as values for a renderer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from scanner.models import UsageError
from scanner.models.history import DeviceHistory, Happening, History, HistoryEvent, Standing
from scanner.store.chronicle import DeviceRow, Site, StateRow, site_names, sites
from scanner.store.reader import Reader
from scanner.store.removals import Word, as_events, removal, words
from scanner.store.spans import Run, Span
from scanner.store.timeline import events
from scanner.text import clean, normalise_mac, sort_key

_NAMED = """
SELECT DISTINCT device.id, device.site_id FROM device LEFT JOIN state ON state.device_id = device.id
WHERE (state.host = :text OR state.serial = :text OR state.uid = :text OR state.mac = :mac OR device.uid = :text
       OR device.host = :text OR device.serial = :text OR device.mac = :mac)
"""
_ADDRESSED = "SELECT id, site_id FROM device WHERE addresses LIKE :part"
_BEGUN = "SELECT id, site_id FROM device WHERE uid LIKE :part"
_HEX = frozenset("0123456789abcdef")
Spans = Sequence[tuple[int, Span]]


def every_device(reader: Reader, site: str | None, today: str) -> History:
    """Each device of a site, or of all sites, without its events."""
    check_site(reader, site)
    found: list[DeviceHistory] = []
    notes: list[str] = []
    for each in sites(reader, site):
        found += site_devices(each, reader, today)
        if each.sweeps and not each.sweeps[-1].complete:
            notes.append(f"{each.name}: the latest sweep is not complete; what it did not see may not have been asked.")
    return History(None, tuple(found), tuple(notes))


def site_devices(site: Site, reader: Reader, today: str) -> list[DeviceHistory]:
    """The devices of one site by address, without their events."""
    spans, states, said = site.spans(), site.states(), words(reader, site.number)
    rows = site.devices()
    story = _Story(site, states, said, {row.number: row for row in rows}, today)
    found = [story.summary(row, spans.get(row.number, ())) for row in rows]
    holders: dict[str, list[DeviceHistory]] = {}
    for device in found:
        if device.standing is not Standing.GONE:
            holders.setdefault(device.host, []).append(device)
    return sorted((_now_there(device, holders.get(device.host, ())) for device in found), key=_by_address)


def one_device(reader: Reader, wanted: str, site: str | None, today: str) -> History:
    """All that ever had this address, MAC, serial or id, with their events; UsageError for none."""
    found = tuple(device for _number, device in candidates(reader, wanted, site, today))
    notes = (f"{len(found)} devices had this address or number over time.",) if len(found) > 1 else ()
    return History(wanted, found, notes)


def candidates(reader: Reader, wanted: str, site: str | None, today: str) -> list[tuple[int, DeviceHistory]]:
    """As `one_device`, each with its number in the store; the one seen last comes first."""
    check_site(reader, site)
    numbers = find(reader, wanted)
    found: list[tuple[int, DeviceHistory]] = []
    for each in sites(reader, site):
        mine = sorted(device for device, at in numbers if at == each.number)
        rows = {row.number: row for row in each.devices()} if mine else {}
        said = words(reader, each.number) if mine else {}
        for number in mine:
            story = _Story(each, each.states(number), said, rows, today)
            device = story.whole(rows[number], each.spans(number).get(number, ()))
            found.append((number, _now_there(device, _others(each, rows, rows[number]))))
    if not found:
        where = f" at the site {site!r}" if site else ""
        raise UsageError(f"the store has no device {clean(wanted, 60)!r}{where}: `camcensus history` lists them")
    return sorted(found, key=lambda one: one[1].last_seen or "", reverse=True)


def find(reader: Reader, wanted: str) -> set[tuple[int, int]]:
    """(device, site) of all that ever answered to an address, MAC, serial, id, or the first six digits of an id."""
    wanted = clean(wanted)
    found = reader.rows(_NAMED, text=wanted, mac=normalise_mac(wanted))
    found += reader.rows(_ADDRESSED, part=f'%"{_literal(wanted)}"%') if wanted else []
    if len(wanted) >= 6 and set(wanted) <= _HEX:
        found += reader.rows(_BEGUN, part=f"{wanted}%")
    return {(device, site) for device, site in found}


def check_site(reader: Reader, site: str | None) -> None:
    """UsageError for a site that the store does not know."""
    names = site_names(reader)
    if site is not None and site not in names:
        raise UsageError(f"the store has no site {clean(site, 60)!r}; it has: {', '.join(names) or 'none'}")


def _literal(text: str) -> str:
    return "".join(character for character in text if character not in '%_"\\')


class _Story:
    """Tells the devices of one site."""

    def __init__(
        self, site: Site, states: Mapping[int, StateRow], said: Mapping[int, list[Word]],
        rows: Mapping[int, DeviceRow], today: str,
    ) -> None:  # fmt: skip
        self._site, self._states, self._said, self._rows, self._today = site, states, said, rows, today

    def whole(self, row: DeviceRow, spans: Spans) -> DeviceHistory:
        """A device with its events."""
        told = self._events(spans)
        happened = sorted((*told, *as_events(self._said.get(row.number, ()))), key=lambda event: event.at)
        return msgspec.structs.replace(self._told(row, spans, told), events=tuple(happened))

    def summary(self, row: DeviceRow, spans: Spans) -> DeviceHistory:
        """A device without its events."""
        return self._told(row, spans, self._events(spans))

    def _events(self, spans: Spans) -> list[HistoryEvent]:
        return list(events(self._site.runs(spans), self._site.sweeps, self._states))

    def _told(self, row: DeviceRow, spans: Spans, told: Sequence[HistoryEvent]) -> DeviceHistory:
        runs = self._site.runs(spans)
        seen = [run for run in runs if run.state is not None]
        state = self._states[seen[-1].state] if seen and seen[-1].state is not None else None
        facts = state.facts if state else {}
        host = facts.get("host") or row.host
        standing = _standing(runs, latest=self._site.is_latest(spans))
        gone = next((event.at for event in reversed(told) if event.what is Happening.GONE), None)
        device = DeviceHistory(
            site=self._site.name, device=row.uid, host=host, label=_label(facts, row, host), standing=standing,
            status=facts.get("status"), first_seen=self._when(seen[0].first) if seen else None,
            last_seen=self._when(seen[-1].last) if seen else None, sweeps=sum(run.sweeps for run in seen),
            changed=sum(event.what is Happening.CHANGED for event in told), is_camera=facts.get("is_camera"),
            kind=facts.get("kind") or "unknown", brand=facts.get("brand"), maker=facts.get("maker"),
            model=facts.get("model"), firmware=facts.get("firmware"), serial=row.serial, mac=row.mac,
            instruments=state.instruments if state else (), since=gone if standing is Standing.GONE else None,
            last_asked=self._when(runs[-1].last) if runs else None, waivers=state.waivers if state else (),
        )  # fmt: skip
        said = self._said.get(row.number, [])
        return msgspec.structs.replace(device, removal=removal(said, device, self._replacement(said), self._today))

    def _when(self, rank: int) -> str:
        return self._site.sweeps[rank].finished

    def _replacement(self, said: Sequence[Word]) -> str | None:
        other = self._rows.get(said[-1].replacement or 0) if said else None
        return None if other is None else _label({}, other, other.host)


def _standing(runs: Sequence[Run], *, latest: bool) -> Standing:
    if all(run.state is None for run in runs):
        return Standing.NEVER
    if runs[-1].state is None:
        return Standing.GONE
    return Standing.SEEN if latest else Standing.NOT_ASKED


def _others(site: Site, rows: Mapping[int, DeviceRow], row: DeviceRow) -> list[DeviceHistory]:
    """Who else is at the address of one device now, as far as a label."""
    found = []
    for other in rows.values():
        if other.host == row.host and other.number != row.number:
            runs = site.runs(site.spans(other.number).get(other.number, ()))
            if runs and runs[-1].state is not None:
                facts = site.states(other.number)[runs[-1].state].facts
                found.append(DeviceHistory(
                    site=site.name, device=other.uid, host=other.host, label=_label(facts, other, other.host),
                    standing=Standing.SEEN, status=None, first_seen=None, last_seen=None, sweeps=0, changed=0,
                ))  # fmt: skip
    return found


def _now_there(device: DeviceHistory, holders: Iterable[DeviceHistory]) -> DeviceHistory:
    other = next((each.label for each in holders if each.device != device.device), None)
    if device.standing is not Standing.GONE or other is None:
        return device
    return msgspec.structs.replace(device, now_there=other)


def _label(facts: Mapping[str, object], row: DeviceRow, host: str) -> str:
    words = (facts.get("brand") or facts.get("maker") or row.maker, facts.get("model") or row.model)
    return " ".join([*(str(word) for word in words if word), f"at {host}"])


def _by_address(device: DeviceHistory) -> tuple[object, ...]:
    return (sort_key(device.host), device.first_seen or "")
