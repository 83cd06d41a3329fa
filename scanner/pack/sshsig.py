"""Signatures in OpenSSH's form (PROTOCOL.sshsig), made and checked here, and by `ssh-keygen -Y` alike. Ed25519 only.

The keys are OpenSSH's too: a private key file as `ssh-keygen -t ed25519` writes it, a public key of one line.
"""

from __future__ import annotations

import base64
import struct
from hashlib import sha256, sha512
from typing import TYPE_CHECKING

from scanner.models import DataError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAMESPACE = b"camcensus-pack"
_MAGIC = b"SSHSIG"
_VERSION = 1
_HASH = b"sha512"
_TYPE = b"ssh-ed25519"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_MOST = 64 * 1024


def new_key(password: bytes | None = None, comment: str = "camcensus") -> tuple[bytes, str]:
    """A new key: the private file's content (encrypted where there is a password) and the public line."""
    from cryptography.hazmat.primitives import serialization as forms
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    hidden = forms.BestAvailableEncryption(password) if password else forms.NoEncryption()
    private = key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.OpenSSH, hidden)
    return private, f"{public_line(_public_blob(key))} {comment}\n"


def load_key(data: bytes, password: bytes | None = None) -> Ed25519PrivateKey:
    """The private key in a file of OpenSSH's form; UsageError for any other, for a wrong password, for none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    try:
        key = load_ssh_private_key(data, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"not a private key that can be read here: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError("the key is of another kind: make one with `camcensus key new`, or `ssh-keygen -t ed25519`")
    return key


def sign(message: bytes, key: Ed25519PrivateKey) -> str:
    """The armoured signature of `message`."""
    signature = _string(_TYPE) + _string(key.sign(_signed(message)))
    blob = _MAGIC + struct.pack(">I", _VERSION) + _string(_public_blob(key)) + _string(NAMESPACE) + _string(b"")
    text = base64.b64encode(blob + _string(_HASH) + _string(signature)).decode()
    lines = [text[i : i + 70] for i in range(0, len(text), 70)]
    return "\n".join([_BEGIN, *lines, _END]) + "\n"


def check(message: bytes, armoured: str) -> bytes:
    """The public key blob that signed `message`; DataError says why a signature does not hold."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    blob, signature = _parse(armoured)
    kind, rest = _take(blob)
    raw, rest = _take(rest)
    if kind != _TYPE or rest or len(raw) != 32:
        raise DataError("the signing key is no Ed25519 key")
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, _signed(message))
    except InvalidSignature:
        raise DataError("the signature does not belong to this content") from None
    return blob


def public_line(blob: bytes) -> str:
    """`ssh-ed25519 AAAA…`."""
    return f"{_TYPE.decode()} {base64.b64encode(blob).decode()}"


def read_public(text: str) -> bytes:
    """The key blob of a public line (or of a file that begins with one); DataError if it is none."""
    words = text.split()
    try:
        blob = base64.b64decode(words[words.index(_TYPE.decode()) + 1], validate=True)
        kind, _ = _take(blob)
    except (ValueError, IndexError) as error:
        raise DataError("no public key: a line that begins with ssh-ed25519 is needed") from error
    if kind != _TYPE:
        raise DataError("the public key is no Ed25519 key")
    return blob


def thumbprint(blob: bytes) -> str:
    """As `ssh-keygen -l` prints it."""
    return "SHA256:" + base64.b64encode(sha256(blob).digest()).decode().rstrip("=")


def _parse(armoured: str) -> tuple[bytes, bytes]:
    """Public key blob and raw signature of the one canonical form: any other byte is an alteration."""
    text = armoured[:_MOST]
    lines = text.splitlines()
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise DataError("no signature in OpenSSH's form")
    try:
        data = base64.b64decode("".join(lines[1:-1]), validate=True)
    except ValueError as error:
        raise DataError("the signature is damaged") from error
    if data[:6] != _MAGIC or data[6:10] != struct.pack(">I", _VERSION):
        raise DataError("no signature in OpenSSH's form")
    blob, rest = _take(data[10:])
    namespace, rest = _take(rest)
    _, rest = _take(rest)
    algorithm, rest = _take(rest)
    signature, rest = _take(rest)
    if namespace != NAMESPACE or algorithm != _HASH or rest:
        raise DataError("the signature was made for something else")
    kind, signature = _take(signature)
    raw, rest = _take(signature)
    if kind != _TYPE or rest:
        raise DataError("the signature is of another kind")
    return blob, raw


def _signed(message: bytes) -> bytes:
    return _MAGIC + _string(NAMESPACE) + _string(b"") + _string(_HASH) + _string(sha512(message).digest())


def _public_blob(key: Ed25519PrivateKey) -> bytes:
    return _string(_TYPE) + _string(key.public_key().public_bytes_raw())


def _string(data: bytes) -> bytes:
    """RFC 4251 §5: length and bytes."""
    return struct.pack(">I", len(data)) + data


def _take(data: bytes) -> tuple[bytes, bytes]:
    """The first string of `data`, and what follows it."""
    if len(data) < 4:
        raise DataError("the signature is cut short")
    (length,) = struct.unpack(">I", data[:4])
    if length > len(data) - 4:
        raise DataError("the signature is cut short")
    return data[4 : 4 + length], data[4 + length :]
