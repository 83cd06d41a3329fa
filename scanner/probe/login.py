"""The user's own login for a device: ONVIF first, then its maker's documented pages. One refusal ends both."""

from __future__ import annotations

import asyncio

from scanner.models import RECORDER_KINDS, Outcome
from scanner.net.api import Network
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.http_login import LOGIN_PAGES, ask_pages, has_pages
from scanner.probe.known import may_be_camera, web_ports
from scanner.probe.login_visit import LoginVisit
from scanner.probe.onvif_login import DEVICE_OPERATIONS, MEDIA_OPERATIONS, OnvifLogin
from scanner.probe.session import http_session

SECONDS = 18.0  # below the stage's deadline, so that what was learned until then is kept


class WithLogin:
    """Only with a login that the user gave for this very device, and only to what may be a camera or recorder."""

    name = "login"
    stage = Stage.CREDENTIALS
    sends = (
        "Only with the user's own login for the device. ONVIF, where the device answers GetSystemDateAndTime without "
        f"one (HTTP POST): {', '.join(DEVICE_OPERATIONS[:2])}, GetServices (else GetCapabilities) unless answered "
        f"before, and of its media service {', '.join(MEDIA_OPERATIONS)} (of Media2 alone: GetProfiles; of DeviceIO "
        "alone: GetVideoSources), with a WS-Security UsernameToken digest, or with HTTP digest where the device asked "
        "for that. Then, where something is still open or it is a recorder, the pages below of "
        f"{', '.join(LOGIN_PAGES)} by HTTP digest (those about the device itself only where ONVIF did not name it): "
        "each once without the login, and once in answer to the challenge. "
        "Never Basic unless the file says so. At most one login is refused: the first refusal, or silence, ends it."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Whether there is a login, and somewhere to use it."""
        heard = any(one.protocol in ("onvif", "ws-discovery") for one in suspect.evidence)
        return suspect.login is not None and may_be_camera(suspect) and (heard or bool(web_ports(suspect)))

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """`onvif` and `http` evidence of what the login opened; REFUSED, with the question, where it was not taken."""
        if suspect.login is None:
            return ProbeResult(Outcome.SKIPPED)
        async with http_session(net, suspect.host) as session:
            visit = LoginVisit(net, session, suspect, suspect.login)
            try:
                async with asyncio.timeout(SECONDS):
                    await OnvifLogin(net, visit).run()
                    if visit.may_ask and suspect.login.http and _worth_pages(suspect):
                        await ask_pages(visit)
            except TimeoutError:
                return ProbeResult(Outcome.CUT, tuple(visit.found))
        if visit.refused_by:
            return ProbeResult(Outcome.REFUSED, tuple(visit.found), visit.refused_by)
        return ProbeResult(Outcome.ANSWERED if visit.accepted else Outcome.EMPTY, tuple(visit.found))


def _worth_pages(suspect: Suspect) -> bool:
    """Whether a maker's pages can add something: what is open about the device, or a recorder's channels."""
    return has_pages(suspect) and (not suspect.settled or suspect.kind in RECORDER_KINDS)
