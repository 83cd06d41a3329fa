"""ONVIF with the user's own login, by onvif-zeep: reads of the device, media and I/O services, nothing else.

`ONVIFService` over shared WSDL documents; never the library's `ONVIFCamera`, whose constructor subscribes on the
device. Every byte goes through the visit, so scope, rates and caps hold and a refusal ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from scanner.models import RECORDER_KINDS
from scanner.net.api import Network
from scanner.net.elsewhere import note_elsewhere
from scanner.probe import zeep_client
from scanner.probe.contract import Suspect
from scanner.probe.digest import wants_digest
from scanner.probe.known import Place, place_of
from scanner.probe.login_visit import LoginVisit
from scanner.probe.onvif import places
from scanner.probe.ports import Use
from scanner.probe.session import Reply
from scanner.probe.zeep_client import Service
from scanner.wire import onvif as wire
from scanner.wire.errors import WireError
from scanner.wire.http import decode_body
from scanner.wire.onvif_media import video_sources
from scanner.wire.xml import find_all, first_text, parse_xml

DEVICE_OPERATIONS = ("GetDeviceInformation", "GetNetworkInterfaces", "GetServices", "GetCapabilities")
MEDIA_OPERATIONS = ("GetVideoSources", "GetVideoSourceConfigurations", "GetProfiles")
_CLOCK = "GetSystemDateAndTime"
_INFORMATION = DEVICE_OPERATIONS[0]
_MAX_PLACES = 2
_ARGUMENTS: dict[str, dict[str, Any]] = {
    "GetServices": {"IncludeCapability": False},
    "GetCapabilities": {"Category": ["All"]},
}
_MEDIA2_PROFILES = (
    f'<m:GetProfiles xmlns:m="{Service.MEDIA2.value}"><m:Type>VideoSource</m:Type><m:Type>VideoEncoder</m:Type>'
    "</m:GetProfiles>"
)


class OnvifLogin:
    """The ONVIF part of a visit."""

    def __init__(self, net: Network, visit: LoginVisit) -> None:
        self._net = net
        self._visit = visit
        self._skew = timedelta()
        self._place: Place | None = None
        self._over_http = False

    async def run(self) -> None:
        """Ask, unless the device speaks no ONVIF; ends at the first refusal."""
        self._place = await self._speaking()
        if self._place is None or not await self._device(_INFORMATION):
            return
        await self._device("GetNetworkInterfaces")
        services = await self._services()
        for url in services.values():
            note_elsewhere(self._net, self._visit.suspect.host, url)
        if Service.MEDIA in services:
            await self._media(Service.MEDIA, services[Service.MEDIA])
        elif Service.MEDIA2 in services:
            await self._media2(services[Service.MEDIA2])
        elif Service.DEVICE_IO in services:
            await self._ask(Service.DEVICE_IO, services[Service.DEVICE_IO], "GetVideoSources")

    async def _speaking(self) -> Place | None:
        """Where it answers ONVIF without a login; its clock and the form of its refusal are learned on the way."""
        known = _known_place(self._visit.suspect)
        candidates = [known] if known else list(dict.fromkeys(places(self._net, self._visit.suspect)))[:_MAX_PLACES]
        for place in candidates:
            if await self._learn(place, known=known is not None):
                return place
        return None

    async def _learn(self, place: Place, *, known: bool) -> bool:
        suspect = self._visit.suspect
        skew = clock_skew(suspect)
        if skew is None:
            reply = await self._plain(place, _CLOCK)
            text = _text(reply)
            if not known and "Envelope" not in text:
                return False
            skew = _skew(text, self._net.now())
        self._skew = skew or timedelta()
        refusals = [one.get("headers", ()) for one in suspect.evidence if _is_refusal(one.fields, place)]
        if not refusals and not any(_is_question(one.fields) for one in suspect.evidence):
            answer = (await self._plain(place, _INFORMATION)).answer
            refusals = [answer.headers] if answer is not None and answer.status == 401 else []
        pairs = (tuple((str(pair[0]), str(pair[1])) for pair in each if len(pair) == 2) for each in refusals)
        self._over_http = any(wants_digest(headers) for headers in pairs)
        return True

    async def _plain(self, place: Place, operation: str) -> Reply:
        headers = [("Content-Type", wire.content_type(operation))]
        return await self._visit.plainly(place, "POST", headers, wire.build_request(operation))

    async def _services(self) -> dict[Service, str]:
        """The addresses of the services, as an answer before or a new one gives them."""
        told = _services_of(self._visit.suspect.evidence)
        for operation in ("GetServices", "GetCapabilities"):
            if not told and await self._device(operation):
                told = _services_of(self._visit.found)
        return told

    async def _media(self, service: Service, url: str) -> None:
        if await self._ask(service, url, "GetVideoSources") and self._has_channels():
            await self._ask(service, url, "GetVideoSourceConfigurations")
        await self._ask(service, url, "GetProfiles")

    def _has_channels(self) -> bool:
        """Whether it is a recorder or has more video inputs than one: only then their names are worth a question."""
        try:
            inputs = len(video_sources(str(self._visit.found[-1].get("xml", ""))))
        except WireError:
            inputs = 0
        return inputs > 1 or self._visit.suspect.kind in RECORDER_KINDS

    async def _media2(self, url: str) -> None:
        if self._visit.may_ask:
            post = self._post(Service.MEDIA2, url, "GetProfiles")
            body = await zeep_client.envelope(self._token(), self._skew, _MEDIA2_PROFILES)
            await post(body, [("Content-Type", "application/soap+xml; charset=utf-8")])

    async def _device(self, operation: str) -> bool:
        return await self._ask(Service.DEVICE, "", operation, **_ARGUMENTS.get(operation, {}))

    async def _ask(self, service: Service, url: str, operation: str, **arguments: Any) -> bool:
        """Whether the device took the login and answered."""
        if not self._visit.may_ask:
            return False
        taken: list[bool] = []
        post = self._post(service, url, operation, taken.append)
        await zeep_client.call(self._token(), self._skew, service, operation, post, **arguments)
        return bool(taken and taken[-1])

    def _token(self) -> Any:
        return None if self._over_http else self._visit.login

    def _post(
        self, service: Service, url: str, operation: str, taken: Callable[[bool], None] = lambda _: None
    ) -> zeep_client.Post:
        """Sends one envelope to the device's own port, wherever its sender wants it to go, and keeps the answer."""
        place = _service_place(self._place, url)

        async def post(envelope: bytes, headers: Sequence[tuple[str, str]]) -> Reply:
            if self._over_http:
                reply = await self._visit.over_http(place, "POST", headers, envelope) or Reply.nothing()
            else:
                reply = await self._visit.with_token(place, headers, envelope)
            named = "" if service is Service.DEVICE else service.name.lower().replace("_", "")
            taken(self._visit.note_soap(reply, place, named, operation))
            return reply

        return post


