from pathlib import Path

from scanner.discover import ALL
from scanner.probe import PROBES
from scanner.probe.http import PAGES
from scanner.probe.ports import PORTS
from scanner.wire.vendor import PROTOCOLS
from tests.probe.traffic_page import document

PAGE = Path(__file__).parents[2] / "docs" / "traffic.md"


def test_the_page_says_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), "run: python -m tests.probe.traffic_page > docs/traffic.md"


def test_nothing_is_left_out() -> None:
    text = PAGE.read_text(encoding="utf-8")
    said = [(one.name, one.sends) for one in ALL] + [(one.name, one.sends) for one in PROBES]
    assert all(f"**{name}**: {sends}" in text for name, sends in said)
    assert all(page.path in text for pages in PAGES.values() for page in pages)
    assert all(str(port) in text for port in PORTS)
    assert all(f"| {one.title} | {one.port} |" in text for one in PROTOCOLS)
