from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.places import MAX_PAIRS, places
from scanner.models import Evidence
from tests.identify.support import said


def found(evidence: Evidence) -> dict[str, list[str]]:
    """Texts by place."""
    result: dict[str, list[str]] = {}
    for place, text in places(evidence):
        result.setdefault(place, []).append(text)
    return result


def test_http() -> None:
    headers = [
        ["Server", " App-webs/ "],
        ["WWW-Authenticate", 'Digest realm="DS-2CD", nonce="n"'],
        ["WWW-Authenticate", 'Basic realm="DS-2CD"'],
        ["Set-Cookie", "SESSION=abc; path=/"],
    ]
    result = found(said("http", headers=headers, body="<html><TITLE>\n A &amp; B\n</TITLE>"))
    assert result["http.header.server"] == ["App-webs/"]
    assert result["http.realm"] == ["DS-2CD", "DS-2CD"]
    assert result["http.cookie"] == ["SESSION=abc"]
    assert result["http.title"] == ["A & B"]
    assert result["http.body"][0].startswith("<html>")


@pytest.mark.parametrize("headers", [{"Server": "x"}, ["Server: x"], [["Server", ["x"]]], [["Server", "x", 3]]])
def test_headers_in_odd_shapes(headers: object) -> None:
    assert found(said("http", headers=headers))["http.header.server"] == ["x"]


def test_a_json_body_gives_its_leaves_by_last_name() -> None:
    body = '\ufeff {"data": {"ProdNbr": "M3045", "list": [{"n": 1}, {"n": 2.5}], "on": true, "no": null}}'
    result = found(said("http", body=body))
    assert result["http.json.prodnbr"] == ["M3045"]
    assert result["http.json.n"] == ["1", "2.5"]
    assert result["http.json.on"] == ["true"]
    assert "http.json.no" not in result


def test_a_body_in_base64() -> None:
    coded = base64.b64encode("<title>Größe</title>".encode()).decode()
    assert found(said("http", body_b64=coded))["http.title"] == ["Größe"]
    latin = base64.b64encode("<title>Größe</title>".encode("latin-1")).decode()
    assert found(said("http", body_b64=latin))["http.title"] == ["Größe"]
    assert found(said("http", body_b64="*")) == {}


def test_favicons() -> None:
    assert found(said("favicon", md5="ABC0", mmh3=-12)) == {"favicon.md5": ["abc0"], "favicon.mmh3": ["-12"]}
    assert found(said("favicon", mmh3="-12")) == {"favicon.mmh3": ["-12"]}


@pytest.mark.parametrize(
    "subject",
    [
        "CN=cam\\, one,OU=DVRNVR,O=HIKVISION,C=CN",
        'CN="cam, one", OU=DVRNVR, O=HIKVISION, C=CN',
        "/C=CN/O=HIKVISION/OU=DVRNVR/CN=cam, one",
        "C=CN, O=HIKVISION+OU=DVRNVR, CN=cam, one",
    ],
)
def test_certificate_names(subject: str) -> None:
    result = found(said("tls", subject=subject, issuer="CN=ca", san=["a.example", "b.example"]))
    assert result["tls.subject"] == [subject]
    assert result["tls.subject.cn"] == ["cam, one"]
    assert result["tls.subject.o"] == ["HIKVISION"]
    assert result["tls.subject.ou"] == ["DVRNVR"]
    assert result["tls.issuer.cn"] == ["ca"]
    assert result["tls.san"] == ["a.example", "b.example"]


def test_a_slash_inside_a_part_stays() -> None:
    issuer = "OU=http://certs.example/repository/,CN=Authority"
    assert found(said("tls", issuer=issuer))["tls.issuer.ou"] == ["http://certs.example/repository/"]


def test_rtsp() -> None:
    body = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=Media Server\r\na=tool:x\r\nm=video 0\r\na=control:*\r\n"
    result = found(said("rtsp", headers=[["WWW-Authenticate", 'Basic realm="cam"']], body=body))
    assert result["rtsp.realm"] == ["cam"]
    assert result["rtsp.sdp.s"] == ["Media Server"]
    assert result["rtsp.sdp.a"] == ["tool:x", "control:*"]
    assert result["rtsp.sdp.o"] == ["- 1 1 IN IP4 0.0.0.0"]


FRAGMENT = (
    "<wsa:EndpointReference><wsa:Address>urn:uuid:1-2</wsa:Address></wsa:EndpointReference>"
    "<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>"
    "<d:Scopes>onvif://www.onvif.org/name/IP%20CAM onvif://www.onvif.org/MAC/44:19:b6:00:00:01 "
    "onvif://www.onvif.org/Profile/Streaming http://other.example/x</d:Scopes>"
    "<d:XAddrs>http://198.51.100.9/onvif</d:XAddrs>"
)


