"""ONVIF before the login."""

from __future__ import annotations

import pytest

from scanner.wire import onvif
from scanner.wire.xml import parse_xml, texts

OPERATIONS = onvif.PRE_AUTH_OPERATIONS + onvif.READ_SYSTEM_OPERATIONS


@pytest.mark.parametrize("operation", OPERATIONS)
def test_requests_read_and_carry_no_login(operation: str) -> None:
    request = onvif.build_request(operation)
    assert operation.startswith("Get")
    assert onvif.operation_of(request) == operation
    assert b"Security" not in request
    assert b"\n" not in request
    assert onvif.content_type(operation).endswith(f'action="http://www.onvif.org/ver10/device/wsdl/{operation}"')


def test_required_arguments() -> None:
    assert texts(parse_xml(onvif.build_request("GetServices")), "IncludeCapability") == ["true"]
    assert texts(parse_xml(onvif.build_request("GetCapabilities")), "Category") == ["All"]


@pytest.mark.parametrize("operation", ["SetHostname", "SystemReboot", "GetUsers", ""])
def test_other_operations_are_refused(operation: str) -> None:
    with pytest.raises(ValueError, match="not one of"):
        onvif.build_request(operation)
    with pytest.raises(ValueError, match="not one of"):
        onvif.content_type(operation)


def test_device_information() -> None:
    answer = (
        "<s:Body><tds:GetDeviceInformationResponse><tds:Manufacturer>H264</tds:Manufacturer>"
        "<tds:Model>XM530</tds:Model><tds:HardwareId/></tds:GetDeviceInformationResponse></s:Body>"
    )
    assert onvif.device_information(answer) == {"Manufacturer": "H264", "Model": "XM530"}
    assert onvif.device_information("<Fault/>") == {}


def test_scopes_hostname_endpoint() -> None:
    assert onvif.scopes("<r><s><tt:ScopeItem>onvif://a</tt:ScopeItem></s><tt:ScopeItem>b</tt:ScopeItem></r>") == [
        "onvif://a",
        "b",
    ]
    host = "<r><tds:HostnameInformation><tt:Name>HKVISION</tt:Name></tds:HostnameInformation></r>"
    assert onvif.hostname(host) == "HKVISION"
    assert onvif.hostname("<r><HostnameInformation><FromDHCP>true</FromDHCP></HostnameInformation></r>") is None
    assert onvif.endpoint("<r><tds:GUID>urn:uuid:1</tds:GUID></r>") == "urn:uuid:1"
    assert onvif.endpoint("<r><a:Address>urn:uuid:2</a:Address></r>") == "urn:uuid:2"
    assert onvif.endpoint("<r/>") is None


def test_services() -> None:
    services = "<r><Service><Namespace>urn:a</Namespace><XAddr>http://h/a</XAddr></Service><XAddr>http://h/b</XAddr><XAddr>http://h/a</XAddr></r>"
    assert onvif.service_addresses(services) == ["http://h/a", "http://h/b"]
    assert onvif.namespaces(services) == ["urn:a"]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (
            "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode>"
            "</s:Code><s:Reason><s:Text>Sender not Authorized</s:Text></s:Reason>"
            "<s:Detail><Value>not a code</Value></s:Detail></s:Fault>",
            "ter:NotAuthorized",
        ),
        (
            "<SOAP-ENV:Fault><faultcode>SOAP-ENV:Client</faultcode><faultstring>no</faultstring></SOAP-ENV:Fault>",
            "SOAP-ENV:Client",
        ),
        ("<Fault><Reason><Text>only words</Text></Reason></Fault>", "only words"),
        ("<Fault/>", "fault"),
        ("<GetScopesResponse/>", None),
    ],
)
def test_fault(xml: str, expected: str | None) -> None:
    assert onvif.fault(xml) == expected
