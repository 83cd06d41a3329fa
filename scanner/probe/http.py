"""Pages of vendors' web interfaces that are open by design, or whose refusal names the maker; reads only.

What each answers and who says that it may be asked stands in docs/traffic.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from scanner.models import Evidence, Outcome
from scanner.net.api import Network
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.known import Place, is_walled, may_be_camera, web_ports
from scanner.probe.session import Reply, http_session

MAX_PAGES = 4
_MAX_MAKERS = 2


class Page(msgspec.Struct, frozen=True):
    """One harmless request. `tls` True: only over TLS. `source` says where it is documented or was observed."""

    path: str
    source: str
    body: bytes | None = None
    tls: bool | None = None

    @property
    def method(self) -> str:
        """POST for the two reads that exist as POST only."""
        return "GET" if self.body is None else "POST"


_HIKVISION = Page("/ISAPI/System/deviceInfo", "ISAPI guide: asks for a login; the realm and Server name the line")
_DAHUA = Page(
    "/cgi-bin/magicBox.cgi?action=getSystemInfo", "Dahua HTTP API: asks for a login; the realm is 'Login to <serial>'"
)
_UNIVIEW = Page("/LAPI/V1.0/System/DeviceBasicInfo", "Uniview LAPI guide: asks for a login in its own JSON form")
_INFO_CGI = Page("/common/info.cgi", "D-Link NIPCA: model, brand and version as text, open on older firmware")

PAGES: dict[str, tuple[Page, ...]] = {
    "Axis": (
        Page(
            "/axis-cgi/basicdeviceinfo.cgi",
            "VAPIX Basic device information: getAllUnrestrictedProperties allows anonymous access",
            body=b'{"apiVersion":"1.0","method":"getAllUnrestrictedProperties"}',
        ),
        Page("/axis-cgi/prod_brand_info/getbrand.cgi", "VAPIX: brand and product number, open on older firmware"),
    ),
    "Hikvision": (
        Page("/SDK/activateStatus", "ISAPI guide: requires no authentication"),
        _HIKVISION,
        Page("/doc/page/login.asp", "login page of the web client"),
    ),
    "Dahua": (_DAHUA,),
    "Uniview": (_UNIVIEW,),
    "Hanwha Vision": (
        Page("/init-cgi/pw_init.cgi?msubmenu=statuscheck&action=view", "SUNAPI 2.5.5: requires no authentication"),
        Page(
            "/stw-cgi/system.cgi?msubmenu=deviceinfo&action=view", "SUNAPI: asks for a login; the realm is iPolis_<MAC>"
        ),
    ),
    "Reolink": (
        Page("/cgi-bin/api.cgi", "answers 'please login first' in its own JSON form"),
        Page("/js/client.config.js", "version of the web client"),
    ),
    "Vivotek": (
        Page("/cgi-bin/anonymous/getparam.cgi?system_info", "VIVOTEK manuals: directory anonymous is unprotected"),
    ),
    "D-Link": (_INFO_CGI,),
    "TRENDnet": (_INFO_CGI,),
    "Foscam": (Page("/get_status.cgi", "IP Camera CGI guide: status without a login, with MAC and versions"),),
    "AVTECH": (
        Page(
            "/cgi-bin/nobody/Machine.cgi?action=get_capability", "directory nobody is open by design; this action only"
        ),
    ),
    "Ubiquiti": (Page("/api/system", "UniFi consoles: hardware short name, name, MAC", tls=True),),
    "2N": (Page("/api/system/info", "2N HTTP API: available regardless of access rights"),),
    "Sony": (Page("/command/inquiry.cgi?inq=system", "Sony CGI manual: open where the viewer login is off"),),
    "Panasonic": (Page("/live/index.html", "CGI specification: page title with the model"),),
    "i-PRO": (Page("/live/index.html", "CGI specification: page title with the model"),),
}
"""By maker, the most telling first."""

UNIDENTIFIED = (_HIKVISION, _DAHUA, _UNIVIEW)
"""For a camera of which no maker is suspected: these three families are behind most labels."""


class VendorPages:
    """Only for what may be a camera, and only while maker, model and firmware are not all established."""

    name = "http"
    stage = Stage.FOLLOW_UP
    sends = (
        f"HTTP, at most {MAX_PAGES} requests on one connection: the pages below of the makers that are suspected; "
        "for a camera without a suspect, whose start page is open, the first pages of Hikvision, Dahua and Uniview."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Whether it may be a camera with a web server, about which something is still open."""
        return may_be_camera(suspect) and not suspect.settled and bool(web_ports(suspect)) and bool(_pages(suspect))

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """`http` evidence for each page that answered, until one tells something new."""
        found: list[Evidence] = []
        outcome = Outcome.EMPTY
        places = web_ports(suspect)
        async with http_session(net, suspect.host) as session:
            for page in _pages(suspect):
                place = _place(places, page)
                if place is None:
                    continue
                headers = [("Content-Type", "application/json")] if page.body is not None else []
                reply = await session.request(
                    page.method, place.port, page.path, tls=place.tls, headers=headers, body=page.body
                )
                if reply.answer is None:
                    outcome = reply.outcome
                    break
                found.append(session.evidence(reply))
                if _tells(suspect, reply):
                    break
        return ProbeResult(Outcome.ANSWERED if found else outcome, tuple(found))


def _tells(suspect: Suspect, reply: Reply) -> bool:
    """Whether the answer says something that the device does not say to any request: then no more is asked."""
    same = [one for one in suspect.evidence if one.protocol == "http" and one.get("port") == reply.fields["port"]]
    if reply.ok:
        return all(one.get("body") != reply.fields.get("body") for one in same)
    return reply.fields.get("status") == 401 and all(one.get("status") != 401 for one in same)


def _pages(suspect: Suspect) -> Sequence[Page]:
    """What is worth asking: pages not asked yet."""
    suspected = [page for maker in suspect.makers[:_MAX_MAKERS] for page in PAGES.get(maker, ())]
    pages = suspected or (() if suspect.makers or not suspect.is_camera or is_walled(suspect) else UNIDENTIFIED)
    asked = {one.get("path") for one in suspect.evidence if one.protocol == "http"}
    return [page for page in dict.fromkeys(pages) if page.path not in asked][:MAX_PAGES]


def _place(places: Sequence[Place], page: Page) -> Place | None:
    """The first web port, or the first that speaks TLS where the page needs it."""
    return next((place for place in places if page.tls is None or place.tls == page.tls), None)
