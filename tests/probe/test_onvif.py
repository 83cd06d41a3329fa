import asyncio

import pytest

from scanner.models import Evidence, Outcome
from scanner.probe.contract import Login, ProbeResult, Suspect
from scanner.probe.onvif import Onvif
from scanner.wire import onvif as wire
from scanner.wire.ws_discovery import build_probe_match
from tests.fakes import Reply, ScriptedNetwork
from tests.probe.suspects import HOST, answer, assert_no_login, paths, said, suspect

FAULT = b"<Envelope><Body><Fault><Code><Value>ter:NotAuthorized</Value></Code></Fault></Body></Envelope>"
INFORMATION = (
    b"<Envelope><Body><GetDeviceInformationResponse><Manufacturer>Acme</Manufacturer><Model>AC-200</Model>"
    b"</GetDeviceInformationResponse></Body></Envelope>"
)
SERVICES = (
    b"<Envelope><Body><GetServicesResponse><Service><Capabilities><Capabilities VideoSources='8'/></Capabilities>"
    b"</Service></GetServicesResponse></Body></Envelope>"
)
ANYTHING = b"<Envelope><Body/></Envelope>"


class Camera:
    """A device service that remembers which operations were asked of it."""

    def __init__(self, refuses: tuple[str, ...] = (), information: bytes = INFORMATION, other: bytes = b"") -> None:
        self._other = other
        self.asked: list[str] = []
        self._refuses = refuses
        self._information = information

    def __call__(self, request: bytes) -> Reply:
        operation = wire.operation_of(request.partition(b"\r\n\r\n")[2]) or ""
        self.asked.append(operation)
        if operation in self._refuses:
            return answer(FAULT, status="401 Unauthorized")
        return answer(self._information if operation == "GetDeviceInformation" else self._other or ANYTHING)


def _discovered(xaddr: str, *scopes: str) -> Evidence:
    xml = build_probe_match(relates_to="1", message_id="2", endpoint="urn:uuid:1", xaddrs=(xaddr,), scopes=scopes)
    return said("ws-discovery", xml=xml.decode())


def _run(net: ScriptedNetwork, who: Suspect) -> ProbeResult:
    return asyncio.run(Onvif().run(net, who))


def test_without_ws_discovery_the_open_operation_comes_first() -> None:
    camera = Camera()
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    result = _run(net, suspect())
    assert camera.asked == ["GetSystemDateAndTime", "GetDeviceInformation"]
    assert paths(net) == [wire.DEVICE_PATH] * 2
    assert sum(one.kind == "connect" for one in net.sent) == 1
    assert [one.get("operation") for one in result.evidence] == camera.asked
    assert_no_login(net)


def test_what_is_no_onvif_is_left_after_one_question() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): answer(b"<html>", status="404 Not Found")})
    result = _run(net, suspect())
    assert len(net.requests(HOST, 80)) == 1
    assert [one.protocol for one in result.evidence] == ["http"]


def test_a_refusal_is_evidence_and_the_open_operations_follow_while_nobody_is_suspected() -> None:
    camera = Camera(refuses=("GetDeviceInformation", "GetScopes"))
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    result = _run(net, suspect(_discovered(f"http://{HOST}/onvif/device_service")))
    assert camera.asked == [
        "GetDeviceInformation",
        "GetScopes",
        "GetServices",
        "GetCapabilities",
        "GetServiceCapabilities",
        "GetHostname",
        "GetWsdlUrl",
    ]
    assert {one.get("status") for one in result.evidence if one.protocol == "http"} == {401}
    assert "NotAuthorized" in result.evidence[0].get("xml")
    assert_no_login(net)


def test_services_with_capabilities_spare_the_older_questions() -> None:
    camera = Camera(refuses=("GetDeviceInformation", "GetScopes"), other=SERVICES)
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    _run(net, suspect())
    assert camera.asked[3:] == ["GetServices", "GetHostname", "GetEndpointReference", "GetWsdlUrl"]
    assert_no_login(net)


