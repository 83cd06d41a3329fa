"""X.509 certificates of devices: many are odd, so each part is read by itself and the digest always (RFC 5280)."""

from __future__ import annotations

import hashlib
import warnings
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scanner.text import decode
from scanner.wire import ber
from scanner.wire.ber import Reader
from scanner.wire.errors import WireError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MAX_SAN = 64
MAX_RDNS = 32
MAX_DER = 1 << 18

# RFC 4514 §3 and the registered short names of the rest.
_ATTRIBUTES = {
    "2.5.4.3": "CN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.42": "givenName",
    "2.5.4.4": "SN",
    "2.5.4.46": "dnQualifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
}
_UTF16_STRING, _UTF32_STRING = 0x1E, 0x1C
_SET = 0x31
_EXPLICIT_VERSION = 0xA0


def describe(der: bytes, version: str) -> dict[str, Any]:
    """The `tls` fields of the evidence: `sha256` and `version` always, the others as far as they can be read.

    `subject`, `issuer` (RFC 4514 text, most specific first), `san` (texts), `not_before`, `not_after` (RFC 3339),
    `key` {"type", "bits", "signature_hash"}. Never raises.
    """
    fields: dict[str, Any] = {"sha256": hashlib.sha256(der).hexdigest(), "version": version}
    if len(der) > MAX_DER:
        return fields
    try:
        issuer, subject = _names(der)
        fields |= {"subject": subject, "issuer": issuer}
    except WireError:
        pass
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of oddities that are everyday here
        fields |= _by_library(der)
    return fields


def _names(der: bytes) -> tuple[str, str]:
    """(issuer, subject): RFC 5280 §4.1, read by hand because libraries refuse whole certificates for one odd part."""
    body = Reader(der).inside(ber.SEQUENCE).inside(ber.SEQUENCE)
    if body.peek() == _EXPLICIT_VERSION:
        body.value()
    body.value(ber.INTEGER)
    body.value(ber.SEQUENCE)
    issuer = _name(body.inside(ber.SEQUENCE))
    body.value(ber.SEQUENCE)
    return issuer, _name(body.inside(ber.SEQUENCE))


def _name(reader: Reader) -> str:
    rdns: list[str] = []
    while not reader.empty and len(rdns) < MAX_RDNS:
        parts: list[str] = []
        values = reader.inside(_SET)
        while not values.empty and len(parts) < MAX_RDNS:
            attribute = values.inside(ber.SEQUENCE)
            kind = ber.object_identifier(attribute.value(ber.OBJECT_IDENTIFIER)[1])
            parts.append(f"{_ATTRIBUTES.get(kind, kind)}={_escaped(_string(*attribute.value()))}")
        rdns.append("+".join(parts))
    return ",".join(reversed(rdns))


def _string(tag: int, content: bytes) -> str:
    if tag == _UTF16_STRING:
        return content.decode("utf-16-be", "replace")
    if tag == _UTF32_STRING:
        return content.decode("utf-32-be", "replace")
    return decode(content)


def _escaped(value: str) -> str:
    """RFC 4514 §2.4."""
    text = "".join("\\00" if c == "\0" else f"\\{c}" if c in ',+"\\<>;' else c for c in value)
    if text[:1] in ("#", " "):
        text = "\\" + text
    return text[:-1] + "\\ " if len(text) > 1 and text.endswith(" ") else text


def _by_library(der: bytes) -> dict[str, Any]:
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(der)
    except (ValueError, TypeError):
        return {}
    fields: dict[str, Any] = {}
    try:
        fields["not_before"] = _rfc3339(certificate.not_valid_before_utc)
        fields["not_after"] = _rfc3339(certificate.not_valid_after_utc)
    except (ValueError, OverflowError):
        pass
    return fields | _alternative_names(certificate) | _key(certificate)


def _rfc3339(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _alternative_names(certificate: Certificate) -> dict[str, Any]:
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (ValueError, TypeError, x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return {}
    names = [_alternative_name(name.value) for name in extension.value]
    return {"san": [name for name in names if name][:MAX_SAN]}


def _alternative_name(value: object) -> str:
    from cryptography import x509

    if isinstance(value, x509.Name):
        return value.rfc4514_string()
    return "" if isinstance(value, bytes) else str(value)


def _key(certificate: Certificate) -> dict[str, Any]:
    from cryptography.exceptions import UnsupportedAlgorithm

    facts: dict[str, Any] = {}
    try:
        algorithm = certificate.signature_hash_algorithm
        facts["signature_hash"] = algorithm.name if algorithm else None
    except UnsupportedAlgorithm:
        pass
    try:
        key = certificate.public_key()
        facts["type"] = type(key).__name__.removeprefix("_").removesuffix("PublicKey")
        facts["bits"] = getattr(key, "key_size", None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        pass
    return {"key": facts} if facts else {}
