"""ONVIF's device service without a login: what is open before one, and two reads that many devices answer all the same.

ONVIF Core specification, access classes PRE_AUTH (GetSystemDateAndTime, GetServices, GetCapabilities,
GetServiceCapabilities, GetHostname, GetEndpointReference, GetWsdlUrl; GetDiscoveryMode is not among them) and
READ_SYSTEM (GetDeviceInformation, GetScopes). Nothing here changes anything on a device.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.models import RECORDER_KINDS, Evidence, Outcome
from scanner.net.api import Network
from scanner.net.elsewhere import note_elsewhere
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.known import Place, may_be_camera, own_place, place_of, web_ports
from scanner.probe.record import BODY_LIMIT, evidence
from scanner.probe.session import HttpSession, Reply, http_session
from scanner.wire import onvif as wire
from scanner.wire import ws_discovery
from scanner.wire.errors import WireError
from scanner.wire.http import decode_body
from scanner.wire.onvif_media import source_count

_MAX_PLACES = 2
_FIRST = "GetSystemDateAndTime"
_INFORMATION = "GetDeviceInformation"
_SCOPES = "GetScopes"
_SERVICES = "GetServices"
_OLDER = ("GetCapabilities", "GetServiceCapabilities")  # what GetServices tells too, where a device has it
_REST = ("GetHostname", "GetEndpointReference", "GetWsdlUrl")
_REOLINK = 8000  # ONVIF at Reolink; Hikvision's SDK has the same port and keeps silent


class Onvif:
    """At the place that the device gave in WS-Discovery, else at the usual path of its web ports."""

    name = "onvif"
    stage = Stage.FOLLOW_UP
    sends = (
        "HTTP POST, on one connection, to the XAddr's path on the address that answered WS-Discovery, else to "
        f"{wire.DEVICE_PATH} of its first web port and (Reolink, or no maker suspected) of {_REOLINK}: SOAP {_FIRST}; "
        f"where that answers, or the device spoke WS-Discovery, {_INFORMATION} once without a login; where that does "
        f"not name it, {_SCOPES} (unless WS-Discovery gave them) and, while no maker is suspected, {_SERVICES} with "
        f"capabilities (where it has none, {' and '.join(_OLDER)}), {', '.join(_REST)}; of a recorder whose channels "
        f"are not counted yet, {_SERVICES}, else {_OLDER[0]}. No login, no subscription."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Whether it may be a camera, about which something is open, and has somewhere to ask."""
        asked = any(one.protocol == "onvif" for one in suspect.evidence)
        somewhere = bool(web_ports(suspect)) or _spoke_ws_discovery(suspect)
        is_open = not suspect.settled or _is_uncounted(suspect)
        return may_be_camera(suspect) and is_open and not asked and somewhere

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """`onvif` evidence for each SOAP answer, faults too; `http` evidence for other answers."""
        found: list[Evidence] = []
        outcome = Outcome.EMPTY
        async with http_session(net, suspect.host) as session:
            for place in list(dict.fromkeys(places(net, suspect)))[:_MAX_PLACES]:
                visit = _Visit(net, session, place, found)
                outcome = await visit.run(suspect)
                if visit.speaks:
                    break
        return ProbeResult(Outcome.ANSWERED if found else outcome, tuple(found))


