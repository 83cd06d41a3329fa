"""TLS as bad as cameras have it: old versions, weak keys, broken handshakes. The certificate is what counts."""

from __future__ import annotations

import asyncio
import datetime
import ssl
import warnings
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.models import Outcome
from scanner.net.api import NetError
from scanner.net.tls import TlsSession, permissive_context, plain_certificate
from tests.net.servers import CAMERA, door, echo, mute, served

WEAK = Path(__file__).parent / "weak_rsa512.pem"


@pytest.fixture(scope="module")
def rsa1024(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed RSA-1024 certificate and its key in one file."""
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - weak is the point
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "old camera")])
    start = datetime.datetime(2010, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + datetime.timedelta(days=9999))
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "rsa1024.pem"
    path.write_bytes(pem + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


def server_context(pem: Path, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = version
    context.load_cert_chain(pem)
    return context


def der_of(pem: Path) -> bytes:
    text = pem.read_text()
    return ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERTIFICATE") :].strip())


@pytest.mark.parametrize(
    ("weak", "version", "name"),
    [
        (True, ssl.TLSVersion.TLSv1, "TLSv1"),
        (False, ssl.TLSVersion.TLSv1, "TLSv1"),
        (False, ssl.TLSVersion.TLSv1_1, "TLSv1.1"),
        (True, ssl.TLSVersion.TLSv1_2, "TLSv1.2"),
        (False, ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    ],
)
def test_old_versions_and_weak_keys(rsa1024: Path, weak: bool, version: ssl.TLSVersion, name: str) -> None:
    pem = WEAK if weak else rsa1024

    async def run() -> None:
        async with served(echo, ssl=server_context(pem, version)) as port, door() as net:
            stream = await net.connect(CAMERA, port, tls=True)
            assert stream.tls is not None
            assert stream.tls.version == name
            assert stream.tls.certificate == der_of(pem)
            await stream.send(b"x" * 40_000)
            heard = b""
            while len(heard) < 40_000:
                heard += await stream.receive(16_000)
            assert heard == b"x" * 40_000
            await stream.close()
            assert net.ledger.tally(CAMERA).received > 40_000

    asyncio.run(run())


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_certificate_is_kept_when_the_peer_wants_one_of_ours(rsa1024: Path, version: ssl.TLSVersion) -> None:
    async def run() -> None:
        context = server_context(rsa1024, version)
        context.verify_mode = ssl.CERT_REQUIRED
        async with served(echo, ssl=context) as port, door() as net:
            stream = await net.connect(CAMERA, port, tls=True)
            assert stream.tls is not None
            assert stream.tls.certificate == der_of(rsa1024)
            if version != ssl.TLSVersion.TLSv1_3:
                with pytest.raises(NetError) as failed:
                    await stream.receive()
                assert failed.value.outcome is Outcome.MALFORMED
                with pytest.raises(NetError):
                    await stream.send(b"GET")
            await stream.close()
            assert net.ledger.tally(CAMERA).open == 0

    asyncio.run(run())


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.0 400 Bad Request\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x28", b"\0" * 99, b""]
)
def test_what_speaks_no_tls(answer: bytes) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(answer)
        await writer.drain()

    async def run() -> None:
        async with served(plain) as port, door() as net:
            with pytest.raises(NetError) as failed:
                await net.connect(CAMERA, port, tls=True)
            assert failed.value.outcome is Outcome.MALFORMED
            assert net.ledger.tally(CAMERA).open == 0

    asyncio.run(run())


def test_a_handshake_that_never_comes() -> None:
    async def run() -> None:
        async with served(mute) as port, door(idle_timeout=0.05) as net:
            with pytest.raises(NetError) as failed:
                await net.connect(CAMERA, port, tls=True, timeout=0.05)
            assert failed.value.outcome is Outcome.TIMED_OUT

    asyncio.run(run())


def test_a_handshake_that_drips_for_ever() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in b"\x16\x03\x01\x40\x00\x02\x00\x3f\xf0" + b"\x03" * 4000:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.01)

    async def run() -> None:
        async with served(drip) as port, door(idle_timeout=0.2) as net, asyncio.timeout(5.0):
            with pytest.raises(NetError) as failed:
                await net.connect(CAMERA, port, tls=True, timeout=0.2)
            assert failed.value.outcome is Outcome.TIMED_OUT

    asyncio.run(run())


def test_one_context_and_no_server_name_for_an_address() -> None:
    assert permissive_context() is permissive_context()
    session = TlsSession(CAMERA)
    with pytest.raises(ssl.SSLWantReadError):
        session.handshake()
    assert CAMERA.encode() not in session.outgoing()
    assert (session.certificate, session.version) == (None, "")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 2**24 - 1), st.integers(0, 2**16 - 1))
def test_hostile_records(body: bytes, length: int, record: int) -> None:
    message = b"\x0b" + length.to_bytes(3, "big") + body
    for data in (body, b"\x16\x03\x01" + record.to_bytes(2, "big") + message):
        certificate = plain_certificate(data)
        assert certificate is None or (certificate and certificate in data)


def test_a_certificate_split_over_records() -> None:
    leaf = bytes(range(256)) * 4
    entry = len(leaf).to_bytes(3, "big") + leaf
    body = len(entry).to_bytes(3, "big") + entry
    messages = b"\x02\x00\x00\x02hi" + b"\x0b" + len(body).to_bytes(3, "big") + body
    records = b"".join(
        b"\x16\x03\x01" + len(part).to_bytes(2, "big") + part
        for part in (messages[at : at + 100] for at in range(0, len(messages), 100))
    )
    assert plain_certificate(records) == leaf
    assert plain_certificate(records[:-1]) is None
