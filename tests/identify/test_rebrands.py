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
        (
            [information("NONE", "TR-D4151IR1", "IPC_G6106-B0002P20D1806", "210235T3AB3181000012")],
            NOBODY,
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
            [probe_match("type/video_encoder name/LTS", "urn:uuid:812b12f7-45a0-11b5-8404-c056e3a2e020")],
            "LTS",
            None,
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
