"""What may be shared: a device's identity and its owner's data are gone, what tells a maker is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.engine import identify
from scanner.identify.names import Names
from scanner.identify.pseudonyms import Pseudonyms
from scanner.identify.redact import LEFT_OUT, Redactor, unknown_devices
from scanner.models import Evidence
from scanner.text import normalise_mac
from tests.identify.support import ACME_MAC, ACME_RTSP, realm, rtsp, said, small_rules, title
from tests.identify.test_places import FIELD_NAMES, JSON, PROTOCOLS

RULES = small_rules()
KEY = b"k" * 32
UUID = "12345678-1234-4234-8234-56789abc0000"


def redact(*records: Evidence, key: bytes = KEY) -> list[dict[str, Any]]:
    redactor = Redactor(Pseudonyms(key), Names(RULES))
    redactor.device(identify(records, RULES))
    return [kept.to_object() for record in records if (kept := redactor.record(record)) is not None]


def body(text: str) -> str:
    (kept,) = redact(said("http", port=80, path="/", headers=[], body=text))
    return str(kept["body"])


def test_addresses_macs_serials_and_uuids_are_gone_wherever_they_stand() -> None:
    records = (
        realm("Acme login WXYZ123456"),
        said("mac", mac=ACME_MAC),
        said(
            "http", port=80, headers=[["Location", "http://198.51.100.10/x"]], body=f"a WXYZ123456 {ACME_MAC.upper()}"
        ),
        said("upnp", xml=f"<root><UDN>uuid:{UUID}</UDN><serialNumber>WXYZ123456</serialNumber></root>"),
        said("dhcp", hostname="bob-laptop", vendor_class="Acme"),
    )
    text = json.dumps(redact(*records))
    for secret in ("198.51.100.10", "WXYZ123456", ACME_MAC, ACME_MAC.upper(), UUID, "bob"):
        assert secret not in text
    assert "Acme login WXYZ1" in text  # the beginning of a serial tells a maker
    assert "44:19:b6:" in text  # and so does the prefix of a MAC
    assert "44:19:B6:" in text


def test_the_same_value_has_one_stand_in_and_other_keys_have_others() -> None:
    mac = said("mac", mac=ACME_MAC)
    first, again, other = redact(mac), redact(mac), redact(mac, key=b"x" * 32)
    assert first == again
    assert first[0]["mac"] != other[0]["mac"]
    assert first[0]["host"] != other[0]["host"]


def test_what_tells_a_maker_stays() -> None:
    server, page = redact(rtsp(ACME_RTSP), title("Acme Viewer"))
    assert server["headers"] == [["Server", ACME_RTSP]]
    assert page["body"] == "<title>Acme Viewer</title>"


@pytest.mark.parametrize(
    ("text", "gone", "kept"),
    [
        ("serial=ABC123456789 next", "123456789", "next"),
        ('{"serialNumber": "ABC123456789", "model": "X-1"}', "ABC123456789", "X-1"),
        ("<SerialNumber>ABC123456789</SerialNumber><Model>X-1</Model>", "ABC123456789", "<Model>X-1</Model>"),
        ("<td>Serial Number</td>\n<td>ABC123456789</td><td>X-1</td>", "ABC123456789", "<td>X-1</td>"),
        ("serial ABC123456789 of X-1", "ABC123456789", "of X-1"),
        ("S/N: ABC123456789, X-1", "ABC123456789", ", X-1"),
        ("Serial port ABCDEFG of X-1", "none", "port ABCDEFG"),
        ("var deviceName='Bobs garage'; var x=1", "Bobs", "var x=1"),
        ("write to bob@corp.example now", "bob@corp", "now"),
        ("<password>hunter2</password>", "hunter2", "password"),
        ("wifi_psk=secret123&channel=6", "secret123", "channel=6"),
        ('ssid="Bob\'s home"', "home", "ssid"),
        ("<Location>Berlin, 2nd floor</Location>", "Berlin", "Location"),
        ("rtsp://10.1.2.3:554/live", "10.1.2.3", ":554/live"),
        ("rtsp://8.8.4.4/live", "8.8.4.4", "/live"),
        ("fe80::1a2b:3c4d:5e6f:7a8b", "1a2b:3c4d", ""),
        ("gateway 192.168.1.1, build 5", "192.168.1.1", "build 5"),
    ],
)
def test_in_free_text(text: str, gone: str, kept: str) -> None:
    redacted = body(text)
    assert gone not in redacted
    assert kept in redacted


@pytest.mark.parametrize(
    "text",
    ["firmware V5.4.5.12 build 170124", "version 2.4.6.8", "1.3.6.1.4.1.39165.1", "Server: Boa/0.94.14rc21",
     "<title>Network Camera</title>", "model=DS-2CD2142FWD-I", "v=0\r\no=- 1 1 IN IP4 127.0.0.1"],
)  # fmt: skip
def test_versions_and_models_stay(text: str) -> None:
    assert body(text) == text


def test_owners_names_and_places() -> None:
    scopes = "onvif://www.onvif.org/name/Bobs%20Garage%20AC-200 onvif://www.onvif.org/location/Berlin"
    system = "1.3.6.1.2.1.1."
    records = redact(
        said("snmp", oids={f"{system}5.0": "bobs-cam", f"{system}6.0": "Main street 5", f"{system}1.0": "Acme"}),
        said("ws-discovery", xml=f"<ProbeMatch><Scopes>{scopes}</Scopes></ProbeMatch>"),
        said("mdns", service="_http._tcp.local.", name="Bobs Cam", txt={"mac": "00:62:6e:12:34:56", "path": "/"}),
        said("http", headers=[["Set-Cookie", "sid=deadbeef; path=/"], ["Authorization", "Basic Ym9iOng="]], body=""),
    )  # fmt: skip
    text = json.dumps(records)
    for secret in ("obs", "Garage", "Berlin", "Main", "deadbeef", "Ym9iOng", "12:34:56"):
        assert secret not in text, secret
    assert records[0]["oids"]["1.3.6.1.2.1.1.1.0"] == "Acme"
    assert records[0]["oids"]["1.3.6.1.2.1.1.6.0"] == LEFT_OUT
    assert "AC-200" in text
    assert "sid=" in text


def test_a_name_of_a_kind_and_a_mac_keeps_its_form() -> None:
    records = (said("mac", mac=ACME_MAC), said("mdns", service="_x._tcp.local.", name="Doorstation - 4419B6000001"))
    named = redact(*records)[1]["name"]
    assert named.startswith("Doorstation - 4419B6")
    assert not named.endswith("000001")


def test_a_uuid_within_a_header_stays_one() -> None:
    usn = f"uuid:{UUID}::upnp:rootdevice"
    (kept,) = redact(said("ssdp", headers=[["USN", usn]]))
    name, value = kept["headers"][0]
    assert name == "USN"
    assert value.startswith("uuid:")
    assert value.endswith("::upnp:rootdevice")
    assert UUID not in value
    assert len(value) == len(usn)


def test_what_tells_of_the_network_is_left_out() -> None:
    assert redact(said("switch-port", mac=ACME_MAC, switch="10.0.0.1", port="Gi0/1")) == []


def test_pseudonyms_keep_their_form() -> None:
    made = Pseudonyms(KEY)
    for mac in (ACME_MAC, ACME_MAC.upper(), "44-19-B6-00-00-01", "4419b6000001", "4419.b600.0001", "44:19:b6:0:0:1"):
        assert made.mac(mac) != mac
        assert normalise_mac(made.mac(mac)) == normalise_mac(made.mac(ACME_MAC))
        assert made.mac(mac)[:2] == "44"
    assert made.serial("DS-2CD2142FWD-I20170124AAWR123456789").startswith("DS-2CD21")
    assert len(made.serial("ABC123456")) == 9
    assert made.uuid(UUID)[14] == "4"
    assert len(made.uuid(UUID)) == 36
    assert made.address("198.51.100.1").startswith(("198.18.", "198.19."))
    assert made.address("2001:db8:5::1").startswith("2001:db8:")
    assert made.address("cam.example").startswith("host-")


def test_no_two_devices_get_one_address() -> None:
    made = Pseudonyms(KEY)
    known = {made.address(f"10.{n // 256}.{n % 256}.1") for n in range(2000)}
    assert len(known) == 2000


def test_what_is_unknown() -> None:
    camera = identify([title("BOLT camera", "198.51.100.1")], RULES)
    printer = identify([title("a printer", "198.51.100.2")], RULES)
    open_camera = identify([said("dhip", "198.51.100.3", json={"x": "y"})], RULES)
    assert camera.maker == "Bolt"
    assert unknown_devices([camera, printer, open_camera]) == [open_camera]


@given(PROTOCOLS, st.dictionaries(FIELD_NAMES, JSON, max_size=4))
@settings(max_examples=30, deadline=None)
def test_any_record_is_redacted_to_a_record(protocol: str, fields: dict[str, Any]) -> None:
    for each in redact(Evidence("198.51.100.10", protocol, fields)):
        assert Evidence.from_object(json.loads(json.dumps(each))).host != "198.51.100.10"


@pytest.mark.parametrize(
    "unit", ["serial=", "<a ", "198.51.100.", "aa:", "a@a.", "onvif://www.onvif.org/name/", '"x":"']
)
def test_hostile_texts_come_to_an_end(unit: str) -> None:
    assert body(unit * (16_000 // len(unit)))
