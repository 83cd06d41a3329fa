"""The web servers answer as described in the device files."""

from __future__ import annotations

import asyncio

import pytest

from scanner.lab.http import Request
from tests.lab.kit import PASSWORD, Visit, digest, header, visit


def test_a_hikvision_camera_shows_server_realm_and_activation() -> None:
    async def talk(device: Visit) -> None:
        page = await device.get("/")
        assert header(page, "Server") == "App-webs/"
        assert b"doc/page/login.asp" in page
        refused = await device.get("/ISAPI/System/deviceInfo")
        assert refused.startswith(b"HTTP/1.1 401 Unauthorized\r\n")
        assert 'realm="IP Camera(' in header(refused, "WWW-Authenticate")
        assert b"<Activated>true</Activated>" in await device.get("/SDK/activateStatus")
        assert b"HTTP/1.1 404" in await device.get("/nothing")
        assert device.kinds() == []

    visit("hikvision-camera", talk)


def test_keep_alive_serves_two_requests_on_one_connection() -> None:
    async def talk(device: Visit) -> None:
        reader, writer = await device.open(80)
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert header(head, "Connection") == "keep-alive"
            await reader.readexactly(int(header(head, "Content-Length")))
        writer.close()
        assert device.lab.record.connections[device.host] == 1
        assert device.lab.record.requests[device.host] == 2

    visit("hikvision-camera", talk)


def test_a_dahua_camera_closes_after_each_answer() -> None:
    async def talk(device: Visit) -> None:
        reader, writer = await device.open(80)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        page = await asyncio.wait_for(reader.read(-1), 3.0)
        assert b"<title>WEB SERVICE</title>" in page
        writer.close()

    visit("dahua-camera", talk)


def test_malformed_answers_are_sent_byte_for_byte() -> None:
    async def talk(device: Visit) -> None:
        page = await device.get("/")
        assert page.startswith(b"HTTP/1.1 200\nServer:Netwave IP Camera\n")
        assert b"\r\n" not in page
        assert b"Kam\xe9ra" in page
        assert b"Content-Length: 9999" in page
        assert (await device.get("/favicon.ico")).startswith(b"<html>")

    visit("netwave-camera", talk)


def test_a_redirect_names_the_decoy() -> None:
    async def talk(device: Visit) -> None:
        assert header(await device.get("/"), "Location") == "http://127.77.1.99/index.html"

    visit("vivotek-camera", talk)


def test_head_sends_no_body() -> None:
    async def talk(device: Visit) -> None:
        answer = await device.ask(80, b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.endswith(b"\r\n\r\n")
        assert int(header(answer, "Content-Length")) > 0

    visit("hikvision-camera", talk)


def test_the_sites_own_digest_login_opens_a_protected_page() -> None:
    async def talk(device: Visit) -> None:
        path = "/ISAPI/System/deviceInfo"
        challenge = header(await device.get(path), "WWW-Authenticate")
        given = digest(challenge, "GET", path, "viewer", PASSWORD)
        answer = await device.get(path, 80, f"Authorization: {given}")
        assert b"<model>DS-2CD2143G2-I</model>" in answer
        assert device.kinds() == []
        assert len(device.lab.record.logins) == 1

    visit("hikvision-camera", talk, granted=True)


@pytest.mark.parametrize("given", ["Basic YWRtaW46MTIzNDU=", 'Digest username="admin", response="0"', "Bearer x"])
def test_every_other_login_is_refused_and_noted(given: str) -> None:
    async def talk(device: Visit) -> None:
        answer = await device.get("/ISAPI/System/deviceInfo", 80, f"Authorization: {given}")
        assert b"401" in answer
        assert device.kinds() == ["login"]

    visit("hikvision-camera", talk, granted=True)


def test_the_sites_own_login_is_noted_where_it_was_not_given() -> None:
    async def talk(device: Visit) -> None:
        challenge = header(await device.get("/ISAPI/x"), "WWW-Authenticate")
        given = digest(challenge, "GET", "/ISAPI/x", "viewer", PASSWORD)
        await device.get("/ISAPI/x", 80, f"Authorization: {given}")
        assert device.kinds() == ["login"]

    visit("hikvision-camera", talk)


def test_a_post_that_the_device_expects_is_answered_and_no_violation() -> None:
    async def talk(device: Visit) -> None:
        body = '{"apiVersion":"1.0","method":"getAllUnrestrictedProperties"}'
        assert b'"ProdNbr": "M3086-V"' in await device.post("/axis-cgi/basicdeviceinfo.cgi", body)
        assert device.kinds() == []

    visit("axis-camera", talk)


def test_settings_and_logins_by_http_are_noted() -> None:
    async def talk(device: Visit) -> None:
        await device.get("/axis-cgi/param.cgi?action=update&root.Network.x=1")
        await device.ask(80, b"PUT /ISAPI/System/reboot HTTP/1.1\r\nHost: x\r\n\r\n")
        await device.get("/cgi-bin/x.cgi?user=admin&pwd=admin")
        await device.post("/RPC2_Login", '{"method": "global.login"}')
        assert device.kinds() == ["setting", "setting", "login", "login", "setting"]

    visit("axis-camera", talk)


@pytest.mark.parametrize("garbage", [b"", b"\0" * 100, b"GET", b"\x16\x03\x01\x02\x00\r\n\r\n", b"A" * 70000])
def test_no_garbage_stops_a_device(garbage: bytes) -> None:
    async def talk(device: Visit) -> None:
        reader, writer = await device.open(80)
        writer.write(garbage)
        await asyncio.sleep(0.05)
        writer.transport.abort()
        del reader
        assert b"200 OK" in await device.get("/")

    visit("hikvision-camera", talk)


def test_a_request_is_read_leniently() -> None:
    request = Request(b"get /a?b=c\nX-A : 1\n no colon\nContent-Length: x\r\n\r\n")
    assert (request.method, request.path, request.target, request.version) == ("GET", "/a", "/a?b=c", "HTTP/0.9")
    assert request.length == 0
    assert request.headers["x-a"] == "1"
