"""Scan × network tables × camera lists: what is matched by what, and what is never matched."""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.models import Device, Evidence, Inventory, Status
from scanner.models.reconciliation import Known, Reach, ReconciledRow, Reconciliation, Standing
from scanner.reconcile import gather, reconcile
from scanner.report.reconcile import render_reconciliation, render_reconciliation_json
from tests.samples import HOSTILE, device, inventory

MAC1, MAC2, MAC3 = "44:19:b6:00:12:01", "44:19:b6:00:12:02", "00:40:8c:12:34:56"


def camera(host: str, mac: str | None = None, **changes: Any) -> Device:
    return device(host, mac=mac, serial=changes.pop("serial", None), claims=(), **changes)


def scan(*devices: Device, complete: bool = True) -> Inventory:
    base = inventory()
    return msgspec.structs.replace(base, devices=devices, sweep=msgspec.structs.replace(base.sweep, complete=complete))


def listed(**fields: Any) -> Known:
    return Known("vms.csv", True, **{"channels": 1, **fields})


def lease(**fields: Any) -> Known:
    return Known("leases", False, **fields)


def run(found: Inventory, *known: Known) -> Reconciliation:
    return reconcile(found, known, lambda address: address.startswith("198.51.100."))


def rows(found: Reconciliation) -> dict[str, ReconciledRow]:
    return {row.host: row for row in found.rows}


def test_the_three_standings_and_the_fourth() -> None:
    found = run(
        scan(camera("198.51.100.1", MAC1), camera("198.51.100.2", MAC2)),
        listed(mac=MAC1, addresses=("198.51.100.1",), name="Lobby"),
        listed(addresses=("198.51.100.9",), name="Gate"),
        listed(addresses=("203.0.113.9",), name="Other site"),
        lease(mac=MAC2, addresses=("198.51.100.2",)),
        lease(mac=MAC3, addresses=("198.51.100.7",), name="phone"),
    )
    by_host = rows(found)
    assert by_host["198.51.100.1"].standing is Standing.SEEN_KNOWN
    assert by_host["198.51.100.1"].matched_by == "mac"
    assert by_host["198.51.100.1"].name == "Lobby"
    assert by_host["198.51.100.2"].standing is Standing.SEEN_UNKNOWN
    assert by_host["198.51.100.2"].network == ("leases",)
    assert (by_host["198.51.100.9"].standing, by_host["198.51.100.9"].reach) == (Standing.KNOWN_UNSEEN, Reach.ASKED)
    assert by_host["203.0.113.9"].reach is Reach.OUTSIDE
    assert by_host["198.51.100.7"].standing is Standing.NETWORK_ONLY
    assert {name: count.devices for name, count in found.counts.items()} == {
        "seen-and-unknown": 1, "known-and-unseen": 2, "seen-and-known": 1, "on-the-network-only": 1,
    }  # fmt: skip


def test_without_a_list_the_network_is_what_is_known() -> None:
    found = run(scan(camera("198.51.100.1", MAC1)), lease(mac=MAC1), lease(mac=MAC3, addresses=("198.51.100.7",)))
    assert [row.standing for row in found.rows] == [Standing.KNOWN_UNSEEN, Standing.SEEN_KNOWN]
    assert any("No list" in note for note in found.notes)


def test_serial_before_mac_before_address_with_conflicts_shown() -> None:
    found = run(
        scan(camera("198.51.100.1", MAC1, serial="AAWR70012345"), camera("198.51.100.2", MAC2)),
        listed(serial="aawr-7001-2345", mac=MAC2, addresses=("198.51.100.2",), maker="Axis", model="M1"),
    )
    row = rows(found)["198.51.100.1"]
    assert row.matched_by == "serial"
    assert {(each.field, each.known) for each in row.differences} == {
        ("mac", MAC2), ("address", "198.51.100.2"), ("maker", "Axis"), ("model", "M1"),
    }  # fmt: skip
    assert rows(found)["198.51.100.2"].standing is Standing.SEEN_UNKNOWN


def test_another_mac_at_a_listed_address_is_another_device() -> None:
    found = run(scan(camera("198.51.100.1", MAC1)), listed(mac=MAC3, addresses=("198.51.100.1",), maker="Axis"))
    seen = next(row for row in found.rows if row.device)
    gone = next(row for row in found.rows if not row.device)
    assert seen.standing is Standing.SEEN_UNKNOWN
    assert (gone.standing, gone.reach) == (Standing.KNOWN_UNSEEN, Reach.OTHER)
    assert ("mac", MAC1, MAC3) in {(each.field, each.seen, each.known) for each in gone.differences}


def test_an_address_is_enough_where_nothing_better_is_known() -> None:
    found = run(scan(camera("198.51.100.1")), listed(mac=MAC3, addresses=("198.51.100.1",), maker="LTS Security"))
    (row,) = found.rows
    assert (row.standing, row.matched_by, row.differences) == (Standing.SEEN_KNOWN, "address", ())


