from ipaddress import IPv4Network
from pathlib import Path

import pytest

from scanner.net.routes import Route, routes, way_to

TABLE = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
scan0\t00000000\tFE6433C6\t0003\t0\t0\t0\t00000000\t0\t0\t0
scan0\t006433C6\t00000000\t0001\t0\t0\t0\tC0FFFFFF\t0\t0\t0
scan0\t806433C6\t3E6433C6\t0003\t0\t0\t0\tC0FFFFFF\t0\t0\t0
*\tC06433C6\t00000000\t0201\t0\t0\t0\tF8FFFFFF\t0\t0\t0
torn line
"""


def test_the_most_special_route_wins(tmp_path: Path) -> None:
    (tmp_path / "route").write_text(TABLE)
    known = routes(tmp_path / "route")
    assert way_to("198.51.100.140", known) == Route(IPv4Network("198.51.100.128/26"), "scan0", "198.51.100.62")
    assert way_to("198.51.100.9", known) == Route(IPv4Network("198.51.100.0/26"), "scan0", None)
    assert way_to("203.0.113.9", known) == Route(IPv4Network("0.0.0.0/0"), "scan0", "198.51.100.254")
    assert len(known) == 3


@pytest.mark.parametrize(
    "text", ["", "head\n\x00\xff\n", "head\nscan0\tzz\tzz\t1\t0\t0\t0\tzz\n", "h\na\tFF\tFF\tx\t\t\t\tFF"]
)
def test_what_cannot_be_read_is_no_route(tmp_path: Path, text: str) -> None:
    (tmp_path / "route").write_text(text)
    assert routes(tmp_path / "route") == ()
    assert routes(tmp_path / "missing") == ()
