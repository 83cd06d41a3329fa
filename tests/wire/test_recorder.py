"""What recorders' pages list: facts from stored public answers, shortened."""

import pytest

from scanner.models import Channel
from scanner.wire import recorder
from scanner.wire.errors import WireError
from scanner.wire.recorder import channel_page


def _read(path: str, body: str) -> list[Channel]:
    page = channel_page(path)
    assert page is not None
    return page.read(body)


ISAPI = """<?xml version="1.0" encoding="UTF-8"?>
<InputProxyChannelList version="1.0" xmlns="http://www.isapi.org/ver20/XMLSchema" size="16">
<InputProxyChannel><id>1</id><name>1F_EXAMHALL</name><sourceInputPortDescriptor><proxyProtocol>HIKVISION</proxyProtocol>
<ipAddress>192.168.35.45</ipAddress><userName>admin</userName><model>DS-2CD3141G0-I</model>
<serialNumber>DS-2CD3141G0-I20210929AAWRG64697573</serialNumber><firmwareVersion>V5.5.122 build 210708</firmwareVersion>
</sourceInputPortDescriptor></InputProxyChannel>
<InputProxyChannel><id>2</id><name></name><sourceInputPortDescriptor><ipAddress>0.0.0.0</ipAddress>
</sourceInputPortDescriptor></InputProxyChannel></InputProxyChannelList>"""


def test_isapi_counts_elements_and_believes_no_size() -> None:
    first, second = _read(recorder.ISAPI_CHANNELS, ISAPI)
    assert first == Channel(
        number=1,
        token="proxy 1",  # noqa: S106
        name="1F_EXAMHALL",
        source="192.168.35.45",
        model="DS-2CD3141G0-I",
        firmware="V5.5.122 build 210708",
        serial="DS-2CD3141G0-I20210929AAWRG64697573",
    )
    assert (second.number, second.name, second.source) == (2, None, None)


def test_isapi_status_and_analogue_inputs() -> None:
    status = "<L><InputProxyChannelStatus><id>3</id><online>%s</online></InputProxyChannelStatus></L>"
    assert [row.online for word in ("true", "false", "odd") for row in _read(recorder.ISAPI_STATUS, status % word)] == [
        True,
        False,
        None,
    ]
    inputs = "<L><VideoInputChannel><id>2</id><name>Patio &amp; shop</name><resDesc>NO VIDEO</resDesc>"
    (row,) = _read(recorder.ISAPI_INPUTS, inputs + "</VideoInputChannel></L>")
    assert (row.number, row.name, row.online) == (2, "Patio & shop", False)


def test_dahua_counts_from_one_on_the_screen_and_free_slots_are_no_channels() -> None:
    body = (
        "camera[0].DeviceInfo.Address=10.0.0.21\r\ncamera[0].DeviceInfo.DeviceType=IPC-HDW3849H-AS-PV\r\n"
        "camera[0].DeviceInfo.Mac=aa:bb:cc:dd:ee:01\r\ncamera[0].DeviceInfo.SerialNo=8J0123456789\r\n"
        "camera[0].DeviceInfo.Password=hidden\r\ncamera[0].Enable=true\r\ncamera[0].UniqueChannel=4\r\n"
        "camera[1].Address=192.168.0.0\r\ncamera[1].DeviceInfo.Enable=false\r\ncamera[1].UniqueChannel=1\r\n"
    )
    (row,) = _read(recorder.DAHUA_CAMERAS, body)
    assert "hidden" not in dict(recorder.key_values(body)).values()
    assert (row.number, row.source, row.model) == (5, "10.0.0.21", "IPC-HDW3849H-AS-PV")
    assert (row.serial, row.mac) == ("8J0123456789", "aa:bb:cc:dd:ee:01")
    titles = _read(
        recorder.DAHUA_TITLES, "table.ChannelTitle[2].Name=Garden\r\n\r\ntable.ChannelTitle[0].Name=Gate\r\n"
    )
    assert [(row.number, row.name) for row in titles] == [(1, "Gate"), (3, "Garden")]


def test_sunapi_registered_cameras() -> None:
    body = '{"RegisteredCameras":[{"Channel":0,"Model":"XNV-6080","IPAddress":"10.0.0.5","Status":"Success"},{},7]}'
    first, second = _read(recorder.SUNAPI_CAMERAS, body)
    assert (first.number, first.model, first.source, first.online) == (1, "XNV-6080", "10.0.0.5", True)
    assert second == Channel()


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"RegisteredCameras":{}}', "{" * 10_000])
def test_what_is_no_list_is_an_error(body: str) -> None:
    with pytest.raises(WireError):
        _read(recorder.SUNAPI_CAMERAS, body)


def test_a_huge_list_is_cut_and_an_entity_refused() -> None:
    row = "<InputProxyChannel><id>1</id></InputProxyChannel>"
    assert len(_read(recorder.ISAPI_CHANNELS, f"<L>{row * 9000}</L>")) == recorder.MAX_CHANNELS
    with pytest.raises(WireError):
        _read(recorder.ISAPI_CHANNELS, f'<!DOCTYPE a [<!ENTITY b "c">]><L>{row}&b;</L>')


def test_other_pages_list_no_channels() -> None:
    assert channel_page("/ISAPI/System/deviceInfo") is None
    assert channel_page("/isapi/contentmgmt/inputproxy/channels") is not None
