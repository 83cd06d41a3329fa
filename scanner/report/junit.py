"""JUnit XML, as GitLab, Jenkins and others read it: one case for the coverage, one a camera.

`listed` and `review` fail, `undetermined` is skipped (never passed: it is an open question), an incomplete sweep is
an error. What is no camera is only counted. Format: the schema of Jenkins' xunit plugin (junit-10.xsd).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scanner.models import Device, Inventory, Status
from scanner.report import words
from scanner.text import clean

if TYPE_CHECKING:
    from lxml.etree import _Element

_FAILS = (Status.LISTED, Status.REVIEW)


def render_junit(inventory: Inventory) -> bytes:
    """`<testsuites>` with one suite, named after the site."""
    from lxml import etree

    cameras = [d for d in words.in_reading_order(inventory.devices) if d.status is not Status.NOT_A_CAMERA]
    numbers = {
        "tests": len(cameras) + 1,
        "failures": sum(device.status in _FAILS for device in cameras),
        "errors": int(not inventory.sweep.complete),
        "skipped": sum(device.status is Status.UNDETERMINED for device in cameras),
    }
    counted = {key: str(number) for key, number in numbers.items()}
    root = etree.Element("testsuites", {"name": "camcensus", **counted})
    suite = etree.SubElement(root, "testsuite", {"name": clean(inventory.sweep.site or "camcensus"), **counted})
    suite.set("timestamp", _time(inventory.sweep.finished))
    properties = etree.SubElement(suite, "properties")
    for name, value in _properties(inventory):
        etree.SubElement(properties, "property", name=name, value=value)
    _coverage(suite, inventory)
    for device in cameras:
        _case(suite, device)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _properties(inventory: Inventory) -> list[tuple[str, str]]:
    others = sum(device.status is Status.NOT_A_CAMERA for device in inventory.devices)
    return [
        ("headline", words.headline(inventory)),
        ("as_of", inventory.sweep.as_of),
        ("policy", clean(", ".join(inventory.sweep.policy)) or "every instrument that prohibits"),
        ("registry", inventory.tool.registry.edition),
        ("not_a_camera", str(others)),
    ]


def _coverage(suite: _Element, inventory: Inventory) -> None:
    from lxml import etree

    case = etree.SubElement(suite, "testcase", classname="camcensus.coverage", name="What was reached", time="0")
    notes = (words.reach_line(inventory), *inventory.coverage.notes, *words.waiver_lines(inventory))
    text = "\n".join(clean(note, 1000) for note in notes)
    if not inventory.sweep.complete:
        error = etree.SubElement(case, "error", message="The sweep is not complete", type="incomplete")
        error.text = text
    etree.SubElement(case, "system-out").text = text


def _case(suite: _Element, device: Device) -> None:
    from lxml import etree

    case = etree.SubElement(suite, "testcase", time="0")
    case.set("classname", f"camcensus.{device.kind}")
    case.set("name", clean(words.label(device)))
    message = clean(f"{words.status_text(device)}: {device.why}", 300)
    if words.waived(device):
        etree.SubElement(case, "skipped", message=clean(f"{message} {words.waivers_of(device)}", 1000))
    elif device.status in _FAILS:
        failure = etree.SubElement(case, "failure", message=message, type=device.status.value)
        failure.text = "\n".join(_details(device))
    elif device.status is Status.UNDETERMINED:
        etree.SubElement(case, "skipped", message=message)


def _details(device: Device) -> list[str]:
    lines = [words.STATUS_MEANING[device.status]]
    for finding in words.counted(device):
        lines.append(f"{finding.instrument}: {finding.statement}")
        lines.append(f"  binds: {finding.binds}; edition {finding.edition}; {finding.source}")
        if finding.purpose_test:
            lines.append(f"  to answer: {finding.purpose_test}")
        if finding.waiver:
            lines.append(f"  {words.waived_text(finding)}")
    return [clean(line, 1000) for line in lines]


def _time(text: str) -> str:
    """ISO 8601 without a zone, which the schema asks for; UTC."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return "1970-01-01T00:00:00"
