from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.intake import Format, find_format, format_by_name
from scanner.models import Evidence, EvidenceProblem
from tests.wire.certificates import self_signed

HOST = "198.51.100.10"


def read(name: str, *lines: object) -> tuple[list[dict[str, Any]], list[EvidenceProblem]]:
    data = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    found = list(format_by_name(name).read(io.BytesIO(data)))
    return [f.to_object() for f in found if isinstance(f, Evidence)], [
        f for f in found if isinstance(f, EvidenceProblem)
    ]


def bare(record: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in record.items() if k not in ("host", "seen_at", "via")}


MASSCAN = [
    b"[",
    b'{   "ip": "198.51.100.10",   "timestamp": "1795338000", "ports": [ {"port": 80, "proto": "tcp", "status": "open",'
    b' "reason": "syn-ack", "ttl": 64} ] },',
    b'{   "ip": "198.51.100.10",   "timestamp": "1795338000", "ports": [ {"port": 80, "proto": "tcp",'
    b' "service": {"name": "http", "banner": "HTTP/1.0 200 OK\\u000d\\u000aServer: App-webs/\\u000d\\u000a'
    b'\\u000d\\u000ax"} } ] },',
    b"]",
]


def test_masscan_json_even_without_its_end() -> None:
    (port, page), problems = read("masscan-json", *MASSCAN[:3])
    assert problems == []
    assert port == {
        "host": HOST, "seen_at": "2026-11-22T09:00:00Z", "protocol": "port", "port": 80, "state": "open",
        "via": "masscan-json",
    }  # fmt: skip
    assert page["headers"] == [["Server", "App-webs/"]]
    assert page["status"] == 200


def test_masscan_records_a_line() -> None:
    place = {"ip": HOST, "timestamp": "1795338000", "port": 22, "proto": "tcp"}
    status = {**place, "rec_type": "status", "data": {"status": "open", "reason": "syn-ack", "ttl": 64}}
    banner = {**place, "rec_type": "banner", "data": {"service_name": "ssh", "banner": "SSH-2.0-x"}}
    found, problems = read("masscan-json", status, banner, {**place, "rec_type": "banner", "data": None})
    assert problems == []
    assert [bare(f) for f in found] == [
        {"protocol": "port", "port": 22, "state": "open"},
        {"protocol": "banner", "port": 22, "text": "SSH-2.0-x"},
    ]


def test_masscan_list_with_escapes() -> None:
    found, problems = read(
        "masscan-list",
        b"#masscan",
        b"open tcp 80 198.51.100.10 1795338000",
        b"banner tcp 80 198.51.100.10 1795338000 http HTTP/1.0 401 No\\x0d\\x0aServer: Acme\\x0d\\x0a\\x0d\\x0a",
        b"banner tcp 80 198.51.100.10 1795338000 title WEB SERVICE",
        b"banner tcp 80 198.51.100.10 1795338000 http.server Acme/2",
        b"banner tcp 21 198.51.100.10 1795338000 ftp 220 Acme ready",
        b"nonsense",
        b"# end",
    )
    assert [p.line for p in problems] == [7]
    assert [bare(f) for f in found[1:]] == [
        {"protocol": "http", "port": 80, "tls": False, "status": 401, "headers": [["Server", "Acme"]], "body": ""},
        {"protocol": "http", "port": 80, "headers": [], "body": "<title>WEB SERVICE</title>", "rewrapped": True},
        {"protocol": "http", "port": 80, "headers": [["Server", "Acme/2"]], "body": "", "rewrapped": True},
        {"protocol": "banner", "port": 21, "text": "220 Acme ready"},
    ]


def zgrab(**modules: object) -> dict[str, Any]:
    return {"ip": HOST, "data": modules}


def test_zgrab2_http_keeps_the_headers_as_the_device_named_them() -> None:
    response = {
        "status_code": 401,
        "headers": {"www_authenticate": ['Basic realm="Acme"'], "unknown": [{"key": "x_cam", "value": ["1"]}]},
        "body": "denied",
        "request": {"method": "GET", "url": {"scheme": "https", "host": f"{HOST}:8443", "path": "/a"}},
    }
    module = {
        "status": "success",
        "protocol": "http",
        "result": {"response": response},
        "timestamp": "2026-01-01T00:00:00Z",
    }
    (found,), problems = read("zgrab2", zgrab(http=module))
    assert problems == []
    assert found == {
        "host": HOST, "seen_at": "2026-01-01T00:00:00Z", "protocol": "http", "port": 8443, "tls": True,
        "method": "GET", "path": "/a", "status": 401,
        "headers": [["www-authenticate", 'Basic realm="Acme"'], ["x-cam", "1"]], "body": "denied", "via": "zgrab2",
    }  # fmt: skip


def test_zgrab2_banners_and_certificates() -> None:
    der = base64.b64encode(self_signed()).decode()
    log = {"handshake_log": {"server_certificates": {"certificate": {"raw": der}}}}
    found, _ = read(
        "zgrab2",
        zgrab(
            ssh={"status": "success", "protocol": "ssh", "result": {"server_id": {"raw": "SSH-2.0-dropbear"}}},
            ftp={"status": "success", "protocol": "ftp", "result": {"banner": "220 hi"}},
            tls={"status": "success", "protocol": "tls", "result": log},
            telnet={"status": "connection-timeout", "protocol": "telnet"},
        ),
    )
    assert [(f["protocol"], f["port"]) for f in found] == [("banner", 22), ("banner", 21), ("tls", 443)]
    assert found[2]["subject"]
    assert found[2]["sha256"]


