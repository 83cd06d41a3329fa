"""RFC 3161 time stamps: the request that a user sends to an authority of his choice, and the reply that he brings back.

We send nothing. `stamped` tells what a reply says, and whether an authority that the verifier trusts says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from scanner.models import DataError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


def request(manifest: bytes) -> bytes:
    """The DER of a TimeStampReq for SHA-256 of the manifest, with a nonce, asking for the certificate."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = TimestampRequestBuilder().data(manifest).hash_algorithm(HashAlgorithm.SHA256)
    return builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def stamped(reply: bytes, manifest: bytes, authorities: Sequence[bytes]) -> tuple[str, bool]:
    """(time in UTC, whether one of `authorities` vouches for it). DataError where it is no stamp of this manifest."""
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        response = decode_timestamp_response(reply)
        info = response.tst_info
        told = info.message_imprint.message
    except ValueError as error:
        raise DataError(f"no time stamp that can be read: {error}") from error
    if bytes(told) != sha256(manifest).digest():
        raise DataError("it is the time stamp of something else")
    time = info.gen_time.strftime("%Y-%m-%dT%H:%M:%SZ")
    if not authorities:
        return time, False
    builder = VerifierBuilder()
    for certificate in _certificates(authorities):
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(response, manifest)
    except (VerificationError, ValueError) as error:
        raise DataError(f"no authority that you gave vouches for it: {error}") from error
    return time, True


def _certificates(files: Sequence[bytes]) -> list[Certificate]:
    from cryptography import x509

    found: list[Certificate] = []
    for data in files:
        try:
            found += (
                x509.load_pem_x509_certificates(data)
                if b"-----BEGIN" in data
                else [x509.load_der_x509_certificate(data)]
            )
        except ValueError as error:
            raise DataError(f"no certificate: {error}") from error
    return found
