"""Scanners that write a result a line: masscan (JSON and list), zgrab2, runZero, and our own evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from scanner.intake import runzero, zgrab
from scanner.intake.first_words import Said, of_bytes, of_pem
from scanner.intake.nmap_scripts import unescaped
from scanner.intake.record import noted, numbered_lines, rfc3339
from scanner.models import Evidence, EvidenceProblem
from scanner.text import decode, is_ip

Found = Iterator[Evidence | EvidenceProblem]
Line = Iterator[tuple[str, str | None, Said]]
"""(host, seen_at, what it said)."""

_DECODER = msgspec.json.Decoder()
_ENDS = (b"", b"[", b"]", b"{finished: 1}")


class _JsonLines:
    """A format whose lines are JSON objects; ValueError of `_take` says what is wrong with one."""

    name = ""

    def _take(self, record: dict[str, Any]) -> Line:
        raise NotImplementedError

    def read(self, stream: BinaryIO) -> Found:
        """Line by line; commas and brackets of an array that has an element a line are passed over."""
        for number, line in numbered_lines(stream):
            if line is None:
                yield EvidenceProblem(number, "too long a line")
                continue
            line = line.strip().rstrip(b",").strip()
            if line in _ENDS:
                continue
            try:
                for host, seen_at, (protocol, fields) in self._take(_object(line)):
                    yield noted(self.name, host, protocol, seen_at, **fields)
            except (ValueError, RecursionError) as error:
                yield EvidenceProblem(number, str(error)[:200] or "too deeply nested")


def _object(line: bytes) -> dict[str, Any]:
    value = _DECODER.decode(line)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _first_object(head: bytes) -> dict[str, Any]:
    """The first line of `head` that is an object; empty where there is none. One that is cut is none."""
    for line in head.splitlines()[:4]:
        try:
            return _object(line.strip().rstrip(b",").strip())
        except (ValueError, RecursionError):
            continue
    return {}


class MasscanJson(_JsonLines):
    """What `masscan -oJ` and `-oD` write; a file without its last bracket is as good."""

    name = "masscan-json"
    title = "masscan JSON (-oJ, -oD)"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content says it for sure
        """By address and ports of the first result."""
        first = _first_object(head)
        return "ip" in first and (isinstance(first.get("ports"), list) or "rec_type" in first)

    def _take(self, record: dict[str, Any]) -> Line:
        host, seen_at = _host(record.get("ip")), _moment(record.get("timestamp"))
        ports = record.get("ports") if "rec_type" not in record else [_of_ndjson(record)]
        for each in ports if isinstance(ports, list) else ():
            if not isinstance(each, dict) or not isinstance(each.get("port"), int):
                raise ValueError("a result without a port")
            port = each["port"]
            if isinstance(each.get("status"), str):
                transport = {} if each.get("proto") == "tcp" else {"transport": each.get("proto")}
                yield host, seen_at, ("port", {"port": port, "state": each["status"], **transport})
            if isinstance(service := each.get("service"), dict):
                yield from _masscan_words(host, seen_at, port, service.get("name"), service.get("banner"))


def _of_ndjson(record: dict[str, Any]) -> dict[str, Any]:
    """A record of `-oD` in the shape that `-oJ` gives its ports."""
    found = record.get("data")
    data: dict[str, Any] = found if isinstance(found, dict) else {}
    shaped = {"port": record.get("port"), "proto": record.get("proto"), "status": data.get("status")}
    return shaped | {"service": {"name": data.get("service_name"), "banner": data.get("banner")}}


def _masscan_words(host: str, seen_at: str | None, port: int, kind: object, text: object) -> Line:
    """What masscan repeats of a service: escaped bytes, a page's title, or a certificate in base64."""
    if not isinstance(text, str) or not text:
        return
    said: Iterator[Said]
    if kind == "X509":
        said = of_pem(text, port)
    elif kind in ("title", "html-title"):
        body = f"<title>{text}</title>"
        said = iter([("http", {"port": port, "headers": [], "body": body, "rewrapped": True})])
    elif kind == "http.server":
        said = iter([("http", {"port": port, "headers": [["Server", text]], "body": "", "rewrapped": True})])
    elif kind in ("ssl", "vuln", "http"):
        data = unescaped(text)
        said = of_bytes(data, port) if data.startswith(b"HTTP/") else iter(())
    else:
        said = of_bytes(unescaped(text), port)
    for each in said:
        yield host, seen_at, each


