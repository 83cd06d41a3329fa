"""Certificates, old TLS, banners, silent ports, and hostile answers."""

from __future__ import annotations

import asyncio
import ssl
import warnings

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from scanner.lab import DeviceSpec, demo_site
from scanner.lab.banner import is_login
from scanner.lab.certificates import server_context
from tests.lab.kit import Visit, visit


def _context(old: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    if old:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
    return context


async def _certificate(device: Visit, context: ssl.SSLContext) -> tuple[x509.Certificate, str]:
    _, writer = await device.open(443, context)
    tls = writer.get_extra_info("ssl_object")
    certificate = x509.load_der_x509_certificate(tls.getpeercert(binary_form=True))
    writer.transport.abort()
    return certificate, tls.version()


def test_a_camera_with_a_certificate_of_its_makers() -> None:
    async def talk(device: Visit) -> None:
        certificate, version = await _certificate(device, _context())
        assert "O=Axis Communications AB" in certificate.subject.rfc4514_string()
        assert version == "TLSv1.3"
        answer = await device.ask(443, b"GET / HTTP/1.0\r\n\r\n", _context())
        assert b"301 Moved Permanently" in answer

    visit("axis-camera", talk)


def test_a_recorder_with_old_tls_and_a_weak_key() -> None:
    async def talk(device: Visit) -> None:
        certificate, version = await _certificate(device, _context(old=True))
        key = certificate.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        assert key.key_size == 1024
        assert version == "TLSv1"
        assert "O=HIKVISION" in certificate.subject.rfc4514_string()
        with pytest.raises(OSError):
            await _certificate(device, _context())

    visit("hikvision-nvr", talk)


@pytest.mark.parametrize("device", [d for d in demo_site().devices if d.tls], ids=lambda device: str(device.key))
def test_every_certificate_can_be_made(device: DeviceSpec) -> None:
    assert device.tls is not None
    assert server_context(device.tls, device.host).get_ciphers()


def test_a_tls_port_counts_connections_without_a_handshake_too() -> None:
    async def talk(device: Visit) -> None:
        _, writer = await device.open(443)
        await asyncio.sleep(0.05)
        writer.transport.abort()
        assert device.lab.record.connections[device.host] == 1

    visit("axis-camera", talk)


@pytest.mark.parametrize(
    ("key", "port", "text"),
    [
        ("axis-camera", 21, b"220 AXIS M3086-V Network Camera "),
        ("mikrotik-router", 22, b"SSH-2.0-ROSSSH\r\n"),
        ("cisco-switch", 23, b"\xff\xfb\x01"),
    ],
)
def test_banners(key: str, port: int, text: bytes) -> None:
    async def talk(device: Visit) -> None:
        assert (await device.ask(port, b"")).startswith(text)
        assert device.kinds() == []

    visit(key, talk)


@pytest.mark.parametrize(
    ("key", "port"), [("hikvision-camera", 8000), ("dahua-camera", 37777), ("xiongmai-camera", 34567)]
)
def test_proprietary_ports_are_open_and_silent(key: str, port: int) -> None:
    async def talk(device: Visit) -> None:
        reader, writer = await device.open(port)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        writer.transport.abort()

    visit(key, talk)


@pytest.mark.parametrize(
    ("port", "data", "login"),
    [
        (21, b"USER anonymous\r\n", True),
        (21, b"QUIT\r\n", False),
        (23, b"root\r\n", True),
        (23, b"\xff\xfc\x01", False),
        (37777, b"\xa0\x05\x00\x60", True),
        (34567, b"\xff" + b"\0" * 13 + (1000).to_bytes(2, "little") + b"\0" * 4, True),
        (34567, b"\xff" + b"\0" * 13 + (1530).to_bytes(2, "little") + b"\0" * 4, False),
        (8000, b"hello", False),
    ],
)
def test_logins_on_banner_ports_are_known(port: int, data: bytes, login: bool) -> None:
    assert is_login(port, data) is login


def test_a_login_on_telnet_is_noted() -> None:
    async def talk(device: Visit) -> None:
        await device.ask(23, b"admin\r\n")
        assert device.kinds() == ["login"]

    visit("mikrotik-router", talk)


def test_the_hostile_device_drips_and_floods() -> None:
    async def talk(device: Visit) -> None:
        reader, writer = await device.open(80)
        writer.write(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        assert await asyncio.wait_for(reader.read(100), 2.0) == b"."
        writer.transport.abort()
        reader, writer = await device.open(8080)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert len(await reader.readexactly(1_000_000)) == 1_000_000
        writer.transport.abort()
        assert b"<!ENTITY h" in await device.get("/desc.xml")
        assert b"\x1b[2J" in await device.get("/")

    visit("hostile-device", talk)
