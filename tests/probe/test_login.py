import asyncio
import base64
import hashlib
import logging
from datetime import UTC, datetime, timedelta

import pytest

from scanner.lab.auth import parameters
from scanner.models import Evidence, Outcome
from scanner.probe.contract import Login, ProbeResult, Suspect
from scanner.probe.login import WithLogin
from scanner.probe.onvif_login import clock_skew
from scanner.wire import onvif as wire
from scanner.wire import recorder
from scanner.wire.xml import first_text, parse_xml
from tests.fakes import Reply, ScriptedNetwork
from tests.probe.suspects import HOST, answer, paths, said, suspect

SECRET = "correct-horse-8841"  # noqa: S105 - made up
LOGIN = Login("keeper", SECRET)
PLACE = "/onvif/device_service"
_NAMESPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:tt="http://www.onvif.org/ver10/schema"'
)


def _soap(body: str) -> bytes:
    return f"<s:Envelope {_NAMESPACES}><s:Body>{body}</s:Body></s:Envelope>".encode()


INFORMATION = _soap(
    "<tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer><tds:Model>AC-200</tds:Model>"
    "<tds:FirmwareVersion>1.2</tds:FirmwareVersion><tds:SerialNumber>77</tds:SerialNumber>"
    "<tds:HardwareId>1</tds:HardwareId></tds:GetDeviceInformationResponse>"
)
INTERFACES = _soap(
    '<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled>'
    "<tt:Info><tt:HwAddress>44:19:b6:00:00:01</tt:HwAddress></tt:Info></tds:NetworkInterfaces>"
    "</tds:GetNetworkInterfacesResponse>"
)
REFUSAL = _soap(
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code>"
    '<s:Reason><s:Text xml:lang="en">Sender not Authorized</s:Text></s:Reason></s:Fault>'
)


SERVICES = _soap(
    "<tds:GetServicesResponse>"
    "<tds:Service><tds:Namespace>http://www.onvif.org/ver10/media/wsdl</tds:Namespace>"
    "<tds:XAddr>http://203.0.113.9:8080/onvif/Media</tds:XAddr></tds:Service></tds:GetServicesResponse>"
)
SOURCES = _soap(
    '<trt:GetVideoSourcesResponse xmlns:trt="http://www.onvif.org/ver10/media/wsdl"><trt:VideoSources token="V_1"/>'
    '<trt:VideoSources token="V_2"/></trt:GetVideoSourcesResponse>'
)
FAULT = _soap(
    "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>ter:ActionNotSupported</s:Value></s:Subcode>"
    '</s:Code><s:Reason><s:Text xml:lang="en">no</s:Text></s:Reason></s:Fault>'
)
ANSWERS = {
    "GetDeviceInformation": INFORMATION,
    "GetNetworkInterfaces": INTERFACES,
    "GetServices": SERVICES,
    "GetVideoSources": SOURCES,
}


class Camera:
    """Checks the digest, and answers by operation; what needs no login it answers to all."""

    def __init__(self, *, reply: bytes | None = None, knows: str = SECRET) -> None:
        self.plain: list[str] = []
        self.asked: list[str] = []
        self.created: list[str] = []
        self._reply = reply
        self._knows = knows

    def __call__(self, request: bytes) -> Reply:
        root = parse_xml(request.partition(b"\r\n\r\n")[2])
        operation = wire.operation_of(request.partition(b"\r\n\r\n")[2]) or ""
        if b"UsernameToken" not in request:
            self.plain.append(operation)
            return answer(REFUSAL if operation == "GetDeviceInformation" else INFORMATION)
        self.asked.append(operation)
        nonce = base64.b64decode(first_text(root, "Nonce") or "")
        created = first_text(root, "Created") or ""
        self.created.append(created)
        expected = hashlib.sha1(nonce + created.encode() + self._knows.encode(), usedforsecurity=False).digest()
        if base64.b64encode(expected).decode() != first_text(root, "Password"):
            return answer(REFUSAL, "Content-Type: application/soap+xml", status="400 Bad Request")
        body = self._reply or ANSWERS.get(operation, FAULT)
        return answer(body, "Content-Type: application/soap+xml")


def _time(now: datetime) -> Evidence:
    date = f"<Date><Year>{now.year}</Year><Month>{now.month}</Month><Day>{now.day}</Day></Date>"
    clock = f"<Time><Hour>{now.hour}</Hour><Minute>{now.minute}</Minute><Second>{now.second}</Second></Time>"
    xml = f"<Envelope><UTCDateTime>{clock}{date}</UTCDateTime></Envelope>"
    return said("onvif", operation="GetSystemDateAndTime", port=80, path=PLACE, xml=xml)


SPOKE = said("onvif", operation="GetScopes", port=80, path=PLACE, xml="<Envelope/>")


