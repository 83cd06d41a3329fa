"""Devices' IPv6 faces: `python -m tests.e2e.v6_face INTERFACE…` answers WS-Discovery Probes to ff02::c on each."""

from __future__ import annotations

import selectors
import socket
import struct
import sys
import time

from scanner.wire import ws_discovery

SECONDS = 120.0


def member(interface: str) -> socket.socket:
    index = socket.if_nametoindex(interface)
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    group = socket.inet_pton(socket.AF_INET6, "ff02::c") + struct.pack("@I", index)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)
    sock.bind(("", ws_discovery.PORT))
    return sock


def reply(probe: bytes, interface: str) -> bytes:
    return ws_discovery.build_probe_match(
        relates_to=ws_discovery.message_id(probe) or "",
        message_id=f"urn:uuid:00000000-0000-0000-0000-{socket.if_nametoindex(interface):012d}",
        endpoint=f"urn:uuid:00000000-0000-0000-0001-{socket.if_nametoindex(interface):012d}",
        scopes=("onvif://www.onvif.org/type/video_encoder", "onvif://www.onvif.org/hardware/AC-200"),
        xaddrs=("http://203.0.113.99/onvif/device_service",),
    )


def main() -> None:
    chooser = selectors.DefaultSelector()
    for interface in sys.argv[1:]:
        chooser.register(member(interface), selectors.EVENT_READ, interface)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for key, _ in chooser.select(1.0):
            assert isinstance(key.fileobj, socket.socket)
            probe, sender = key.fileobj.recvfrom(65535)
            key.fileobj.sendto(reply(probe, key.data), sender)


if __name__ == "__main__":
    main()
