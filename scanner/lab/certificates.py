"""Self-signed certificates as cameras have them, made at start with a few shared keys."""

from __future__ import annotations

import datetime
import functools
import ipaddress
import ssl
import tempfile
import warnings
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from scanner.lab.spec import Tls

_WEAK = 1024  # as many cameras in the field still have; the lab must show that they can be read

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@functools.cache
def key_of(kind: str) -> Key:
    """The lab's one key of a kind: rsa1024, rsa2048 or ec (P-256)."""
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, _WEAK if kind == "rsa1024" else 2048)


def server_context(tls: Tls, host: str) -> ssl.SSLContext:
    """A server's context with a new certificate for `host`."""
    key = key_of(tls.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    if tls.old:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1
    pem = _certificate(tls, host, key) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    with tempfile.TemporaryDirectory(prefix="camcensus-lab-") as folder:
        path = Path(folder) / "device.pem"
        path.write_bytes(pem)
        context.load_cert_chain(path)
    return context


def _certificate(tls: Tls, host: str, key: Key) -> bytes:
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in tls.san]
    names.append(x509.IPAddress(ipaddress.ip_address(host)))
    start = datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(tls.subject))
        .issuer_name(_name(tls.issuer or tls.subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=tls.days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _name(text: str) -> x509.Name:
    return x509.Name.from_rfc4514_string(text, {"serialNumber": NameOID.SERIAL_NUMBER})