def _run(net: ScriptedNetwork, who: Suspect) -> ProbeResult:
    return asyncio.run(WithLogin().run(net, who))


READS = ["GetDeviceInformation", "GetNetworkInterfaces", "GetServices"]
MEDIA = ["GetVideoSources", "GetVideoSourceConfigurations", "GetProfiles"]


def test_reads_with_the_users_login() -> None:
    camera = Camera()
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    result = _run(net, suspect(SPOKE, login=LOGIN))
    assert result.outcome is Outcome.ANSWERED, result.detail
    assert camera.asked == READS + MEDIA
    assert [one.get("operation") for one in result.evidence] == camera.asked
    assert wire.device_information(result.evidence[0].get("xml"))["Model"] == "AC-200"
    assert all(created.endswith("Z") for created in camera.created)
    assert {one.get("login") for one in result.evidence} == {"accepted"}
    assert net.surprises == []


def test_a_service_elsewhere_is_asked_here_and_on_the_same_port() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): Camera()})
    _run(net, suspect(SPOKE, login=LOGIN))
    assert {(one.host, one.port) for one in net.sent} == {(HOST, 80)}
    assert paths(net)[-3:] == ["/onvif/Media"] * 3
    assert (HOST, "203.0.113.9") in net.outsiders


def test_one_refusal_ends_it() -> None:
    camera = Camera(knows="another")
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    result = _run(net, suspect(SPOKE, login=LOGIN))
    assert result.outcome is Outcome.REFUSED
    assert camera.asked == ["GetDeviceInformation"]
    assert "NotAuthorized" in result.evidence[0].get("xml")


def test_the_secret_is_in_nothing_that_is_sent_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    net = ScriptedNetwork(tcp={(HOST, 80, False): Camera()})
    result = _run(net, suspect(SPOKE, login=LOGIN))
    assert SECRET not in repr(result)
    assert SECRET not in caplog.text
    assert SECRET.encode() not in b"".join(one.data for one in net.sent)
    assert SECRET not in repr(LOGIN)


def _echo(request: bytes) -> Reply:
    """Sends back all that it was sent, but speaks no ONVIF."""
    if request.startswith(b"POST"):
        return answer(b"no", status="404 Not Found")
    return answer(request.replace(b"\r\n", b"\n"), "WWW-Authenticate: Basic realm=x", status="401 Unauthorized")


def test_a_token_that_is_sent_back_is_not_kept() -> None:
    tokens: list[str] = []

    def echo(request: bytes) -> Reply:
        body = request.partition(b"\r\n\r\n")[2]
        if b"UsernameToken" in body:
            tokens.append(first_text(parse_xml(body), "Password") or "")
        return answer(body)

    result = _run(ScriptedNetwork(tcp={(HOST, 80, False): echo}), suspect(SPOKE, login=LOGIN))
    kept = b"".join(one.to_line() for one in result.evidence)
    assert b"UsernameToken" in kept
    assert tokens
    assert not any(token.encode() in kept for token in tokens)


@pytest.mark.parametrize("login", [LOGIN, Login("keeper", SECRET, basic=True)])
def test_what_was_computed_from_the_secret_is_not_kept_where_a_device_sends_it_back(login: Login) -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): _echo})
    result = _run(net, suspect(makers=("Hikvision",), login=login))
    kept = b"".join(one.to_line() for one in result.evidence)
    assert base64.b64encode(f"keeper:{SECRET}".encode()) not in kept
    assert SECRET.encode() not in kept
    if login.basic:
        assert result.outcome is Outcome.REFUSED
        assert sum(b"Authorization: Basic" in one.data for one in net.sent) == 1
    else:
        assert not any(b"authorization" in one.data.lower() for one in net.sent)


@pytest.mark.parametrize(
    "reply",
    [
        b"<html>not soap</html>",
        b"",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + INFORMATION.replace(b"Acme", b"&x;"),
        b"\x00\xff" * 50,
    ],
)
def test_hostile_answers_end_it_and_open_nothing(reply: bytes) -> None:
    camera = Camera(reply=reply or b" ")
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    result = _run(net, suspect(SPOKE, login=LOGIN))
    assert set(camera.asked) == {"GetDeviceInformation"}
    assert len(camera.asked) == 1
    assert "root:" not in repr(result)
    assert net.open_streams == 0


def test_a_redirect_does_not_take_the_digest_elsewhere() -> None:
    moved = answer(b"", "Location: http://203.0.113.9/onvif", status="307 Temporary Redirect")
    net = ScriptedNetwork(tcp={(HOST, 80, False): moved})
    _run(net, suspect(SPOKE, login=LOGIN))
    assert {one.host for one in net.sent} == {HOST}
    assert sum(b"UsernameToken" in one.data for one in net.sent) == 1
    assert net.refused == []


