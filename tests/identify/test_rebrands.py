"""What the packaged fingerprints say of devices sold under another name: label, maker and family each by its own claim.

The texts are those of the cited devices and of others of the same series.
"""

from __future__ import annotations

import pytest

from scanner.identify.engine import identify
from scanner.identify.rules import load_fingerprints
from scanner.models import Evidence
from tests.identify.support import said

NOBODY = None
DAHUAS = "Profile/Streaming type/Network_Video_Transmitter extension/unique_identifier"


def information(manufacturer: str, model: str, firmware: str, serial: str = "") -> Evidence:
    fields = (("Manufacturer", manufacturer), ("Model", model), ("FirmwareVersion", firmware), ("SerialNumber", serial))
    inner = "".join(f"<tds:{name}>{value}</tds:{name}>" for name, value in fields)
    xml = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
        f"<s:Body><tds:GetDeviceInformationResponse>{inner}</tds:GetDeviceInformationResponse></s:Body></s:Envelope>"
    )
    return said("onvif", operation="GetDeviceInformation", xml=xml)


def challenge(realm: str) -> Evidence:
    return said("http", port=80, path="/", status=401, headers=[["WWW-Authenticate", f'Digest realm="{realm}"']])


def announcement(vendor: str, model: str) -> Evidence:
    info = {"DeviceClass": "IPC", "DeviceType": model, "Vendor": vendor}
    answer = {"mac": "00:11:22:aa:bb:01", "method": "client.notifyDevInfo", "params": {"deviceInfo": info}}
    return said("dhip", json=answer)


def probe_match(scopes: str, endpoint: str = "uuid:eaadf637-a191-4ae7-8156-07433934718b") -> Evidence:
    """A ProbeMatch with these scopes, of which each is written without its `onvif://www.onvif.org/`."""
    whole = " ".join(f"onvif://www.onvif.org/{scope}" for scope in scopes.split())
    xml = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
        'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Body><d:ProbeMatches><d:ProbeMatch>'
        f"<a:EndpointReference><a:Address>{endpoint}</a:Address></a:EndpointReference>"
        f"<d:Scopes>{whole}</d:Scopes></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
    )
    return said("ws-discovery", xml=xml)


def page(path: str, body: str) -> Evidence:
    return said("http", port=80, path=path, status=200, headers=[], body=body)


