"""Renderers are pure, complete, and safe against what devices call themselves."""

from __future__ import annotations

import base64
import re
import zlib
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from scanner.models import Capability, Claim, Conflict, Coverage, Inventory, Status, Weight
from scanner.report.abilities import LIMIT
from scanner.report.details import packed_details
from scanner.report.explain import find_devices, render_explanation
from scanner.report.html import render_html
from scanner.report.json import read_inventory, render_json, render_jsonl
from scanner.report.table import render_table
from scanner.report.words import headline, in_reading_order, kind_text
from tests.samples import HOSTILE, device, finding, inventory

HOSTILE_DEVICE = device(
    brand=HOSTILE, model=HOSTILE, firmware=HOSTILE, serial=HOSTILE, name=HOSTILE, why=HOSTILE, product=HOSTILE
)


def test_json_is_contract_2() -> None:
    flat = msgspec.json.decode(render_json(inventory(device())))
    assert flat["schema"] == "camcensus.inventory/1"
    assert set(flat) >= {"schema", "tool", "sweep", "coverage", "devices"}
    assert flat["tool"]["registry"] == {"edition": "2026-11-22", "digest": "e" * 64}
    one = flat["devices"][0]
    assert one["status"] == "listed"
    assert one["findings"][0]["strength"] == "listed"
    assert one["claims"][0]["weight"] == "strong"
    assert one["chip"] is None


def test_json_round_trip_and_same_bytes() -> None:
    value = inventory(device(), device("198.51.100.11", status=Status.UNDETERMINED, maker=None))
    assert read_inventory(render_json(value)) == value
    assert render_json(read_inventory(render_json(value))) == render_json(value)


def test_json_lines_have_one_device_each() -> None:
    lines = render_jsonl(inventory(device(), device("198.51.100.11"))).splitlines()
    assert [msgspec.json.decode(line)["host"] for line in lines] == ["198.51.100.10", "198.51.100.11"]


@pytest.mark.parametrize("color", [False, True])
def test_a_hostile_name_can_do_nothing_to_a_terminal(color: bool) -> None:
    for text in (
        render_table(inventory(HOSTILE_DEVICE), width=160, color=color),
        render_explanation(HOSTILE_DEVICE, inventory(HOSTILE_DEVICE), color=color),
    ):
        rest = text
        if color:  # our own styles are the only escapes
            import re

            rest = re.sub("\x1b\\[[0-9;]*m", "", text)
            assert "\x1b[31m<script>" not in text
        assert all(c == "\n" or ord(c) >= 32 for c in rest)
        assert "\u202e" not in rest


def test_a_hostile_name_can_do_nothing_to_a_page() -> None:
    page = render_html(inventory(HOSTILE_DEVICE))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "{{7*7}}" in page
    assert "49" not in page.split("{{7*7}}")[0][-10:]
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_the_page_needs_no_network_and_runs_no_script_but_ours() -> None:
    page = render_html(inventory(device()))
    for word in ("src=", "@import", "url(", "<link", "<iframe", "javascript:"):
        assert word not in page
    ((policy, script),) = re.findall(r"script-src '(sha256-[^']+)'.*<script>(.*?)</script>", page, re.DOTALL)
    assert policy == "sha256-" + base64.b64encode(sha256(script.encode()).digest()).decode()
    assert "default-src 'none'" in page


def details_of(page: str) -> dict[str, Any]:
    """The packed details, as the page's script reads them."""
    (packed,) = re.findall(r'id="details">([A-Za-z0-9+/=]*)</script>', page)
    details: dict[str, Any] = msgspec.json.decode(zlib.decompress(base64.b64decode(packed)))
    return details


def test_the_details_of_a_device_say_all_that_its_verdict_rests_on() -> None:
    details = details_of(render_html(inventory(device(), device("198.51.100.11", id="b"))))
    texts = details["texts"]
    lead, facts, _, ((headline, finding),), ((*claim,),) = details["devices"][0]
    assert texts[lead].endswith('HTTP server "App-webs/"')
    assert ("Maker", "Hikvision") in [(texts[title], texts[value]) for title, value in facts]
    assert ("Firmware", "not established") in [(texts[title], texts[value]) for title, value in facts]
    assert texts[headline] == "US-NDAA-889 (listed, maker)"
    assert "Entity as listed: Hangzhou Hikvision Digital Technology Company" in [texts[text] for text in finding]
    assert "Edition 2018-08-13, 3023 days old. Source: https://example.org/889" in [texts[text] for text in finding]
    assert [texts[text] for text in claim] == [
        "c1", "maker = Hikvision", "strong", "hikvision-http-server", "http.header.server", "App-webs/",
    ]  # fmt: skip
    assert details["devices"][1][3] == details["devices"][0][3]  # said once, named twice


def test_every_format_says_first_what_was_not_reached() -> None:
    value = inventory(device())
    table = render_table(value)
    assert table.index("did not answer") < table.index("198.51.100.10")
    page = render_html(value)
    assert page.index("did not answer") < page.index("198.51.100.10")


def test_an_incomplete_sweep_says_so() -> None:
    value = inventory(device())
    value = msgspec.structs.replace(value, sweep=msgspec.structs.replace(value.sweep, complete=False))
    assert "not complete" in render_table(value)
    assert "not complete" in render_html(value)


