"""The page in a real browser: Debian's Chromium, driven by Playwright; skipped where either is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scanner.models import Claim, Status, Weight
from scanner.report.html import render_html
from tests.samples import HOSTILE, device, inventory

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(_CHROMIUM is None, reason="no chromium"),
    # Playwright leaves a loop's sockets to the garbage collector when it stops.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
_ATTACK = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api")
    # Nothing but the page itself: Chromium's own errands are refused here, many at a time.
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=_CHROMIUM, args=quiet)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The report of four devices; whatever its console says is in `page.said`."""
    claims = (Claim("c1", "maker", "Hikvision", Weight.STRONG, "f", 0, "http.title", _ATTACK),)
    value = inventory(
        device(claims=claims),
        device(
            "198.51.100.9", id="b", status=Status.REVIEW, model=HOSTILE, brand=_ATTACK, name=_ATTACK, serial=_ATTACK
        ),
        device("198.51.100.11", id="c", maker="Axis", brand="Axis", status=Status.NOT_LISTED, findings=()),
        device("198.51.100.100", id="d", maker=None, brand=None, status=Status.UNDETERMINED, findings=()),
    )
    (tmp_path / "report.html").write_text(render_html(value), "utf-8")
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: said.append(request.url) if request.url.startswith("http") else None)
    opened.goto((tmp_path / "report.html").as_uri())
    yield opened
    assert said == []
    assert opened.title().startswith("Camera inventory")
    opened.close()


def shown(page: Page) -> list[str]:
    return page.locator("#rows tr:not([hidden]):not(.opened) td:first-child").all_inner_texts()


def test_filter_search_and_sort(page: Page) -> None:
    assert page.locator("#count").inner_text() == "4 of 4 devices shown"
    page.select_option("#by-status", "undetermined")
    assert shown(page) == ["198.51.100.100"]
    page.click("#reset")
    page.fill("#search", "axis not")
    assert shown(page) == ["198.51.100.11"]
    page.fill("#search", "")
    page.click("#devices-table th:nth-child(1) button")
    assert shown(page) == ["198.51.100.9", "198.51.100.10", "198.51.100.11", "198.51.100.100"]
    page.click("#devices-table th:nth-child(1) button")
    assert shown(page)[0] == "198.51.100.100"
    page.select_option("#by-instrument", "US-NDAA-889")
    assert page.locator("#count").inner_text() == "2 of 4 devices shown"


def test_a_row_opens_by_keyboard_to_its_claims_and_their_text(page: Page) -> None:
    button = page.locator("button.open").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.opened code")
    assert button.get_attribute("aria-expanded") == "true"
    assert _ATTACK in page.locator("tr.opened").inner_text()
    assert "Entity as listed: Hangzhou Hikvision" in page.locator("tr.opened").inner_text()
    page.keyboard.press("Enter")
    assert page.locator("tr.opened").count() == 0


def test_no_device_writes_into_the_page(page: Page) -> None:
    page.click("#open-all")
    page.wait_for_function("document.querySelectorAll('tr.opened dl').length === 4")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    assert page.title().startswith("Camera inventory")


def test_walk_round_sheets_are_made_of_what_is_shown(page: Page) -> None:
    page.select_option("#by-status", "review")
    page.click("#make-sheets")
    assert page.locator(".sheet").count() == 1
    assert "198.51.100.9" in page.locator(".sheet").inner_text()
    assert page.locator(".sheet .photo").count() == 1


def test_it_prints_the_findings_and_no_controls(page: Page) -> None:
    page.emulate_media(media="print")
    assert not page.locator(".controls").is_visible()
    assert page.locator(".finding").first.is_visible()
    for paper in ("A4", "Letter"):
        assert page.pdf(format=paper).startswith(b"%PDF")


def test_five_thousand_devices_stay_usable(browser: Browser, tmp_path: Path) -> None:
    many = inventory(*(device(f"198.18.{n // 250}.{n % 250}", id=str(n), serial=f"S{n}") for n in range(5000)))
    page_text = render_html(many)
    assert len(page_text) < 15_000_000
    (tmp_path / "many.html").write_text(page_text, "utf-8")
    opened = browser.new_page()
    opened.goto((tmp_path / "many.html").as_uri())
    opened.fill("#search", "198.18.19.249")
    opened.wait_for_function("document.getElementById('count').textContent === '1 of 5000 devices shown'")
    opened.locator("#rows tr:not([hidden]) button.open").click()
    opened.wait_for_function("document.querySelector('tr.opened dl')?.textContent.includes('S4999')")
    opened.close()
