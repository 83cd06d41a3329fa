"""A maker's documented pages that need a login: reads only, by HTTP digest with the user's own login.

Each page is asked for without the login first; the login answers the challenge that the device gives for this page.
"""

from __future__ import annotations

import msgspec

from scanner.models import RECORDER_KINDS
from scanner.probe.contract import Suspect
from scanner.probe.known import Place, web_ports
from scanner.probe.login_visit import LoginVisit
from scanner.wire import onvif as wire
from scanner.wire.errors import WireError
from scanner.wire.onvif_media import video_sources
from scanner.wire.recorder import (
    DAHUA_CAMERAS,
    DAHUA_TITLES,
    ISAPI_CHANNELS,
    ISAPI_INPUTS,
    ISAPI_STATUS,
    SUNAPI_CAMERAS,
)

_MAX_MAKERS = 2
_RECORDERS = ("<deviceType>NVR", "<deviceType>DVR", "<deviceType>CVR", "<deviceType>hybridNVR")


class LoginPage(msgspec.Struct, frozen=True):
    """One read. `recorder`: only of recorders. `source` says where it is documented."""

    path: str
    source: str
    recorder: bool = False
    body: bytes | None = None
    accept: str = "*/*"

    @property
    def method(self) -> str:
        """POST for the read that exists as POST only."""
        return "GET" if self.body is None else "POST"


_JSON = "application/json"
LOGIN_PAGES: dict[str, tuple[LoginPage, ...]] = {
    "Hikvision": (
        LoginPage("/ISAPI/System/deviceInfo", "ISAPI guide: model, serial number, firmware, MAC"),
        LoginPage(ISAPI_CHANNELS, "ISAPI guide: the IP channels, with address, model and serial number", recorder=True),
        LoginPage(ISAPI_STATUS, "ISAPI guide: which of them are online", recorder=True),
        LoginPage(ISAPI_INPUTS, "ISAPI guide: the analogue channels", recorder=True),
    ),
    "Dahua": (
        LoginPage("/cgi-bin/magicBox.cgi?action=getSerialNo", "Dahua HTTP API: serial number"),
        LoginPage("/cgi-bin/magicBox.cgi?action=getDeviceType", "Dahua HTTP API: model"),
        LoginPage("/cgi-bin/magicBox.cgi?action=getSoftwareVersion", "Dahua HTTP API: firmware"),
        LoginPage(DAHUA_CAMERAS, "Dahua HTTP API: the channels in use, with address, type and serial", recorder=True),
        LoginPage(DAHUA_TITLES, "Dahua HTTP API: the channels' names", recorder=True),
    ),
    "Axis": (
        LoginPage(
            "/axis-cgi/basicdeviceinfo.cgi",
            "VAPIX Basic device information: getAllProperties",
            body=b'{"apiVersion":"1.0","method":"getAllProperties"}',
            accept=_JSON,
        ),
    ),
    "Hanwha Vision": (
        LoginPage(
            "/stw-cgi/system.cgi?msubmenu=deviceinfo&action=view",
            "SUNAPI: model, serial number, firmware, MAC",
            accept=_JSON,
        ),
        LoginPage(SUNAPI_CAMERAS, "SUNAPI: the registered cameras", recorder=True, accept=_JSON),
    ),
}
"""By maker. Dahua's RemoteDevice is not among them: it lists the passwords of the cameras."""


async def ask_pages(visit: LoginVisit) -> None:
    """Ask for the pages of the suspected maker until the first refusal or silence."""
    place = _place(visit)
    recorder = visit.suspect.kind in RECORDER_KINDS or _inputs(visit) > 1
    named = _is_named(visit)
    for page in _pages(visit.suspect) if place is not None else ():
        if not visit.may_ask:
            return
        if (page.recorder and not recorder) or (named and not page.recorder):
            continue
        recorder = await _ask(visit, place, page) or recorder


async def _ask(visit: LoginVisit, port: Place | None, page: LoginPage) -> bool:
    """Whether the page says that this is a recorder."""
    assert port is not None  # noqa: S101 - the caller's condition
    place = Place(port.port, port.tls, page.path)
    headers = [("Accept", page.accept)]
    if page.body is not None:
        headers.append(("Content-Type", "application/json"))
    reply = await visit.over_http(place, page.method, headers, page.body)
    if reply is None:
        return False
    visit.note_page(reply, place)
    body = str(visit.found[-1].get("body", "")) if visit.found else ""
    return any(word in body for word in _RECORDERS)


def _is_named(visit: LoginVisit) -> bool:
    """Whether ONVIF told model, firmware and serial number with this login: no page then says more of the device."""
    for one in visit.found:
        if one.get("operation") == "GetDeviceInformation" and one.get("login") == "accepted":
            try:
                told = wire.device_information(str(one.get("xml", "")))
            except WireError:
                return False
            return all(told.get(name) for name in ("Model", "FirmwareVersion", "SerialNumber"))
    return False


def _inputs(visit: LoginVisit) -> int:
    """How many video inputs ONVIF listed with this login."""
    for one in visit.found:
        if one.get("operation") == "GetVideoSources":
            try:
                return len(video_sources(str(one.get("xml", ""))))
            except WireError:
                return 0
    return 0


def has_pages(suspect: Suspect) -> bool:
    """Whether there is a page to ask for."""
    return bool(_pages(suspect)) and bool(web_ports(suspect))


def _pages(suspect: Suspect) -> tuple[LoginPage, ...]:
    return next((LOGIN_PAGES[maker] for maker in suspect.makers[:_MAX_MAKERS] if maker in LOGIN_PAGES), ())


def _place(visit: LoginVisit) -> Place | None:
    """The first web port; one under TLS where the password may go in clear."""
    ports = web_ports(visit.suspect)
    covered = [place for place in ports if place.tls] if visit.login.basic else []
    return next(iter([*covered, *ports]), None)