class MasscanList:
    """What `masscan -oL` writes."""

    name = "masscan-list"
    title = "masscan list (-oL)"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content says it for sure
        """By its first line."""
        return head.startswith(b"#masscan")

    def read(self, stream: BinaryIO) -> Found:
        """`open tcp 80 <address> <time>` and `banner tcp 80 <address> <time> <kind> <text>`."""
        for number, line in numbered_lines(stream):
            if line is None:
                yield EvidenceProblem(number, "too long a line")
                continue
            words = decode(line).split(" ", 6)
            if line.startswith(b"#") or not line.strip():
                continue
            try:
                for host, seen_at, (protocol, fields) in self._take(words):
                    yield noted(self.name, host, protocol, seen_at, **fields)
            except ValueError as error:
                yield EvidenceProblem(number, str(error)[:200])

    def _take(self, words: list[str]) -> Line:
        if len(words) < 5 or not (words[2].isascii() and words[2].isdigit() and len(words[2]) < 6):
            raise ValueError("not a line of masscan's list")
        host, port, seen_at = _host(words[3]), int(words[2]), _moment(words[4])
        if words[0] != "banner":
            transport = {} if words[1] == "tcp" else {"transport": words[1]}
            yield host, seen_at, ("port", {"port": port, "state": words[0], **transport})
        elif len(words) == 7:
            yield from _masscan_words(host, seen_at, port, words[5], words[6])


class Zgrab2(_JsonLines):
    """What zgrab2 writes: an object a target, in it one a module."""

    name = "zgrab2"
    title = "zgrab2 JSON lines"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content says it for sure
        """By an object with `data` of modules that have a `status`. A first line longer than the head is known by
        how it begins."""
        first = _first_object(head)
        data = first.get("data")
        if isinstance(data, dict) and ("ip" in first or "domain" in first):
            return all(isinstance(each, dict) and "status" in each for each in data.values()) and bool(data)
        return not first and head.lstrip().startswith((b'{"ip":', b'{"domain":')) and b'"data":{' in head[:512]

    def _take(self, record: dict[str, Any]) -> Line:
        host = _host(record.get("ip") or record.get("domain"))
        yield from ((host, seen_at, said) for seen_at, said in zgrab.read(record))


class RunZero(_JsonLines):
    """runZero's JSON lines: assets and services exports, and the scan data of its explorer."""

    name = "runzero"
    title = "runZero JSON lines (assets, services, scan data)"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content says it for sure
        """By the fields of the first object."""
        return runzero.is_record(_first_object(head))

    def _take(self, record: dict[str, Any]) -> Line:
        yield from runzero.read(record)


class OwnEvidence(_JsonLines):
    """Evidence that this program, or another, wrote before: docs/import.md has the form."""

    name = "evidence"
    title = "evidence (JSON lines of camcensus)"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content says it for sure
        """By `protocol` and `host` in the first object."""
        first = _first_object(head)
        return isinstance(first.get("protocol"), str) and isinstance(first.get("host"), str)

    def _take(self, record: dict[str, Any]) -> Line:
        found = Evidence.from_object(record)
        fields = {**found.fields, "via": found.fields.get("via", self.name)}
        yield found.host, found.seen_at, (found.protocol, fields)


def _host(value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > 255:
        raise ValueError("a result without an address")
    return value.partition("%")[0] if is_ip(value.partition("%")[0]) else value


def _moment(value: object) -> str | None:
    """RFC 3339 of seconds since 1970, as number or digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return rfc3339(int(value))
    return rfc3339(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
