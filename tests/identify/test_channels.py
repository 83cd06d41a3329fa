"""A recorder's channels from its evidence: counted, listed, linked with cameras, and never more than a question."""

from __future__ import annotations

from datetime import date

import pytest

from scanner.derive import Context, derive_devices
from scanner.identify.behind import link_channels
from scanner.identify.engine import identify
from scanner.models import Channel, Device, Evidence, EvidenceProblem, Status
from scanner.wire import recorder

NVR, CAMERA, OTHER = "198.51.100.9", "198.51.100.20", "198.51.100.21"
MODEL, SERIAL = "DS-2CD2143G2-I", "DS-2CD2143G2-I20220316AAWR648933909"
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def context() -> Context:
    return Context.load(as_of=DAY)


def _sadp(analogue: object, digital: object, host: str = NVR) -> Evidence:
    xml = (
        "<ProbeMatch><DeviceDescription>DS-7608NI-K2</DeviceDescription><DeviceSN>DS-7608NI-K21620200824CCRR618286802"
        f"WCVU</DeviceSN><AnalogChannelNum>{analogue}</AnalogChannelNum><DigitalChannelNum>{digital}"
        "</DigitalChannelNum></ProbeMatch>"
    )
    return Evidence(host, "sadp", {"xml": xml})


def _proxy(number: int, address: str, model: str = "", serial: str = "", name: str = "Gate") -> str:
    return (
        f"<InputProxyChannel><id>{number}</id><name>{name}</name><sourceInputPortDescriptor>"
        f"<ipAddress>{address}</ipAddress><model>{model}</model><serialNumber>{serial}</serialNumber>"
        "</sourceInputPortDescriptor></InputProxyChannel>"
    )


def _page(path: str, body: str, host: str = NVR, status: int = 200) -> Evidence:
    return Evidence(host, "http", {"port": 80, "path": path, "status": status, "body": body})


def _list(*rows: str) -> Evidence:
    return _page(recorder.ISAPI_CHANNELS, f"<InputProxyChannelList>{''.join(rows)}</InputProxyChannelList>")


def _camera(host: str = CAMERA, model: str = MODEL, serial: str = SERIAL) -> Evidence:
    xml = (
        "<Envelope><Body><GetDeviceInformationResponse><Manufacturer>HIKVISION</Manufacturer>"
        f"<Model>{model}</Model><FirmwareVersion>V5.7.3 build 220112</FirmwareVersion>"
        f"<SerialNumber>{serial}</SerialNumber></GetDeviceInformationResponse></Body></Envelope>"
    )
    return Evidence(host, "onvif", {"operation": "GetDeviceInformation", "xml": xml})


def _derive(context: Context, *evidence: Evidence) -> dict[str, Device]:
    problems: list[EvidenceProblem] = []
    devices = derive_devices(evidence, context, merge=True, problem=problems.append)
    assert problems == []
    return {device.host: device for device in devices}


@pytest.mark.parametrize(
    ("evidence", "count"),
    [
        (_sadp(0, 8), 8),
        (_sadp(16, 2), 18),
        (Evidence(NVR, "dhip", {"json": {"VideoInputChannels": 0, "RemoteVideoInputChannels": 16}}), 16),
        (Evidence(NVR, "dvrip", {"json": {"NetWork.NetCommon": {"ChannelNum": 4}}}), 4),
        (Evidence(NVR, "tvt", {"fields": {"channels": "32"}}), 32),
        (_page("/init-cgi/pw_init.cgi?msubmenu=statuscheck&action=view", "Initialized=True\r\nMaxChannel=16\r\n"), 16),
        (Evidence(NVR, "onvif", {"operation": "GetServices", "xml": '<Capabilities VideoSources="9"/>'}), 9),
    ],
)
def test_how_many_channels_it_says_it_has_without_a_login(evidence: Evidence, count: int) -> None:
    device = identify([evidence])
    assert device.channel_count == count
    assert device.channels == ()
    (claim,) = [each for each in device.claims if each.field == "channels"]
    assert (claim.value, claim.evidence) == (str(count), 0)


@pytest.mark.parametrize("numbers", [("4294967295", "-8"), ("x", ""), (0, 0), (99999, 0)])
def test_numbers_that_are_none_count_nothing(numbers: tuple[object, object]) -> None:
    assert identify([_sadp(*numbers)]).channel_count is None


def test_one_video_input_of_a_camera_is_no_channel() -> None:
    xml = '<r><VideoSources token="V_1"/></r>'
    device = identify([_camera(), Evidence(CAMERA, "onvif", {"operation": "GetVideoSources", "xml": xml})])
    assert (device.channel_count, device.channels) == (None, ())


def test_what_a_recorder_lists_is_counted_before_what_it_could_have() -> None:
    device = identify([_sadp(0, 8), _list(_proxy(1, CAMERA), _proxy(3, "192.168.254.3"))])
    assert device.channel_count == 2
    assert [channel.number for channel in device.channels] == [1, 3]
    assert {claim.value for claim in device.claims if claim.field == "channels"} == {"2", "8"}


def test_a_listed_camera_says_nothing_of_the_recorder() -> None:
    alone = identify([_sadp(0, 8)])
    listed = identify([_sadp(0, 8), _list(_proxy(1, "192.168.254.3", "IPC-HFW2431S", "5C0A1F2PAZ0D3E1", "AXIS"))])
    assert (listed.maker, listed.model, listed.serial) == (alone.maker, alone.model, alone.serial)
    assert listed.conflicts == alone.conflicts


def test_a_refused_page_lists_nothing() -> None:
    assert identify([_page(recorder.ISAPI_CHANNELS, _proxy(1, CAMERA), status=401)]).channels == ()


