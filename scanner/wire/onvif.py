"""ONVIF device service: the reads that are asked before any login, and what their answers say (ONVIF Core §5.9, §8).

Every operation here only reads; PRE_AUTH ones need no login by the specification, READ_SYSTEM ones are asked
once without one, because many devices answer all the same and the refusal tells something too.
"""

from __future__ import annotations

from scanner.wire.xml import find_all, first_text, local_name, own_text, parse_xml, texts

PRE_AUTH_OPERATIONS = (
    "GetSystemDateAndTime",
    "GetCapabilities",
    "GetServices",
    "GetServiceCapabilities",
    "GetHostname",
    "GetEndpointReference",
    "GetWsdlUrl",
)
READ_SYSTEM_OPERATIONS = ("GetDeviceInformation", "GetScopes", "GetNetworkInterfaces")
DEVICE_PATH = "/onvif/device_service"

_DEVICE = "http://www.onvif.org/ver10/device/wsdl"
_ARGUMENTS = {
    "GetCapabilities": "<tds:Category>All</tds:Category>",
    "GetServices": "<tds:IncludeCapability>true</tds:IncludeCapability>",
}
_INFORMATION = ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber", "HardwareId")


def build_request(operation: str) -> bytes:
    """The SOAP 1.2 envelope of one of the operations above, on one line, without a security header."""
    _known(operation)
    arguments = _ARGUMENTS.get(operation, "")
    call = f"<tds:{operation}>{arguments}</tds:{operation}>" if arguments else f"<tds:{operation}/>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        f'xmlns:tds="{_DEVICE}"><s:Body>{call}</s:Body></s:Envelope>'
    ).encode()


def content_type(operation: str) -> str:
    """The Content-Type of the request, with its SOAP action."""
    _known(operation)
    return f'application/soap+xml; charset=utf-8; action="{_DEVICE}/{operation}"'


def _known(operation: str) -> None:
    if operation not in PRE_AUTH_OPERATIONS and operation not in READ_SYSTEM_OPERATIONS:
        raise ValueError(f"{operation!r} is not one of the operations that are asked without a login")


def device_information(xml: bytes | str) -> dict[str, str]:
    """Manufacturer, Model, FirmwareVersion, SerialNumber, HardwareId as far as given. WireError: no XML."""
    root = parse_xml(xml)
    answers = find_all(root, "GetDeviceInformationResponse")
    found = {name: first_text(answers[0] if answers else root, name) for name in _INFORMATION}
    return {name: text for name, text in found.items() if text}


def scopes(xml: bytes | str) -> list[str]:
    """The scopes of a GetScopesResponse, as sent. WireError: no XML."""
    return texts(parse_xml(xml), "ScopeItem")


def hostname(xml: bytes | str) -> str | None:
    """The name of a GetHostnameResponse. WireError: no XML."""
    for information in find_all(parse_xml(xml), "HostnameInformation"):
        if name := first_text(information, "Name"):
            return name
    return None


def endpoint(xml: bytes | str) -> str | None:
    """The address (mostly a UUID) of a GetEndpointReferenceResponse. WireError: no XML."""
    root = parse_xml(xml)
    return first_text(root, "GUID") or first_text(root, "Address")


def fault(xml: bytes | str) -> str | None:
    """The most specific code of a SOAP fault ("ter:NotAuthorized"), its text where it has none. WireError: no XML."""
    faults = find_all(parse_xml(xml), "Fault")
    if not faults:
        return None
    codes = [text for code in find_all(faults[0], "Code")[:1] for text in texts(code, "Value")]
    codes = codes or texts(faults[0], "faultcode")
    return codes[-1] if codes else first_text(faults[0], "Text") or first_text(faults[0], "faultstring") or "fault"


def service_addresses(xml: bytes | str) -> list[str]:
    """The different XAddrs of a GetServices or GetCapabilities answer, in order. WireError: no XML."""
    return list(dict.fromkeys(texts(parse_xml(xml), "XAddr")))


_CAPABILITIES = {
    "Device": _DEVICE,
    "Media": "http://www.onvif.org/ver10/media/wsdl",
    "DeviceIO": "http://www.onvif.org/ver10/deviceIO/wsdl",
}


def services(xml: bytes | str) -> dict[str, str]:
    """Namespace → XAddr of a GetServices or GetCapabilities answer (of the latter, those that are asked). WireError."""
    root = parse_xml(xml)
    found: dict[str, str] = {}
    for service in find_all(root, "Service"):
        namespace, address = first_text(service, "Namespace"), first_text(service, "XAddr")
        if namespace and address:
            found.setdefault(namespace, address)
    for name, namespace in _CAPABILITIES.items():
        for part in find_all(root, name):
            if address := first_text(part, "XAddr"):
                found.setdefault(namespace, address)
    return found


def operation_of(xml: bytes | str) -> str | None:
    """The operation that a request asks for: the first element of its Body. WireError: no XML."""
    for body in find_all(parse_xml(xml), "Body"):
        for child in body.iterchildren("*"):
            return local_name(child)
    return None


def namespaces(xml: bytes | str) -> list[str]:
    """The Namespace texts of a GetServicesResponse: which services, and whose extensions. WireError: no XML."""
    return [own_text(element) for element in find_all(parse_xml(xml), "Namespace") if own_text(element)]
