"""A notice as JSON by HTTP POST (`docs/schemas/notice-1.schema.json`), signed if a secret is named."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from scanner.models import UsageError
from scanner.models.notice import Notice
from scanner.notify.contract import PAUSES, TIMEOUT, TRIES, Pause, Undelivered
from scanner.notify.options import UNTRUSTED, is_loopback, is_untrusted, one, place, read_options, trust, yes
from scanner.notify.reference import Referred, refers

if TYPE_CHECKING:
    import ssl

    import httpx

SIGNATURE = "Camcensus-Signature-256"
_OPTIONS = frozenset({"hmac", "ca", "allow-unencrypted"})
_AGAIN = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Webhook:
    """One address that takes JSON. The options stand in the URL's fragment, which is never sent."""

    name: str
    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    context: ssl.SSLContext = field(repr=False)
    direct: bool

    def deliver(self, notice: Notice, pause: Pause) -> None:
        """POST; again after a connection that failed and after answers that pass (429, 5xx)."""
        import httpx

        body = msgspec.json.encode(notice)
        reason = ""
        with httpx.Client(
            verify=self.context, timeout=TIMEOUT, follow_redirects=False, trust_env=not self.direct
        ) as client:
            for attempt in range(TRIES):
                if attempt:
                    pause(PAUSES[attempt - 1])
                try:
                    status = self._post(client, body, self._headers(notice, body))
                except httpx.HTTPError as error:
                    reason = _reason(error)
                    continue
                if 200 <= status < 300:
                    return
                reason = _answered(status)
                if status not in _AGAIN:
                    raise Undelivered(reason)
        raise Undelivered(f"{reason} ({TRIES} times)")

    def _post(self, client: httpx.Client, body: bytes, headers: dict[str, str]) -> int:
        """The status alone: no byte of an answer's body is read."""
        with client.stream("POST", self.url, content=body, headers=headers) as response:
            return response.status_code

    def _headers(self, notice: Notice, body: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"camcensus/{notice.version}",
            "Camcensus-Notice": notice.id,
        }
        if self.secret:
            headers[SIGNATURE] = f"sha256={hmac.new(self.secret, body, 'sha256').hexdigest()}"
        return headers


def read_webhook(referred: Referred) -> Webhook:
    """UsageError for an address that can't be, for one that is not encrypted, for a secret that is written out."""
    name = f"webhook {referred.name}"
    base, _, fragment = referred.url.partition("#")
    options = read_options(fragment, _OPTIONS, name)
    parts = urlsplit(base)
    host, _ = place(parts, name)
    if parts.password and not referred.password_by_reference:
        raise UsageError(f"{name}: the password stands in the text; write {{env:NAME}} in its place")
    _check_address(base, name)
    direct = is_loopback(host)
    if parts.scheme == "http" and not direct and not yes(options, "allow-unencrypted", name):
        raise UsageError(
            f"{name}: what is sent by http can be read on the way; use https, or add #allow-unencrypted=yes"
        )
    return Webhook(name, base, _secret(referred, options, name), trust(one(options, "ca", name), name), direct)


def _check_address(base: str, name: str) -> None:
    import httpx

    try:
        httpx.URL(base)
    except httpx.InvalidURL:
        raise UsageError(f"{name}: that is no address of a web server") from None


def _secret(referred: Referred, options: dict[str, list[str]], name: str) -> bytes:
    secret = one(options, "hmac", name)
    if not secret:
        return b""
    written = read_options(referred.written.partition("#")[2], _OPTIONS, name).get("hmac", [""])[0]
    if secret.startswith("env:") or not (referred.whole or refers(written)):
        raise UsageError(f"{name}: the secret stands in the text; write hmac={{env:NAME}}")
    return secret.encode()


def _answered(status: int) -> str:
    if 300 <= status < 400:
        return f"it answered {status}, a redirect, and none is followed: give the final address"
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    return f"it answered {status} {phrase}".rstrip()


def _reason(error: httpx.HTTPError) -> str:
    import httpx

    if is_untrusted(error):
        raise Undelivered(UNTRUSTED) from error
    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
        return "no connection"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return "the connection broke off"
