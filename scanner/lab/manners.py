"""What a read-only tool does not send: logins, settings, streams. Plain text tests over what the lab received."""

from __future__ import annotations

from collections.abc import Iterator

_LOGIN_QUERY = ("user=", "usr=", "username=", "loginuse=", "loginpas=", "pwd=", "passwd=", "password=", "pass=")
_LOGIN_PATHS = ("rpc2_login", "login.cgi", "userlogin", "/sessionlogin", "/security/users", "logon")
_LOGIN_BODIES = ("global.login", '"login"', "password", "passwd", "<username>", "userverify")
_SETTING_QUERY = (
    "action=set", "action=update", "action=add", "action=remove", "action=delete", "action=reboot", "action=restart",
    "action=factory", "action=reset", "action=upgrade", "cmd=set", "cmd=reboot", "reboot.cgi", "restart.cgi",
    "factorydefault", "snapshot",
)  # fmt: skip
_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_READING_JSON = ('"method":"get', '"method": "get', '"method":"systemready"', '"method": "systemready"')


def unwelcome(method: str, target: str, body: bytes, known: bool) -> Iterator[tuple[str, str]]:
    """(kind, detail) of everything unwelcome in an HTTP request. `known`: the device expects this very POST."""
    lowered = target.lower()
    path, _, query = lowered.partition("?")
    where = f"{method} {target[:120]}"
    text = body[:65536].decode("latin-1").lower()
    if any(part.startswith(_LOGIN_QUERY) for part in query.split("&")) or _posts_login(method, path, text):
        yield "login", where
    if any(word in lowered for word in _SETTING_QUERY):
        yield "setting", where
    if method not in _READING_METHODS and not (known or _reads(method, text)):
        yield "setting", where


def soap_setting(operation: str) -> bool:
    """Whether a SOAP operation does more than read."""
    return not operation.startswith("Get")


def _posts_login(method: str, path: str, text: str) -> bool:
    if method != "POST":
        return False
    soap = "http://www.w3.org/2003/05/soap-envelope" in text or "schemas.xmlsoap.org/soap/envelope" in text
    return any(word in path for word in _LOGIN_PATHS) or (not soap and any(word in text for word in _LOGIN_BODIES))


def _reads(method: str, text: str) -> bool:
    """A POST that only reads: SOAP (judged by its operation), a JSON "get…", or nothing at all."""
    if method != "POST":
        return False
    return not text.strip() or "envelope" in text or any(word in text for word in _READING_JSON)
