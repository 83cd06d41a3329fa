"""Devices that announce themselves and answer nothing: `python -m tests.e2e.talker INTERFACE` until it is ended.

Each speaks one protocol only, from an address and a MAC of its own.
"""

from __future__ import annotations

import socket
import sys
import time

from scanner.wire import ws_discovery

ROUNDS, PAUSE_S = 200, 0.3
MULTICAST_MAC = {"239.255.255.250": "01:00:5e:7f:ff:fa", "224.0.0.251": "01:00:5e:00:00:fb"}
ARP_HOST, ARP_MAC = "198.51.100.201", "44:19:b6:00:02:01"
HELLO_HOST = "198.51.100.202"
SSDP_HOST = "192.168.1.64"  # a factory address: another subnet on the same link
MDNS_HOST = "fe80::200:5eff:fe00:204"
DHCP_HOST, DHCP_MAC = "198.51.100.205", "44:19:b6:00:02:05"
LLDP_NAME = "acme-door-206"
SPOKEN = {ARP_HOST, HELLO_HOST, SSDP_HOST, MDNS_HOST, DHCP_HOST}
STREAM_PORT = 50_002


def frames() -> list[bytes]:
    """One round."""
    from scapy.contrib.lldp import (
        LLDPDU,
        LLDPDUChassisID,
        LLDPDUEndOfLLDPDU,
        LLDPDUPortID,
        LLDPDUSystemName,
        LLDPDUTimeToLive,
    )
    from scapy.layers.dhcp import BOOTP, DHCP
    from scapy.layers.inet import IP, UDP
    from scapy.layers.inet6 import IPv6
    from scapy.layers.l2 import ARP, Ether

    assert LLDPDU is not None
    client = bytes.fromhex(DHCP_MAC.replace(":", ""))
    asked = [("message-type", "request"), ("requested_addr", DHCP_HOST), ("vendor_class_id", b"AcmeCam"), "end"]
    chassis = LLDPDUChassisID(subtype=4, id="00:00:5e:00:02:06")
    parts = [
        Ether(src=ARP_MAC, dst="ff:ff:ff:ff:ff:ff") / ARP(op=2, hwsrc=ARP_MAC, psrc=ARP_HOST, pdst=ARP_HOST),
        _ip(HELLO_HOST, "239.255.255.250", 3702) / hello(),
        _ip(SSDP_HOST, "239.255.255.250", 1900) / notify(),
        Ether(src="00:00:5e:00:02:04", dst="33:33:00:00:00:fb")
        / IPv6(src=MDNS_HOST, dst="ff02::fb", hlim=255)
        / UDP(sport=5353, dport=5353)
        / announcement(),
        Ether(src=DHCP_MAC, dst="ff:ff:ff:ff:ff:ff")
        / IP(src="0.0.0.0", dst="255.255.255.255")  # noqa: S104 - a client without an address
        / UDP(sport=68, dport=67)
        / BOOTP(chaddr=client, xid=7)
        / DHCP(options=asked),
        Ether(src="00:00:5e:00:02:01", dst="ff:ff:ff:ff:ff:ff")
        / IP(src="198.51.100.254", dst="255.255.255.255")
        / UDP(sport=67, dport=68)
        / BOOTP(op=2, chaddr=client, xid=7, yiaddr=DHCP_HOST)
        / DHCP(options=[("message-type", "ack"), "end"]),
        Ether(src="00:00:5e:00:02:06", dst="01:80:c2:00:00:0e", type=0x88CC)
        / chassis
        / LLDPDUPortID(subtype=5, id="eth0")
        / LLDPDUTimeToLive(ttl=120)
        / LLDPDUSystemName(system_name=LLDP_NAME)
        / LLDPDUEndOfLLDPDU(),
        _ip("198.51.100.207", "239.255.255.250", STREAM_PORT) / (b"\x80" * 1200),
    ]
    return [bytes(part) for part in parts]


def hello() -> bytes:
    """A Hello as WS-Discovery 1.0 section 4.1 has it, made from the reply that our codec writes."""
    reply = ws_discovery.build_probe_match(
        relates_to="urn:uuid:0",
        message_id="urn:uuid:00000000-0000-0000-0000-000000000202",
        endpoint="urn:uuid:00000000-0000-0000-0000-000000000002",
        scopes=("onvif://www.onvif.org/hardware/AC-202",),
        xaddrs=(f"http://{HELLO_HOST}/onvif/device_service",),
    )
    return reply.replace(b"ProbeMatches", b"Hello").replace(b"ProbeMatch", b"Hello")


def notify() -> bytes:
    """UPnP Device Architecture 2.0 section 1.2.2."""
    lines = (
        "NOTIFY * HTTP/1.1",
        "HOST: 239.255.255.250:1900",
        "CACHE-CONTROL: max-age=1800",
        f"LOCATION: http://{SSDP_HOST}:49152/description.xml",
        "NT: upnp:rootdevice",
        "NTS: ssdp:alive",
        "SERVER: Linux/3.0 UPnP/1.0 AcmeCam/2.1",
        "USN: uuid:00000000-0000-0000-0000-000000000203::upnp:rootdevice",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def announcement() -> bytes:
    """An unsolicited mDNS answer (RFC 6762 section 8.3) of one service."""
    from zeroconf import const
    from zeroconf._dns import DNSPointer, DNSService
    from zeroconf._protocol.outgoing import DNSOutgoing

    kind, name = "_axis-video._tcp.local.", "AXIS P3384-VE - 00408C000204._axis-video._tcp.local."
    out = DNSOutgoing(const._FLAGS_QR_RESPONSE | const._FLAGS_AA)
    out.add_answer_at_time(DNSPointer(kind, const._TYPE_PTR, const._CLASS_IN, 4500, name), 0)
    out.add_answer_at_time(DNSService(name, const._TYPE_SRV, const._CLASS_IN, 120, 0, 0, 80, "axis.local."), 0)
    return out.packets()[0]


def _ip(source: str, group: str, port: int):  # type: ignore[no-untyped-def]
    from scapy.layers.inet import IP, UDP
    from scapy.layers.l2 import Ether

    return (
        Ether(src="00:00:5e:00:02:02", dst=MULTICAST_MAC[group])
        / IP(src=source, dst=group, ttl=1)
        / UDP(sport=port, dport=port)
    )


def main() -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as sock:
        sock.bind((sys.argv[1], 0))
        spoken = frames()
        for _ in range(ROUNDS):
            for frame in spoken:
                sock.send(frame)
            time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