@pytest.mark.parametrize(
    ("evidence", "brand", "maker", "family"),
    [
        # A label that builds cameras of its own too: what the firmware says decides.
        ([information("TRENDnet", "TV-IP310PI", "V5.3.4 build 160830")], "TRENDnet", "Hikvision", "hikvision"),
        ([information("TRENDnet", "TV-IP551W", "1.0.3")], "TRENDnet", "TRENDnet", None),
        ([information("ANNKE", "I91BM", "V5.7.1 build 211112")], "ANNKE", "Hikvision", "hikvision"),
        ([information("HUNT CCTV", "HLC-79AD", "V5.2.5 build 141201")], "Hunt Electronic", "Hikvision", "hikvision"),
        (
            [information("NONE", "TR-D4151IR1", "IPC_G6106-B0002P20D1806", "210235T3AB3181000012")],
            "TRASSIR",
            "Uniview",
            "uniview",
        ),
        (
            [information("H264", "XM530_50X50-WG_8M", "V5.00.R02.00030747.10010.349f17..ONVIF 16.12")],
            NOBODY,
            "Xiongmai",
            "xiongmai",
        ),
        (
            [information("EmpireTech", "IPC-T54IR-ZE", "2.860.0000000.18.R, build: 2023-01-01")],
            "EmpireTech",
            "Dahua",
            "dahua",
        ),
        (
            [information("Lorex", "LNB4421", ""), challenge("Login to 9cb2ffd1b1f5c1e4a1fbb6ac1bc3d9d8")],
            "Lorex",
            "Dahua",
            "dahua",
        ),
        # Dahua's own discovery names the label in Vendor, or nobody.
        ([announcement("Lorex", "W461ASC")], "Lorex", "Dahua", "dahua"),
        ([announcement("General", "IPC-1")], NOBODY, "Dahua", "dahua"),
        # The maker's own name stays as manufacturer; the model is a label's that makes nothing itself.
        ([information("HIKVISION", "IPC-B140H", "V5.5.80 build 190819")], "HiLook", "Hikvision", "hikvision"),
        ([information("HIKVISION", "DS-I200", "V5.5.53 build 180907")], "HiWatch", "Hikvision", "hikvision"),
        ([information("HIKVISION", "DS-2CD2143G2-I", "V5.7.1 build 211215")], "Hikvision", "Hikvision", "hikvision"),
        # An OEM's code stands in Dahua's form of a version, its serials in Dahua's form of a realm.
        ([information("Amcrest", "IP2M-841", "V2.420.AC00.18.R, build: 2018")], "Amcrest", "Dahua", "dahua"),
        ([challenge("Login to AMC0957EE72D5819C5")], "Amcrest", "Dahua", "dahua"),
        ([challenge("Login to ND032206020280")], "Lorex", "Dahua", "dahua"),
        ([challenge("Login to GMII3200193FP")], "Intelbras", "Dahua", "dahua"),
        ([page("/cgi-bin/magicBox.cgi", "deviceType=AD410\r\n")], "Amcrest", "Dahua", "dahua"),
        # What Dahua's firmware answers to a search is the same under every label, which it names.
        (
            [probe_match(f"location/country/china name/Amcrest hardware/IP2M-8200 {DAHUAS} Profile/G")],
            "Amcrest",
            "Dahua",
            "dahua",
        ),
        (
            [probe_match(f"location/country/India name/CPPLUS hardware/CP-UNC-DA21PL3-Y {DAHUAS}/1 Profile/T")],
            "CP Plus",
            "Dahua",
            "dahua",
        ),
        (
            [probe_match("name/Honeywell hardware/H4W2PER3 extension/Honeywell_mask/37777")],
            "Honeywell",
            "Dahua",
            "dahua",
        ),
        ([probe_match(f"location/country/china name/General hardware/IP_Camera {DAHUAS}")], NOBODY, "Dahua", "dahua"),
        # The last of these scopes alone is copied, so that Dahua's recorders find the camera.
        ([probe_match("type/video_encoder name/IPC extension/unique_identifier")], NOBODY, None, "dahua"),
        # Hikvision's firmware makes its UUID of a clock of its own and the MAC; a library ships one of them as its own.
        (
            [probe_match("type/video_encoder name/LTS", "urn:uuid:b3464000-5074-11b4-82cc-142ffda2f6af")],
            "LTS",
            "Hikvision",
            "hikvision",
        ),
        (
            # Another form of UUID, that ends with a MAC all the same: its registrant speaks for itself, weakly.
            [probe_match("type/video_encoder name/LTS", "urn:uuid:812b12f7-45a0-11b5-8404-c056e3a2e020")],
            "LTS",
            "Hikvision",
            None,
        ),
        # TVT's own way to describe a device names the label.
        (
            [
                page(
                    "/GetDeviceInfo",
                    '<config version="1.7" xmlns="http://www.ipc.com/ver10"><deviceInfo>'
                    '<brand type="string"><![CDATA[Provision ISR]]></brand></deviceInfo></config>',
                )
            ],
            "Provision-ISR",
            "TVT",
            "tvt",
        ),
        # Makers that also sell what others built: their name is a label where the firmware is another's (made up).
        (
            [information("FLIR", "N253VE", "2.400.0000.16.R, Build Date 2017-08-31")],
            "FLIR",
            "Dahua",
            "dahua",
        ),
        ([information("FLIR", "CM-3102-11-I", "01.05.32.5")], "FLIR", "FLIR", None),
        ([information("KT&amp;C", "KNC-p3BR28V12IR", "V5.4.5 build 170123")], "KT&C", "Hikvision", "hikvision"),
        # The model that a label gave is no word of who built the device, even where the label builds others itself.
        ([information("EverFocus", "EZN3160", "V5.2.0 build 140721")], "EverFocus", "Hikvision", "hikvision"),
        ([information("EverFocus", "EZN3160", "1.0.3")], "EverFocus", "EverFocus", None),
        ([information("Tyco", "ADCi350-B111", "2.212.0000.0.R, build: 2013-09-04")], "Illustra", "Dahua", "dahua"),
        ([information("ELAN", "EL-IP-OBA4", "2.622.0000000.3.R, Build Date: 2018-09-01")], "ELAN", "Dahua", "dahua"),
        # FLIR sold cameras with the serial numbers that Lorex had, a firm of its own then.
        (
            [information("FLIR", "N253EW", "2.460.FL00.0.R, build: 2017-07-01"), challenge("Login to ND021609012345")],
            "FLIR",
            "Dahua",
            "dahua",
        ),
        # Words that stand where a label's name would.
        ([information("ONVIF_IPNC", "IPC-model", "V5.4.41 build 171213")], NOBODY, "Hikvision", "hikvision"),
        # A name in a list of labels is no evidence of who built this device.
        ([information("Lorex", "LNB4421", "")], "Lorex", None, None),
        ([information("ANNKE", "I91BM", "")], "ANNKE", None, None),
        ([information("NONE", "X", "1.0")], NOBODY, None, None),
    ],
)
def test_label_maker_and_family(
    evidence: list[Evidence], brand: str | None, maker: str | None, family: str | None
) -> None:
    device = identify(evidence, load_fingerprints())
    assert (device.brand, device.maker, device.family) == (brand, maker, family)
    assert device.is_camera is True


