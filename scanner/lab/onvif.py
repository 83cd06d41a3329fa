"""The ONVIF device service of the lab: which operations are open, how the others are refused.

Access classes: ONVIF Core Specification 5.9.4.4; shapes: devicemgmt.wsdl and onvif.xsd, version 2.x.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from xml.sax.saxutils import escape

from scanner.lab import onvif_media
from scanner.lab.manners import soap_setting
from scanner.lab.soap import Call, read_call
from scanner.lab.spec import DeviceSpec, Onvif
from scanner.lab.station import Connection, Station

PRE_AUTH = frozenset(
    {
        "GetSystemDateAndTime", "GetCapabilities", "GetServices", "GetServiceCapabilities", "GetHostname",
        "GetEndpointReference", "GetWsdlUrl",
    }
)  # fmt: skip

_REFUSED = {"fault": 400, "http": 401, "redirect": 307}
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
_NAMESPACES = {
    "tds": DEVICE,
    "tt": "http://www.onvif.org/ver10/schema",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tmd": "http://www.onvif.org/ver10/deviceIO/wsdl",
    "ter": "http://www.onvif.org/ver10/error",
}
_CAPABILITY = {
    "http://www.onvif.org/ver20/analytics/wsdl": ("Analytics", "<tt:RuleSupport>true</tt:RuleSupport>"),
    "http://www.onvif.org/ver10/events/wsdl": (
        "Events",
        "<tt:WSSubscriptionPolicySupport>true</tt:WSSubscriptionPolicySupport>"
        "<tt:WSPullPointSupport>true</tt:WSPullPointSupport>",
    ),
    "http://www.onvif.org/ver20/imaging/wsdl": ("Imaging", ""),
    "http://www.onvif.org/ver10/media/wsdl": (
        "Media",
        "<tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP>"
        "<tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities>",
    ),
    "http://www.onvif.org/ver20/ptz/wsdl": ("PTZ", ""),
}


def is_for(spec: DeviceSpec, method: str, path: str, port: int) -> bool:
    """Whether a request goes to the device's ONVIF service."""
    if spec.onvif is None or method != "POST" or (spec.onvif.ports and port not in spec.onvif.ports):
        return False
    return path == spec.onvif.path or any(path == place for _, place in spec.onvif.services)


def answer(connection: Connection, data: bytes, authorised: bool) -> tuple[int, str]:
    """(HTTP status, SOAP answer) to a request; logins and settings are noted."""
    station = connection.station
    device = station.spec.onvif
    assert device is not None  # noqa: S101 - is_for said so
    call = read_call(data)
    if call is None or not call.operation:
        return 400, _fault(device, "ter:WellFormed", "Well-formed Error")
    connection.request("onvif", call.operation)
    if soap_setting(call.operation):
        connection.violation("setting", f"SOAP {call.operation}")
    if not (_token_is_right(connection, call) or authorised or call.operation in PRE_AUTH | set(device.open)):
        return _REFUSED.get(device.refuse, 400), _fault(device, "ter:NotAuthorized", "Sender not Authorized")
    if call.operation not in OPERATIONS:
        return 500, _fault(device, "ter:ActionNotSupported", "Optional Action Not Implemented", code="Receiver")
    if call.operation == "GetServices":
        return 200, _envelope(device, _services(station, device, detailed=call.detailed))
    return 200, _envelope(device, OPERATIONS[call.operation](station, device))


def _token_is_right(connection: Connection, call: Call) -> bool:
    if call.token is None:
        return False
    user, digest, nonce, created = call.token
    return connection.station.gate.wsse(user, digest, nonce, created, connection.port, connection.peer)


def _envelope(device: Onvif, body: str) -> str:
    prefix = device.prefix
    names = {prefix: "http://www.w3.org/2003/05/soap-envelope"} | _NAMESPACES | device.namespaces
    declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{prefix}:Envelope {declared}>'
        f"<{prefix}:Body>{body}</{prefix}:Body></{prefix}:Envelope>\n"
    )


def _fault(device: Onvif, subcode: str, reason: str, code: str = "Sender") -> str:
    p = device.prefix
    return _envelope(
        device,
        f"<{p}:Fault><{p}:Code><{p}:Value>{p}:{code}</{p}:Value><{p}:Subcode><{p}:Value>{subcode}</{p}:Value>"
        f'</{p}:Subcode></{p}:Code><{p}:Reason><{p}:Text xml:lang="en">{reason}</{p}:Text></{p}:Reason></{p}:Fault>',
    )


def _url(station: Station, device: Onvif, path: str) -> str:
    authority = device.xaddr or station.host
    if not device.xaddr and device.ports and 80 not in device.ports:
        authority = f"{authority}:{device.ports[0]}"
    return f"http://{authority}{path}"


def _tag(name: str, *texts: tuple[str, str]) -> str:
    inner = "".join(f"<tds:{field}>{escape(text)}</tds:{field}>" for field, text in texts)
    return f"<tds:{name}Response>{inner}</tds:{name}Response>"


