"""The UPnP device description, at the exact address that the device gave in its SSDP answer."""

from __future__ import annotations

from scanner.models import Outcome
from scanner.net.api import Network
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.known import Place, headers_named, own_place
from scanner.probe.record import BODY_LIMIT, evidence
from scanner.probe.session import http_session
from scanner.wire.http import decode_body

_MAX_DESCRIPTIONS = 2


class Upnp:
    """For every device that answered SSDP: the description also says what is no camera."""

    name = "upnp"
    stage = Stage.CONTACT
    sends = (
        "HTTP GET of the LOCATION of an SSDP answer, exactly as given, where it names the address that answered "
        f"(at most {_MAX_DESCRIPTIONS})."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Whether it answered SSDP and its description is not known yet."""
        known = any(one.protocol == "upnp" for one in suspect.evidence)
        return not known and not suspect.settled and any(headers_named(suspect, "ssdp", "location"))

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """`upnp` evidence for each description; `http` evidence for what else came from there."""
        found = []
        outcome = Outcome.EMPTY
        async with http_session(net, suspect.host) as session:
            for place in _locations(net, suspect)[:_MAX_DESCRIPTIONS]:
                reply = await session.request("GET", place.port, place.path, tls=place.tls)
                if reply.answer is None:
                    outcome = reply.outcome
                    continue
                xml = decode_body(reply.answer.body, reply.answer.headers)[:BODY_LIMIT]
                if reply.ok and "<" in xml:
                    found.append(evidence(net, suspect.host, "upnp", port=place.port, path=place.path, xml=xml))
                else:
                    found.append(session.evidence(reply))
        return ProbeResult(Outcome.ANSWERED if found else outcome, tuple(found))


def _locations(net: Network, suspect: Suspect) -> list[Place]:
    """The different places on this device; those that name another host are noted."""
    urls = dict.fromkeys(headers_named(suspect, "ssdp", "location"))
    places = (own_place(net, suspect.host, url.strip()) for url in urls)
    return list(dict.fromkeys(place for place in places if place is not None))
