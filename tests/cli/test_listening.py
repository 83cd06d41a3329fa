"""`camcensus listen` before it listens: which interfaces, what is refused; and what its coverage says."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from scanner.cli.listening import choose_ears, coverage_of
from scanner.listen import Heard
from scanner.models import Outcome, UsageError
from scanner.net.api import Interface, NetError
from tests.cli.conftest import Run

ETH0 = Interface(name="eth0", index=2, addresses=("198.51.100.1/24",))
MIRROR = Interface(name="eth1", index=3, skip="has no IP address")
LO = Interface(name="lo", index=1, addresses=("127.0.0.1/8",), loopback=True)


def test_without_a_name_all_but_those_left_out_by_rule() -> None:
    used, skipped = choose_ears((LO, ETH0, MIRROR))
    assert [one.name for one in used] == ["eth0"]
    assert [(one.name, one.skip) for one in skipped] == [("lo", "loopback"), ("eth1", "has no IP address")]


def test_a_named_one_needs_no_address() -> None:
    used, skipped = choose_ears((LO, ETH0, MIRROR), ("eth1",))
    assert [(one.name, one.skip) for one in used] == [("eth1", "")]
    assert {one.skip for one in skipped} == {"not named by --interface"}


def test_none_at_all_is_an_error_that_names_them() -> None:
    with pytest.raises(UsageError, match="has no IP address"):
        choose_ears((LO, MIRROR))


def test_the_coverage_says_what_listening_can_not_hear() -> None:
    heard = Heard(hosts={"198.51.100.10"}, dropped=5, unkept=7)
    heard.failed["eth1"] = NetError(Outcome.UNREACHABLE, "eth1", 0, "Network is down")
    left_out = msgspec.structs.replace(LO, skip="loopback")
    coverage = coverage_of(heard, (ETH0,), (left_out,), "2026-11-22T09:00:00Z", "2026-11-22T09:01:00Z")
    assert "nothing was sent" in coverage.notes[0]
    text = " ".join(coverage.notes)
    for word in ("eth1", "Network is down", "5 frames", "7 announcements"):
        assert word in text
    assert (coverage.answered, coverage.packets) == (1, 0)
    assert [(one.name, one.used) for one in coverage.interfaces] == [("eth0", True), ("lo", False)]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(("--interface", "nosuch0"), "nosuch0"), (("--time", "0"), "--time"), (("--policy", "us-federl"), "us-federal")],
)
def test_mistakes_are_explained(camcensus: Run, tmp_path: Path, arguments: tuple[str, ...], word: str) -> None:
    done = camcensus("listen", "--interface", "lo", "--out", tmp_path / "run", *arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run").exists()
