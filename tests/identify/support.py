"""A small rule set of made-up names, and short ways to write evidence."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from scanner.identify.rules import RuleSet, load_files, parse_file
from scanner.models import Evidence

ACME = """
[maker]
name = "Acme"
role = "maker"
spellings = ["ACME", "Acme Security Co., Ltd."]
mac_registrants = ["Hangzhou Hikvision Digital Technology Co.,Ltd."]
mac_cameras_only = true
snmp_enterprises = [39165]

[[fingerprint]]
id = "acme-rtsp-server"
where = "rtsp.header.server"
pattern = '^AcmeCam RTSP/(\\d+(?:\\.\\d+)+) \\((AC-[A-Z0-9-]+)\\)$'
claims = { maker = "Acme", kind = "camera", firmware = "$1", model = "$2" }
weight = "strong"
source = "made up for the tests"
examples = [ { text = "AcmeCam RTSP/2.1.0 (AC-200)", firmware = "2.1.0", model = "AC-200" } ]
rejects = ["NotAcmeCam RTSP/2.1.0 (AC-200)"]

[[fingerprint]]
id = "acme-realm"
where = ["http.realm", "rtsp.realm"]
pattern = '^Acme login(?: ([A-Z]{4}\\d{6}))?$'
claims = { maker = "Acme", is_camera = "true", serial = "$1" }
weight = { maker = "medium", is_camera = "medium", serial = "strong" }
source = "made up for the tests"
examples = [ { text = "Acme login WXYZ123456", serial = "WXYZ123456" }, { text = "Acme login" } ]
rejects = ["login"]

[[fingerprint]]
id = "acme-info"
where = "http.body"
path = "/acme/info"
pattern = 'model=(\\S+)'
claims = { maker = "Acme", kind = "nvr", model = "$1" }
weight = "strong"
source = "made up for the tests"
examples = [ { text = "model=AN-16", model = "AN-16" } ]
rejects = ["mod"]

[[fingerprint]]
id = "acme-title"
where = "http.title"
pattern = '^Acme Viewer$'
claims = { maker = "Acme" }
weight = "weak"
source = "made up for the tests"
examples = [ { text = "Acme Viewer" } ]
rejects = ["Viewer"]
"""
BOLT = """
[maker]
name = "Bolt"
role = "maker"
spellings = ["BOLT Electronics GmbH"]
mac_registrants = ["Axis Communications AB"]

[[fingerprint]]
id = "bolt-cert"
where = "tls.subject.o"
pattern = '^Bolt$'
claims = { maker = "Bolt", kind = "camera" }
weight = "strong"
source = "made up for the tests"
examples = [ { text = "Bolt" } ]
rejects = ["Bolts"]

[[fingerprint]]
id = "bolt-label"
where = "http.title"
pattern = '^BOLT (camera|recorder)$'
claims = { brand = "Bolt", is_camera = "true" }
weight = "strong"
source = "made up for the tests"
examples = [ { text = "BOLT camera" } ]
rejects = ["BOLT"]
"""
LABEL = """
[maker]
name = "Labelco"
role = "brand"
spellings = ["LABELCO"]

[[fingerprint]]
id = "labelco-title"
where = "http.title"
pattern = '^Labelco'
claims = { brand = "Labelco", kind = "camera" }
weight = "strong"
source = "made up for the tests"
examples = [ { text = "Labelco cam" } ]
rejects = ["The Labelco"]
"""
GENERIC = """
[[fingerprint]]
id = "generic-onvif-manufacturer"
where = "onvif.manufacturer"
pattern = '^(\\S.*)$'
claims = { maker = "$1", is_camera = "true" }
weight = "medium"
source = "made up for the tests"
examples = [ { text = "Acme", maker = "Acme" } ]
rejects = [" "]

[[fingerprint]]
id = "generic-nvt"
where = "ws-discovery.types"
pattern = 'NetworkVideoTransmitter'
claims = { is_camera = "true" }
weight = "weak"
source = "made up for the tests"
examples = [ { text = "dn:NetworkVideoTransmitter" } ]
rejects = ["Printer"]

[[fingerprint]]
id = "generic-printer"
where = ["snmp.sysdescr", "http.title"]
pattern = '(?i)\\bprinter\\b'
claims = { kind = "other", product = "printer" }
weight = "medium"
source = "made up for the tests"
examples = [ { text = "A Printer" } ]
rejects = ["print"]

[[fingerprint]]
id = "generic-telnet"
where = "banner"
port = 23
pattern = 'cam-os ([\\d.]+)'
claims = { family = "acme", firmware = "$1" }
weight = "medium"
source = "made up for the tests"
examples = [ { text = "cam-os 1.2", firmware = "1.2" } ]
rejects = ["cam-os"]
"""
FILES = {"acme.toml": ACME, "bolt.toml": BOLT, "label.toml": LABEL, "generic.toml": GENERIC}


@lru_cache(maxsize=1)
def small_rules() -> RuleSet:
    """The rule set above."""
    return RuleSet(tuple(parse_file(name, text.encode()) for name, text in sorted(FILES.items())), "small")


def write_rules(folder: Path, **files: str) -> RuleSet:
    """Write TOML files (name without ending = text) and load them."""
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return load_files(paths)


def said(protocol: str, host: str = "198.51.100.10", **fields: Any) -> Evidence:
    """One record."""
    return Evidence(host=host, protocol=protocol, fields=fields)


def rtsp(server: str, host: str = "198.51.100.10") -> Evidence:
    return said("rtsp", host, port=554, headers=[["Server", server]])


def title(text: str, host: str = "198.51.100.10") -> Evidence:
    return said("http", host, port=80, path="/", status=200, headers=[], body=f"<title>{text}</title>")


def realm(text: str, host: str = "198.51.100.10") -> Evidence:
    return said("http", host, port=80, status=401, headers=[["WWW-Authenticate", f'Digest realm="{text}", nonce="1"']])


ACME_RTSP = "AcmeCam RTSP/2.1.0 (AC-200)"
ACME_MAC = "44:19:b6:00:00:01"
"""A prefix that the IEEE list gives to the registrant which the small rules give to Acme."""
BOLT_MAC = "00:40:8c:12:34:56"
