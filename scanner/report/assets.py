"""Import files for asset registers: NetBox, Snipe-IT, ServiceNow, GLPI. Only cameras and recorders, or perhaps ones.

Each writes what the register's own documentation asks for and leaves out what is not established. A name that is not
unique in the register would be refused, so a device's name holds its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from scanner.models import Device, Inventory
from scanner.report import words
from scanner.report.csv import table
from scanner.text import clean, is_ip

_UNKNOWN = "Unknown"
_ROLE = {
    "camera": "IP camera", "nvr": "Video recorder", "dvr": "Video recorder", "encoder": "Video encoder",
    "doorbell": "Video doorbell", "vms": "Video server",
}  # fmt: skip


def render_netbox_csv(inventory: Inventory) -> str:
    """Bulk import of devices (NetBox: "Devices", import form; the columns are the model's field names).

    Manufacturers, device types, roles and the site must exist: `netbox` (the API payloads) makes them.
    """
    head = ("name", "role", "manufacturer", "device_type", "status", "site", "serial", "description", "comments")
    rows = (
        [_name(d), _role(d), _maker(d), _model(d), "active", _site(inventory), _short(d.serial, 50), _short(d.why, 200),
         _notes(d)]
        for d in _cameras(inventory)
    )  # fmt: skip
    return table(head, rows)


def render_netbox(inventory: Inventory) -> bytes:
    """Payloads for NetBox's REST API, to be POSTed in this order: each key is a path below /api/."""
    devices = list(_cameras(inventory))
    makers = sorted({_maker(d) for d in devices})
    types = _slugged(sorted({(_maker(d), _model(d)) for d in devices}))
    payload: dict[str, list[dict[str, Any]]] = {
        "dcim/sites/": [{"name": _site(inventory), "slug": _slug(_site(inventory)), "status": "active"}],
        "dcim/device-roles/": [
            {"name": r, "slug": _slug(r), "color": "607d8b"} for r in sorted({_role(d) for d in devices})
        ],
        "dcim/manufacturers/": [{"name": maker, "slug": _slug(maker)} for maker in makers],
        "dcim/device-types/": [
            {"manufacturer": {"slug": _slug(maker)}, "model": model, "slug": slug, "u_height": 0}
            for slug, (maker, model) in types.items()
        ],
        "dcim/devices/": [_netbox_device(inventory, device) for device in devices],
    }
    return msgspec.json.format(msgspec.json.encode(payload), indent=1) + b"\n"


def render_snipe_it(inventory: Inventory) -> str:
    """Asset import of Snipe-IT: headers that its importer maps by itself (its app/Importer/import_mappings.md)."""
    head = (
        "Item Name", "Category", "Manufacturer", "Model Name", "Model Number", "Serial Number", "Asset Tag", "Location",
        "Notes",
    )  # fmt: skip
    rows = (
        [_name(d), _role(d), _maker(d), _model(d), _short(d.model, 191), _short(d.serial, 191), f"CAM-{d.id[:12]}",
         _site(inventory), _notes(d)]
        for d in _cameras(inventory)
    )  # fmt: skip
    return table(head, rows)


def render_servicenow(inventory: Inventory) -> bytes:
    """Body for ServiceNow's Identification and Reconciliation API (POST /api/now/identifyreconcile)."""
    items = [{"className": "cmdb_ci_ip_device", "values": dict(_servicenow_values(d))} for d in _cameras(inventory)]
    return msgspec.json.format(msgspec.json.encode({"items": items, "relations": []}), indent=1) + b"\n"


def render_glpi(inventory: Inventory) -> str:
    """CSV for GLPI's Data Injection plugin (item type Peripheral): semicolons, names as GLPI shows its fields."""
    head = ("Name", "Serial number", "Type", "Manufacturer", "Model", "Location", "IP", "MAC", "Comments")
    rows = (
        [
            _name(d),
            d.serial and clean(d.serial),
            _role(d),
            _maker(d),
            _model(d),
            _site(inventory),
            d.host,
            d.mac,
            _notes(d),
        ]
        for d in _cameras(inventory)
    )
    return table(head, rows, delimiter=";")


def _cameras(inventory: Inventory) -> Iterator[Device]:
    return (device for device in inventory.devices if device.is_camera is not False)


def _netbox_device(inventory: Inventory, device: Device) -> dict[str, Any]:
    return {
        "name": _name(device),
        "role": {"slug": _slug(_role(device))},
        "device_type": {"manufacturer": {"slug": _slug(_maker(device))}, "model": _model(device)},
        "site": {"slug": _slug(_site(inventory))},
        "status": "active",
        "serial": _short(device.serial, 50),
        "description": _short(device.why, 200),
        "comments": _notes(device),
    }


def _servicenow_values(device: Device) -> Iterator[tuple[str, str]]:
    values = {
        "name": _name(device), "manufacturer": device.maker, "model_id": device.model, "serial_number": device.serial,
        "ip_address": device.host if is_ip(device.host) else None, "mac_address": device.mac,
        "firmware_version": device.firmware, "short_description": _notes(device), "discovery_source": "Camcensus",
    }  # fmt: skip
    return ((key, clean(value, 1000)) for key, value in values.items() if value)


def _name(device: Device) -> str:
    """Unique within a site: what the owner calls it (or what it is), and its address; 64 characters for NetBox."""
    what = device.name or device.model or words.kind_text(device) or "device"
    address = _short(device.host, 45)
    return f"{_short(what, 61 - len(address))} ({address})"


def _role(device: Device) -> str:
    return _ROLE.get(device.kind, "Camera, kind open" if device.is_camera else "Perhaps a camera")


def _maker(device: Device) -> str:
    return device.maker or _UNKNOWN


def _model(device: Device) -> str:
    return _short(device.model, 100) or f"{_UNKNOWN} {words.kind_text(device) or 'device'}"


def _site(inventory: Inventory) -> str:
    return _short(inventory.sweep.site, 100) or "Camera inventory"


def _notes(device: Device) -> str:
    parts: Sequence[str] = (
        f"{words.STATUS_LABEL[device.status]}: {device.why}",
        f"brand {device.brand}" if device.brand else "",
        f"firmware {device.firmware}" if device.firmware else "",
        f"MAC {device.mac}" if device.mac else "",
        words.instruments_text(device),
    )
    return clean("; ".join(part for part in parts if part), 1000)


def _short(text: str | None, limit: int) -> str:
    return clean(text, limit) if text else ""


def _slugged(types: Sequence[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Each type under a slug of its own: "A-1" and "A 1" are two models, and NetBox refuses a slug twice."""
    found: dict[str, tuple[str, str]] = {}
    for maker, model in types:
        slug = _slug(f"{maker}-{model}")
        number = 2
        while slug in found:
            slug = f"{_slug(f'{maker}-{model}')[:95]}-{number}"
            number += 1
        found[slug] = (maker, model)
    return found


def _slug(text: str) -> str:
    """Letters, digits, hyphens and underscores, 100 at most: NetBox' rule for slugs."""
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-")[:100] or "unknown"
