"""RTSP: OPTIONS open, DESCRIBE refused, streams noted."""

from __future__ import annotations

import pytest

from tests.lab.kit import PASSWORD, Visit, digest, header, visit


def _ask(method: str, *headers: str) -> bytes:
    lines = [f"{method} rtsp://x/ RTSP/1.0", "CSeq: 7", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@pytest.mark.parametrize(
    ("key", "server", "realm"),
    [
        ("hikvision-camera", "", "IP Camera(C4187)"),
        ("dahua-camera", "Rtsp Server/3.0", "Login to "),
        ("xiongmai-camera", "H264DVR 1.0", "00000000000"),
        ("reolink-camera", "", "BC Streaming Media"),
        ("unknown-camera", "", "Network Camera"),
    ],
)
def test_options_and_describe(key: str, server: str, realm: str) -> None:
    async def talk(device: Visit) -> None:
        options = await device.ask(554, _ask("OPTIONS"))
        assert options.startswith(b"RTSP/1.0 200 OK\r\nCSeq: 7\r\n")
        assert "DESCRIBE" in header(options, "Public")
        assert header(options, "Server") == server
        described = await device.ask(554, _ask("DESCRIBE"))
        assert described.startswith(b"RTSP/1.0 401 Unauthorized\r\n")
        assert realm in header(described, "WWW-Authenticate")
        assert device.kinds() == []

    visit(key, talk)


def test_a_device_that_refuses_even_options() -> None:
    async def talk(device: Visit) -> None:
        assert b"401" in (await device.ask(554, _ask("OPTIONS")))[:20]

    visit("bosch-camera", talk)


def test_setup_and_a_guessed_login_are_noted() -> None:
    async def talk(device: Visit) -> None:
        await device.ask(554, _ask("SETUP", "Transport: RTP/AVP"))
        await device.ask(554, _ask("DESCRIBE", "Authorization: Basic YWRtaW46YWRtaW4="))
        assert device.kinds() == ["stream", "login"]

    visit("hikvision-camera", talk)


def test_the_sites_own_login_gives_the_description() -> None:
    async def talk(device: Visit) -> None:
        challenge = header(await device.ask(554, _ask("DESCRIBE")), "WWW-Authenticate")
        given = digest(challenge, "DESCRIBE", "rtsp://x/", "viewer", PASSWORD)
        answer = await device.ask(554, _ask("DESCRIBE", f"Authorization: {given}"))
        assert b"a=packetization-supported:DH\r\n" in answer
        assert device.kinds() == []

    visit("dahua-camera", talk, granted=True)


def test_http_on_the_rtsp_port_is_refused() -> None:
    async def talk(device: Visit) -> None:
        assert (await device.get("/", 554)).startswith(b"RTSP/1.0 400")

    visit("hikvision-camera", talk)
