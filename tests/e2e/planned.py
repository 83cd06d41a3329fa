"""A plan held to the wire: what `--dry-run` said, and what the sweep after it then sent."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from scanner.cli.costs import COSTS
from tests.e2e.purposes import spent

# What a purpose on the wire is called in the table of costs
STEPS = {
    "arp": ("arp",),
    "first contact": ("first contact", "upnp"),
    "ws-discovery": ("ws-discovery", "ws-discovery-unicast"),
    "ssdp": ("ssdp", "ssdp-unicast"),
    "mdns": ("mdns", "mdns-unicast"),
    "vendors": ("vendors", "vendor-udp"),
    "snmp": ("snmp",),
    "onvif": ("onvif",),
    "pages": ("http", "favicon"),
}


def hold(site: dict[str, Any], pcap: Path, devices: frozenset[str]) -> None:
    """The plan is at least what was measured and at most 1.6 times that; each row of the table is near to it."""
    real, count = spent(pcap, devices), len(devices)
    full, _, empty = (case["amount"] for case in site["cases"])
    for what in ("sent", "received", "connections", "bytes"):
        plan = empty[what] + (full[what] - empty[what]) * count / site["addresses"]  # linear, by devices
        assert real.total(what) <= plan <= 1.6 * real.total(what), (what, plan, real.by)
    if not site["raw"]:
        return  # the rows are those of root's sweep; without raw sockets the sums alone are held
    for purpose, names in STEPS.items():
        rows = [COSTS[name] for name in names]
        table = sum(c.link.sent + count * (c.device.sent + c.device.received) for c in rows)
        measured = _packets(real.by[purpose]) + _packets(real.by[f"link: {purpose}"])
        assert 0.8 * measured <= table <= 2 * measured, (purpose, table, measured)


def _packets(row: Counter[str]) -> int:
    return row["sent"] + row["received"]
