"""Certificates."""

from __future__ import annotations

import hashlib

from cryptography import x509

from scanner.wire import ber
from scanner.wire.certificate import describe
from tests.wire import certificates


def test_a_good_certificate() -> None:
    der = certificates.self_signed()
    assert describe(der, "TLSv1.2") == {
        "sha256": hashlib.sha256(der).hexdigest(),
        "version": "TLSv1.2",
        "subject": "CN=camera.example,OU=\\#Kameras \\+ Türen\\ ,O=Acme\\, Inc.,C=CN",
        "issuer": "CN=camera.example,OU=\\#Kameras \\+ Türen\\ ,O=Acme\\, Inc.,C=CN",
        "san": ["camera.example", "198.51.100.10", "CN=other"],
        "not_before": "2020-01-02T00:00:00Z",
        "not_after": "2050-01-02T03:04:05Z",
        "key": {"type": "EC", "bits": 256, "signature_hash": "sha256"},
    }


def test_names_are_spelt_as_the_library_spells_them() -> None:
    assert describe(certificates.self_signed(), "")["subject"] == certificates.SUBJECT.rfc4514_string()


def test_what_the_library_refuses_still_gives_names() -> None:
    good = certificates.self_signed()
    country = bytes.fromhex("0603550406") + ber.encode(0x13, b"CN")
    assert good.count(country) == 2
    odd = good.replace(country, country[:-2] + b"\xc3\xa9")
    trailing = good + b"\0\0"
    bad_date = good.replace(b"200102000000Z", b"209902000000Z")
    for der in (odd, trailing, bad_date):
        fields = describe(der, "TLSv1")
        assert fields["sha256"] == hashlib.sha256(der).hexdigest()
        assert fields["subject"].startswith("CN=camera.example,")
    assert describe(odd, "")["subject"].endswith("C=é")


def test_several_values_and_other_alphabets() -> None:
    def attribute(dotted: str, tag: int, content: bytes) -> bytes:
        return ber.encode_sequence([ber.encode_object_identifier(dotted), ber.encode(tag, content)])

    name = ber.encode_sequence(
        [
            ber.encode_sequence([attribute("2.5.4.10", 0x1E, "海康".encode("utf-16-be"))], 0x31),
            ber.encode_sequence([attribute("2.5.4.3", 0x0C, b"a"), attribute("1.2.3", 0x1C, b"\0\0\0x")], 0x31),
        ]
    )
    empty = ber.encode_sequence([])
    body = ber.encode_sequence([ber.encode_integer(1), empty, name, empty, name])
    fields = describe(ber.encode_sequence([body]), "TLSv1.3")
    assert fields["subject"] == fields["issuer"] == "CN=a+1.2.3=x,O=海康"
    assert "not_before" not in fields


def test_no_certificate() -> None:
    digest = hashlib.sha256(b"junk").hexdigest()
    assert describe(b"junk", "TLSv1.2") == {"sha256": digest, "version": "TLSv1.2"}
    assert set(describe(b"\x30" * (1 << 19), "x")) == {"sha256", "version"}


def test_the_test_certificate_is_one() -> None:
    assert x509.load_der_x509_certificate(certificates.self_signed()).subject == certificates.SUBJECT
