"""TLS as old cameras speak it: everything is accepted, nothing is trusted, the certificate is kept.

The handshake runs over memory buffers, so that every byte passes the door's own counting.
"""

from __future__ import annotations

import ssl
from functools import cache

from scanner.net.scope import canonical

_OP_LEGACY_SERVER_CONNECT = 0x4  # named by the ssl module from Python 3.12 on; OpenSSL's ssl.h
_HANDSHAKE = 22
_CERTIFICATE = 11
_MAX_SEEN = 256 * 1024


@cache
def permissive_context() -> ssl.SSLContext:
    """The one client context: any version from TLS 1.0, any cipher and key size, no verification.

    `verify off` is the point: the certificate is evidence, not a reason to trust, and no secret is sent over it.
    MINIMUM_SUPPORTED is used because naming TLSv1 is deprecated in Python and would warn.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    context.options |= _OP_LEGACY_SERVER_CONNECT
    return context


class TlsSession:
    """One client session between a socket's bytes and the plain ones.

    Feed what comes off the wire with `feed`, take what must go out with `outgoing`. `handshake`, `read` and `write`
    raise ssl.SSLWantReadError when they need more bytes first, and ssl.SSLError (never OSError of a socket).
    """

    def __init__(self, host: str) -> None:
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._object = permissive_context().wrap_bio(
            self._in, self._out, server_hostname=None if canonical(host) else host
        )
        self._seen = bytearray()
        self._done = False

    def feed(self, data: bytes) -> None:
        """Bytes from the wire; b"" is its end."""
        if not data:
            self._in.write_eof()
            return
        if not self._done and len(self._seen) < _MAX_SEEN:
            self._seen += data
        self._in.write(data)

    def outgoing(self) -> bytes:
        """Bytes for the wire."""
        return self._out.read()

    def handshake(self) -> None:
        """Go on with the handshake."""
        self._object.do_handshake()
        self._done = True

    def read(self, limit: int) -> bytes:
        """Plain bytes; b"" after the peer's close_notify or the end of the wire."""
        try:
            return self._object.read(limit)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def write(self, data: bytes) -> None:
        """Encrypt `data`; it waits in `outgoing`."""
        self._object.write(data)

    @property
    def certificate(self) -> bytes | None:
        """The leaf as DER; after a handshake that failed, the one that passed in the clear (TLS 1.2 and older)."""
        return self._object.getpeercert(binary_form=True) if self._done else plain_certificate(bytes(self._seen))

    @property
    def version(self) -> str:
        """Like "TLSv1.2"; "" before it is agreed."""
        return (self._object.version() or "") if self._done else ""


def plain_certificate(records: bytes) -> bytes | None:
    """The first certificate of an unencrypted Certificate message in TLS records (RFC 5246, 6.2.1 and 7.4.2)."""
    messages = _handshake_bytes(records)
    at = 0
    while at + 4 <= len(messages):
        end = at + 4 + int.from_bytes(messages[at + 1 : at + 4], "big")
        if messages[at] == _CERTIFICATE:
            # The body: length of the list (3 bytes), then length of the leaf (3 bytes), then the leaf.
            size = int.from_bytes(messages[at + 7 : at + 10], "big")
            leaf = messages[at + 10 : at + 10 + size]
            return leaf if leaf and len(leaf) == size and at + 10 + size <= end else None
        at = end
    return None


def _handshake_bytes(records: bytes) -> bytes:
    """The handshake messages up to the switch to encryption, joined across records."""
    joined = bytearray()
    at = 0
    while at + 5 <= len(records) and records[at] == _HANDSHAKE:
        size = int.from_bytes(records[at + 3 : at + 5], "big")
        joined += records[at + 5 : at + 5 + size]
        at += 5 + size
    return bytes(joined)