def _service_place(device: Place | None, url: str) -> Place:
    """A service's path on the port of the device service: another host or port is never given the login."""
    assert device is not None  # noqa: S101 - nothing is asked before a place was found
    named = place_of(url) if url else None
    return Place(device.port, device.tls, named.path) if named is not None else device


def _known_place(suspect: Suspect) -> Place | None:
    """Where ONVIF answered before."""
    for one in suspect.evidence:
        if one.protocol == "onvif" and isinstance(one.get("port"), int) and str(one.get("path", "")).startswith("/"):
            tls = suspect.open_ports.get(one.get("port")) == Use.HTTPS
            return Place(one.get("port"), tls, one.get("path"))
    return None


def _services_of(evidence: Sequence[Any]) -> dict[Service, str]:
    """The address of each service that a GetServices or GetCapabilities answer names."""
    found: dict[Service, str] = {}
    for one in evidence:
        if one.protocol == "onvif" and one.get("operation") in ("GetServices", "GetCapabilities"):
            try:
                named = wire.services(str(one.get("xml", "")))
            except WireError:
                continue
            for service in Service:
                if service.value in named:
                    found.setdefault(service, named[service.value])
    return found


def _is_refusal(fields: Mapping[str, Any], place: Place) -> bool:
    return (fields.get("port"), fields.get("path"), fields.get("status")) == (place.port, place.path, 401)


def _is_question(fields: Mapping[str, Any]) -> bool:
    return bool(fields.get("operation") == _INFORMATION)


def clock_skew(suspect: Suspect) -> timedelta | None:
    """How far the device's clock is ahead of ours, from its GetSystemDateAndTime; None where it was not asked.

    A device refuses a token whose time is not its own, and a refusal counts towards its lock-out.
    """
    for one in suspect.evidence:
        if one.protocol == "onvif" and one.get("operation") == _CLOCK and one.seen_at:
            return _skew(str(one.get("xml", "")), one.seen_at) or timedelta()
    return None


def _skew(xml: str, seen_at: str) -> timedelta | None:
    theirs = _device_time(xml)
    try:
        ours = datetime.fromisoformat(seen_at)
    except ValueError:
        return None
    return theirs - ours if theirs is not None and ours.tzinfo is not None else None


def _text(reply: Reply) -> str:
    return decode_body(reply.answer.body, reply.answer.headers) if reply.answer is not None else ""


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
