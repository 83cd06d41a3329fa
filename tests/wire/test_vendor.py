"""The vendors' discovery codecs: what is asked, what an answer says, what is never kept, what is no answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.wire import bosch, panasonic, pppp, sadp
from scanner.wire.errors import WireError
from scanner.wire.octets import json_object, secret
from scanner.wire.vendor import PROTOCOLS, VendorProtocol
from tests.wire.vendor_samples import ANSWERS, SECRET

IDS = [protocol.name for protocol in PROTOCOLS]
QUESTIONS = {
    "sadp": b'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>13A888A9-F1B1-4020-AE9F-05607682D23B</Uuid>'
    b"<Types>inquiry</Types></Probe>".hex(),
    "dhip": "2000000044484950" + "00" * 8 + "3b00000000000000" * 2
    + b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'.hex(),
    "dahua": "a3010001" + "00" * 12 + "02000000" + "00" * 12,
    "dvrip": "ff0000000000000000000000" + "0000fa05" + "00000000",
    "hanwha": "01" + "00" * 0x105,
    "bosch": "9939a427" + "00000001" + "ff0006de",
    "vivotek": "014a5d8f1c",
    "sony": b"\x02ENQ:allinfo\xff\x03".hex(),
    "panasonic": "0001002a000d000000000000" + "ff" * 10 + "000020111e11231f1e191300000201" + "00" * 11 + "fff0"
    + "0026002000210022002300250028004000410042004400a500a600a700a800ad00b300b400b700b8" + "ffff" + "1728",
    "ubnt": "01000000",
    "tplink": "020000010000000000000000463cb5d3",
    "tplink-20004": "020000010000000000000000463cb5d3",
    "tplink-9999": "d0f281f88bff9af7d5ef94b6d1b4c09fec95e68fe187e8caf08bf68bf6",
    "foscam": "4d4f5f49" + "00" * 8 + "04000000" * 2 + "00" * 6 + "01",
    "vstarcam": "44480101",
    "tvt": "4d484544080001000100" + "00" * 130,
    "reolink": "aaaa0000",
    "pppp": "f1300000",
    "topsee": b'<?xml version="1.0" encoding="GB2312" ?>\n<XML_TOPSEE>\n<MESSAGE_HEADER\nMsg_type="SYSTEM_SEARCHIPC_'
    b'MESSAGE"\nMsg_code="1"\nMsg_flag="0"\n/>\n<MESSAGE_BODY>\n</MESSAGE_BODY>\n</XML_TOPSEE>'.hex(),
    "dynacolor": b"u4aRnryQk5CN08/P08DAwMD/".hex(),
    "vision360": b"DISCOVER\n".hex(),
    "nice": "4e494345" + "0001" + "01080000" + "0000" + "07d7",
    "gige": "4211000200000001",
}  # fmt: skip
TOLD: dict[str, dict[str, Any]] = {
    "dahua": {"DeviceType": "IPC", "ip": "198.51.100.10", "mask": "255.255.255.0",
              "mac": "44:19:b6:00:00:01", "Name": "PZC3EW", "Device": "IPC-HFW2100", "SerialNo": "PZC3EW11400028"},
    "hanwha": {"mac": "00:09:18:12:AB:CD", "ip": "198.51.100.10", "deviceName": "XNV-8082R", "url": "http://a/"},
    "bosch": {"physAddress": "44:19:b6:00:00:01", "unitIPAddress": "198.51.100.10", "mask": "255.255.255.0",
              "gateway": "198.51.100.10"},
    "vivotek": {"model": "FD9187-HT", "long_name": "VIVOTEK X", "mac": "44:19:b6:00:00:01", "ip": "198.51.100.10"},
    "sony": {"MAC": "00-01-4A-01-02-03", "MODEL": "SNC-CH140", "SERIAL": "1000123"},
    "panasonic": {"model": "WV-X22700-V2L", "short_name": "X22700-V2L", "mac": "d4:2d:c5:00:00:01",
                  "ip": "198.51.100.10", "mask": "255.255.255.0", "firmware": "3.67", "serial": "XBV30463"},
    "ubnt": {"mac": "44:19:b6:00:00:01", "ip": "198.51.100.10", "firmware": "UVC.S5L.v4.46.18.67", "hostname": "door",
             "platform": "UVC G4 Pro"},
    "foscam": {"id": "4419B6000001", "name": "porch", "ip": "198.51.100.10",
               "system_version": "11.37.2.56", "http_port": "88"},
    "vstarcam": {"ip": "198.51.100.10", "mac": "44:19:b6:00:00:01", "http_port": "81", "serial": "VSTA123456ABCDE",
                 "name": "porch", "firmware": "48.53.75.75"},
    "tvt": {"name": "IPC", "model": "TD-9441S3", "type": "IPC", "mac": "44:19:b6:00:00:01", "ip": "198.51.100.10",
            "http_port": "80", "channels": "1"},
    "reolink": {"kind": "IPC", "mac": "44:19:B6:00:00:01", "ip": "198.51.100.10", "name": "porch",
                "uid": "95270000YGAKNWKJ"},
    "pppp": {"id": "VSTB-012345-ABCDE", "prefix": "VSTB"},
    "topsee": {"DeviceType": "IPCAM", "DeviceModule": "TH38E6", "SerialNumber": "TS2014050001", "DevID": "1",
               "FileSystemVersion": "V2.5.1.7", "MacAddress": "44:19:b6:00:00:01", "IPAddress": "198.51.100.10",
               "Netmask": "255.255.255.0"},
    "vision360": {"TYPE": "IPDOME", "mac": "00:60:35:32:26:cd", "ID": "2210376922"},
    "nice": {"name": "NVE-1002", "mac": "44:19:b6:00:00:01", "ip": "198.51.100.10", "mask": "255.255.255.0",
             "version": "2.5.1.7"},
    "gige": {"manufacturer": "Basler", "model": "acA1300-60gm", "version": "107211-14", "serial": "21820110",
             "name": "line 3", "mac": "44:19:b6:00:00:01", "ip": "198.51.100.10"},
}  # fmt: skip


def test_names_are_unique_and_each_has_a_sample() -> None:
    assert len(set(IDS)) == len(IDS)
    assert set(ANSWERS) == set(QUESTIONS) == set(IDS)


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=IDS)
def test_the_question_is_byte_for_byte_the_documented_one(protocol: VendorProtocol) -> None:
    assert protocol.build().hex() == QUESTIONS[protocol.name]


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=IDS)
def test_a_question_is_no_answer(protocol: VendorProtocol) -> None:
    for other in PROTOCOLS:
        with pytest.raises(WireError):
            protocol.fields(other.build())


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=IDS)
def test_an_answer_is_read_and_no_secret_is_kept(protocol: VendorProtocol) -> None:
    fields = protocol.fields(ANSWERS[protocol.name])
    assert ("port" in fields) is (protocol.name not in ("sadp", "dhip"))
    assert fields.get("port", protocol.port) == protocol.port
    assert SECRET not in json.dumps(fields)
    if protocol.name in TOLD:
        assert fields["fields"] == TOLD[protocol.name]


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_an_answer_is_read_by_its_own_protocol_alone(name: str) -> None:
    readers = []
    for protocol in PROTOCOLS:
        try:
            protocol.fields(ANSWERS[name])
        except WireError:
            continue
        readers.append(protocol.evidence)
    assert set(readers) == {name.partition("-")[0]}


@pytest.mark.parametrize("name", sorted({*ANSWERS} - {"sony", "vivotek", "dynacolor", "vision360"}))
def test_a_cut_answer_is_refused(name: str) -> None:
    protocol = next(one for one in PROTOCOLS if one.name == name)
    for size in range(min(30, len(ANSWERS[name]))):
        with pytest.raises(WireError):
            protocol.fields(ANSWERS[name][:size])


def test_the_checksum_is_the_one_of_the_makers_tool() -> None:
    own = bytes.fromhex("a029193eab91c0a80179")  # address and MAC of who recorded it: Rickardjd/Easy_IP
    data = panasonic.build_request()[:-2]
    data = data[:12] + own + data[22:]
    assert hex(sum(data) + 1) == "0x1170"


def test_a_dynacolor_answer_is_kept_as_text() -> None:
    protocol = next(one for one in PROTOCOLS if one.name == "dynacolor")
    assert protocol.fields(ANSWERS["dynacolor"])["text"] == "DynaColor,01,H264 IP Camera,198.51.100.10"


@pytest.mark.parametrize("answer", [b"", b"\xf1\x41\0\x14" + b"<" * 20, b"\xf1\x42\0\x14" + b"A" * 20])
def test_what_is_no_id_of_a_p2p_module(answer: bytes) -> None:
    with pytest.raises(WireError):
        pppp.parse(answer)


def test_json_answers() -> None:
    read = {one.name: one.fields(ANSWERS[one.name]) for one in PROTOCOLS}
    assert read["dhip"]["json"]["params"]["deviceInfo"] == {
        "DeviceClass": "IPC", "DeviceType": "W461ASC", "Vendor": "Lorex", "Version": "2.800.030000000.3.R",
    }  # fmt: skip
    assert read["dvrip"]["json"]["NetWork.NetCommon"]["SN"] == "940b5413c9d025f2"
    assert read["tplink"]["json"] == {
        "device_type": "SMART.IPCAMERA", "device_model": "C110", "mac": "98-25-4A-00-00-00",
    }  # fmt: skip
    assert read["tplink-9999"]["json"]["system"]["get_sysinfo"]["system"]["model"] == "EC60(US)"


def test_sadp_without_secrets_is_kept_as_it_came() -> None:
    plain = ANSWERS["sadp"].replace(f"<Salt>{SECRET}</Salt>".encode(), b"")
    assert sadp.parse(plain) == {"xml": plain.decode()}
    told = sadp.parse(ANSWERS["sadp"])["xml"]
    assert "<DeviceDescription>DS-2CD2385G1-I</DeviceDescription>" in told
    assert "<PasswordResetAbility>true</PasswordResetAbility>" in told
    assert "Salt" not in told


@pytest.mark.parametrize("types", [b"update", b"getencryptstring"])
def test_sadp_answers_to_other_questions_are_not_ours(types: bytes) -> None:
    with pytest.raises(WireError):
        sadp.parse(ANSWERS["sadp"].replace(b"inquiry", types))


def test_xml_with_a_document_type_is_refused() -> None:
    bomb = b'<!DOCTYPE ProbeMatch [<!ENTITY a "b">]><ProbeMatch><Types>inquiry</Types>&a;</ProbeMatch>'
    with pytest.raises(WireError):
        sadp.parse(bomb)


def test_bosch_may_answer_in_xml() -> None:
    text = '<root xmlns="OEMExt00:device-1-0"><device><friendlyName>DINION</friendlyName></device></root>'
    assert bosch.parse(text.encode()) == {"xml": text}
    with pytest.raises(WireError):
        bosch.parse(b"<root><nothing/></root>")


@pytest.mark.parametrize("name", ["Salt", "password", "UserPwd", "admin_passwd", "key", "rsa_key", "access_token"])
def test_secrets_by_name(name: str) -> None:
    assert secret(name)
    assert json_object(json.dumps({"a": [{name: "x", "model": "y"}]}).encode()) == {"a": [{"model": "y"}]}


@pytest.mark.parametrize("name", ["PasswordResetAbility", "Encrypt", "DeviceSN", "model", "hostname"])
def test_what_is_no_secret(name: str) -> None:
    assert not secret(name)


def test_deep_json_is_cut_or_refused() -> None:
    deep = b'{"a":' * 40 + b"1" + b"}" * 40
    assert json.dumps(json_object(deep)).count("a") < 20
    with pytest.raises(WireError):
        json_object(b'{"a":' * 100_000 + b"}" * 100_000)