def _system_date(_station: Station, _device: Onvif) -> str:
    now = datetime.datetime.now(datetime.UTC)
    moment = (
        f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute><tt:Second>{now.second}</tt:Second>"
        f"</tt:Time><tt:Date><tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day>"
        "</tt:Date>"
    )
    return (
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
        "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>CST-0:00:00</tt:TZ></tt:TimeZone>"
        f"<tt:UTCDateTime>{moment}</tt:UTCDateTime><tt:LocalDateTime>{moment}</tt:LocalDateTime>"
        "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


def _capabilities(station: Station, device: Onvif) -> str:
    # onvif.xsd wants the parts in the order of their names: Analytics, Device, Events, Imaging, Media, PTZ
    parts = {"Device": f"<tt:Device><tt:XAddr>{_url(station, device, device.path)}</tt:XAddr></tt:Device>"}
    for namespace, path in device.services:
        if namespace in _CAPABILITY:
            name, rest = _CAPABILITY[namespace]
            parts[name] = f"<tt:{name}><tt:XAddr>{_url(station, device, path)}</tt:XAddr>{rest}</tt:{name}>"
    inner = "".join(parts[name] for name in sorted(parts))
    for namespace, path in device.services:
        if namespace == _NAMESPACES["tmd"]:
            inner += (
                f"<tt:Extension><tt:DeviceIO><tt:XAddr>{_url(station, device, path)}</tt:XAddr>"
                f"<tt:VideoSources>{len(onvif_media.sources_of(device))}</tt:VideoSources>"
                "<tt:VideoOutputs>1</tt:VideoOutputs></tt:DeviceIO></tt:Extension>"
            )
    return f"<tds:GetCapabilitiesResponse><tds:Capabilities>{inner}</tds:Capabilities></tds:GetCapabilitiesResponse>"


def _services(station: Station, device: Onvif, *, detailed: bool = False) -> str:
    rows = "".join(
        f"<tds:Service><tds:Namespace>{namespace}</tds:Namespace><tds:XAddr>{_url(station, device, path)}</tds:XAddr>"
        f"{_inputs(device) if detailed and namespace == _NAMESPACES['tmd'] else ''}"
        "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>"
        for namespace, path in ((DEVICE, device.path), *device.services)
    )
    return f"<tds:GetServicesResponse>{rows}</tds:GetServicesResponse>"


def _inputs(device: Onvif) -> str:
    count = len(onvif_media.sources_of(device))
    return f'<tds:Capabilities><tmd:Capabilities VideoSources="{count}" AudioSources="0"/></tds:Capabilities>'


def _hostname(_station: Station, device: Onvif) -> str:
    return (
        "<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>"
        f"<tt:Name>{escape(device.hostname)}</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>"
    )


def _endpoint(station: Station, _device: Onvif) -> str:
    endpoint = station.spec.wsd.endpoint if station.spec.wsd is not None else ""
    return _tag("GetEndpointReference", ("GUID", endpoint))


def _information(_station: Station, device: Onvif) -> str:
    return _tag(
        "GetDeviceInformation",
        ("Manufacturer", device.manufacturer),
        ("Model", device.model),
        ("FirmwareVersion", device.firmware),
        ("SerialNumber", device.serial),
        ("HardwareId", device.hardware),
    )


def _scopes(_station: Station, device: Onvif) -> str:
    rows = "".join(
        f"<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>{escape(scope)}</tt:ScopeItem></tds:Scopes>"
        for scope in device.scopes
    )
    return f"<tds:GetScopesResponse>{rows}</tds:GetScopesResponse>"


def _interfaces(station: Station, _device: Onvif) -> str:
    spec = station.spec
    return (
        '<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled>'
        f"<tt:Info><tt:Name>eth0</tt:Name><tt:HwAddress>{spec.mac}</tt:HwAddress><tt:MTU>1500</tt:MTU></tt:Info>"
        "<tt:IPv4><tt:Enabled>true</tt:Enabled><tt:Config><tt:Manual>"
        f"<tt:Address>{spec.host}</tt:Address><tt:PrefixLength>24</tt:PrefixLength></tt:Manual><tt:DHCP>false</tt:DHCP>"
        "</tt:Config></tt:IPv4></tds:NetworkInterfaces></tds:GetNetworkInterfacesResponse>"
    )


def _wsdl_url(_station: Station, _device: Onvif) -> str:
    return _tag("GetWsdlUrl", ("WsdlUrl", "http://www.onvif.org/onvif/ver10/device/wsdl/devicemgmt.wsdl"))


def _service_capabilities(_station: Station, _device: Onvif) -> str:
    return (
        '<tds:GetServiceCapabilitiesResponse><tds:Capabilities><tds:Network IPFilter="true" IPVersion6="true"/>'
        '<tds:Security HttpDigest="true" UsernameToken="true"/><tds:System DiscoveryResolve="true"/>'
        "</tds:Capabilities></tds:GetServiceCapabilitiesResponse>"
    )


OPERATIONS: dict[str, Callable[[Station, Onvif], str]] = {
    "GetSystemDateAndTime": _system_date,
    "GetCapabilities": _capabilities,
    "GetServices": _services,
    "GetServiceCapabilities": _service_capabilities,
    "GetHostname": _hostname,
    "GetEndpointReference": _endpoint,
    "GetWsdlUrl": _wsdl_url,
    "GetDeviceInformation": _information,
    "GetScopes": _scopes,
    "GetNetworkInterfaces": _interfaces,
    "GetVideoSources": onvif_media.video_sources,
    "GetVideoSourceConfigurations": onvif_media.configurations,
    "GetProfiles": onvif_media.profiles,
}
