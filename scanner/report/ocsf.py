"""OCSF 1.6.0 events, one a line: an inventory event (5001) a device, a compliance finding (2003) an open verdict.

Source: schema.ocsf.io, version 1.6.0. A verdict `listed` is the status Fail, `review` and `undetermined` are Warning
and Unknown: neither is ever Pass.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from scanner.models import Device, Inventory, Status
from scanner.report import words
from scanner.text import clean, is_ip

VERSION = "1.6.0"
_INVENTORY, _COMPLIANCE = 5001, 2003
_COLLECT, _CREATE = 2, 1
_TYPE_OTHER, _TYPE_UNKNOWN = 99, 0
_OUTCOME = {
    Status.LISTED: (3, "Fail", 4, "High"),
    Status.REVIEW: (2, "Warning", 3, "Medium"),
    Status.UNDETERMINED: (0, "Unknown", 2, "Low"),
}


def render_ocsf(inventory: Inventory) -> bytes:
    """JSON Lines in the order of the devices."""
    lines = []
    for device in inventory.devices:
        lines.append(_seen(inventory, device))
        if device.status in _OUTCOME:
            lines.append(_verdict(inventory, device))
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _common(inventory: Inventory, uid: int, activity: int) -> dict[str, Any]:
    return {
        "class_uid": uid,
        "category_uid": uid // 1000,
        "activity_id": activity,
        "type_uid": uid * 100 + activity,
        "time": _milliseconds(inventory.sweep.finished),
        "metadata": {
            "version": VERSION,
            "uid": clean(inventory.sweep.id),
            "product": {"name": "camcensus", "vendor_name": "camcensus", "version": inventory.tool.version},
        },
    }


def _seen(inventory: Inventory, device: Device) -> dict[str, Any]:
    event = _common(inventory, _INVENTORY, _COLLECT)
    return {
        **event, "class_name": "Device Inventory Info", "severity_id": 1, "severity": "Informational",
        "device": _device(device), "message": clean(words.label(device)),
        "unmapped": {"maker": device.maker, "brand": _text(device.brand), "confidence": device.confidence,
                     "family": _text(device.family), "status": device.status.value},
    }  # fmt: skip


def _verdict(inventory: Inventory, device: Device) -> dict[str, Any]:
    status_id, status, severity_id, severity = _OUTCOME[device.status]
    findings = words.counted(device)
    return {
        **_common(inventory, _COMPLIANCE, _CREATE),
        "class_name": "Compliance Finding",
        "severity_id": severity_id,
        "severity": severity,
        "message": clean(f"{words.label(device)}: {words.status_text(device)}. {device.why}", 1000),
        "finding_info": {
            "uid": f"{device.id}:{device.status.value}",
            "title": f"Camera maker: {words.STATUS_LABEL[device.status]}",
            "desc": words.STATUS_MEANING[device.status],
            "created_time": _milliseconds(inventory.sweep.finished),
        },
        "compliance": {
            "status_id": status_id,
            "status": status,
            "standards": list(dict.fromkeys(clean(finding.instrument) for finding in findings)) or ["none"],
            "requirements": list(dict.fromkeys(clean(finding.title, 500) for finding in findings if finding.title)),
            "desc": clean(
                " ".join(f"{finding.statement} {words.waived_text(finding)}".strip() for finding in findings), 4000
            ),
        },
        "device": _device(device),
        "evidences": [{"data": {"where": clean(c.where), "text": clean(c.text, 500)}} for c in _basis(device)]
        or [{"device": _device(device)}],
    }


def _basis(device: Device) -> list[Any]:
    """The claims that the findings rest on, each once."""
    wanted = {name for finding in words.counted(device) for name in finding.because}
    return [claim for claim in device.claims if claim.id in wanted]


def _device(device: Device) -> dict[str, Any]:
    known = device.is_camera is not None
    found = {
        "type_id": 7 if device.is_camera else _TYPE_OTHER if known else _TYPE_UNKNOWN,
        "type": "IOT" if device.is_camera else "Other" if known else "Unknown",
        "uid": device.id,
        "name": _text(device.name) or clean(device.host),
        "ip": device.host if is_ip(device.host) else None,
        "mac": device.mac.upper() if device.mac else None,
        "vendor_name": device.maker or _text(device.brand),
        "model": _text(device.model),
        "hw_info": {"serial_number": _text(device.serial)} if device.serial else None,
        "os": {"name": _text(device.family) or "firmware", "type_id": 99, "type": "Other",
               "version": _text(device.firmware)} if device.firmware else None,
        "desc": clean(words.kind_text(device)) or None,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}


def _text(value: str | None) -> str | None:
    return None if value is None else clean(value)


def _milliseconds(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        return 0
