from __future__ import annotations

from benchmarks import intake
from benchmarks.__main__ import BENCHMARKS
from tests.test_benchmarks import assert_documented


def test_it_runs_in_a_tiny_form_and_is_documented() -> None:
    (table,) = intake.run(count=200, runs=1)
    assert [row[:2] for row in table.rows] == [
        (kind, work) for kind in intake.KINDS for work in (intake.YARDSTICK, "container", "evidence")
    ]
    assert intake.NAME in BENCHMARKS
    assert_documented([table])
