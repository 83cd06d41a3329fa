"""Logins that the lab receives: the site's own are accepted, every other one is a violation.

Digest: RFC 7616 (MD5 and SHA-256, with and without qop). WS-Security UsernameToken profile 1.0: PasswordDigest is
Base64(SHA-1(nonce + created + password)); PasswordText is never right here, as it carries the password in clear.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from scanner.lab.record import Record
from scanner.lab.spec import Site


class Gate:
    """The login of one device. `granted` says that the tool under test was given the site's login and community."""

    def __init__(self, host: str, site: Site, record: Record, *, granted: bool, lockout: int = 0) -> None:
        self._left = lockout or -1  # wrong logins until it locks out
        self._host = host
        self._site = site
        self._record = record
        self._granted = granted
        self._stamp = secrets.token_hex(8)

    def nonce(self) -> str:
        """A fresh nonce that this device knows again."""
        return self._stamp + secrets.token_hex(8)

    def http(self, header: str | None, method: str, port: int, peer: str, protocol: str) -> bool:
        """Whether an Authorization header is the site's login; None is simply no login."""
        if header is None:
            return False
        good = self._unlocked(self._digest_is_right(header, method))
        self._note(good, port, peer, protocol, f"Authorization: {header[:60]}")
        return good

    def wsse(self, user: str, digest: str, nonce: str, created: str, port: int, peer: str) -> bool:
        """Whether a UsernameToken is the site's login."""
        try:
            raw = base64.b64decode(nonce, validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        wanted = hashlib.sha1(raw + created.encode() + self._site.password.encode()).digest()  # noqa: S324 - the profile's
        right = user == self._site.user and hmac.compare_digest(base64.b64encode(wanted), digest.encode())
        good = self._unlocked(right)
        self._note(good, port, peer, "onvif", f"UsernameToken of {user[:40]!r}")
        return good

    def community(self, community: str, own: str, port: int, peer: str) -> bool:
        """Whether `community` opens this device; only the site's and the device's own, when given, are no violation."""
        if self._granted and community and community in (self._site.community, own):
            self._record.login(self._host, port, peer, "snmp", "community")
        else:
            self._record.violation(self._host, port, peer, "community", community[:40])
        return bool(own) and community == own

    def _unlocked(self, right: bool) -> bool:
        """Whether the login opens the device: not after too many wrong ones."""
        if self._left and not right:
            self._left -= 1
        return right and self._left != 0

    def _note(self, good: bool, port: int, peer: str, protocol: str, detail: str) -> None:
        if good and self._granted:
            self._record.login(self._host, port, peer, protocol, detail)
        else:
            self._record.violation(self._host, port, peer, "login", f"{protocol} {detail}")

    def _digest_is_right(self, header: str, method: str) -> bool:
        scheme, _, rest = header.partition(" ")
        if scheme.lower() != "digest":
            return False
        given = parameters(rest)
        if given.get("username") != self._site.user or not given.get("nonce", "").startswith(self._stamp):
            return False
        return hmac.compare_digest(_digest(given, method, self._site.password), given.get("response", "").lower())


def parameters(text: str) -> dict[str, str]:
    """The `name=value` and `name="value"` parameters of a challenge or credential, names in lower case."""
    found: dict[str, str] = {}
    rest = text
    while "=" in rest:
        name, _, rest = rest.partition("=")
        rest = rest.lstrip()
        if rest.startswith('"'):
            value, _, rest = rest[1:].partition('"')
            rest = rest.partition(",")[2]
        else:
            value, _, rest = rest.partition(",")
        found[name.strip(" ,").lower()] = value.strip()
    return found


def _digest(given: dict[str, str], method: str, password: str) -> str:
    sha256 = given.get("algorithm", "MD5").upper().startswith("SHA-256")

    def digest(text: str) -> str:
        return (hashlib.sha256 if sha256 else hashlib.md5)(text.encode()).hexdigest()

    first = digest(f"{given['username']}:{given.get('realm', '')}:{password}")
    second = digest(f"{method}:{given.get('uri', '')}")
    if "qop" not in given:
        return digest(f"{first}:{given['nonce']}:{second}")
    return digest(f"{first}:{given['nonce']}:{given.get('nc', '')}:{given.get('cnonce', '')}:{given['qop']}:{second}")
