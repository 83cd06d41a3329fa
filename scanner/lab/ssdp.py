"""UPnP devices of the lab: M-SEARCH in, one answer a matching target out (UPnP Device Architecture 1.1, 1.3)."""

from __future__ import annotations

from scanner.lab.spec import Ssdp
from scanner.lab.station import Station

GROUP = "239.255.255.250"
PORT = 1900


def answer(station: Station, device: Ssdp, data: bytes) -> list[bytes]:
    """The datagrams to send back to whoever sent `data`."""
    lines = data[:4096].decode("latin-1").replace("\r\n", "\n").split("\n")
    if not lines[0].startswith("M-SEARCH * HTTP/1.1"):
        return []
    headers = {name.strip().upper(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    wanted = headers.get("ST", "")
    udn = f"uuid:{device.uuid}"
    targets = ("upnp:rootdevice", udn, *(name for name in device.targets if name != "upnp:rootdevice"))
    return [_render(station, device, target, udn) for target in targets if wanted == "ssdp:all" or wanted == target]


def _render(station: Station, device: Ssdp, target: str, udn: str) -> bytes:
    usn = udn if target == udn else f"{udn}::{target}"
    lines = [
        "HTTP/1.1 200 OK",
        "CACHE-CONTROL: max-age=1800",
        f"DATE: {station.live('{{date}}')}",
        "EXT:",
        f"LOCATION: {device.location}",
        f"SERVER: {device.server}",
        f"ST: {target}",
        f"USN: {usn}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace")