def test_nothing_is_ever_called_clean_or_compliant() -> None:
    value = inventory(*(device(f"198.51.100.{10 + n}", status=s) for n, s in enumerate(Status)))
    for text in (render_table(value), render_html(value), headline(value)):
        assert "clean" not in text.lower()
        assert "compliant" not in text.lower()
        assert "illegal" not in text.lower()


def test_undetermined_is_counted_and_shown() -> None:
    value = inventory(device(status=Status.UNDETERMINED, maker=None, findings=()))
    assert "1 undetermined" in headline(value)
    assert "undetermined" in render_table(value)


def test_worst_first_then_by_address_as_numbers() -> None:
    devices = (
        device("198.51.100.9", status=Status.NOT_LISTED),
        device("198.51.100.100"),
        device("198.51.100.20"),
        device("198.51.100.3", status=Status.REVIEW),
    )
    assert [d.host.rpartition(".")[2] for d in in_reading_order(devices)] == ["20", "100", "3", "9"]


def test_a_rebrand_shows_both_names() -> None:
    table = render_table(inventory(device()), width=140)
    row = next(line for line in table.splitlines() if "198.51.100.10" in line)
    assert "LTS" in row
    assert "Hikvision" in row
    assert "US-NDAA-889" in row


def test_a_narrow_terminal_keeps_the_verdict() -> None:
    table = render_table(inventory(device()), width=70)
    assert "listed" in table
    assert max(len(line) for line in table.splitlines()) <= 70


def test_kinds_in_words() -> None:
    assert kind_text(device(is_camera=False, product="printer")) == "printer"
    assert kind_text(device(is_camera=False)) == "other"
    assert kind_text(device(kind="nvr")) == "recorder (NVR)"
    assert kind_text(device(is_camera=None, kind="unknown")) == ""


def test_an_explanation_names_claims_text_source_and_chain() -> None:
    link = {
        "from": "LTS",
        "to": "Hikvision",
        "relation": "maker",
        "certainty": "certain",
        "source": "https://example.org",
    }
    one = device(findings=(finding(chain=(link,)),))
    text = render_explanation(one, inventory(one), width=200)
    for word in ("c1", "hikvision-http-server", "http.header.server", "App-webs/", "US-NDAA-889", "LTS → Hikvision"):
        assert word in text


def test_a_device_is_found_by_address_mac_serial_or_id() -> None:
    value = inventory(device(serial="DS123"))
    for wanted in ("198.51.100.10", "44-19-B6-00-00-01", "DS123", "id-198.51.100.10"):
        assert find_devices(value, wanted), wanted
    assert not find_devices(value, "198.51.100.1")


def test_an_empty_inventory_renders_and_claims_nothing() -> None:
    value: Inventory = inventory(coverage=Coverage(addresses=254, silent=254, notes=("254 of 254 did not answer.",)))
    assert "0 of 254" in render_table(value)
    assert "says nothing about what was not reached" in render_html(value)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
@pytest.mark.parametrize("host", ["2001:db8:1111:2222:3333:4444:5555:6666", "a-host-with-a-long-name." * 4])
def test_a_long_host_squeezes_nothing_out(width: int, host: str) -> None:
    undetermined = device("198.51.100.11", brand=None, maker=None, model=None, status=Status.UNDETERMINED)
    text = render_table(inventory(device(host), undetermined), width=width)
    assert all(len(line) <= width for line in text.splitlines())
    for word in ("Hikvision", "listed", "198.51.100.11", "undetermined"):
        assert word in text, text


def test_a_contradiction_that_nothing_won_is_not_said_to_be_won() -> None:
    torn = device(maker=None, conflicts=(Conflict("maker", "", "Dahua", ("c1",)),))
    page = render_html(inventory(torn))
    assert "maker: Dahua, none chosen" in details_of(page)["texts"]
    assert "“” was chosen" not in page


def test_what_a_device_announces_is_shown_with_its_claims_and_its_limit() -> None:
    claim = Claim("c2", "capability", "ptz", Weight.STRONG, "can-onvif-ptz", 0, "onvif.xml", "<tt:PTZ>")
    one = device(
        claims=(claim,),
        capabilities=(
            Capability("ptz", "announced", "announced", ("c2",)),
            Capability("telnet-port", "port 23 open", "port-open", (), "What listens there did not say."),
        ),
    )
    page = zlib.decompress(base64.b64decode(packed_details((one,), "2026-11-22"))).decode()
    text = " ".join(render_explanation(one, inventory(one)).split())
    for shown in (page, text):
        for words in ("Announces before any login", "(c2)", "Port open, nothing more known", "did not say"):
            assert words in shown
        assert "Met on the network" not in shown
    assert LIMIT in text
    assert "built in but switched off" in render_html(inventory(one))


def test_the_limit_is_said_of_cameras_that_announce_nothing() -> None:
    silent, printer = device(), device(is_camera=False)
    assert LIMIT in " ".join(render_explanation(silent, inventory(silent)).split())
    assert LIMIT not in " ".join(render_explanation(printer, inventory(printer)).split())
