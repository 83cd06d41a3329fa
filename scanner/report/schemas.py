"""The published JSON Schemas: `python -m scanner.report.schemas docs/schemas` writes them, and a test compares.

The inventory's is made from the values that are written; unknown fields are allowed in both, since a reader must not
break when a later version says more. A site file's has none, for an unknown key in one is an error. Draft 2020-12.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from scanner.models import Inventory
from scanner.models.changes import Changes
from scanner.models.notice import Notice
from scanner.models.plan import PlanReport
from scanner.models.portfolio import Portfolio
from scanner.models.progress import EVENTS
from scanner.report.formats import Format

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BASE = "https://github.com/camcensus/camcensus/blob/main/docs/schemas"
_TEXT = {"type": "string"}
_PORT = {"type": "integer", "minimum": 0, "maximum": 65535}
_HEADERS = {
    "type": "array",
    "items": {"type": "array", "prefixItems": [_TEXT, _TEXT], "minItems": 2, "maxItems": 2},
    "description": "[name, value] in the order they came",
}
# Contract 1: the fields that each protocol has, all optional; others are kept and passed on.
_FIELDS: dict[str, dict[str, Any]] = {
    "http": {
        "port": _PORT, "tls": {"type": "boolean"}, "method": _TEXT, "path": _TEXT, "status": {"type": "integer"},
        "headers": _HEADERS, "body": _TEXT, "body_b64": _TEXT,
    },
    "favicon": {"port": _PORT, "path": _TEXT, "md5": _TEXT, "mmh3": {"type": "integer"}},
    "tls": {
        "port": _PORT, "subject": _TEXT, "issuer": _TEXT, "san": {"type": "array", "items": _TEXT}, "sha256": _TEXT,
        "not_before": _TEXT, "not_after": _TEXT, "version": _TEXT,
    },
    "rtsp": {"port": _PORT, "method": _TEXT, "status": {"type": "integer"}, "headers": _HEADERS, "body": _TEXT},
    "ws-discovery": {"xml": _TEXT},
    "onvif": {"operation": _TEXT, "xml": _TEXT, "service": _TEXT, "login": {"enum": ["accepted", "refused"]}},
    "mdns": {"service": _TEXT, "name": _TEXT, "hostname": _TEXT, "port": _PORT, "txt": {"type": "object"}},
    "ssdp": {"headers": _HEADERS},
    "upnp": {"xml": _TEXT},
    "snmp": {"oids": {"type": "object"}, "engine_id": _TEXT},
    "banner": {"port": _PORT, "text": _TEXT},
    "mac": {"mac": _TEXT},
    "dhcp": {"vendor_class": _TEXT, "hostname": _TEXT},
    "port": {"port": _PORT, "state": _TEXT},
}  # fmt: skip


def evidence_schema() -> dict[str, Any]:
    """Of one line of an evidence log (contract 1)."""
    cases = [
        {
            "if": {"properties": {"protocol": {"const": protocol}}, "required": ["protocol"]},
            "then": {"properties": fields},
        }
        for protocol, fields in _FIELDS.items()
    ]
    return {
        "$schema": _DIALECT,
        "$id": f"{_BASE}/evidence-1.schema.json",
        "title": "Camcensus evidence, one line",
        "type": "object",
        "required": ["protocol"],
        "properties": {
            "host": {"type": "string", "description": "An IP address, or for imported evidence any stable name"},
            "seen_at": {"type": ["string", "null"], "format": "date-time"},
            "protocol": {"type": "string", "minLength": 1},
        },
        "allOf": cases,
    }


def schema_of(kind: type[msgspec.Struct], name: str, title: str) -> dict[str, Any]:
    """Of what is written of `kind`; required is what every file has."""
    (made,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    defs = {part: _open(schema) for part, schema in sorted(parts.items())}
    return {"$schema": _DIALECT, "$id": f"{_BASE}/{name}", "title": title, **made, "$defs": defs}


def progress_schema() -> dict[str, Any]:
    """Of one line of `--progress json`: one of the events."""
    made, parts = msgspec.json.schema_components(EVENTS, ref_template="#/$defs/{name}")
    return {
        "$schema": _DIALECT,
        "$id": f"{_BASE}/progress-1.schema.json",
        "title": "Camcensus progress, one line",
        "oneOf": list(made),
        "$defs": {part: _open(schema) for part, schema in sorted(parts.items())},
    }


def site_schema() -> dict[str, Any]:
    """Of a site file (docs/sitefile.md), for editors."""
    from scanner.sitefile.schema import site_file_schema

    head = {"$schema": _DIALECT, "$id": f"{_BASE}/site-1.schema.json", "title": "Camcensus site file (TOML)"}
    return {**head, **site_file_schema([form.value for form in Format])}


def _open(schema: Any) -> Any:
    return {key: value for key, value in schema.items() if key != "additionalProperties"}


def all_schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its file name."""
    return {
        "evidence-1.schema.json": evidence_schema(),
        "inventory-1.schema.json": schema_of(Inventory, "inventory-1.schema.json", "Camcensus inventory"),
        "changes-1.schema.json": schema_of(Changes, "changes-1.schema.json", "Camcensus changes between two sweeps"),
        "notice-1.schema.json": schema_of(Notice, "notice-1.schema.json", "Camcensus notice of what changed"),
        "plan-1.schema.json": schema_of(PlanReport, "plan-1.schema.json", "Camcensus plan of sweeps"),
        "progress-1.schema.json": progress_schema(),
        "site-1.schema.json": site_schema(),
        "portfolio-1.schema.json": schema_of(Portfolio, "portfolio-1.schema.json", "Camcensus portfolio of sites"),
    }


def written(schema: dict[str, Any]) -> bytes:
    """The one way to write a schema."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=1) + b"\n"


def main(arguments: Sequence[str]) -> int:
    """Write them into a folder."""
    folder = Path(arguments[0] if arguments else "docs/schemas")
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in all_schemas().items():
        (folder / name).write_bytes(written(schema))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
