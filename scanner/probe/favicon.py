"""The little picture of a web interface: its hash names many a brand whose pages say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.models import Evidence, Outcome
from scanner.net.api import Network
from scanner.net.elsewhere import note_elsewhere
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.known import Place, front_pages, is_walled, may_be_camera, place_of, web_ports
from scanner.probe.record import evidence
from scanner.probe.session import Reply, http_session
from scanner.wire import favicon as wire

_MAX_ICONS = 2
_PICTURES = (b"\x89PNG\r\n", b"GIF8", b"\xff\xd8\xff", b"\x00\x00\x01\x00", b"BM", b"RIFF", b"<svg", b"<?xml")


class Favicon:
    """Once a device: the first icon that a page of it names, else /favicon.ico."""

    name = "favicon"
    stage = Stage.FOLLOW_UP
    sends = "HTTP GET of the icon that the start page names (on this address only), else of /favicon.ico."

    def wanted(self, suspect: Suspect) -> bool:
        """Whether it may be a camera with a web server, of which no maker is suspected and no icon known yet."""
        known = any(one.protocol == "favicon" for one in suspect.evidence)
        worth = may_be_camera(suspect) and not suspect.makers and not is_walled(suspect)
        return worth and not known and bool(web_ports(suspect))

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """`favicon` evidence with md5 and mmh3 of the first picture."""
        outcome = Outcome.EMPTY
        async with http_session(net, suspect.host) as session:
            for place in list(dict.fromkeys(_icons(net, suspect)))[:_MAX_ICONS]:
                reply = await session.request("GET", place.port, place.path, tls=place.tls)
                if _is_picture(reply):
                    return ProbeResult(Outcome.ANSWERED, (_hashed(net, suspect.host, place, reply),))
                if reply.answer is None:
                    outcome = reply.outcome
        return ProbeResult(outcome)


def _icons(net: Network, suspect: Suspect) -> Iterator[Place]:
    first = web_ports(suspect)[0]
    host = f"[{suspect.host}]" if ":" in suspect.host else suspect.host
    for page, body in front_pages(suspect):
        base = f"{'https' if page.tls else 'http'}://{host}:{page.port}{page.path}"
        for path in wire.icon_paths(body):
            icon = place_of(path, base)
            if icon is None or (icon.port, icon.tls) != (first.port, first.tls):
                continue
            if not note_elsewhere(net, suspect.host, path):
                yield icon
    yield Place(first.port, first.tls, "/favicon.ico")


def _is_picture(reply: Reply) -> bool:
    if reply.answer is None or not reply.ok or reply.outcome is not Outcome.ANSWERED:
        return False
    return reply.answer.body.lstrip(b" \t\r\n").startswith(_PICTURES)


def _hashed(net: Network, host: str, place: Place, reply: Reply) -> Evidence:
    md5, mmh3 = wire.hashes(reply.answer.body if reply.answer else b"")
    return evidence(net, host, "favicon", port=place.port, path=place.path, md5=md5, mmh3=mmh3)
