"""One line for people: what a device's maker (or kind) rests on."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.identify.fuse import MAC_SOURCE, Facts, source_of
from scanner.models import CAMERA_KINDS, Claim, Weight
from scanner.text import clean

_MAX_REASONS = 3
_MAX_QUOTE = 60
_RANK = {Weight.STRONG: 0, Weight.MEDIUM: 1, Weight.WEAK: 2}
_PLACES = {
    "mac.registrant": "MAC prefix registered to",
    "http.header.server": "HTTP server",
    "http.header.www-authenticate": "HTTP login challenge",
    "http.realm": "HTTP login realm",
    "http.title": "page title",
    "http.body": "page",
    "http.cookie": "cookie",
    "favicon.md5": "favicon MD5",
    "favicon.mmh3": "favicon hash",
    "tls.subject": "certificate subject",
    "tls.issuer": "certificate issuer",
    "rtsp.header.server": "RTSP server",
    "rtsp.realm": "RTSP login realm",
    "rtsp.body": "SDP",
    "snmp.sysdescr": "SNMP description",
    "snmp.sysobjectid": "SNMP object id",
    "snmp.engine_id": "SNMP engine id",
    "dhcp.vendor_class": "DHCP vendor class",
    "dhcp.hostname": "DHCP host name",
}
_ROOTS = {
    "http": "HTTP", "rtsp": "RTSP", "tls": "certificate", "onvif": "ONVIF", "ws-discovery": "WS-Discovery",
    "mdns": "mDNS", "ssdp": "SSDP", "upnp": "UPnP", "snmp": "SNMP", "dhcp": "DHCP", "sadp": "SADP", "dhip": "DHIP",
    "dvrip": "DVRIP", "tplink": "TP-Link discovery", "ubnt": "Ubiquiti discovery", "banner": "banner",
}  # fmt: skip


def why(facts: Facts, claims: Sequence[Claim]) -> str:
    """The best claim of each kind of evidence for the maker; without a maker those for brand or kind; "" if none."""
    if facts.maker:
        fields, values = ("maker", "brand"), {facts.maker}
    elif facts.is_camera is not None:
        fields, values = ("kind", "is_camera"), {*CAMERA_KINDS, "true"} if facts.is_camera else {"other", "false"}
    else:
        fields, values = ("brand", "family"), {facts.values.get("brand", ""), facts.values.get("family", "")}
    chosen: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda each: _RANK[each.weight]):
        if claim.field in fields and claim.value in values:
            chosen.setdefault(source_of(claim.where), claim)
    return "; ".join(_reason(claim) for claim in list(chosen.values())[:_MAX_REASONS])


def place_name(where: str) -> str:
    """A place of fingerprints/README.md in words: "rtsp.header.server" → "RTSP server"."""
    if where in _PLACES:
        return _PLACES[where]
    root, _, rest = where.partition(".")
    name = _ROOTS.get(root, root)
    rest = rest.removeprefix("header.").removeprefix("scope.").removeprefix("json.").replace(".", " ")
    return f"{name} {rest}".strip()


def _reason(claim: Claim) -> str:
    text = claim.text.partition(" ")[2] if source_of(claim.where) == MAC_SOURCE else claim.text
    return f'{place_name(claim.where)} "{clean(text or claim.value, _MAX_QUOTE)}"'
