"""Small inventories for tests."""

from __future__ import annotations

from typing import Any

from scanner.models import (
    Claim,
    Coverage,
    Device,
    Finding,
    InterfaceCoverage,
    Inventory,
    RegistryInfo,
    Relation,
    Status,
    Strength,
    Sweep,
    Tool,
    Weight,
)

HOSTILE = "\x1b[31m<script>alert(1)</script>\u202e=cmd|' /C calc'!A0\x00\x07[bold]x[/bold]\n\r{{7*7}}"


def device(host: str = "198.51.100.10", **changes: Any) -> Device:
    """A listed camera, or what `changes` make of it."""
    fields: dict[str, Any] = {
        "id": f"id-{host}",
        "host": host,
        "addresses": (host,),
        "mac": "44:19:b6:00:00:01",
        "is_camera": True,
        "kind": "camera",
        "brand": "LTS",
        "maker": "Hikvision",
        "model": "CMIP1042",
        "confidence": 0.98,
        "status": Status.LISTED,
        "why": 'HTTP server "App-webs/"',
        "claims": (
            Claim(
                "c1", "maker", "Hikvision", Weight.STRONG, "hikvision-http-server", 0, "http.header.server", "App-webs/"
            ),
        ),
        "findings": (finding(),),
        "evidence_count": 3,
    }
    return Device(**(fields | changes))


def finding(**changes: Any) -> Finding:
    """Section 889 against Hikvision, or what `changes` make of it."""
    fields: dict[str, Any] = {
        "instrument": "US-NDAA-889",
        "entity": "Hangzhou Hikvision Digital Technology Company",
        "relation": Relation.MAKER,
        "strength": Strength.LISTED,
        "binds": "US federal agencies",
        "purpose_test": "Is it used for public safety?",
        "because": ("c1",),
        "source": "https://example.org/889",
        "edition": "2018-08-13",
        "title": "Section 889",
        "statement": "The evidence indicates that the maker is named.",
    }
    return Finding(**(fields | changes))


def inventory(*devices: Device, **changes: Any) -> Inventory:
    """An inventory of `devices`."""
    fields: dict[str, Any] = {
        "tool": Tool("camcensus", "0.1.0", "f" * 64, RegistryInfo("2026-11-22", "e" * 64)),
        "sweep": Sweep(
            id="20261122T090000Z-0001",
            started="2026-11-22T09:00:00Z",
            finished="2026-11-22T09:00:20Z",
            complete=True,
            scope=("198.51.100.0/24",),
            policy=(),
            as_of="2026-11-22",
        ),
        "coverage": Coverage(
            addresses=254,
            answered=len(devices),
            silent=254 - len(devices),
            interfaces=(InterfaceCoverage("eth0", ("198.51.100.1/24",)),),
            notes=(f"{254 - len(devices)} of 254 addresses did not answer.",),
        ),
        "devices": devices,
    }
    return Inventory(**(fields | changes))