class _Visit:
    def __init__(self, net: Network, session: HttpSession, place: Place, found: list[Evidence]) -> None:
        self.speaks = False
        self._net = net
        self._session = session
        self._place = place
        self._found = found

    async def run(self, suspect: Suspect) -> Outcome:
        """Ask until what was asked for is known or the device stops answering."""
        if suspect.login is not None or not _spoke_ws_discovery(suspect):
            reply, _ = await self._ask(_FIRST)
            if not self.speaks:
                return reply.outcome
        if suspect.settled:
            return await self._count(suspect)
        reply, information = await self._ask(_INFORMATION)
        if reply.answer is None or _identifies(information):
            return reply.outcome if reply.answer is None else await self._count(suspect)
        for operation in () if _has_scopes(suspect) else (_SCOPES,):
            reply, _ = await self._ask(operation)
            if reply.answer is None:
                return Outcome.ANSWERED
        return await self._count(suspect) if suspect.makers else await self._rest(suspect)

    async def _count(self, suspect: Suspect) -> Outcome:
        """How many video inputs a recorder has, which needs no login."""
        for operation in (_SERVICES, _OLDER[0]) if _is_uncounted(suspect) else ():
            reply, text = await self._ask(operation)
            if reply.answer is None or _counts(text):
                break
        return Outcome.ANSWERED

    async def _rest(self, suspect: Suspect) -> Outcome:
        """What is left of the operations that need no login, for a device that nobody can name yet."""
        reply, text = await self._ask(_SERVICES)
        older = () if "GetServicesResponse" in text else _OLDER
        for operation in (*older, *(each for each in _REST if not _knows(suspect, each))):
            if reply.answer is None:
                break
            reply, _ = await self._ask(operation)
        return Outcome.ANSWERED

    async def _ask(self, operation: str) -> tuple[Reply, str]:
        """The reply and its SOAP envelope ("" where it has none), which become evidence."""
        place = self._place
        headers = [("Content-Type", wire.content_type(operation))]
        body = wire.build_request(operation)
        reply = await self._session.request("POST", place.port, place.path, tls=place.tls, headers=headers, body=body)
        if reply.answer is None:
            return reply, ""
        text = decode_body(reply.answer.body, reply.answer.headers)[:BODY_LIMIT]
        if "Envelope" not in text:
            self._found.append(self._session.evidence(reply))
            return reply, ""
        self.speaks = True
        fields = {"operation": operation, "port": place.port, "path": place.path, "xml": text}
        self._found.append(evidence(self._net, self._session.host, "onvif", **fields))
        if not reply.ok:
            self._found.append(self._session.evidence(reply))
        for url in _addresses(text):
            note_elsewhere(self._net, self._session.host, url)
        return reply, text


def places(net: Network, suspect: Suspect) -> Iterator[Place]:
    """Where to ask, the device's own word first. XAddrs are tried at the address that answered, whatever they name."""
    given: list[Place] = []
    for url in _xaddrs(suspect):
        own = own_place(net, suspect.host, url)
        moved = place_of(url)
        given += [place for place in (own or moved,) if place is not None]
    yield from sorted(given, key=lambda place: place.tls)
    # One web port only: a device that has no ONVIF on port 80 has none on 443 either.
    usual = [Place(place.port, place.tls, wire.DEVICE_PATH) for place in web_ports(suspect)[:1]]
    yield from usual
    if _REOLINK in suspect.open_ports and (not suspect.makers or "Reolink" in suspect.makers):
        yield Place(_REOLINK, tls=False, path=wire.DEVICE_PATH)


def _xaddrs(suspect: Suspect) -> list[str]:
    found: dict[str, None] = {}
    for one in suspect.evidence:
        if one.protocol == "ws-discovery":
            try:
                matches = ws_discovery.parse_replies(str(one.get("xml", "")))
            except WireError:
                continue
            found.update(dict.fromkeys(url for match in matches for url in match.xaddrs))
    return list(found)


def _is_uncounted(suspect: Suspect) -> bool:
    return suspect.kind in RECORDER_KINDS and not suspect.counted


def _counts(text: str) -> bool:
    try:
        return bool(text) and source_count(text) is not None
    except WireError:
        return False


def _knows(suspect: Suspect, operation: str) -> bool:
    """Whether WS-Discovery, which gives the endpoint, was heard."""
    return operation == "GetEndpointReference" and _spoke_ws_discovery(suspect)


def _spoke_ws_discovery(suspect: Suspect) -> bool:
    return any(one.protocol == "ws-discovery" for one in suspect.evidence)


def _has_scopes(suspect: Suspect) -> bool:
    """Whether WS-Discovery already told the scopes."""
    return any(one.protocol == "ws-discovery" and "onvif://" in str(one.get("xml", "")) for one in suspect.evidence)


def _identifies(information: str) -> bool:
    try:
        told = wire.device_information(information) if information else {}
    except WireError:
        return False
    return bool(told.get("Manufacturer") and told.get("Model"))


def _addresses(text: str) -> list[str]:
    try:
        return wire.service_addresses(text)
    except WireError:
        return []
