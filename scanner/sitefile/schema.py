"""The JSON Schema of a site file, for editors that complete and check TOML by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from scanner.sitefile.keys import OF_A_SITE_ALONE, Keys
from scanner.sitefile.write import DEFAULTS, SITE


def site_file_schema(formats: Sequence[str]) -> dict[str, Any]:
    """Of the file's tables; unknown keys are errors, as they are for us. `formats` is what `format` may be."""
    (_,), parts = msgspec.json.schema_components([Keys], ref_template="#/$defs/{name}")
    told = {entry.key: entry.text for entry in (*DEFAULTS, *SITE)}
    keys = {key: {"description": told[key], **_no_null(value)} for key, value in parts["Keys"]["properties"].items()}
    keys["format"]["enum"] = list(formats)
    name = {"type": "string", "minLength": 1, "maxLength": 64, "description": "In reports, folders and the history."}
    shared = {key: value for key, value in keys.items() if key not in OF_A_SITE_ALONE}
    return {
        "type": "object",
        "required": ["site"],
        "additionalProperties": False,
        "properties": {
            "defaults": _table(shared, "For every site that does not say otherwise."),
            "site": {
                "type": "array",
                "minItems": 1,
                "items": {**_table({"name": name, **keys}, "One site."), "required": ["name", "targets"]},
            },
        },
        "$defs": {"ScheduleKeys": {**parts["ScheduleKeys"], "additionalProperties": False}},
    }


def _table(properties: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "object", "description": description, "additionalProperties": False, "properties": properties}


def _no_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The same without null, which TOML has not, and the default that it stood for."""
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    return {**kept, **(choices[0] if choices else {})}
