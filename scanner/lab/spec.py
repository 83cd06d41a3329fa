"""What a simulated device is: the shape of the files in `scanner/lab/devices`.

Every text may hold `{{name}}`: a device's own values (host, mac, model, serial, …) are put in when the site is made,
`{{date}}` and `{{nonce}}` when the answer is sent.
"""

from __future__ import annotations

import msgspec

Headers = tuple[tuple[str, str], ...]


class Truth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a perfect sweep would say. `maker`, `brand`, `model` are None where the wire cannot show them.

    `status` is the verdict without a policy; `notes` say why it is so in a word.
    """

    kind: str
    maker: str | None = None
    brand: str | None = None
    model: str | None = None
    firmware: str | None = None
    serial: str | None = None
    is_camera: bool | None = True
    status: str = "undetermined"
    notes: str = ""


class Route(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer of a web server.

    `auth` gives the body only to the site's own login and the challenge to everybody else. `raw` is sent byte for
    byte (Latin-1) in place of status, headers and body. `act` is a hostile way of answering (see lab.hostile).
    """

    path: str
    method: str = "GET"
    status: int = 200
    reason: str | None = None
    headers: Headers = ()
    body: str = ""
    auth: bool = False
    raw: str | None = None
    act: str | None = None


class Http(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A web server. `ports` are plain, `tls_ports` under TLS with the device's certificate.

    `challenge` are the WWW-Authenticate values of a refusal. `query` says that a route's path is compared with the
    query string left on. `requests` is how many requests one connection may carry (1: closes after each answer).
    """

    ports: tuple[int, ...] = ()
    tls_ports: tuple[int, ...] = ()
    headers: Headers = ()
    challenge: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    missing: Route = Route(path="*", status=404, body="<html><body>404 Not Found</body></html>")
    refused: str = ""
    requests: int = 100
    version: str = "HTTP/1.1"


class Tls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The certificate: RFC 4514 subject and issuer ("" = self-signed). `key` is rsa1024, rsa2048 or ec.

    `old` speaks TLS 1.0 and nothing newer.
    """

    subject: str
    issuer: str = ""
    san: tuple[str, ...] = ()
    key: str = "rsa2048"
    old: bool = False
    days: int = 3650


class Rtsp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An RTSP server. `open` gives the stream description to everybody."""

    ports: tuple[int, ...] = (554,)
    headers: Headers = ()
    public: str = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"
    challenge: tuple[str, ...] = ()
    open: bool = False
    options_status: int = 200
    sdp: str = ""


class VideoSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A video source of the media service: a camera's sensor, or a recorder's channel."""

    token: str
    name: str = ""
    width: int = 1920
    height: int = 1080


class Onvif(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An ONVIF device service on the ports of the web server.

    The operations of access class PRE_AUTH (ONVIF Core Specification, 5.9.4.4) are open; `open` names further ones
    that this device leaves open. `refuse` is "fault" (SOAP fault ter:NotAuthorized), "http" (401 Digest) or "redirect"
    (307 to `xaddr`). `services` are (namespace, path). `xaddr` is the authority in every address given out ("" = the
    device's own). `sources` are the channels of a recorder; `flood` adds so many made-up ones.
    """

    path: str = "/onvif/device_service"
    ports: tuple[int, ...] = ()
    prefix: str = "SOAP-ENV"
    namespaces: dict[str, str] = {}
    open: tuple[str, ...] = ()
    refuse: str = "fault"
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""
    hardware: str = ""
    hostname: str = ""
    services: tuple[tuple[str, str], ...] = ()
    scopes: tuple[str, ...] = ()
    xaddr: str = ""
    sources: tuple[VideoSource, ...] = ()
    flood: int = 0


class WsDiscovery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A WS-Discovery target. `answers` are the local type names it replies to; "" is the probe without a type."""

    types: str = "dn:NetworkVideoTransmitter"
    namespaces: dict[str, str] = msgspec.field(
        default_factory=lambda: {"dn": "http://www.onvif.org/ver10/network/wsdl"}
    )
    scopes: tuple[str, ...] = ()
    xaddrs: tuple[str, ...] = ()
    endpoint: str = "urn:uuid:{{uuid}}"
    prefix: str = "SOAP-ENV"
    answers: tuple[str, ...] = ("", "NetworkVideoTransmitter", "Device")
    raw: str | None = None


class MdnsService(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One service, e.g. type "_axis-video._tcp.local.", name "AXIS M1135 - B8A44F010203"."""

    type: str
    name: str
    port: int
    txt: dict[str, str] = {}


class Mdns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An mDNS responder; `host` ends in ".local."."""

    host: str
    services: tuple[MdnsService, ...] = ()


class Ssdp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A UPnP device: SERVER, LOCATION and the targets that it answers to (ssdp:all always)."""

    server: str
    location: str
    targets: tuple[str, ...] = ("upnp:rootdevice",)
    uuid: str = "{{uuid}}"


class Snmp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An SNMP agent. `engine_id` in hex, "" = no SNMPv3. `community` "" = no v1/v2c.

    Values in `oids`: plain text, "oid:1.3.6…", "ticks:123", "int:1", "hex:4419b6…". `contexts` are further views, by
    what stands behind "@" in the community.
    """

    engine_id: str = ""
    community: str = ""
    oids: dict[str, str] = {}
    contexts: dict[str, dict[str, str]] = {}


class Bridge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A switch: `ports` for devices, one more as `uplink`. `silent` are MACs of devices that answer nothing at all.

    The tables of its SNMP agent are made from the site (lab.bridge); all devices are in VLAN `vlan`.
    """

    ports: int = 24
    port: str = "FastEthernet0/"
    short: str = "Fa0/"
    uplink: str = "GigabitEthernet0/1"
    uplink_short: str = "Gi0/1"
    vlan: int = 20
    silent: tuple[str, ...] = ()


class Tcp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A TCP service that says `banner` (Latin-1) and then only listens; "" = silent. `flood` never stops talking."""

    port: int
    banner: str = ""
    flood: bool = False


class Vendor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vendor's own discovery protocol, by its name in `scanner.wire.vendor`: `body` (XML, JSON) or `fields`.

    `{{relates}}` in the body is the number of the question.
    """

    protocol: str
    body: str = ""
    fields: dict[str, str] = {}


class DeviceSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One device at one address, all its values filled in. `lldp` is how it describes itself to its switch.

    `late`: seconds by which it answers later than others, to datagrams and to HTTP requests.
    After `lockout` wrong logins it refuses every further one, the right one too; 0 = never.
    """

    key: str
    title: str
    host: str
    mac: str
    truth: Truth
    backlog: int = 5
    late: float = 0.0
    lockout: int = 0
    http: tuple[Http, ...] = ()
    tls: Tls | None = None
    rtsp: tuple[Rtsp, ...] = ()
    onvif: Onvif | None = None
    wsd: WsDiscovery | None = None
    mdns: Mdns | None = None
    ssdp: Ssdp | None = None
    snmp: Snmp | None = None
    bridge: Bridge | None = None
    lldp: str = ""
    tcp: tuple[Tcp, ...] = ()
    vendor: tuple[Vendor, ...] = ()


class Site(msgspec.Struct, frozen=True):
    """Devices, the scope they lie in, the site's own login and SNMP community, and addresses nobody may be sent to.

    A decoy is an address outside the scope that some device names in a redirect or an XAddr.
    """

    name: str
    scope: tuple[str, ...]
    devices: tuple[DeviceSpec, ...]
    user: str = "viewer"
    password: str = ""
    community: str = ""
    decoys: tuple[str, ...] = ()