def test_the_token_has_the_devices_time() -> None:
    ahead = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
    who = suspect(_time(ahead), login=LOGIN)
    assert clock_skew(who) == timedelta(hours=2, minutes=30)
    camera = Camera()
    before = datetime.now(UTC)
    _run(ScriptedNetwork(tcp={(HOST, 80, False): camera}), who)
    created = datetime.fromisoformat(camera.created[0])
    assert abs(created - before - timedelta(hours=2, minutes=30)) < timedelta(minutes=1)


@pytest.mark.parametrize("xml", ["", "<a", "<UTCDateTime/>", "<UTCDateTime><Year>99999</Year></UTCDateTime>"])
def test_a_clock_that_can_not_be_read_is_ours(xml: str) -> None:
    assert clock_skew(suspect(said("onvif", operation="GetSystemDateAndTime", xml=xml))) == timedelta()


def test_only_with_a_login_and_only_where_there_is_something_to_ask() -> None:
    assert not WithLogin().wanted(suspect(SPOKE))
    assert not WithLogin().wanted(suspect(login=LOGIN, ports={}))
    assert not WithLogin().wanted(suspect(SPOKE, login=LOGIN, is_camera=False))
    assert WithLogin().wanted(suspect(SPOKE, login=LOGIN, ports={}))
    assert WithLogin().wanted(suspect(login=LOGIN))


def test_the_library_leaves_no_logging_behind() -> None:
    asyncio.run(WithLogin().run(ScriptedNetwork(tcp={(HOST, 80, False): Camera()}), suspect(SPOKE, login=LOGIN)))
    assert logging.getLogger().level == logging.WARNING


CHALLENGE = 'WWW-Authenticate: Digest realm="DVR", nonce="4f2a{}", qop="auth"'


class Recorder:
    """A web server that wants HTTP digest for every page; `knows` is the password that it takes."""

    def __init__(self, pages: dict[str, bytes], knows: str = SECRET, onvif: bytes = b"") -> None:
        self.pages = pages
        self.logins: list[str] = []
        self._knows = knows
        self._onvif = onvif

    def __call__(self, request: bytes) -> Reply:
        line, _, rest = request.partition(b"\r\n")
        method, path, _ = line.decode().split(" ")
        header = next((h for h in rest.split(b"\r\n") if h.lower().startswith(b"authorization: ")), None)
        if path == PLACE and not self._onvif:
            return answer(b"none", status="404 Not Found")
        if header is None:
            return answer(b"login", CHALLENGE.format(len(self.logins)), status="401 Unauthorized")
        self.logins.append(path)
        if not self._is_right(header.decode(), method, path):
            return answer(b"no", CHALLENGE.format(len(self.logins)), status="401 Unauthorized")
        return answer(self.pages[path]) if path in self.pages else answer(b"", status="404 Not Found")

    def _is_right(self, header: str, method: str, path: str) -> bool:
        given = parameters(header.partition(" ")[2].partition(" ")[2])
        one, two = _md5(f"{given['username']}:{given['realm']}:{self._knows}"), _md5(f"{method}:{path}")
        whole = f"{one}:{given['nonce']}:{given['nc']}:{given['cnonce']}:{given['qop']}:{two}"
        return _md5(whole) == given["response"] and given["uri"] == path


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


INFO = b"<DeviceInfo><model>DS-7608NI-K2</model><deviceType>NVR</deviceType></DeviceInfo>"
LIST = (
    b"<InputProxyChannelList><InputProxyChannel><id>1</id><name>Gate</name><sourceInputPortDescriptor>"
    b"<ipAddress>198.51.100.20</ipAddress><userName>admin</userName><password>other-8812</password>"
    b"</sourceInputPortDescriptor></InputProxyChannel></InputProxyChannelList>"
)
ISAPI = {"/ISAPI/System/deviceInfo": INFO, recorder.ISAPI_CHANNELS: LIST}


def _recorder(kind: str = "unknown") -> Suspect:
    return suspect(makers=("Hikvision",), login=LOGIN, is_camera=True, kind=kind)


def test_a_recorders_pages_by_digest_each_login_once() -> None:
    device = Recorder(ISAPI)
    net = ScriptedNetwork(tcp={(HOST, 80, False): device})
    result = _run(net, _recorder())
    assert result.outcome is Outcome.ANSWERED
    assert device.logins == [
        "/ISAPI/System/deviceInfo", recorder.ISAPI_CHANNELS, recorder.ISAPI_STATUS, recorder.ISAPI_INPUTS,
    ]  # fmt: skip
    text = b"".join(one.to_line() for one in result.evidence)
    assert b"Gate" in text
    for secret in (b"other-8812", b"admin", SECRET.encode()):
        assert secret not in text
    assert SECRET.encode() not in b"".join(one.data for one in net.sent)


