"""SARIF 2.1.0 in the form that GitHub's code scanning accepts (docs.github.com, "SARIF support for code scanning").

One result a device, one rule a verdict. GitHub shows a result only with a location in a file of the repository, so each
is anchored to one that the user has committed: the site file, or the baseline. `partialFingerprints` are made of the
device, so that the alert stays the same from night to night wherever the device's address moves to.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import quote

import msgspec

from scanner.models import Device, Inventory, Status
from scanner.report import words
from scanner.text import clean

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
"""Results a run may have; GitHub refuses a file with more. What is left out is told in a notification."""
_HOME = "https://github.com/camcensus/camcensus"

_LEVEL = {Status.LISTED: "error", Status.REVIEW: "warning", Status.UNDETERMINED: "note"}
_SEVERITY = {Status.LISTED: "8.0", Status.REVIEW: "5.0", Status.UNDETERMINED: "3.0"}
_NAME = {Status.LISTED: "ListedMaker", Status.REVIEW: "ReviewNeeded", Status.UNDETERMINED: "UndeterminedMaker"}
_HELP = {
    Status.LISTED: "Check whether the instrument binds your organisation and whether the use falls under it: each "
    "result names whom it binds and the question that is left. Plan a replacement, or record a waiver with a reason.",
    Status.REVIEW: "Look at the device's label, its packaging and the invoice, and answer the question in the result.",
    Status.UNDETERMINED: "Find out who made it: look at the device, or give the sweep more to see. "
    "It is not an all-clear.",
}


def render_sarif(inventory: Inventory, anchor: str = "camcensus.toml") -> bytes:
    """The run; `anchor` is the committed file, relative to the root of the repository, that results point to."""
    devices = [device for device in words.in_reading_order(inventory.devices) if device.status in _LEVEL]
    run = {
        "tool": {"driver": _driver(inventory)},
        "automationDetails": {"id": f"camcensus/{clean(inventory.sweep.site or 'site')}/"},
        "invocations": [_invocation(inventory, left_out=max(0, len(devices) - MOST_RESULTS))],
        "results": [_result(device, anchor) for device in devices[:MOST_RESULTS]],
        "columnKind": "unicodeCodePoints",
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=1) + b"\n"


def _driver(inventory: Inventory) -> dict[str, Any]:
    return {
        "name": "camcensus",
        "version": inventory.tool.version,
        "semanticVersion": inventory.tool.version,
        "informationUri": _HOME,
        "rules": [_rule(status) for status in _LEVEL],
    }


def _rule(status: Status) -> dict[str, Any]:
    meaning = words.STATUS_MEANING[status]
    return {
        "id": _rule_id(status),
        "name": _NAME[status],
        "shortDescription": {"text": f"Camera maker: {words.STATUS_LABEL[status]}"},
        "fullDescription": {"text": meaning},
        "help": {"text": f"{meaning} {_HELP[status]}", "markdown": f"{meaning}\n\n{_HELP[status]}"},
        "defaultConfiguration": {"level": _LEVEL[status]},
        "properties": {
            "tags": ["security", "supply-chain", "camera"],
            "precision": "high" if status is Status.LISTED else "medium",
            "problem.severity": "recommendation" if status is Status.UNDETERMINED else _LEVEL[status],
            "security-severity": _SEVERITY[status],
        },
    }


def _rule_id(status: Status) -> str:
    return f"camcensus/{status.value}"


def _invocation(inventory: Inventory, left_out: int) -> dict[str, Any]:
    notes = [words.reach_line(inventory), *inventory.coverage.notes, *words.waiver_lines(inventory)]
    if left_out:
        notes.insert(0, f"{left_out} more devices are not in this file, which may hold {MOST_RESULTS}.")
    level = "note" if inventory.sweep.complete else "warning"
    found: dict[str, Any] = {
        "executionSuccessful": inventory.sweep.complete,
        "toolExecutionNotifications": [{"level": level, "message": {"text": clean(note, 1000)}} for note in notes],
    }
    times = {"startTimeUtc": inventory.sweep.started, "endTimeUtc": inventory.sweep.finished}
    return found | {key: time for key, time in times.items() if time}


def _result(device: Device, anchor: str) -> dict[str, Any]:
    # §3.35: what is suppressed stays in the file and raises no alert.
    suppressed = [{"kind": "external", "status": "accepted", "justification": clean(words.waivers_of(device), 1000)}]
    return {
        **({"suppressions": suppressed} if words.waived(device) else {}),
        "ruleId": _rule_id(device.status),
        "ruleIndex": list(_LEVEL).index(device.status),
        "level": _LEVEL[device.status],
        "message": {"text": _message(device)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(anchor), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"name": clean(device.host), "kind": "resource"}],
            }
        ],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{sha256(device.id.encode()).hexdigest()[:16]}:1",
            "camcensusDevice/v1": device.id,
        },
        "properties": {
            "maker": _or_none(device.maker),
            "brand": _or_none(device.brand),
            "model": _or_none(device.model),
            "confidence": device.confidence,
            "instruments": [finding.instrument for finding in words.counted(device)],
        },
    }


def _message(device: Device) -> str:
    """Plain text: in SARIF a device's square brackets would be links, so they are escaped (§3.11.6)."""
    parts = [f"{words.label(device)}: {words.status_text(device)}.", device.why]
    parts += [words.waivers_of(device)]
    parts += [f"{f.instrument}: {f.statement} Binds: {f.binds}. Source: {f.source}" for f in words.counted(device)[:10]]
    text = clean(" ".join(part for part in parts if part), 4000)
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("{", "{{").replace("}", "}}")


def _or_none(text: str | None) -> str | None:
    return None if text is None else clean(text)
