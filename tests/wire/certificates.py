"""Certificates made on the spot, for the tests."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

SUBJECT = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme, Inc."),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "#Kameras + Türen "),
        x509.NameAttribute(NameOID.COMMON_NAME, "camera.example"),
    ]
)


@cache
def self_signed() -> bytes:
    """A DER certificate of SUBJECT with an EC key and three alternative names."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = [
        x509.DNSName("camera.example"),
        x509.IPAddress(ipaddress.ip_address("198.51.100.10")),
        x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other")])),
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(SUBJECT)
        .issuer_name(SUBJECT)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 2, tzinfo=UTC))
        .not_valid_after(datetime(2050, 1, 2, 3, 4, 5, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.DER)
