"""ONVIF: pre-auth operations open, the others refused in the device's own way, settings noted."""

from __future__ import annotations

import pytest

from scanner.lab.onvif import OPERATIONS, PRE_AUTH
from scanner.lab.sites import device_files, make_device
from scanner.lab.soap import read_call
from scanner.wire.onvif import build_request
from tests.lab.kit import PASSWORD, Visit, digest, header, soap, token, visit

PATH = "/onvif/device_service"


def test_the_pre_auth_operations_are_open() -> None:
    async def talk(device: Visit) -> None:
        for operation in sorted(PRE_AUTH):
            answer = await device.post(PATH, soap(operation))
            assert b"200 OK" in answer, operation
            assert f"{operation}Response".encode() in answer
        assert f"http://{device.host}/onvif/Media".encode() in await device.post(PATH, soap("GetServices"))
        assert device.kinds() == []

    visit("hikvision-camera", talk)


@pytest.mark.parametrize(
    ("key", "port", "status", "text"),
    [
        ("hikvision-camera", 80, b"400", b"ter:NotAuthorized"),
        ("dahua-camera", 80, b"400", b"ter:NotAuthorized"),
        ("axis-camera", 80, b"401", b'Digest realm="AXIS_'),
        ("xiongmai-camera", 8899, b"200", b"<tds:Manufacturer>H264</tds:Manufacturer>"),
        ("amcrest-camera", 80, b"200", b"<tds:Manufacturer>Amcrest</tds:Manufacturer>"),
    ],
)
def test_device_information_is_refused_or_open(key: str, port: int, status: bytes, text: bytes) -> None:
    async def talk(device: Visit) -> None:
        answer = await device.post(PATH, soap("GetDeviceInformation"), port)
        assert answer.split(b" ")[1] == status
        assert text in answer
        assert device.kinds() == []

    visit(key, talk)


def test_the_sites_own_username_token_opens_it() -> None:
    async def talk(device: Visit) -> None:
        call = soap("GetDeviceInformation", token("viewer", PASSWORD))
        assert b"<tds:Model>DS-2CD2143G2-I</tds:Model>" in await device.post(PATH, call)
        assert device.kinds() == []

    visit("hikvision-camera", talk, granted=True)


def test_the_sites_own_http_digest_opens_it() -> None:
    async def talk(device: Visit) -> None:
        call = soap("GetDeviceInformation")
        challenge = header(await device.post(PATH, call), "WWW-Authenticate")
        given = digest(challenge, "POST", PATH, "viewer", PASSWORD)
        assert b"<tds:Model>M3086-V</tds:Model>" in await device.post(PATH, call, 80, f"Authorization: {given}")
        assert device.kinds() == []

    visit("axis-camera", talk, granted=True)


def test_a_guessed_token_and_a_setting_are_noted() -> None:
    async def talk(device: Visit) -> None:
        assert b"NotAuthorized" in await device.post(PATH, soap("GetDeviceInformation", token("admin", "12345")))
        assert b"NotAuthorized" in await device.post(PATH, soap("SystemReboot"))
        assert device.kinds() == ["login", "setting"]

    visit("hikvision-camera", talk, granted=True)


def test_xaddrs_may_name_another_host() -> None:
    async def talk(device: Visit) -> None:
        assert b"http://127.77.1.99/onvif/media_service" in await device.post(PATH, soap("GetCapabilities"))

    visit("vivotek-camera", talk)


@pytest.mark.parametrize("body", ["", "<a>", "no xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_soap_gets_a_fault(body: str) -> None:
    async def talk(device: Visit) -> None:
        assert b"ter:WellFormed" in await device.post(PATH, body)

    visit("hikvision-camera", talk)


def test_every_pre_auth_operation_can_be_answered() -> None:
    assert set(OPERATIONS) >= PRE_AUTH


def test_read_call_reads_what_it_needs() -> None:
    call = read_call(soap("GetScopes", token("a", "b")).encode())
    assert call is not None
    assert call.operation == "GetScopes"
    assert call.token is not None
    assert call.token[0] == "a"
    assert read_call(b"<a/>") is None


def test_a_recorder_has_a_source_a_channel_and_tells_how_many_before_a_login() -> None:
    async def talk(device: Visit) -> None:
        call = build_request("GetServices").decode()
        assert b'VideoSources="8"' in await device.post(PATH, call)
        assert b"<tt:VideoSources>8<" in await device.post(PATH, soap("GetCapabilities"))
        for operation in ("GetVideoSources", "GetVideoSourceConfigurations", "GetProfiles"):
            assert b"NotAuthorized" in await device.post("/onvif/media_service", soap(operation))
            call = soap(operation, token("viewer", PASSWORD))
            assert b"00007" in await device.post("/onvif/media_service", call), operation
        assert device.kinds() == []

    visit("dahua-xvr", talk, granted=True)


def test_after_too_many_wrong_logins_the_right_one_is_refused_too() -> None:
    async def talk(device: Visit) -> None:
        path = "/ISAPI/System/deviceInfo"
        challenge = header(await device.get(path), "WWW-Authenticate")

        async def ask(password: str) -> bytes:
            given = digest(challenge, "GET", path, "viewer", password)
            return await device.get(path, 80, f"Authorization: {given}")

        assert b"<model>" in await ask(PASSWORD)
        for _ in range(4):
            assert b"401" in await ask("wrong")
        assert b"<model>" in await ask(PASSWORD)
        assert b"401" in await ask("wrong")
        assert b"401" in await ask(PASSWORD)

    visit("hikvision-nvr", talk, granted=True)


def test_the_hostile_recorder_sends_logins_elsewhere() -> None:
    plan = device_files()["hostile-recorder"]
    device = make_device("hostile-recorder", plan, "127.77.0.10", 0, {"decoy": "127.77.1.99"})
    assert device.onvif is not None
    assert device.onvif.xaddr == "127.77.1.99"
