"""`--switch`: every mistake is found before anything is sent, and a switch beside the targets is reached."""

from pathlib import Path

import pytest

from scanner.cli.dry_run import describe
from scanner.cli.planning import Wishes, plan_sweep
from scanner.cli.running import Plan
from scanner.models import UsageError

GIVEN = "switch-community-1"


def _plan(folder: Path, **more: object) -> Plan:
    given: dict[str, object] = {
        "targets": ("198.51.100.0/29",),
        "communities": (GIVEN,),
        "out": folder / "run",
        **more,
    }
    return plan_sweep(Wishes(**given))  # type: ignore[arg-type]


def test_a_switch_in_scope(tmp_path: Path) -> None:
    plan = _plan(tmp_path, switches=("198.51.100.2", "198.51.100.2"))
    assert [switch.host for switch in plan.options.switches] == ["198.51.100.2"]
    assert plan.reach is None


def test_a_switch_that_is_named_beside_the_targets_is_reached_and_not_swept(tmp_path: Path) -> None:
    plan = _plan(tmp_path, switches=("203.0.113.2",))
    assert plan.reach is not None
    assert plan.reach.contains("203.0.113.2")
    assert not plan.reach.contains("203.0.113.3")
    assert not plan.scope.contains("203.0.113.2")
    assert "203.0.113.2" not in plan.options.targets


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"switches": ("198.51.100.2",), "communities": ()}, "needs --snmp-community"),
        ({"switches": ("198.51.100.0/29",)}, "name one switch"),
        ({"switches": ("198.51.100.2",), "exclude": ("198.51.100.2",)}, "--exclude"),
        ({"switches": ("8.8.8.8",)}, "--allow-public"),
        ({"switches": ("198.51.100.299",)}, "198.51.100.299"),
    ],
)
def test_mistakes(tmp_path: Path, more: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        _plan(tmp_path, **more)


def test_the_plan_says_what_a_switch_is_asked_and_holds_no_secret(tmp_path: Path) -> None:
    plan = _plan(tmp_path, switches=("198.51.100.2",))
    assert "switch 198.51.100.2: UDP 161" in describe(plan)
    assert GIVEN not in describe(plan) + repr(plan.recorded_options) + repr(plan.options)
    assert plan.recorded_options["switches"] == ["198.51.100.2"]
