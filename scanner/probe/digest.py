"""HTTP authentication with the user's own login: digest (RFC 7616) by httpx, Basic only where the user allows it.

The answer is computed for one challenge that the device itself gave for the very page, and is sent once.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from scanner.probe.contract import Login
from scanner.wire.challenge import challenges
from scanner.wire.message import Headers

if TYPE_CHECKING:
    import httpx

_ALGORITHMS = ("SHA-256", "SHA-256-SESS", "MD5", "MD5-SESS")  # the best first


def authorization(login: Login, method: str, url: httpx.URL, answered: Headers) -> str | None:
    """The Authorization header that answers the challenge in `answered`; None where none of them may be answered."""
    if not login.user.isascii():  # a header line can't carry it
        return None
    found = challenges(answered)
    given = [parts for scheme, parts in found if scheme.lower() == "digest" and _can_answer(parts)]
    given.sort(key=lambda parts: _ALGORITHMS.index(_algorithm(parts)))
    if given:
        return _digest(login, method, url, given[0])
    if login.basic and any(scheme.lower() == "basic" for scheme, _ in found):
        return "Basic " + base64.b64encode(f"{login.user}:{login.password}".encode()).decode()
    return None


def wants_digest(answered: Headers) -> bool:
    """Whether a refusal asks for HTTP digest in a form that can be answered."""
    return any(scheme.lower() == "digest" and _can_answer(parts) for scheme, parts in challenges(answered))


def _algorithm(parts: dict[str, str]) -> str:
    return parts.get("algorithm", "MD5").upper()


def _can_answer(parts: dict[str, str]) -> bool:
    """Printable ASCII that needs no quoting, a known algorithm, and `auth` among the qualities of protection."""
    told = "".join(parts.get(name, "") for name in ("realm", "nonce", "opaque"))
    plain = told.isascii() and told.isprintable() and not set('"\\') & set(told)
    qualities = [each.strip().lower() for each in parts.get("qop", "auth").split(",")]
    return plain and bool(parts.get("nonce")) and _algorithm(parts) in _ALGORITHMS and "auth" in qualities


def _digest(login: Login, method: str, url: httpx.URL, parts: dict[str, str]) -> str:
    """httpx's own answer to the challenge, written anew so that nothing odd of the device's reaches the library."""
    import httpx

    challenge = f'Digest realm="{parts.get("realm", "")}", nonce="{parts["nonce"]}", algorithm={_algorithm(parts)}'
    challenge += f', opaque="{parts["opaque"]}"' if parts.get("opaque") else ""
    challenge += ', qop="auth"' if "qop" in parts else ""
    request = httpx.Request(method, url)
    flow = httpx.DigestAuth(login.user, login.password).auth_flow(request)
    next(flow)
    answer = flow.send(httpx.Response(401, headers={"WWW-Authenticate": challenge}, request=request))
    return str(answer.headers["Authorization"])
