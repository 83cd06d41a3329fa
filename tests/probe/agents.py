"""A small SNMP agent for the tests: a view of names and values, behind one community."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scanner.wire import snmp as wire


def agent(
    view: Mapping[str, wire.Value], community: str = "garden", contexts: Mapping[str, Mapping[str, wire.Value]] = {}
) -> Callable[[bytes], list[bytes]]:
    """Answers GET, GETNEXT and GETBULK; silence for another community. `contexts` are views for "community@name"."""
    views = {community: view, **{f"{community}@{name}": more for name, more in contexts.items()}}
    tables = {name: sorted(one, key=_arcs) for name, one in views.items()}

    def answer(request: bytes) -> list[bytes]:
        asked = wire.parse_request(request)
        whose = asked.community.decode()
        if whose not in views:
            return []
        rows = [row for name in asked.names for row in _rows(views[whose], tables[whose], asked, name)]
        return [wire.build_response(asked, rows)]

    return answer


def _rows(
    view: Mapping[str, wire.Value], table: list[str], asked: wire.SnmpRequest, name: str
) -> list[tuple[str, wire.Value]]:
    if asked.kind == "get":
        return [(name, view.get(name, wire.NO_SUCH_OBJECT))]
    count = asked.max_repetitions if asked.kind == "get-bulk" else 1
    following = [one for one in table if _arcs(one) > _arcs(name)][:count]
    return [(one, view[one]) for one in following] or [(name, wire.NO_SUCH_OBJECT)]


def _arcs(name: str) -> list[int]:
    return [int(arc) for arc in name.split(".")]
