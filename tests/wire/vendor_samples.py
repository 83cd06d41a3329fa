"""One answer for each vendor protocol, built by the offsets that the sources give, with a secret where some have it."""

from __future__ import annotations

import base64
import struct

MAC = bytes.fromhex("4419b6000001")
IP = bytes([198, 51, 100, 10])
SECRET = "hunter2-never-kept"  # noqa: S105 - what the codecs must drop
_S = SECRET.encode()


def _fixed(size: int, parts: dict[int, bytes]) -> bytes:
    data = bytearray(size)
    for at, value in parts.items():
        data[at : at + len(value)] = value
    return bytes(data)


def _dhip(body: bytes) -> bytes:
    return struct.pack("<I4sQIIII", 32, b"DHIP", 0, len(body), 0, len(body), 0) + body


def _dvrip(body: bytes) -> bytes:
    return struct.pack("<BBHIIHHI", 255, 0, 0, 0, 0, 0, 1531, len(body)) + body


def _ubnt(*parts: tuple[int, bytes]) -> bytes:
    packed = b"".join(struct.pack(">BH", kind, len(value)) + value for kind, value in parts)
    return b"\1\0\0" + bytes([len(packed)]) + packed


def _kasa(plain: bytes) -> bytes:
    key, out = 171, bytearray()
    for byte in plain:
        key ^= byte
        out.append(key)
    return bytes(out)


def _panasonic(*parts: tuple[int, bytes]) -> bytes:
    """As an i-PRO camera's answer is built: Rickardjd/Easy_IP, Wireshark/responses.txt."""
    head = bytes.fromhex("000101a9000ed42dc5000001a029193eab91c0a80179000020111e11231f1e19130000020202") + bytes(13)
    packed = b"".join(struct.pack(">HH", kind, len(value)) + value for kind, value in parts)
    return head + b"\1\2\0\1\0\1\0" + packed + b"\xff\xff\x3d\xaf"


_SADP = (
    '<?xml version="1.0" encoding="UTF-8"?><ProbeMatch><Uuid>13A888A9</Uuid><Types>inquiry</Types>'
    "<DeviceDescription>DS-2CD2385G1-I</DeviceDescription><DeviceSN>DS-2CD2385G1-I0000</DeviceSN>"
    "<MAC>44-19-b6-00-00-01</MAC><SoftwareVersion>V5.6.2build 190701</SoftwareVersion>"
    "<PasswordResetAbility>true</PasswordResetAbility>"
    f"<Salt>{SECRET}</Salt></ProbeMatch>"
)
_DHIP = (
    '{"mac":"44:19:b6:00:00:01","method":"client.notifyDevInfo","params":{"deviceInfo":{"DeviceClass":"IPC",'
    f'"DeviceType":"W461ASC","Vendor":"Lorex","Password":"{SECRET}","Version":"2.800.030000000.3.R"}}}}}}\n\0'
)
_DVRIP = (
    '{"NetWork.NetCommon":{"HostName":"LocalHost","MAC":"00:12:31:08:bb:97","SN":"940b5413c9d025f2","TCPPort":34567,'
    f'"UserPwd":"{SECRET}"}},"Ret":100}}\n\0'
)
_TPLINK = (
    '{"error_code":0,"result":{"device_type":"SMART.IPCAMERA","device_model":"C110","mac":"98-25-4A-00-00-00",'
    f'"owner":"{SECRET}","encrypt_info":{{"key":"{SECRET}","data":"{SECRET}"}}}}}}'
)
_KASA = (
    '{"system":{"get_sysinfo":{"system":{"model":"EC60(US)","mic_type":"IOT.IPCAMERA",'
    f'"latitude":"{SECRET}"}}}}}}}}'
)

_TOPSEE = (
    '<?xml version="1.0" encoding="GB2312" ?>\n<XML_TOPSEE>\n'
    '<MESSAGE_HEADER Msg_type="SYSTEM_SEARCHIPC_MESSAGE" Msg_code="3" Msg_flag="0"/>\n<MESSAGE_BODY>\n'
    '<DEVICE_TYPE DeviceType="IPCAM" DeviceModule="TH38E6" />\n'
    '<IPC_SERIALNUMBER SerialNumber="TS2014050001" DevID="1" />\n<VERSION FileSystemVersion="V2.5.1.7" />\n'
    f'<UserConfig><Account Username="admin" Password="{SECRET}" Status="1" /></UserConfig>\n'
    '<LANConfig MacAddress="44:19:b6:00:00:01" IPAddress="198.51.100.10" Netmask="255.255.255.0" />\n'
    "</MESSAGE_BODY>\n</XML_TOPSEE>"
)