def search_answer(model: str, serial: str, software: str) -> Evidence:
    fields = (("DeviceDescription", model), ("DeviceSN", serial), ("SoftwareVersion", software))
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields)
    return said("sadp", xml=f"<ProbeMatch><MAC>44-19-b6-00-00-01</MAC>{inner}</ProbeMatch>")


def about_itself(model: str, brand: str, more: str = "") -> Evidence:
    config = f'<model type="string"><![CDATA[{model}]]></model><brand type="string"><![CDATA[{brand}]]></brand>{more}'
    return page(
        "/GetDeviceInfo",
        f'<config version="1.7" xmlns="http://www.ipc.com/ver10"><deviceInfo>{config}</deviceInfo></config>',
    )


@pytest.mark.parametrize(
    ("evidence", "brand", "maker", "kind"),
    [
        # The model that a label gave says no kind: the serial number's or the version's form does.
        (
            information("GVI", "G-1234", "V5.5.6 build 180602", "G-123420180810AAWRC12345678"),
            "GVI Security",
            "Hikvision",
            "camera",
        ),
        (
            information("GVI", "G-1234", "V3.4.92 build 170518", "G-12341620170601CCRRC12345678WCVU"),
            "GVI Security",
            "Hikvision",
            "nvr",
        ),
        (
            information("GVI", "G-1234", "V4.30.210 build 220115", "G-12340820220201CCWRJ12345678WCVU"),
            "GVI Security",
            "Hikvision",
            "dvr",
        ),
        (information("GVI", "G-1234", "2.800.0000000.16.R, Build Date: 2021-03-11"), "GVI Security", "Dahua", "camera"),
        (information("GVI", "G-1234", "4.001.0000005.1, Build Date 2021-01-05"), "GVI Security", "Dahua", "nvr"),
        (information("GVI", "G-1234", "5.1.2.11523B210831.N0N.U2(04A42T1)"), "GVI Security", "TVT", "camera"),
        (information("GVI", "G-1234", "1.4.5.48010B210315.P31.U1(8A21S)"), "GVI Security", "TVT", "nvr"),
        # An answer to a search names no label: its models do.
        (
            search_answer("LV-PDK50812A", "LV-PDK50812A20190101AAWRC12345678", "V5.5.80build 190528"),
            "LaView",
            "Hikvision",
            "camera",
        ),
        (
            search_answer("TVN-2216P", "TVN-2216P1620190101CCRRC12345678WCVU", "V4.1.18build 180725"),
            "Interlogix",
            "Hikvision",
            "nvr",
        ),
        (
            search_answer("PTZ-N4225I-DE", "PTZ-N4225I-DE20190801AAWRD12345678", "V5.5.52build 190625"),
            "HiLook",
            "Hikvision",
            "camera",
        ),
        (
            page("/cgi-bin/magicBox.cgi", "deviceType=LNB8973B\r\nserialNumber=ND021808019141\r\n"),
            "Lorex",
            "Dahua",
            "camera",
        ),
        (information("BCS", "BCS-P-NVR1602-4KE", "NVR-B3111.17.7.190410"), "BCS", "Uniview", "nvr"),
        (about_itself("I6-340IPE-MVF", "Provision ISR"), "Provision-ISR", "TVT", "camera"),
        (about_itself("NVR5-8200PX", "Provision ISR"), "Provision-ISR", "TVT", "nvr"),
        (about_itself("E4_4MP_", "Customer", '<chlMaxCount type="uint32">1</chlMaxCount>'), NOBODY, "TVT", "camera"),
        (
            said("dvrip", json={"ChannelNum": 9, "HostName": "NBD80N32RA-KL", "TCPPort": 34567}),
            NOBODY,
            "Xiongmai",
            "nvr",
        ),
        (
            said("dvrip", json={"ChannelNum": 1, "HostName": "LocalHost", "TCPPort": 34567}),
            NOBODY,
            "Xiongmai",
            "camera",
        ),
    ],
)
def test_kind_of_a_device_under_a_label(evidence: Evidence, brand: str | None, maker: str, kind: str) -> None:
    device = identify([evidence], load_fingerprints())
    assert (device.brand, device.maker, device.kind, device.is_camera) == (brand, maker, kind, True)


@pytest.mark.parametrize(
    ("evidence", "maker"),
    [
        (said("http", port=80, path="/", status=200, headers=[["Server", "ZK Web Server"]], body=""), "ZKTeco"),
        (said("banner", port=22, text="SSH-2.0-HUAWEI-1.5"), "Huawei"),
        (challenge("TP-LINK Wireless N Router WR841N"), "TP-Link"),
        (
            said(
                "upnp",
                xml="<root><device><manufacturer>HIKVISION</manufacturer><modelName>DS-3E1526P-SI</modelName></device></root>",
            ),
            "Hikvision",
        ),
    ],
)
def test_what_else_camera_makers_build_is_no_camera(evidence: Evidence, maker: str) -> None:
    device = identify([evidence], load_fingerprints())
    assert (device.maker, device.kind, device.is_camera) == (maker, "other", False)