@pytest.mark.parametrize(
    "xml",
    [
        FRAGMENT,
        f"<d:ProbeMatches><d:ProbeMatch>{FRAGMENT}</d:ProbeMatch></d:ProbeMatches>",
        '<?xml version="1.0"?><Envelope xmlns:d="urn:d" xmlns:wsa="urn:a"><Body><d:Hello>'
        + FRAGMENT
        + "</d:Hello></Body></Envelope>",
    ],
)
def test_ws_discovery_whole_and_in_fragments(xml: str) -> None:
    result = found(said("ws-discovery", xml=xml, fragment=True, scopes=["ignored"]))
    assert result["ws-discovery.types"] == ["dn:NetworkVideoTransmitter tds:Device"]
    assert result["ws-discovery.scope.name"] == ["IP CAM"]
    assert result["ws-discovery.scope.mac"] == ["44:19:b6:00:00:01"]
    assert result["ws-discovery.scope.profile"] == ["Streaming"]
    assert "http://other.example/x" in result["ws-discovery.scope"]
    assert result["ws-discovery.endpoint"] == ["urn:uuid:1-2"]
    assert result["ws-discovery.xaddrs"] == ["http://198.51.100.9/onvif"]
    assert result["ws-discovery.xml"] == [xml]


def test_onvif_answers() -> None:
    information = (
        "<s:Body><tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer><tds:Model>A1</tds:Model>"
        "<tds:FirmwareVersion>1.2</tds:FirmwareVersion><tds:SerialNumber>7</tds:SerialNumber>"
        "<tds:HardwareId>h</tds:HardwareId></tds:GetDeviceInformationResponse></s:Body>"
    )
    result = found(said("onvif", operation="GetDeviceInformation", xml=information, rewrapped=True))
    assert [result[f"onvif.{name}"] for name in ("manufacturer", "model", "firmware", "serial", "hardware")] == [
        ["Acme"],
        ["A1"],
        ["1.2"],
        ["7"],
        ["h"],
    ]
    host = "<r><HostnameInformation><FromDHCP>true</FromDHCP><Name>cam-7</Name></HostnameInformation></r>"
    assert found(said("onvif", operation="GetHostname", xml=host))["onvif.hostname"] == ["cam-7"]
    scopes = "<r><Scopes><ScopeItem>onvif://www.onvif.org/hardware/A1</ScopeItem></Scopes></r>"
    assert found(said("onvif", operation="GetScopes", xml=scopes))["onvif.scope.hardware"] == ["A1"]
    reference = "<r><GUID>urn:uuid:9</GUID></r>"
    assert found(said("onvif", operation="GetEndpointReference", xml=reference))["onvif.endpoint"] == ["urn:uuid:9"]


@pytest.mark.parametrize(
    ("name", "service", "instance"),
    [
        ("AXIS M5014 - ACCC8E._rtsp._tcp.local.", "_rtsp._tcp.local.", "AXIS M5014 - ACCC8E"),
        ("hp envy._ipp._tcp.local", "_ipp._tcp.local", "hp envy"),
        ("DS-2CD2686", "", "DS-2CD2686"),
        ("cam._http._tcp.local.", "_other._tcp.local.", "cam"),
    ],
)
def test_mdns_names(name: str, service: str, instance: str) -> None:
    assert found(said("mdns", name=name, service=service))["mdns.name"] == [instance]


def test_mdns_txt() -> None:
    result = found(said("mdns", txt={"macAddress": "00408C", "n": 3}))
    assert result["mdns.txt"] == ["macAddress=00408C", "n=3"]
    assert result["mdns.txt.macaddress"] == ["00408C"]


def test_upnp_and_ssdp() -> None:
    xml = "<root><device><manufacturer>AXIS</manufacturer><modelURL>u</modelURL><UDN>uuid:1</UDN></device></root>"
    result = found(said("upnp", xml=xml))
    assert (result["upnp.manufacturer"], result["upnp.modelurl"], result["upnp.udn"]) == (["AXIS"], ["u"], ["uuid:1"])
    assert found(said("ssdp", headers=[["SERVER", "Linux"]]))["ssdp.header.server"] == ["Linux"]


def test_snmp() -> None:
    oids = {".1.3.6.1.2.1.1.1.0": "AXIS", "1.3.6.1.2.1.1.2.0": ".1.3.6.1.4.1.368", "1.3.6.1.2.1.1.5.0": "cam", "1.9": 4}
    result = found(said("snmp", oids=oids, engine_id="0x80:00:01"))
    assert result["snmp.sysdescr"] == ["AXIS"]
    assert result["snmp.sysobjectid"] == ["1.3.6.1.4.1.368"]
    assert result["snmp.sysname"] == ["cam"]
    assert "1.9=4" in result["snmp.oid"]
    assert result["snmp.engine_id"] == ["800001"]


@pytest.mark.parametrize("text", ["220 AXIS P1346 ready.\r\n", "AXIS P1346 ready."])
def test_a_banner_with_and_without_its_code(text: str) -> None:
    result = found(said("banner", port=21, text=text))
    assert "AXIS P1346 ready." in result["banner"]
    assert result["banner"] == result["banner.ftp"]