def test_a_recorder_is_asked_how_many_inputs_it_has() -> None:
    camera = Camera(other=SERVICES)
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    _run(net, suspect(kind="nvr", makers=("Acme",), settled=True))
    assert camera.asked == ["GetSystemDateAndTime", "GetServices"]
    assert_no_login(net)


def test_an_older_recorder_tells_in_its_capabilities() -> None:
    camera = Camera(refuses=("GetServices",))
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    _run(net, suspect(kind="nvr", makers=("Acme",)))
    assert camera.asked == ["GetSystemDateAndTime", "GetDeviceInformation", "GetServices", "GetCapabilities"]


def test_scopes_that_are_known_and_a_suspected_maker_spare_questions() -> None:
    camera = Camera(refuses=("GetDeviceInformation",))
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    found = _discovered(f"http://{HOST}/onvif/device_service", "onvif://www.onvif.org/name/ACME")
    _run(net, suspect(found, makers=("Acme",)))
    assert camera.asked == ["GetDeviceInformation"]


def test_port_and_path_of_the_xaddr_at_the_senders_address() -> None:
    camera = Camera()
    net = ScriptedNetwork(tcp={(HOST, 8899, False): camera})
    _run(net, suspect(_discovered("http://203.0.113.9:8899/other/path"), ports={}))
    assert paths(net, 8899) == ["/other/path"]
    assert net.outsiders[0] == (HOST, "203.0.113.9")
    assert_no_login(net)


def test_with_a_login_the_devices_time_is_asked_for() -> None:
    camera = Camera()
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    _run(net, suspect(_discovered(f"http://{HOST}/onvif/device_service"), login=Login("u", "p")))
    assert camera.asked[0] == "GetSystemDateAndTime"
    assert_no_login(net)


def test_services_elsewhere_are_noted() -> None:
    elsewhere = b"<Envelope><Body><Service><XAddr>http://203.0.113.9/media</XAddr></Service></Body></Envelope>"
    net = ScriptedNetwork(tcp={(HOST, 80, False): Camera(information=elsewhere)})
    _run(net, suspect(makers=("Acme",)))
    assert net.outsiders == [(HOST, "203.0.113.9")]
    assert_no_login(net)


def test_hostile_xml_is_kept_as_it_is() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><Envelope>&b;</Envelope>'
    net = ScriptedNetwork(tcp={(HOST, 80, False): Camera(information=bomb)})
    result = _run(net, suspect(makers=("Acme",)))
    assert result.outcome is Outcome.ANSWERED
    assert bomb.decode() in [one.get("xml") for one in result.evidence]


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (suspect(), True),
        (suspect(_discovered("http://x/"), ports={}), True),
        (suspect(ports={}), False),
        (suspect(is_camera=False), False),
        (suspect(settled=True), False),
        (suspect(settled=True, kind="nvr"), True),
        (suspect(settled=True, kind="nvr", counted=True), False),
        (suspect(said("onvif", xml="")), False),
    ],
)
def test_when_it_is_worth_a_packet(who: Suspect, wanted: bool) -> None:
    assert Onvif().wanted(who) is wanted


def test_one_web_port_is_asked_and_then_a_port_where_onvif_is_known_to_listen() -> None:
    missing = answer(b"no", status="404 Not Found")
    camera = Camera()
    net = ScriptedNetwork(tcp={(HOST, 80, False): missing, (HOST, 8000, False): camera})
    _run(net, suspect(ports={80: "http", 443: "https", 554: "rtsp", 8000: "open"}))
    assert [one.port for one in net.sent if one.kind == "connect"] == [80, 8000]
    assert camera.asked[-1] == "GetDeviceInformation"


def test_a_port_of_another_suspected_maker_is_left_alone() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): answer(b"no", status="404 Not Found")})
    _run(net, suspect(ports={80: "http", 8000: "open"}, makers=("Hikvision",)))
    assert {one.port for one in net.sent} == {80}
