"""What a fingerprint file must look like; everything else is a DataError that names the file and the rule."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from scanner.identify.words import Lists, places_of
from scanner.models import CLAIM_FIELDS, KINDS, DataError, Weight

ROLES = ("maker", "brand", "both", "other")
MAKER_KEYS = {"name", "role", "spellings", "mac_registrants", "mac_cameras_only", "snmp_enterprises"}
RULE_KEYS = {"id", "where", "pattern", "path", "port", "unless", "claims", "weight", "source", "examples", "rejects"}
_REQUIRED = ("id", "where", "pattern", "claims", "weight", "source", "examples")
_MAX_PATTERN = 2000

# The roots of `where`, each with the names that may follow it: None stands for any name.
PLACES: dict[str, frozenset[str] | None] = {
    "favicon": frozenset({"md5", "mmh3"}),
    "mdns": frozenset({"service", "name", "host", "txt"}),
    "snmp": frozenset({"sysdescr", "sysobjectid", "sysname", "oid", "engine_id"}),
    "dhcp": frozenset({"vendor_class", "hostname", "params"}),
    "upnp": None,
    "banner": None,
    "port": frozenset({"open"}),
}
PREFIXES: dict[str, tuple[str, ...]] = {
    "http": ("header.", "json."),
    "rtsp": ("header.", "sdp."),
    "ws-discovery": ("scope.",),
    "onvif": ("scope.",),
    "mdns": ("txt.",),
    "ssdp": ("header.",),
}
SINGLES: dict[str, frozenset[str]] = {
    "http": frozenset({"cookie", "realm", "title", "body", "transport"}),
    "rtsp": frozenset({"realm", "body", "transport"}),
    "tls": frozenset(
        {
            "san",
            "subject",
            "issuer",
            "subject.cn",
            "subject.o",
            "subject.ou",
            "issuer.cn",
            "issuer.o",
            "issuer.ou",
            "version",
            "key",
            "self_signed",
        }
    ),
    "ws-discovery": frozenset({"scope", "types", "endpoint", "xaddrs", "xml"}),
    "onvif": frozenset(
        {"manufacturer", "model", "firmware", "serial", "hardware", "hostname", "endpoint", "xml", "scope"}
    ),
    "ssdp": frozenset(),
}
VENDOR_PROTOCOLS = frozenset(
    {"sadp", "dhip", "dvrip", "tplink", "ubnt", "hanwha", "bosch", "vivotek", "sony", "uniview", "tiandy", "tvt",
     "foscam", "reolink", "panasonic", "canon", "mobotix", "geovision", "avtech", "dlink", "edimax", "vstarcam",
     "pppp", "flir", "samsung", "arecont", "hikvision", "dahua", "grandstream", "gigaset", "axis", "zmodo", "hipcam",
     "vision360", "nice", "gige", "topsee", "dynacolor", "inventory-list"}
)  # fmt: skip
"""Protocols of `<protocol>.<key>`: a list, because a misspelt root must be an error."""


def keys(where: str, table: dict[str, Any], allowed: Collection[str]) -> None:
    """DataError for a key that is not in `allowed`."""
    unknown = sorted(set(table) - set(allowed))
    if unknown:
        raise DataError(f"{where}: unknown key {unknown[0]!r} (known: {', '.join(sorted(allowed))})")


def maker(file: str, table: object) -> None:
    """The `[maker]` table; absent (empty) is allowed."""
    if not isinstance(table, dict):
        raise DataError(f"{file}: [maker] is not a table")
    if not table:
        return
    keys(f"{file}: [maker]", table, MAKER_KEYS)
    _text(f"{file}: [maker]", table, "name")
    if table.get("role") not in ROLES:
        raise DataError(f"{file}: [maker] role must be one of {', '.join(ROLES)}")
    for key in ("spellings", "mac_registrants"):
        _texts(f"{file}: [maker]", table, key)
    numbers = table.get("snmp_enterprises", [])
    if not isinstance(numbers, list) or not all(type(number) is int and number > 0 for number in numbers):
        raise DataError(f"{file}: [maker] snmp_enterprises must be a list of positive numbers")
    if not isinstance(table.get("mac_cameras_only", False), bool):
        raise DataError(f"{file}: [maker] mac_cameras_only must be true or false")


def fingerprint(file: str, number: int, row: object, lists: Lists) -> list[str]:
    """The places, in lower case, of one `[[fingerprint]]`; `number` counts from 1 and names a rule without an id."""
    if not isinstance(row, dict):
        raise DataError(f"{file}: fingerprint {number} is not a table")
    here = f"{file}: {row.get('id') or f'fingerprint {number}'}"
    keys(here, row, RULE_KEYS)
    for key in _REQUIRED:
        if key not in row:
            raise DataError(f"{here}: {key!r} is missing")
    for key in ("id", "pattern", "source"):
        _text(here, row, key)
    if "unless" in row:
        _text(here, row, "unless")
    for key in ("pattern", "unless"):
        if len(row.get(key, "")) > _MAX_PATTERN:
            raise DataError(f"{here}: {key} is longer than {_MAX_PATTERN} characters")
    places = _where(here, row["where"], lists)
    _origin(here, row, places)
    _claims(here, row["claims"])
    if "port.open" in places and set(row["claims"]) != {"capability"}:
        raise DataError(f"{here}: an open port tells no more than a capability")
    _weight(here, row["weight"], row["claims"])
    _examples(here, row, places)
    return places


def _where(here: str, value: object, lists: Lists) -> list[str]:
    places = places_of(here, value, lists.places)
    for place in places:
        if not known_place(place):
            raise DataError(f"{here}: unknown place {place!r} in where")
    return places


def known_place(place: str) -> bool:
    """Whether `place` (lower case) is one of fingerprints/README.md."""
    root, _, rest = place.partition(".")
    if root == "banner":
        return place == "banner" or bool(rest)
    if not rest:
        return False
    if root in VENDOR_PROTOCOLS:
        return True
    names = PLACES.get(root, frozenset())
    if names is None or rest in names or rest in SINGLES.get(root, ()):
        return True
    return any(rest.startswith(prefix) and len(rest) > len(prefix) for prefix in PREFIXES.get(root, ()))


def _origin(here: str, row: dict[str, Any], places: list[str]) -> None:
    path, port = row.get("path"), row.get("port")
    if path is not None:
        if not isinstance(path, str) or not path.startswith("/"):
            raise DataError(f"{here}: path must start with '/'")
        if not all(place.startswith("http.") for place in places):
            raise DataError(f"{here}: path is for http.* places only")
    if port is not None and (type(port) is not int or not 0 < port < 65536):
        raise DataError(f"{here}: port must be a number from 1 to 65535")


def _claims(here: str, claims: object) -> None:
    if not isinstance(claims, dict) or not claims:
        raise DataError(f"{here}: claims must be a table with at least one claim")
    for field, value in claims.items():
        if field not in CLAIM_FIELDS:
            raise DataError(f"{here}: unknown claim {field!r} (known: {', '.join(CLAIM_FIELDS)})")
        if not isinstance(value, str) or not value.strip():
            raise DataError(f"{here}: claim {field} must be a text that is not empty")
    if "$" in claims.get("capability", ""):
        raise DataError(f"{here}: a capability is written out, not captured")
    kind, is_camera = claims.get("kind", "camera"), claims.get("is_camera", "true")
    if kind not in KINDS:
        raise DataError(f"{here}: kind {kind!r} is not one of {', '.join(KINDS)}")
    if is_camera not in ("true", "false"):
        raise DataError(f'{here}: is_camera must be "true" or "false"')


def _weight(here: str, weight: object, claims: dict[str, str]) -> None:
    names = [each.value for each in Weight]
    table = weight if isinstance(weight, dict) else {"": weight}
    if not table or any(value not in names for value in table.values()):
        raise DataError(f"{here}: weight must be one of {', '.join(names)}, or a table of them by claim field")
    for field in table:
        if field and field not in claims:
            raise DataError(f"{here}: weight for {field!r}, which is not claimed")


def _examples(here: str, row: dict[str, Any], places: list[str]) -> None:
    examples = row["examples"]
    if not isinstance(examples, list) or not examples:
        raise DataError(f"{here}: at least one example is needed")
    for example in examples:
        if not isinstance(example, dict) or not isinstance(example.get("text"), str):
            raise DataError(f'{here}: an example is {{ text = "…", <field> = "…" }}')
        keys(f"{here}: example", example, {"text", *row["claims"]})
        if not all(isinstance(value, str) for value in example.values()):
            raise DataError(f"{here}: an example's values must be texts")
    _texts(here, row, "rejects")
    hashes = all(place.startswith("favicon.") for place in places)
    if not row.get("rejects") and not hashes:
        raise DataError(f"{here}: at least one reject is needed")


def _text(here: str, table: dict[str, Any], key: str) -> None:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{here}: {key} must be a text that is not empty")


def _texts(here: str, table: dict[str, Any], key: str) -> None:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise DataError(f"{here}: {key} must be a list of texts")