def test_runzero_assets_services_and_scan_data() -> None:
    told = {
        "http.head.server": "App-webs/",
        "http.head.wwwAuthenticate": "Basic",
        "html.title": "A & B",
        "tls.subject": "CN=x",
    }
    asset = {
        "id": "1", "addresses": [HOST], "macs": ["44:19:b6:00:00:01"], "last_seen": 1795338000,
        "services": {f"{HOST}/80/tcp": told},
    }  # fmt: skip
    service = {"service_address": HOST, "service_port": "161", "service_transport": "udp",
               "service_data": {"snmp.sysDesc": "Acme"}}  # fmt: skip
    scan = [
        {"type": "config", "ts": 1795338000000000000, "addresses": [HOST]},
        {"type": "result", "ts": 1795338000000000000, "host": HOST, "port": "21", "proto": "tcp", "probe": "syn",
         "info": {"banner": "220 hi"}},
        {"type": "result", "ts": 1795338000000000000, "host": HOST, "port": "0", "probe": "arp",
         "info": {"mac": "44:19:b6:00:00:01"}},
    ]  # fmt: skip
    found, problems = read("runzero", asset, service, *scan)
    assert problems == []
    assert [bare(f) for f in found] == [
        {"protocol": "mac", "mac": "44:19:b6:00:00:01"},
        {"protocol": "port", "port": 80, "state": "open"},
        {"protocol": "http", "port": 80, "headers": [["server", "App-webs/"], ["www-authenticate", "Basic"]],
         "body": "<title>A &amp; B</title>", "rewrapped": True},
        {"protocol": "tls", "port": 80, "subject": "CN=x"},
        {"protocol": "port", "port": 161, "state": "open", "transport": "udp"},
        {"protocol": "snmp", "oids": {"1.3.6.1.2.1.1.1.0": "Acme"}},
        {"protocol": "port", "port": 21, "state": "open"},
        {"protocol": "banner", "port": 21, "text": "220 hi"},
        {"protocol": "mac", "mac": "44:19:b6:00:00:01"},
    ]  # fmt: skip
    assert found[0]["seen_at"] == found[6]["seen_at"] == "2026-11-22T09:00:00Z"


def test_our_own_evidence_keeps_what_it_has() -> None:
    record = {"host": HOST, "seen_at": "2026-11-22T09:00:00Z", "protocol": "odd", "more": [1], "via": "pcap"}
    found, problems = read("evidence", record, {"host": HOST, "protocol": "mac"}, {"host": HOST}, b"{", [1])
    assert found == [record, {"host": HOST, "protocol": "mac", "via": "evidence"}]
    assert [p.line for p in problems] == [3, 4, 5]


EXAMPLES = {
    "masscan-json": b"\n".join(MASSCAN),
    "masscan-list": b"#masscan\nopen tcp 80 198.51.100.10 1795338000\n",
    "zgrab2": json.dumps(zgrab(http={"status": "success", "result": {}})).encode(),
    "runzero": json.dumps({"service_address": HOST, "service_port": 80}).encode(),
    "evidence": json.dumps({"host": HOST, "protocol": "mac"}).encode(),
    "nmap-xml": b'<?xml version="1.0"?>\n<nmaprun scanner="nmap">',
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_file_is_known_by_its_content(name: str) -> None:
    found = find_format(EXAMPLES[name], "download.txt")
    assert found is not None
    assert found.name == name


def test_a_long_first_line_of_zgrab2_is_known_by_how_it_begins() -> None:
    line = b'{"ip":"198.51.100.10","data":{"http":{"status":"success","result":{"body":"' + b"x" * 70_000
    found: Format | None = find_format(line, "out.json")
    assert found is not None
    assert found.name == "zgrab2"


def test_a_line_without_end_is_passed_over() -> None:
    found, problems = read("evidence", b"x" * (9 * 1024 * 1024), {"host": HOST, "protocol": "mac"})
    assert [(p.line, p.reason) for p in problems] == [(1, "too long a line")]
    assert len(found) == 1


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["ip", "ports", "data", "http", "result", "response", "headers", "unknown", "service", "host",
                         "addresses", "macs", "services", "info", "type", "ts", "protocol", "port", "timestamp",
                         "request", "tls_log", "handshake_log", "service_address", "service_data", "via",
                         "banner", "name"]),
        inner, max_size=5,
    ),
    max_leaves=15,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(value=values, name=st.sampled_from(sorted(set(EXAMPLES) - {"nmap-xml"})), noise=st.binary(max_size=60))
def test_no_line_makes_it_raise(value: object, name: str, noise: bytes) -> None:
    for found in format_by_name(name).read(io.BytesIO(json.dumps(value).encode() + b"\n" + noise)):
        assert isinstance(found, Evidence | EvidenceProblem)