def test_status_and_onvif_fill_the_gaps_where_the_numbers_agree() -> None:
    status = "<L><InputProxyChannelStatus><id>1</id><online>false</online></InputProxyChannelStatus></L>"
    size = "<Resolution><Width>1920</Width><Height>1080</Height></Resolution>"
    sources = Evidence(
        NVR, "onvif", {"operation": "GetVideoSources", "xml": f'<r><VideoSources token="V_1">{size}</VideoSources></r>'}
    )
    (channel,) = identify(
        [_sadp(0, 8), _list(_proxy(1, CAMERA)), _page(recorder.ISAPI_STATUS, status), sources]
    ).channels
    assert (channel.online, channel.resolution) == (False, "1920x1080")
    two = identify([_sadp(0, 8), _list(_proxy(1, CAMERA), _proxy(2, OTHER)), sources]).channels
    assert [channel.resolution for channel in two] == [None, None]


def test_the_sockets_of_a_hybrid_recorder_are_channels_too() -> None:
    dhip = Evidence(NVR, "dhip", {"json": {"VideoInputChannels": 2, "RemoteVideoInputChannels": 2}})
    titles = "".join(f"table.ChannelTitle[{n}].Name=C{n}\n" for n in range(4))
    cameras = "camera[0].UniqueChannel=2\ncamera[0].Enable=true\ncamera[0].DeviceInfo.Address=10.0.0.5\n"
    device = identify([dhip, _page(recorder.DAHUA_TITLES, titles), _page(recorder.DAHUA_CAMERAS, cameras)])
    assert [(row.number, row.name, row.source) for row in device.channels] == [
        (1, "C0", None),
        (2, "C1", None),
        (3, "C2", "10.0.0.5"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        _proxy(3, CAMERA),
        _proxy(3, CAMERA, MODEL, SERIAL),
        _proxy(3, "192.168.254.3", "", SERIAL),  # the recorder sees it at another address
    ],
)
def test_a_channel_that_is_a_device_here_points_to_it_and_is_judged_there(context: Context, row: str) -> None:
    devices = _derive(context, _sadp(0, 8), _list(row), _camera())
    (channel,) = devices[NVR].channels
    assert (channel.device, channel.status) == (CAMERA, None)
    assert devices[CAMERA].behind == (f"{NVR} channel 3",)
    assert devices[CAMERA].status is Status.LISTED
    assert len(devices) == 2


@pytest.mark.parametrize(
    "row",
    [
        _proxy(1, CAMERA, MODEL, "DS-2CD2143G2-I20230101AAWR111222333"),  # its successor has got the address
        _proxy(1, CAMERA, "IPC-HFW2431S"),
        _proxy(1, NVR),  # a recorder that names itself
        _proxy(1, "", "", "000000000000"),
    ],
)
def test_a_camera_that_contradicts_is_another(context: Context, row: str) -> None:
    devices = _derive(context, _sadp(0, 8), _list(row), _camera())
    assert devices[NVR].channels[0].device is None
    assert devices[CAMERA].behind == ()


def test_a_printer_at_the_cameras_old_address_is_not_it() -> None:
    printer = Device(id="p", host=CAMERA, is_camera=False)
    nvr = Device(id="n", host=NVR, channels=(Channel(number=1, source=CAMERA),))
    assert link_channels([nvr, printer])[0].channels[0].device is None


def test_two_devices_that_may_be_it_leave_it_open() -> None:
    both = [Device(id=host, host=host, serial=SERIAL) for host in (CAMERA, OTHER)]
    nvr = Device(id="n", host=NVR, channels=(Channel(number=1, serial=SERIAL),))
    assert link_channels([nvr, *both])[0].channels[0].device is None


def test_an_unreached_camera_is_to_review_at_most(context: Context) -> None:
    devices = _derive(
        context,
        _sadp(0, 8),
        _list(
            _proxy(1, "192.168.254.3", MODEL, "DS-2CD2143G2-I20230101AAWR111222333"),
            _proxy(2, "192.168.254.4", "IPC-HDW3849H-AS-PV", "8J0123456789"),
            _proxy(3, "192.168.254.5", "AXIS M3086-V"),
            _proxy(4, "192.168.254.6"),
            _proxy(5, "0.0.0.0"),  # noqa: S104 - a free slot
        ),
    )
    channels = devices[NVR].channels
    assert [channel.status for channel in channels] == [
        Status.REVIEW,
        Status.REVIEW,
        Status.UNDETERMINED,
        Status.UNDETERMINED,
        None,
    ]
    assert all(channel.maker is None for channel in channels)  # the recorder names models, no makers
    assert "Hikvision" in channels[0].why
    assert "not reached" in channels[3].why
    assert len(devices) == 1


def test_faces_of_one_recorder_keep_one_list(context: Context) -> None:
    """Two addresses, one serial: the channels are not counted twice, and evidence is counted through."""
    other = "198.51.100.10"
    again = Evidence(other, "http", dict(_list(_proxy(1, CAMERA)).fields))
    devices = _derive(context, _sadp(0, 8), _list(_proxy(1, CAMERA)), _sadp(0, 8, other), again)
    (device,) = devices.values()
    assert device.channel_count == 1
    assert device.channels[0].evidence == 1


def test_a_hostile_list_is_bounded(context: Context) -> None:
    rows = [_proxy(n, f"192.168.{n // 250}.{n % 250}", MODEL, name="\x1b[2J<script>") for n in range(5000)]
    device = _derive(context, _sadp(0, 8), _list(*rows))[NVR]
    assert len(device.channels) <= recorder.MAX_CHANNELS
    assert all(channel.name is not None and channel.name.isprintable() for channel in device.channels)
