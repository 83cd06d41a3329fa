"""The TCP ports that are tried, in a fixed order, and how an open one is first used."""

from __future__ import annotations

from enum import StrEnum


class Use(StrEnum):
    """What is said first on an open port."""

    HTTP = "http"  # GET /
    HTTPS = "https"  # TLS, then GET /
    RTSP = "rtsp"  # OPTIONS, DESCRIBE
    BANNER = "banner"  # nothing: the service speaks first
    OPEN = "open"  # nothing: a vendor's own protocol, listened to for a moment


FIRST_TIER = {
    80: Use.HTTP,
    554: Use.RTSP,
    443: Use.HTTPS,
    8000: Use.OPEN,  # Hikvision's SDK; elsewhere often HTTP, which the ONVIF probe may find
    37777: Use.OPEN,  # Dahua
    34567: Use.OPEN,  # Xiongmai
    8080: Use.HTTP,
    8554: Use.RTSP,
    8443: Use.HTTPS,
}
"""For every address: the most telling first."""

SECOND_TIER = {
    81: Use.HTTP,
    88: Use.HTTP,
    8081: Use.HTTP,
    21: Use.BANNER,
    22: Use.BANNER,
    23: Use.BANNER,
    2020: Use.HTTP,  # TP-Link's ONVIF
    8899: Use.HTTP,  # Xiongmai's ONVIF
    5000: Use.HTTP,
    9000: Use.OPEN,  # Reolink
    10554: Use.RTSP,
    5554: Use.RTSP,
    82: Use.HTTP,
    8888: Use.HTTP,
    7001: Use.HTTP,
    9080: Use.HTTP,
    49152: Use.HTTP,
}
"""For an address whose first ports told nothing, or that something else makes a suspect."""

PORTS = FIRST_TIER | SECOND_TIER


PRINTING = frozenset(range(9100, 9108))
"""Never used, whoever names them: a printer prints whatever comes in there (AppSocket, JetDirect)."""


def use_of(port: int) -> Use:
    """How `port` is first used; a port that a device itself named, and that is not in the list, speaks HTTP."""
    return PORTS.get(port, Use.HTTP)