ANSWERS: dict[str, bytes] = {
    "sadp": _SADP.encode(),
    "dhip": _dhip(_DHIP.encode()),
    "dahua": _fixed(
        0x78, {0: b"\xb3", 2: b"\x11", 4: b"\x58", 0x10: b"\2", 0x28: b"IPC", 0x38: IP, 0x3C: b"\xff\xff\xff\0"}
    )
    + b"44:19:b6:00:00:01Name:PZC3EW\r\nDevice:IPC-HFW2100\r\nSerialNo:PZC3EW11400028\r\n",
    "dvrip": _dvrip(_DVRIP.encode()),
    "hanwha": _fixed(
        0x106,
        {0: b"\x0b", 0x13: b"00:09:18:12:AB:CD", 0x25: b"198.51.100.10", 0x55: _S, 0x6D: b"XNV-8082R", 0x85: b"http://a/"},
    ),
    "bosch": b"\x99\x39\xa4\x27\0\0\0\1" + MAC + b"\0\0" + IP + b"\xff\xff\xff\0" + IP + bytes(4),
    "vivotek": b"\1\x4a\x5d\x8f\x1c\x04\x07\x01\x09VIVOTEK X\x02\x06" + MAC + b"\x03\x04" + IP + b"\x09\x09FD9187-HT",
    "sony": b"\x02MAC:00-01-4A-01-02-03\xffMODEL:SNC-CH140\xffSERIAL:1000123\xffPASSWORD:" + _S + b"\xff\x03",
    "panasonic": _panasonic(
        (0x20, IP), (0x21, b"\xff\xff\xff\0"), (0x40, bytes(16)), (0xA6, b"\x94"), (0xA7, b"WV-X22700-V2L\0\0\0"),
        (0xA8, b"X22700-V2L\0\0\0\0\0\0"), (0xA9, b"3.67".ljust(16, b"\0")), (0xD1, b"XBV30463".ljust(16, b"\0")),
    ),
    "ubnt": _ubnt((2, MAC + IP), (3, b"UVC.S5L.v4.46.18.67"), (0x0B, b"door"), (0x0C, b"UVC G4 Pro"),
                  (0x0A, b"\0\0\1\2")),
    "tplink": b"\2\0\0\1\0\0\0\0\0\0\0\0\x46\x3c\xb5\xd3" + _TPLINK.encode(),
    "tplink-20004": b"\2\0\0\1\0\0\0\0\0\0\0\0\x46\x3c\xb5\xd3" + _TPLINK.encode(),
    "tplink-9999": _kasa(_KASA.encode()),
    "foscam": _fixed(
        88, {0: b"MO_I\1", 23: b"4419B6000001", 36: b"porch", 57: IP, 77: b"\x0b\x25\2\x38", 85: b"\0\x58"}
    ),
    "vstarcam": _fixed(
        0x210,
        {0: b"DH\1\x08", 4: b"198.51.100.10", 0x54: MAC, 0x5A: b"\x51\0", 0x5C: b"VSTA123456ABCDE", 0x7C: b"porch",
         0xCC: b"48.53.75.75", 0xEC: b"admin", 0x10C: _S},
    ),
    "tvt": _fixed(
        240, {0: b"MHED\7", 12: b"IPC", 32: MAC, 40: IP, 60: b"\x50", 64: b"\2", 180: b"TD-9441S3", 228: b"\1"}
    ),
    "reolink": _fixed(
        388, {58: b"IPC", 80: MAC, 104: b"\xaa\xaa\0\0", 108: b"198.51.100.10", 128: b"\x28\x23\0\0", 132: b"porch",
              164: b"44:19:B6:00:00:01", 228: b"95270000YGAKNWKJ"}
    ),
    "pppp": b"\xf1\x41\0\x14VSTB\0\0\0\0" + struct.pack(">I", 12345) + b"ABCDE\0\0\0",
    "topsee": _TOPSEE.encode("gb2312"),
    "dynacolor": base64.b64encode(bytes(byte ^ 0xFF for byte in b"DynaColor,01,H264 IP Camera,198.51.100.10\0")),
    "vision360": b"DISCOVER TYPE=IPDOME KEY='00:60:35:32:26:cd' ID=2210376922\n",
    "nice": _fixed(
        0x5A, {0: b"NICE\0\1", 0x0A: MAC, 0x10: IP, 0x14: b"\xff\xff\xff\0", 0x1E: b"\0\2\0\5\0\1\0\7",
               0x4A: b"NVE-1002"}
    ),
    "gige": _fixed(
        0x100, {2: b"\0\3\0\xf8\0\1", 8: b"\0\1\0\2", 0x12: MAC, 0x2C: IP, 0x50: b"Basler", 0x70: b"acA1300-60gm",
                0x90: b"107211-14", 0xE0: b"21820110", 0xF0: b"line 3"}
    ),
}  # fmt: skip
