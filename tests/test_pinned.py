"""What a pin may do to a verdict: answer a question or raise one, and never settle a listing or hide one."""

from __future__ import annotations

from datetime import date

import pytest

from scanner.derive import Context, build_inventory, derive_devices
from scanner.identify.pins import parse_pins
from scanner.models import Coverage, Device, Evidence, Status, Strength, Sweep

HOST = "198.51.100.10"
CAMERA = "<ProbeMatch><Types>dn:NetworkVideoTransmitter</Types></ProbeMatch>"
NOBODYS = Evidence(HOST, "ws-discovery", {"xml": CAMERA})


def information(manufacturer: str) -> Evidence:
    xml = f"<r><Manufacturer>{manufacturer}</Manufacturer><Model>X-1</Model></r>"
    return Evidence(HOST, "onvif", {"operation": "GetDeviceInformation", "xml": xml})


def judged(facts: str, *evidence: Evidence) -> Device:
    pin = f'[[pin]]\ndevice = "{HOST}"\nset = {{ {facts} }}\nreason = "name plate"\nwho = "Ada"\ndate = 2026-11-20\n'
    context = Context.load(as_of=date(2026, 11, 22), pins=parse_pins("pins.toml", pin.encode()))
    (device,) = derive_devices(evidence, context, merge=True, problem=lambda _: None)
    return device


def test_on_a_persons_word_alone_a_listing_is_a_question() -> None:
    device = judged('maker = "Hikvision"', NOBODYS)
    assert (device.maker, device.status) == ("Hikvision", Status.REVIEW)
    assert all(finding.strength is not Strength.LISTED for finding in device.findings)
    counted = [finding for finding in device.findings if finding.strength is Strength.REVIEW]
    assert counted
    for finding in counted:
        assert "name plate" in finding.purpose_test
        assert finding.statement.startswith("A person's statement indicates")
    for finding in device.findings:
        assert "own words" not in finding.statement + str(finding.chain)


def test_where_the_device_says_so_too_it_is_listed() -> None:
    device = judged('maker = "Hikvision"', NOBODYS, information("HIKVISION"))
    assert device.status is Status.LISTED


def test_a_pin_answers_an_open_question() -> None:
    device = judged('maker = "Axis"', NOBODYS)
    assert (device.maker, device.status) == ("Axis", Status.NOT_LISTED)


@pytest.mark.parametrize(
    "facts", ['maker = "Axis"', 'kind = "other", product = "printer"', 'maker = "Axis", kind = "other"']
)
def test_a_pin_hides_no_listing(facts: str) -> None:
    """What the device's own words led to stays, as a question where the pin says otherwise."""
    device = judged(facts, NOBODYS, information("HIKVISION"))
    assert device.status in (Status.LISTED, Status.REVIEW)
    counted = [finding for finding in device.findings if finding.strength is not Strength.CONTEXT]
    assert {"US-NDAA-889", "US-FCC-COVERED-LIST"} <= {finding.instrument for finding in counted}
    assert all(set(finding.because) & {claim.id for claim in device.claims} for finding in counted)


def test_a_label_that_the_device_states_still_counts() -> None:
    device = judged('maker = "Axis"', NOBODYS, information("HIKVISION"))
    assert {f.relation.value for f in device.findings if f.strength is Strength.LISTED} == {"brand-owner"}


def test_a_pin_of_what_no_list_knows_changes_no_verdict() -> None:
    device = judged('model = "DS-1"', NOBODYS, information("HIKVISION"))
    assert (device.model, device.status) == ("DS-1", Status.LISTED)


def test_unused_pins_are_told_in_the_coverage() -> None:
    text = '[[pin]]\ndevice = "gone"\nset = { model = "x" }\nreason = "r"\nwho = "Ada"\ndate = 2026-11-20\n'
    context = Context.load(as_of=date(2026, 11, 22), pins=parse_pins("pins.toml", text.encode()))
    devices = derive_devices([NOBODYS], context, merge=True, problem=lambda _: None)
    sweep = Sweep("x", "", "", complete=True, scope=(), policy=(), as_of="2026-11-22")
    inventory = build_inventory(devices, context, sweep, Coverage(notes=("first",)))
    assert inventory.coverage.notes[0] == "first"
    assert "pin of gone" in inventory.coverage.notes[1]
