"""`python -m tests.store.writer STORE NUMBER WRITERS SWEEPS`: one of several writers at once."""

from __future__ import annotations

import sys

from scanner.store.engine import open_store
from scanner.store.place import find_place
from scanner.store.record import record
from tests.store.nights import asking, camera, night
from tests.store.test_waivers import given, waived


def main(url: str, number: int, writers: int, sweeps: int) -> None:
    """Record nights at a site that all write, and at one of its own, in turn."""
    with open_store(find_place(url, {})) as store:
        for sweep in range(sweeps):
            day = 1 + sweep * writers + number
            shared = given(night(day, camera(1, firmware=str(day)), camera(2, firmware=str(day), findings=(waived(),))))
            own = night(day, camera(1), camera(2), id=f"own-{number}-{day}")
            for inventory, site in ((shared, "shared"), (own, f"own-{number}")):
                with store.change() as connection:
                    record(connection, inventory, site=site, asking=asking)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