def test_the_first_refused_digest_ends_it() -> None:
    device = Recorder(ISAPI, knows="another")
    result = _run(ScriptedNetwork(tcp={(HOST, 80, False): device}), _recorder(kind="nvr"))
    assert result.outcome is Outcome.REFUSED
    assert device.logins == ["/ISAPI/System/deviceInfo"]
    assert result.detail == "GET /ISAPI/System/deviceInfo"
    assert result.evidence[-1].get("login") == "refused"


def test_a_page_that_the_model_lacks_is_no_refusal_and_one_that_is_closed_is() -> None:
    lacks = b"<ResponseStatus><subStatusCode>notSupport</subStatusCode></ResponseStatus>"
    inner = Recorder(ISAPI)

    def serve(body: bytes) -> tuple[ProbeResult, list[str]]:
        def page(request: bytes) -> Reply:
            said = inner(request)
            closed = recorder.ISAPI_STATUS.encode() in request and b"Authorization" in request
            return answer(body, status="403 Forbidden") if closed else said

        inner.logins.clear()
        result = _run(ScriptedNetwork(tcp={(HOST, 80, False): page}), _recorder(kind="nvr"))
        return result, list(inner.logins)

    result, logins = serve(lacks)
    assert (result.outcome, logins[-1]) == (Outcome.ANSWERED, recorder.ISAPI_INPUTS)
    result, logins = serve(b"<ResponseStatus/>")
    assert (result.outcome, logins[-1]) == (Outcome.REFUSED, recorder.ISAPI_STATUS)
    assert result.detail.endswith("after it was accepted for other questions")


def test_a_refused_token_is_not_tried_on_the_pages() -> None:
    camera = Camera(knows="another")
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    _run(net, suspect(SPOKE, makers=("Hikvision",), kind="nvr", login=LOGIN))
    assert camera.asked == ["GetDeviceInformation"]
    assert not any(b"/ISAPI" in one.data for one in net.sent)


def test_what_onvif_told_is_not_asked_of_the_pages_and_channels_are() -> None:
    device = Recorder(ISAPI)
    camera = Camera()

    def serve(request: bytes) -> Reply:
        return camera(request) if request.startswith(b"POST") else device(request)

    result = _run(ScriptedNetwork(tcp={(HOST, 80, False): serve}), suspect(SPOKE, makers=("Hikvision",), login=LOGIN))
    assert result.outcome is Outcome.ANSWERED
    assert camera.asked == READS + MEDIA
    assert device.logins == [recorder.ISAPI_CHANNELS, recorder.ISAPI_STATUS, recorder.ISAPI_INPUTS]


def test_a_login_for_onvif_alone_goes_to_no_page() -> None:
    device = Recorder(ISAPI)
    login = Login("keeper", SECRET, http=False)
    net = ScriptedNetwork(tcp={(HOST, 80, False): device})
    _run(net, suspect(makers=("Hikvision",), login=login))
    assert device.logins == []


def test_where_the_device_wants_http_digest_for_onvif_it_gets_no_token() -> None:
    device = Recorder({PLACE: INFORMATION}, onvif=INFORMATION)
    net = ScriptedNetwork(tcp={(HOST, 80, False): device})
    asked = said("http", port=80, path=PLACE, status=401, headers=[["WWW-Authenticate", 'Digest realm="a", nonce="b"']])
    result = _run(net, suspect(SPOKE, asked, login=LOGIN))
    assert result.outcome is Outcome.ANSWERED, result.detail
    assert device.logins[0] == PLACE
    assert not any(b"UsernameToken" in one.data for one in net.sent)


def test_basic_alone_is_answered_only_where_the_user_says_so() -> None:
    basic = answer(b"", 'WWW-Authenticate: Basic realm="x"', status="401 Unauthorized")

    def ask(login: Login) -> list[bytes]:
        net = ScriptedNetwork(tcp={(HOST, 80, False): lambda _: basic})
        _run(net, suspect(makers=("Hikvision",), login=login))
        return [one.data for one in net.sent if b"Authorization" in one.data]

    assert ask(LOGIN) == []
    assert len(ask(Login("keeper", SECRET, basic=True))) == 1


@pytest.mark.parametrize("bad", [Outcome.TIMED_OUT, None, b""])
def test_a_login_that_gets_no_answer_is_not_sent_again(bad: Reply) -> None:
    logins: list[bytes] = []

    def silent(request: bytes) -> Reply:
        if b"Authorization" in request:
            logins.append(request)
            return bad
        return answer(b"", CHALLENGE.format(1), status="401 Unauthorized")

    _run(ScriptedNetwork(tcp={(HOST, 80, False): silent}), _recorder(kind="nvr"))
    assert len(logins) == 1
