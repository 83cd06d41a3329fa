"""runZero's JSON lines (help.runzero.com/docs/data-formats): asset and service exports, and scan data.

Attributes with dotted names tell what a service said; those that are not listed here are runZero's own conclusions.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.intake.first_words import Said
from scanner.intake.record import rfc3339
from scanner.text import is_ip, normalise_mac

MAX_SERVICES = 1024
MAX_VALUE = 16 * 1024
Told = Iterator[tuple[str, str | None, Said]]

_HEADS = "http.head."
_OIDS = {"snmp.sysDesc": "1.3.6.1.2.1.1.1.0", "snmp.sysDescr": "1.3.6.1.2.1.1.1.0", "snmp.sysName": "1.3.6.1.2.1.1.5.0",
         "snmp.sysObjectID": "1.3.6.1.2.1.1.2.0"}  # fmt: skip
_NANOSECONDS = 10**14


def is_record(record: Mapping[str, Any]) -> bool:
    """Whether an object is one of runZero's."""
    if "service_address" in record and "service_port" in record:
        return True
    if isinstance(record.get("addresses"), list) and ("macs" in record or "services" in record or "site_id" in record):
        return record.get("type") != "result"
    return record.get("type") in ("config", "result", "status", "stats") and isinstance(record.get("ts"), int)


def read(record: dict[str, Any]) -> Told:
    """(host, seen_at, said); nothing for lines that tell about the scan alone. ValueError: none of its records."""
    if "service_address" in record:
        yield from _service(record)
    elif isinstance(record.get("addresses"), list):
        if record.get("type") != "config":
            yield from _asset(record)
    elif record.get("type") == "result":
        yield from _result(record)
    elif not isinstance(record.get("type"), str):
        raise ValueError("neither asset, service nor scan result")


def _moment(value: object) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return rfc3339(value // 10**9 if value > _NANOSECONDS else value)


def _asset(record: dict[str, Any]) -> Told:
    addresses = [a for a in record["addresses"] if isinstance(a, str) and is_ip(a)]
    if not addresses:
        raise ValueError("an asset without an address")
    seen_at = _moment(record.get("last_seen"))
    macs = record.get("macs")
    for each in macs if isinstance(macs, list) else ():
        if isinstance(each, str) and (mac := normalise_mac(each)):
            yield addresses[0], seen_at, ("mac", {"mac": mac})
    services = record.get("services")
    for where, told in list(services.items())[:MAX_SERVICES] if isinstance(services, dict) else ():
        address, _, rest = str(where).rpartition("/")[0].rpartition("/")
        if isinstance(told, dict) and is_ip(address):
            transport = str(where).rpartition("/")[2]
            yield from ((address, seen_at, said) for said in _said(told, _port(rest), transport))


def _service(record: dict[str, Any]) -> Told:
    host = record.get("service_address")
    if not isinstance(host, str) or not is_ip(host):
        raise ValueError("a service without an address")
    data = record.get("service_data")
    seen_at = _moment(record.get("service_updated_at") or record.get("last_seen"))
    transport = str(record.get("service_transport", "tcp"))
    for said in _said(data if isinstance(data, dict) else {}, _port(record.get("service_port")), transport):
        yield host, seen_at, said


def _result(record: dict[str, Any]) -> Told:
    host = record.get("host")
    if not isinstance(host, str) or not is_ip(host):
        raise ValueError("a result without an address")
    info = record.get("info") if isinstance(record.get("info"), dict) else {}
    seen_at = _moment(record.get("ts"))
    mac = info.get("mac") if isinstance(info, dict) else None
    if record.get("probe") == "arp" and isinstance(mac, str) and (known := normalise_mac(mac)):
        yield host, seen_at, ("mac", {"mac": known})
    transport = str(record.get("proto", ""))
    for said in _said(info or {}, _port(record.get("port")), transport):
        yield host, seen_at, said


def _port(value: object) -> int | None:
    text = str(value)
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 6 else None


def _said(told: Mapping[str, Any], port: int | None, transport: str) -> Iterator[Said]:
    words = {str(k): v[:MAX_VALUE] for k, v in told.items() if isinstance(v, str) and v}
    placed = {} if port is None else {"port": port}
    if port is not None and transport in ("tcp", "udp"):
        yield "port", {**placed, "state": "open", **({} if transport == "tcp" else {"transport": transport})}
    headers = [[_header_name(k), v] for k, v in words.items() if k.startswith(_HEADS)]
    title = words.get("html.title") or words.get("http.title") or ""
    if headers or title:
        body = f"<title>{html.escape(title)}</title>" if title else ""
        yield "http", {**placed, "headers": headers, "body": body, "rewrapped": True}
    elif words.get("banner"):
        yield "banner", {**placed, "text": words["banner"]}
    if "tls.subject" in words:
        names = {name: words[f"tls.{name}"] for name in ("subject", "issuer") if f"tls.{name}" in words}
        yield "tls", {**placed, **names}
    if oids := {oid: words[name] for name, oid in _OIDS.items() if name in words}:
        yield "snmp", {"oids": oids}
    if "snmp.engineID.raw" in words:
        yield "snmp", {"engine_id": words["snmp.engineID.raw"]}


def _header_name(attribute: str) -> str:
    """`http.head.wwwAuthenticate` as `www-authenticate`."""
    name = attribute.removeprefix(_HEADS)
    return "".join(f"-{c.lower()}" if c.isupper() and at else c.lower() for at, c in enumerate(name))
