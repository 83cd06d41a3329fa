"""Topsee (Tianshitong) search: XML in GB2312, answered by broadcast to the port that was asked (UDP 3001).

Source: public GitHub file index, files 48114943194 and 48704420823 (packet captures and the maker's library). The
answer lists the accounts of the device with their passwords: nothing but the fields below is read of it.
"""

from __future__ import annotations

from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import filled
from scanner.wire.xml import local_name, parse_xml

PORT = 3001
_LIMIT = 16 * 1024
_ANSWER = "3"
_WANTED = {
    "device_type": {"devicetype": "DeviceType", "devicemodule": "DeviceModule"},
    "ipc_serialnumber": {"serialnumber": "SerialNumber", "devid": "DevID"},
    "version": {"filesystemversion": "FileSystemVersion"},
    "lanconfig": {"macaddress": "MacAddress", "ipaddress": "IPAddress", "netmask": "Netmask", "gateway": "Gateway"},
    "streamaccess": {"webport": "WEBPort", "videoport": "VideoPort"},
}


def build_request() -> bytes:
    """SYSTEM_SEARCHIPC_MESSAGE, code 1, without a body."""
    return (
        b'<?xml version="1.0" encoding="GB2312" ?>\n<XML_TOPSEE>\n<MESSAGE_HEADER\n'
        b'Msg_type="SYSTEM_SEARCHIPC_MESSAGE"\nMsg_code="1"\nMsg_flag="0"\n/>\n'
        b"<MESSAGE_BODY>\n</MESSAGE_BODY>\n</XML_TOPSEE>"
    )


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: DeviceType, DeviceModule, SerialNumber, FileSystemVersion, MacAddress and the like, as named.

    WireError: no answer (code 3) to the search.
    """
    if b"<XML_TOPSEE" not in data[:256] or b"SYSTEM_SEARCHIPC_MESSAGE" not in data[:1024]:
        raise WireError("no message of a Topsee device")
    root = parse_xml(data[:_LIMIT].decode("gb18030", "replace"), limit=_LIMIT)
    told: dict[str, str] = {}
    answers = False
    for element in root.iter("*"):
        name = local_name(element).lower()
        answers = answers or (name == "message_header" and element.get("Msg_code") == _ANSWER)
        for spelt, value in element.attrib.items():
            field = _WANTED.get(name, {}).get(str(spelt).lower())
            if field is not None:
                told.setdefault(field, str(value).strip())
    told = filled(**told)
    if not answers or not told:
        raise WireError("no answer to the search")
    return {"fields": told}
