import asyncio
import base64
import hashlib
import logging
from datetime import UTC, datetime, timedelta

import pytest

from scanner.models import Evidence, Outcome
from scanner.probe.contract import Login, ProbeResult, Suspect
from scanner.probe.onvif_login import OnvifLogin, clock_skew
from scanner.wire import onvif as wire
from scanner.wire.xml import first_text, parse_xml
from tests.fakes import Reply, ScriptedNetwork
from tests.probe.suspects import HOST, answer, said, suspect

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


class Camera:
    """Checks the digest, and answers by operation."""

    def __init__(self, *, reply: bytes | None = None, knows: str = SECRET) -> None:
        self.asked: list[str] = []
        self.created: list[str] = []
        self._reply = reply
        self._knows = knows

    def __call__(self, request: bytes) -> Reply:
        root = parse_xml(request.partition(b"\r\n\r\n")[2])
        operation = wire.operation_of(request.partition(b"\r\n\r\n")[2]) or ""
        self.asked.append(operation)
        nonce = base64.b64decode(first_text(root, "Nonce") or "")
        created = first_text(root, "Created") or ""
        self.created.append(created)
        expected = hashlib.sha1(nonce + created.encode() + self._knows.encode(), usedforsecurity=False).digest()
        if base64.b64encode(expected).decode() != first_text(root, "Password"):
            return answer(REFUSAL, "Content-Type: application/soap+xml", status="400 Bad Request")
        body = self._reply or {"GetDeviceInformation": INFORMATION, "GetNetworkInterfaces": INTERFACES}[operation]
        return answer(body, "Content-Type: application/soap+xml")


def _time(now: datetime) -> Evidence:
    date = f"<Date><Year>{now.year}</Year><Month>{now.month}</Month><Day>{now.day}</Day></Date>"
    clock = f"<Time><Hour>{now.hour}</Hour><Minute>{now.minute}</Minute><Second>{now.second}</Second></Time>"
    xml = f"<Envelope><UTCDateTime>{clock}{date}</UTCDateTime></Envelope>"
    return said("onvif", operation="GetSystemDateAndTime", port=80, path=PLACE, xml=xml)


SPOKE = said("onvif", operation="GetScopes", port=80, path=PLACE, xml="<Envelope/>")


def _run(net: ScriptedNetwork, who: Suspect) -> ProbeResult:
    return asyncio.run(OnvifLogin().run(net, who))


def test_two_reads_with_the_users_login() -> None:
    camera = Camera()
    net = ScriptedNetwork(tcp={(HOST, 80, False): camera})
    result = _run(net, suspect(SPOKE, login=LOGIN))
    assert result.outcome is Outcome.ANSWERED, result.detail
    assert camera.asked == ["GetDeviceInformation", "GetNetworkInterfaces"]
    assert [one.get("operation") for one in result.evidence] == camera.asked
    assert wire.device_information(result.evidence[0].get("xml"))["Model"] == "AC-200"
    assert all(created.endswith("Z") for created in camera.created)
    assert net.surprises == []


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
    assert len(camera.asked) == 1
    assert "root:" not in repr(result)
    assert net.open_streams == 0


def test_a_redirect_does_not_take_the_digest_elsewhere() -> None:
    moved = answer(b"", "Location: http://203.0.113.9/onvif", status="307 Temporary Redirect")
    net = ScriptedNetwork(tcp={(HOST, 80, False): moved})
    _run(net, suspect(SPOKE, login=LOGIN))
    assert {one.host for one in net.sent} == {HOST}
    assert len(net.requests(HOST, 80)) == 1
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


def test_only_with_a_login_and_only_where_onvif_was_spoken() -> None:
    assert not OnvifLogin().wanted(suspect(SPOKE))
    assert not OnvifLogin().wanted(suspect(login=LOGIN))
    assert OnvifLogin().wanted(suspect(SPOKE, login=LOGIN))


def test_the_library_leaves_no_logging_behind() -> None:
    asyncio.run(OnvifLogin().run(ScriptedNetwork(tcp={(HOST, 80, False): Camera()}), suspect(SPOKE, login=LOGIN)))
    assert logging.getLogger().level == logging.WARNING
