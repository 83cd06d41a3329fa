"""ONVIF with the user's own login, by onvif-zeep: exactly one attempt, two reads, nothing else.

`ONVIFService` over one shared WSDL document; never the library's `ONVIFCamera`, whose constructor subscribes on the
device. Every byte goes through the session, so scope, rates and caps hold; the secret is neither logged nor kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from scanner.models import Evidence, Outcome
from scanner.net.api import Network
from scanner.probe import zeep_client
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.known import Place
from scanner.probe.onvif import places
from scanner.probe.ports import Use
from scanner.probe.record import BODY_LIMIT, evidence
from scanner.probe.session import HttpSession, Reply, http_session
from scanner.probe.zeep_client import Post
from scanner.wire.errors import WireError
from scanner.wire.http import decode_body
from scanner.wire.xml import find_all, first_text, parse_xml

OPERATIONS = ("GetDeviceInformation", "GetNetworkInterfaces")


class OnvifLogin:
    """Only with a login that the user gave for this very device, and only where it spoke ONVIF before."""

    name = "onvif-login"
    stage = Stage.CREDENTIALS
    sends = (
        "Only with the user's own login for the device: SOAP GetDeviceInformation, and where that is answered "
        "GetNetworkInterfaces, with a WS-Security UsernameToken digest (HTTP POST). One attempt; it ends at the first "
        "refusal."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Whether there is a login and the device has spoken ONVIF or WS-Discovery."""
        speaks = any(one.protocol in ("onvif", "ws-discovery") for one in suspect.evidence)
        return suspect.login is not None and speaks

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """`onvif` evidence for each answer."""
        place = _place(net, suspect)
        if suspect.login is None or place is None:
            return ProbeResult(Outcome.SKIPPED)
        found: list[Evidence] = []
        async with http_session(net, suspect.host) as session:
            post = _poster(net, session, place, found)
            skew = clock_skew(suspect)
            outcome, detail = await zeep_client.call(suspect.login, skew, OPERATIONS, post)
        return ProbeResult(outcome, tuple(found), detail)


def _place(net: Network, suspect: Suspect) -> Place | None:
    """Where ONVIF answered before; else where the device says that it does."""
    for one in suspect.evidence:
        if one.protocol == "onvif" and isinstance(one.get("port"), int) and str(one.get("path", "")).startswith("/"):
            tls = suspect.open_ports.get(one.get("port")) == Use.HTTPS
            return Place(one.get("port"), tls, one.get("path"))
    return next(places(net, suspect), None)


def _poster(net: Network, session: HttpSession, place: Place, found: list[Evidence]) -> Post:
    """Sends one envelope to `place`, wherever its sender wants it to go, and keeps the answer as evidence."""
    operations = iter(OPERATIONS)

    async def post(envelope: bytes, headers: Sequence[tuple[str, str]]) -> Reply:
        reply = await session.request("POST", place.port, place.path, tls=place.tls, headers=headers, body=envelope)
        operation = next(operations, "")
        if reply.answer is not None and not reply.answer.body:
            found.append(session.evidence(reply))
        elif reply.answer is not None:
            xml = decode_body(reply.answer.body, reply.answer.headers)[:BODY_LIMIT]
            fields = {"operation": operation, "port": place.port, "path": place.path, "xml": xml}
            found.append(evidence(net, session.host, "onvif", **fields))
        return reply

    return post


def clock_skew(suspect: Suspect) -> timedelta:
    """How far the device's clock is ahead of ours, from its GetSystemDateAndTime; zero where it did not say.

    A device refuses a token whose time is not its own, and a refusal counts towards its lock-out.
    """
    for one in suspect.evidence:
        if one.protocol == "onvif" and one.get("operation") == "GetSystemDateAndTime" and one.seen_at:
            theirs = _device_time(str(one.get("xml", "")))
            try:
                ours = datetime.fromisoformat(one.seen_at)
            except ValueError:
                continue
            if theirs is not None and ours.tzinfo is not None:
                return theirs - ours
    return timedelta()


def _device_time(xml: str) -> datetime | None:
    try:
        stamps = find_all(parse_xml(xml), "UTCDateTime")
    except WireError:
        return None
    if not stamps:
        return None
    parts = [first_text(stamps[0], name) for name in ("Year", "Month", "Day", "Hour", "Minute", "Second")]
    try:
        year, month, day, hour, minute, second = (int(text or "") for text in parts)
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
