"""WS-Discovery targets of the lab (WS-Discovery 2005/04, 4.1 and 5): Probe in, ProbeMatches out."""

from __future__ import annotations

import uuid
from xml.sax.saxutils import escape

from scanner.lab.soap import Call, read_call
from scanner.lab.spec import WsDiscovery
from scanner.lab.station import Station

GROUP = "239.255.255.250"
PORT = 3702

_NAMES = {
    "wsa": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "d": "http://schemas.xmlsoap.org/ws/2005/04/discovery",
}


def answer(station: Station, target: WsDiscovery, data: bytes) -> list[bytes]:
    """The datagrams to send back to whoever sent `data`."""
    call = read_call(data)
    if call is None or call.operation != "Probe" or not matches(target, call.types):
        return []
    if target.raw is not None:
        return [station.live(target.raw).replace("{{relates}}", escape(call.message_id)).encode("utf-8", "replace")]
    return [_probe_matches(station, target, call).encode()]


def matches(target: WsDiscovery, types: str) -> bool:
    """Whether the target answers a Probe for `types` (QNames, compared by local name, as simple devices do)."""
    wanted = [name.rpartition(":")[2] for name in types.split()]
    return all(name in target.answers for name in wanted) if wanted else "" in target.answers


def _probe_matches(station: Station, target: WsDiscovery, call: Call) -> str:
    p = target.prefix
    names = {p: "http://www.w3.org/2003/05/soap-envelope"} | _NAMES | target.namespaces
    declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    scopes = escape(" ".join(target.scopes))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}:Envelope {declared}><{p}:Header>'
        f"<wsa:MessageID>uuid:{uuid.uuid4()}</wsa:MessageID><wsa:RelatesTo>{escape(call.message_id)}</wsa:RelatesTo>"
        f"<wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To>"
        f"<wsa:Action>{_NAMES['d']}/ProbeMatches</wsa:Action>"
        f'<d:AppSequence MessageNumber="{next(station.counter)}" InstanceId="1700000000"/></{p}:Header>'
        f"<{p}:Body><d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>{target.endpoint}</wsa:Address>"
        f"</wsa:EndpointReference><d:Types>{target.types}</d:Types><d:Scopes>{scopes}</d:Scopes>"
        f"<d:XAddrs>{' '.join(target.xaddrs)}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch>"
        f"</d:ProbeMatches></{p}:Body></{p}:Envelope>\n"
    )
