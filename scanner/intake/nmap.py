"""nmap's XML (`-oX`), streamed; a file that was cut is read as far as it goes.

Source: nmap.org/book/output-formats-xml-output.html.

What nmap concluded (product, version) goes along with the open port and is judged by nobody: only what it shows of the
device's own words becomes evidence that a fingerprint reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from scanner.intake.nmap_scripts import of_service_words, read_broadcast, read_script
from scanner.intake.record import noted, rfc3339
from scanner.models import Evidence, EvidenceProblem
from scanner.text import is_ip, normalise_mac

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_ELEMENTS = 50_000
MAX_DEPTH = 64
_MARK = b"<!ENTITY"
Found = Iterator[Evidence | EvidenceProblem]


class _Hostile(Exception):  # noqa: N818 - never leaves this module
    """The document defines entities, which nmap never does."""


class _Guarded:
    """The stream as the parser reads it: an entity definition ends it before the parser sees it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if _MARK in self._tail + data or b"\0" in data:
            raise _Hostile
        self._tail = data[-len(_MARK) :]
        return data


class NmapXml:
    """What `nmap -oX` writes."""

    name = "nmap-xml"
    title = "nmap XML (-oX)"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the bytes say it for sure
        """By its root element."""
        return b"<nmaprun" in head[:4096]

    def read(self, stream: BinaryIO) -> Found:
        """Host by host; a problem has the number of the host, counted from 1."""
        from lxml import etree

        hosts = _Hosts(self.name)
        try:
            for element in _top_elements(_Guarded(stream)):
                if element.tag == "host":
                    yield from hosts.host(element)
                elif element.tag == "prescript":
                    yield from hosts.before(element)
                elif element.tag == "runstats":
                    hosts.complete = True
        except _Hostile:
            yield hosts.problem("entity definitions: the rest is not read")
        except etree.LxmlError as error:
            yield hosts.problem(f"no XML from here: {str(error)[:120]}")
        else:
            if not hosts.complete:
                yield hosts.problem("the file ends before the scan's end")


def _top_elements(stream: _Guarded) -> Iterator[_Element]:
    """Each child of the root once it is whole, then forgotten. LxmlError where the text stops being XML."""
    from lxml import etree

    events = etree.iterparse(
        stream, events=("start", "end"), encoding="utf-8", resolve_entities=False, load_dtd=False,
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    depth = count = 0
    for event, element in events:
        if event == "start":
            depth, count = depth + 1, count + 1
            if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                raise etree.LxmlError("too deep, or too much for one host")
            continue
        depth -= 1
        if depth == 1:
            yield element
            count = 0
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


class _Hosts:
    def __init__(self, via: str) -> None:
        self.complete = False
        self._via = via
        self._number = 0

    def problem(self, reason: str) -> EvidenceProblem:
        return EvidenceProblem(self._number + 1, reason)

    def host(self, element: _Element) -> Found:
        """All that one host element says."""
        self._number += 1
        state = element.find("status")
        addresses = {a.get("addrtype", ""): a.get("addr", "") for a in element.findall("address")}
        host = addresses.get("ipv4") or addresses.get("ipv6") or ""
        if state is not None and state.get("state") == "down":
            return
        if not is_ip(host):
            yield EvidenceProblem(self._number, "a host without an IP address")
            return
        seen_at = _moment(element)
        if mac := normalise_mac(addresses.get("mac", "")):
            yield noted(self._via, host, "mac", seen_at, mac=mac)
        for port in element.iterfind("ports/port"):
            yield from self._port(host, seen_at, port)
        for script in element.iterfind("hostscript/script"):
            yield from self._script(host, seen_at, None, False, script)

    def _port(self, host: str, seen_at: str | None, element: _Element) -> Found:
        text = element.get("portid", "")
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            yield EvidenceProblem(self._number, "a port without a number")
            return
        port = int(text)
        state = element.find("state")
        service = element.find("service")
        told = {str(k): str(v) for k, v in service.attrib.items()} if service is not None else {}
        yield noted(self._via, host, "port", seen_at, **_port_fields(element, port, state, told))
        if state is None or state.get("state") != "open":
            return
        tls = told.get("tunnel") == "ssl" or any(s.get("id") == "ssl-cert" for s in element.iterfind("script"))
        for protocol, fields in of_service_words(told.get("servicefp", ""), port, tls):
            yield noted(self._via, host, protocol, seen_at, **fields)
        for script in element.iterfind("script"):
            yield from self._script(host, seen_at, port, tls, script)

    def _script(self, host: str, seen_at: str | None, port: int | None, tls: bool, script: _Element) -> Found:
        for protocol, fields in read_script(script, port, tls):
            yield noted(self._via, host, protocol, seen_at, **fields)

    def before(self, element: _Element) -> Found:
        """Broadcast scripts, which run before any host: their output names the addresses."""
        for script in element.iterfind("script"):
            for host, protocol, fields in read_broadcast(script):
                yield noted(self._via, host, protocol, None, **fields)


def _port_fields(element: _Element, port: int, state: _Element | None, told: dict[str, str]) -> dict[str, Any]:
    """The `port` evidence; nmap's own conclusions stand beside the state."""
    fields: dict[str, Any] = {"port": port, "state": state.get("state") if state is not None else None}
    if element.get("protocol") != "tcp":
        fields["transport"] = element.get("protocol")
    for attribute in ("name", "product", "version", "extrainfo"):
        if told.get(attribute):
            fields["service" if attribute == "name" else attribute] = told[attribute]
    return fields


def _moment(element: _Element) -> str | None:
    for attribute in ("endtime", "starttime"):
        text = element.get(attribute, "")
        if text.isascii() and text.isdigit() and len(text) < 12:
            return rfc3339(int(text))
    return None
