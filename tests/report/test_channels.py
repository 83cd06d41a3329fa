"""Channels beside devices, in every format: counted apart, escaped, and no verdict of their own."""

from __future__ import annotations

from scanner.gates import Gate, reasons
from scanner.models import Channel, Coverage, Device, Inventory, RegistryInfo, Status, Sweep, Tool
from scanner.report.explain import render_explanation
from scanner.report.html import render_html
from scanner.report.json import read_inventory, render_json
from scanner.report.table import render_table
from scanner.report.words import found_text, headline

NVR = "198.51.100.9"
REVIEW = Channel(number=3, name="Yard", source="192.168.254.3", model="DS-2CD<b>", status=Status.REVIEW, why="its word")
LINKED = Channel(number=1, name="<script>alert(1)</script>", resolution="1920x1080", device="198.51.100.20")
RECORDER = Device(
    id="a", host=NVR, is_camera=True, kind="nvr", channel_count=2, channels=(LINKED, REVIEW), status=Status.NOT_LISTED
)
CAMERA = Device(id="b", host="198.51.100.20", is_camera=True, kind="camera", behind=(f"{NVR} channel 1",))


def _inventory(*devices: Device) -> Inventory:
    return Inventory(
        tool=Tool("camcensus", "0", "f", RegistryInfo("2026-11-22", "d")),
        sweep=Sweep("1", "2026-11-22T09:00:00Z", "2026-11-22T09:01:00Z", True, (), (), "2026-11-22"),
        coverage=Coverage(),
        devices=devices,
    )


WHOLE = _inventory(RECORDER, CAMERA)


def test_devices_are_counted_apart_from_channels() -> None:
    assert found_text(WHOLE) == "1 camera, 1 recorder with 2 channels"
    assert found_text(_inventory(CAMERA)) == "1 camera"
    silent = Device(id="c", host="198.51.100.8", is_camera=True, kind="dvr")
    assert found_text(_inventory(RECORDER, silent)) == (
        "0 cameras, 2 recorders with 2 channels (1 of them did not say how many channels)"
    )
    assert found_text(_inventory(silent)) == "0 cameras, 1 recorder"
    assert "1 more camera is known by a recorder's word only and not reached: 1 to review." in headline(WHOLE)
    assert "more camera" not in headline(_inventory(CAMERA))


def test_the_table_names_what_is_behind_a_recorder() -> None:
    text = " ".join(render_table(WHOLE, width=160).split())
    assert f"{NVR} channel 3: DS-2CD<b> at 192.168.254.3: not reached, the recorder's word only · review" in text
    assert f"behind {NVR} channel 1" in text
    assert "NVR, 2 ch" in text


def test_a_terminal_is_not_filled_with_channels() -> None:
    many = Device(id="m", host=NVR, is_camera=True, kind="nvr", channel_count=300, channels=(REVIEW,) * 300)
    text = render_table(_inventory(many), width=160)
    assert text.count("192.168.254.3") == 20
    assert "and 280 more" in text


def test_the_page_shows_channels_escaped() -> None:
    page = render_html(WHOLE)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "is 198.51.100.20 in this inventory" in page
    assert f"behind {NVR} channel 1" in page


def test_the_explanation_tells_each_channel() -> None:
    text = render_explanation(RECORDER, WHOLE)
    assert "channels: 2 channels" in text
    assert "channel 3: Yard, DS-2CD<b> at 192.168.254.3" in text
    assert "review: its word" in text
    assert f"behind {NVR} channel 1" in render_explanation(CAMERA, WHOLE)


def test_json_goes_both_ways() -> None:
    assert read_inventory(render_json(WHOLE)) == WHOLE


def test_a_recorders_word_hits_the_gate_for_review_and_not_that_for_listed() -> None:
    assert reasons(WHOLE, [Gate.LISTED], None) == []
    (reason,) = reasons(_inventory(RECORDER), [Gate.REVIEW], None)
    assert reason == f"review: {NVR} channel 3 is review by its word alone"
    assert reasons(_inventory(RECORDER), [Gate.REVIEW], _inventory(RECORDER)) == []
