"""One visit with the user's own login: what is sent with it, to whom, and how the device took it.

At most one login is refused in a visit: after the first refusal, and after a login that got no answer, nothing more is
sent with it. It goes to the visited address and to the port that was asked without it before, whatever a device names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from scanner.models import Evidence
from scanner.net.api import Network
from scanner.probe.contract import Login, Suspect
from scanner.probe.digest import authorization
from scanner.probe.discreet import Discreet, computed, without_secret_lines
from scanner.probe.known import Place
from scanner.probe.record import evidence
from scanner.probe.session import BODY_CAP, HttpSession, Reply
from scanner.wire import onvif as wire
from scanner.wire.errors import WireError
from scanner.wire.http import decode_body
from scanner.wire.octets import without_secrets
from scanner.wire.sadp import without_secret_elements
from scanner.wire.xml import parse_xml

_REFUSALS = (401, 403)
_UNSUPPORTED = "<subStatusCode>notSupport</subStatusCode>"
_REFUSING = ("notauthorized", "failedauthentication", "failedcheck", "invalidsecurity", "invalidcredentials")

Headers = Sequence[tuple[str, str]]


class LoginVisit:
    """`found` grows with each answer. `may_ask` says whether anything may still be sent with the login."""

    def __init__(self, net: Network, session: HttpSession, suspect: Suspect, login: Login) -> None:
        self.suspect = suspect
        self.login = login
        self.found: list[Evidence] = []
        self.refused_by = ""
        self.accepted = False
        self._unanswered = False
        self._sent = False  # whether the last question carried the login
        self._net = net
        self._session = session
        self._discreet = Discreet(login)

    @property
    def may_ask(self) -> bool:
        """Whether no login was refused or left without an answer."""
        return not self.refused_by and not self._unanswered

    async def plainly(self, place: Place, method: str, headers: Headers, body: bytes | None) -> Reply:
        """Ask without the login."""
        return await self._session.request(method, place.port, place.path, tls=place.tls, headers=headers, body=body)

    async def over_http(self, place: Place, method: str, headers: Headers, body: bytes | None) -> Reply | None:
        """Ask without the login, and if the device challenges, once more with it.

        None where it may not be sent: no challenge, or none that may be answered. The reply is of the first request
        where that was answered without a challenge.
        """
        self._sent = False
        reply = await self.plainly(place, method, headers, body)
        if reply.answer is None or reply.answer.status != 401:
            return reply if reply.answer is not None else None
        header = self._authorization(place, method, reply)
        if header is None or not self.may_ask:
            return None
        self._discreet.also(header, *computed(header))
        return await self._with_login(place, method, [*headers, ("Authorization", header)], body)

    async def with_token(self, place: Place, headers: Headers, envelope: bytes) -> Reply:
        """Send a SOAP envelope that carries the login itself."""
        self._discreet.also(*computed(envelope.decode("utf-8", "replace")))
        return await self._with_login(place, "POST", headers, envelope)

    def note_soap(self, reply: Reply, place: Place, service: str, operation: str) -> bool:
        """Keep a SOAP answer as evidence; whether the device took the login and answered the question."""
        if reply.answer is None:
            return False
        xml = decode_body(reply.answer.body, reply.answer.headers)[:BODY_CAP]
        fault = _fault(xml)
        # GetDeviceInformation, the first, is mandatory: a device that faults it, in whatever words, refuses the login.
        first = bool(fault) and not self.accepted
        refused = first or reply.answer.status in _REFUSALS or any(word in (fault or "").lower() for word in _REFUSING)
        fields: dict[str, Any] = {"operation": operation, "port": place.port, "path": place.path}
        if service:
            fields["service"] = service
        self._keep("onvif", refused, f"ONVIF {operation}", **fields, xml=xml)
        return not refused and fault == "" and "Envelope" in xml

    def note_page(self, reply: Reply, place: Place) -> bool:
        """Keep a page as evidence; whether it is one."""
        if reply.answer is None:
            return False
        text = decode_body(reply.answer.body, reply.answer.headers)[:BODY_CAP]
        # ISAPI says 403 also to what the model does not have.
        refused = reply.answer.status in _REFUSALS and _UNSUPPORTED not in text
        fields = {name: value for name, value in reply.fields.items() if name not in ("body", "body_b64")}
        self._keep("http", refused, f"{reply.fields.get('method', 'GET')} {place.path}", **fields, body=_page(text))
        return reply.ok

    async def _with_login(self, place: Place, method: str, headers: Headers, body: bytes | None) -> Reply:
        self._sent = True
        reply = await self._session.request(
            method, place.port, place.path, tls=place.tls, headers=headers, body=body, again=False
        )
        self._unanswered = reply.answer is None
        return reply

    def _authorization(self, place: Place, method: str, reply: Reply) -> str | None:
        from scanner.probe import transport

        assert reply.answer is not None  # noqa: S101 - the caller's condition
        url = transport.url(self._session.host, place.port, place.path, tls=place.tls)
        return authorization(self.login, method, url, reply.answer.headers)

    def _keep(self, protocol: str, refused: bool, what: str, **fields: Any) -> None:
        if self._sent:
            if refused and not self.refused_by:
                self.refused_by = f"{what}, after it was accepted for other questions" if self.accepted else what
            self.accepted = self.accepted or not refused
            fields["login"] = "refused" if refused else "accepted"
        self.found.append(evidence(self._net, self._session.host, protocol, **self._discreet.value(fields)))


def _fault(xml: str) -> str | None:
    """The fault's code, "" where it is none, None where it can't be read."""
    try:
        return wire.fault(xml) or ""
    except WireError:
        return None


def _page(text: str) -> str:
    """A page as it came but for other devices' users and passwords, which recorders list with their channels.

    What looks like XML or JSON and can't be read can't be cleaned either, and is not kept.
    """
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        return _xml(text)
    return _json(text) if start in ("{", "[") else without_secret_lines(text)


def _xml(text: str) -> str:
    try:
        return without_secret_elements(text.encode("utf-8", "replace"), parse_xml(text))
    except WireError:
        return ""


def _json(text: str) -> str:
    try:
        value = msgspec.json.decode(text.encode("utf-8", "replace"))
        return msgspec.json.encode(without_secrets(value)).decode()
    except (msgspec.DecodeError, RecursionError):
        return ""