@pytest.mark.parametrize("text", ["Server: Acme SIP/1.2", "user-agent:Acme SIP/1.2\r\n", "Acme SIP/1.2"])
def test_a_banner_with_and_without_its_header_name(text: str) -> None:
    assert "Acme SIP/1.2" in found(said("banner", port=5060, text=text))["banner.sip"]


def test_a_banner_that_is_only_a_header_name_stays() -> None:
    assert found(said("banner", text="Server:"))["banner"] == ["Server:"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[1;1H\x1b[7m Acme 642 \x1b[0m\r\nPassword:", "Acme 642 \r\nPassword:"),
        ("Acme\x1b[3;1HModel 5", "Acme\nModel 5"),
        ("\xff\xfd\x01\xff\xfb\x03Acme login:\x00", "Acme login:"),
        ("220 Ac\x08me\x1b(B ready", "Acme ready"),
        ("****\\r\\n* Acme *\\n****", "****\n* Acme *\n****"),
    ],
)
def test_a_banner_also_comes_as_it_is_seen_on_a_terminal(text: str, shown: str) -> None:
    result = found(said("banner", port=23, text=text))
    assert shown in result["banner.telnet"]
    assert text.strip() in result["banner.telnet"]


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("220 Acme 642 FTP server ready.", "Acme 642"),
        ("220 Welcome to Acme RT-5 FTP service.", "Acme RT-5"),
        ("Linux 2.6\r\nacme-1 login:", "acme-1"),
        ("\x1b[2Jacme-1 login: ", "acme-1"),
    ],
)
def test_what_a_banner_calls_its_device_also_comes_alone(text: str, called: str) -> None:
    assert called in found(said("banner", port=21, text=text))["banner.ftp"]


@pytest.mark.parametrize("text", ["login:", "220 FTP server ready."])
def test_a_banner_without_a_name_has_none(text: str) -> None:
    assert not {"login:", "FTP", "220"} & set(found(said("banner", port=21, text=text))["banner.ftp"]) - {text}


def test_a_banner_of_codes_alone_stays() -> None:
    assert found(said("banner", text="\x1b[2J"))["banner"] == ["\x1b[2J"]


def test_dhcp() -> None:
    result = found(said("dhcp", vendor_class="AXIS,Camera", hostname="axis-1", params=[1, 3, "6"]))
    assert result == {"dhcp.vendor_class": ["AXIS,Camera"], "dhcp.hostname": ["axis-1"], "dhcp.params": ["1,3,6"]}


def test_vendor_protocols() -> None:
    sadp = found(said("sadp", xml="<ProbeMatch><DeviceSN>DS-2CD1</DeviceSN><MAC>44-19</MAC></ProbeMatch>"))
    assert (sadp["sadp.devicesn"], sadp["sadp.mac"]) == (["DS-2CD1"], ["44-19"])
    dhip = found(said("dhip", json={"params": {"deviceInfo": {"DeviceType": "IPC-HDW"}}}))
    assert dhip["dhip.devicetype"] == ["IPC-HDW"]
    ubnt = found(said("ubnt", port=10001, fields={"model": "UVC"}, hex="0100"))
    assert (ubnt["ubnt.model"], ubnt["ubnt.hex"]) == (["UVC"], ["0100"])
    made_up = found(said("made-up", text="hello", name="n", json='{"a": "b"}'))
    assert made_up == {"made-up.a": ["b"], "made-up.name": ["n"], "made-up.text": ["hello"]}


@pytest.mark.parametrize("xml", ["", "<", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "\x00\x01", "<a>" * 500])
def test_xml_that_is_none_gives_no_parts(xml: str) -> None:
    for protocol in ("ws-discovery", "onvif", "upnp", "sadp"):
        assert all(place.endswith(".xml") for place, _ in places(said(protocol, xml=xml)) if place != "upnp.a")


def test_one_record_gives_so_many_pairs_at_most() -> None:
    many = [["X-A", "v"]] * 50_000
    assert len(places(said("http", headers=many))) == MAX_PAIRS
    deep: Any = "leaf"
    for _ in range(100):
        deep = {"k": deep}
    assert places(said("dhip", json=deep)) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELD_NAMES = st.sampled_from(
    ["port", "path", "headers", "body", "body_b64", "xml", "json", "fields", "text", "hex", "oids", "engine_id", "mac",
     "subject", "issuer", "san", "md5", "mmh3", "txt", "name", "service", "host", "operation", "params", "vendor_class"]
)  # fmt: skip
PROTOCOLS = st.sampled_from(
    ["http", "favicon", "tls", "rtsp", "ws-discovery", "onvif", "mdns", "ssdp", "upnp", "snmp", "sadp", "dhip", "dvrip",
     "tplink", "ubnt", "banner", "mac", "dhcp", "port", "something"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(PROTOCOLS, st.dictionaries(FIELD_NAMES, JSON, max_size=6))
def test_no_fields_make_it_raise(protocol: str, fields: dict[str, Any]) -> None:
    for place, text in places(Evidence("h", protocol, fields)):
        assert place == place.lower()
        assert text
