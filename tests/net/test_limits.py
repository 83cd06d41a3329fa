from pathlib import Path

import pytest

from scanner.net.limits import PENDING, membership_limit, neighbour_limit, pending_for


def test_limits_are_read(tmp_path: Path) -> None:
    (tmp_path / "neigh/default").mkdir(parents=True)
    (tmp_path / "neigh/default/gc_thresh3").write_text("1024\n")
    (tmp_path / "igmp_max_memberships").write_text("20\n")
    assert neighbour_limit(tmp_path) == 1024
    assert membership_limit(tmp_path) == 20


def test_what_can_not_be_read_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "igmp_max_memberships").write_text("many\n")
    assert neighbour_limit(tmp_path) is None
    assert membership_limit(tmp_path) is None


@pytest.mark.parametrize(("rows", "pending"), [(None, PENDING), (1024, 256), (128, 32), (16, 16), (100_000, PENDING)])
def test_a_small_table_is_asked_less_at_once(rows: int | None, pending: int) -> None:
    assert pending_for(rows) == pending