def test_a_mac_that_devices_share_counts_only_with_the_address() -> None:
    shared = scan(camera("198.51.100.1", MAC1), camera("198.51.100.2", MAC1))
    assert rows(run(shared, listed(mac=MAC1, addresses=("198.51.100.2",))))["198.51.100.2"].matched_by == "mac"
    lost = run(shared, listed(mac=MAC1))
    assert [row.standing for row in lost.rows].count(Standing.SEEN_UNKNOWN) == 2


def test_placeholders_join_nothing() -> None:
    found = run(
        scan(camera("198.51.100.1", serial="00000000"), camera("198.51.100.2", serial="00000000")),
        listed(serial="00000000", addresses=("198.51.100.2",)),
        listed(serial="00000000", addresses=("198.51.100.3",)),
    )
    assert rows(found)["198.51.100.2"].matched_by == "address"
    assert rows(found)["198.51.100.3"].standing is Standing.KNOWN_UNSEEN


def test_a_lease_leads_a_listed_mac_to_its_new_address() -> None:
    found = run(
        scan(camera("198.51.100.8")), listed(mac=MAC1, name="Moved"), lease(mac=MAC1, addresses=("198.51.100.8",))
    )
    (row,) = found.rows
    assert (row.standing, row.name, row.lists, row.network) == (Standing.SEEN_KNOWN, "Moved", ("vms.csv",), ("leases",))


def test_what_is_no_camera_is_counted_and_what_may_be_one_is_shown() -> None:
    found = run(
        scan(
            camera("198.51.100.1", is_camera=False, status=Status.NOT_A_CAMERA),
            camera("198.51.100.2", is_camera=None, status=Status.UNDETERMINED),
            camera("198.51.100.3", is_camera=False, status=Status.NOT_A_CAMERA),
        ),
        listed(addresses=("198.51.100.3",)),
    )
    assert found.others == 1
    assert set(rows(found)) == {"198.51.100.2", "198.51.100.3"}


def test_channels_are_counted_apart_from_devices() -> None:
    row = {"fields": {"model": "M7104", "recorder": "REC1"}, "via": "camera-list"}
    known = gather([Evidence("198.51.100.21", "inventory-list", row) for _ in range(4)], "vms.csv")
    assert [each.channels for each in known] == [4]
    found = run(scan(camera("198.51.100.21")), *known)
    assert found.counts["seen-and-known"].devices == 1
    assert found.counts["seen-and-known"].channels == 4
    assert "1 device, 4 listed channels" in render_reconciliation(found)


def test_gather_takes_tables_apart_by_mac() -> None:
    records = [
        Evidence("198.51.100.1", "mac", {"mac": MAC1}),
        Evidence("198.51.100.1", "dhcp", {"mac": MAC1, "hostname": "cam-1"}),
        Evidence(MAC1, "switch-port", {"mac": MAC1, "port": "Gi1/0/7", "switch": "sw1"}),
        Evidence("198.51.100.1", "mac", {"mac": MAC2}),
        Evidence("sw1", "snmp", {"oids": {}}),
    ]
    first, second = gather(records, "tables")
    assert (first.mac, first.name, first.place, first.addresses) == (MAC1, "cam-1", "Gi1/0/7 @ sw1", ("198.51.100.1",))
    assert second.mac == MAC2
    found = run(scan(camera("198.51.100.1", MAC1)), first, second)
    assert rows(found)["198.51.100.1"].place == "Gi1/0/7 @ sw1"
    assert [row.reach for row in found.rows if not row.device] == [Reach.OTHER]


def test_what_is_not_known_is_said() -> None:
    found = reconcile(scan(complete=False), [listed(addresses=("198.51.100.9",))], None)
    assert found.rows[0].reach is Reach.UNKNOWN
    assert any("did not end" in note for note in found.notes)
    assert any("no scope" in note for note in found.notes)
    unsure = reconcile(scan(), [listed(addresses=("198.51.100.9",))], lambda _address: None)
    assert unsure.rows[0].reach is Reach.UNKNOWN


def test_rendering_is_stable_and_safe() -> None:
    known = gather([Evidence("198.51.100.9", "inventory-list", {"fields": {"name": HOSTILE, "model": HOSTILE}})], "x")
    found = run(scan(camera("198.51.100.1", model=HOSTILE)), *known)
    for width in (60, 120):
        text = render_reconciliation(found, width=width)
        assert "\x1b" not in text
        assert "Known and unseen" in text
        assert "asked" in text
    assert render_reconciliation_json(found) == render_reconciliation_json(found)
    decoded = msgspec.json.decode(render_reconciliation_json(found))
    assert decoded["schema"] == "camcensus.reconciliation/1"
    assert decoded["counts"]["known-and-unseen"] == {"devices": 1, "channels": 1}
