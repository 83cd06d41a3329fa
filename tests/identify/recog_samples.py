"""Entries of Recog's databases, for tests: shortened from https://github.com/rapid7/recog, xml/ (BSD-2-Clause).

Copyright (c) 2014, Rapid7. All rights reserved. Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met: redistributions of source code must retain
the above copyright notice, this list of conditions and the following disclaimer; redistributions in binary form must
reproduce them in the documentation and/or other materials provided with the distribution. THIS SOFTWARE IS PROVIDED BY
THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES ARE DISCLAIMED; IN NO EVENT SHALL
THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DAMAGES ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE.
"""

from __future__ import annotations

from pathlib import Path

RTSP = r"""<?xml version="1.0" encoding="UTF-8"?>
<fingerprints matches="rtsp_header.server" protocol="rtsp" database_type="service" preference="0.85">
  <fingerprint pattern="^Hipcam RealServer\/V([\d\.]+)$">
    <description>Hipcam IP camera running the RealServer RTSP server.</description>
    <example service.version="1.0">Hipcam RealServer/V1.0</example>
    <param pos="0" name="service.vendor" value="RealNetworks"/>
    <param pos="0" name="service.product" value="RealServer"/>
    <param pos="1" name="service.version"/>
    <param pos="0" name="hw.vendor" value="Hipcam"/>
    <param pos="0" name="hw.device" value="IP Camera"/>
  </fingerprint>
  <fingerprint pattern="^Dahua Rtsp Server$">
    <description>Dahua IP Camera</description>
    <example>Dahua Rtsp Server</example>
    <param pos="0" name="service.vendor" value="Dahua"/>
    <param pos="0" name="hw.vendor" value="Dahua"/>
    <param pos="0" name="hw.device" value="IP Camera"/>
  </fingerprint>
  <fingerprint pattern="^AvigilonOnvifNvt/(\d+\.\S+)">
    <description>Avigilon IP Camera</description>
    <example os.version="2.6.0.130">AvigilonOnvifNvt/2.6.0.130</example>
    <param pos="0" name="hw.vendor" value="Avigilon"/>
    <param pos="0" name="hw.device" value="IP Camera"/>
    <param pos="0" name="os.vendor" value="Avigilon"/>
    <param pos="0" name="os.family" value="Linux"/>
    <param pos="0" name="os.product" value="Linux"/>
    <param pos="1" name="os.version"/>
  </fingerprint>
</fingerprints>
"""
DHCP = r"""<?xml version='1.0' encoding='UTF-8'?>
<fingerprints matches="dhcp_vendor_class" protocol="dhcp" database_type="service">
  <!-- matched against the string values in the dhcp message vi_vendor_class field -->
  <fingerprint pattern="^Mfg=(?:Fuji)?(?i:Xerox);Typ=(?:MFP|printer);Mod=(?:Xerox )?(\S+) ([a-zA-Z0-9]+).*;Ser=([A-Z0-9]{9})(?:;Loc=.*)?$">
    <description>Xerox Multifunction Printer</description>
    <example hw.family="VersaLink" hw.model="C405" hw.serial_number="ABC123456" hw.product="VersaLink C405">Mfg=Xerox;Typ=MFP;Mod=VersaLink C405;Ser=ABC123456;Loc=Print Room</example>
    <param pos="0" name="hw.device" value="Printer"/>
    <param pos="0" name="hw.vendor" value="Xerox"/>
    <param pos="1" name="hw.family"/>
    <param pos="2" name="hw.model"/>
    <param pos="3" name="hw.serial_number"/>
    <param pos="0" name="hw.product" value="{hw.family} {hw.model}"/>
  </fingerprint>
  <fingerprint pattern="^AXIS,(?:PTZ Dome )?Network Camera,(.*),([\d\.]+)$">
    <description>Axis Network Camera</description>
    <example hw.model="P3343" os.version="5.20.3">AXIS,Network Camera,P3343,5.20.3</example>
    <example hw.model="P3225-LV Mk II" os.version="9.70.1.5">AXIS,Network Camera,P3225-LV Mk II,9.70.1.5</example>
    <param pos="0" name="hw.device" value="IP Camera"/>
    <param pos="0" name="hw.vendor" value="AXIS"/>
    <param pos="1" name="hw.model"/>
    <param pos="0" name="os.vendor" value="AXIS"/>
    <param pos="2" name="os.version"/>
  </fingerprint>
  <fingerprint pattern="^android-dhcp-([\d\.]*)$">
    <description>Android Device</description>
    <example os.version="7.1.1">android-dhcp-7.1.1</example>
    <param pos="0" name="os.vendor" value="Google"/>
    <param pos="0" name="os.family" value="Linux"/>
    <param pos="0" name="os.product" value="Android"/>
    <param pos="1" name="os.version"/>
    <param pos="0" name="os.cpe23" value="cpe:/o:google:android:{os.version}"/>
  </fingerprint>
</fingerprints>
"""  # noqa: E501 - Recog's own lines
TELNET = r"""<?xml version="1.0" encoding="UTF-8"?>
<fingerprints protocol="telnet" database_type="service" preference=".80">
  <fingerprint pattern="\A(?i)(?:\r|\n)*login:\s*$">
    <description>bare 'login:' -- assert nothing.</description>
    <example>login:</example>
  </fingerprint>
  <fingerprint pattern="^(?:\r|\n)*MikroTik v([\w.]+)(?: \(\w+\))?(?:\r|\n)+Login:\s*$">
    <description>MikroTik RouterOS</description>
    <!-- MikroTik v5.2\r\nLogin: -->
    <example _encoding="base64" os.version="5.2">TWlrcm9UaWsgdjUuMg0KTG9naW46Cg==</example>
    <param pos="0" name="os.vendor" value="MikroTik"/>
    <param pos="0" name="os.device" value="Router"/>
    <param pos="0" name="os.product" value="RouterOS"/>
    <param pos="1" name="os.version"/>
    <param pos="0" name="os.cpe23" value="cpe:/o:mikrotik:routeros:{os.version}"/>
    <param pos="0" name="hw.vendor" value="MikroTik"/>
    <param pos="0" name="hw.device" value="Router"/>
  </fingerprint>
</fingerprints>
"""
FILES = {"rtsp_servers.xml": RTSP, "dhcp_vendor_class.xml": DHCP, "telnet_banners.xml": TELNET}


def write_samples(folder: Path, **others: str) -> Path:
    """Recog's `xml/` folder with the entries above, and other files by their stems."""
    root = folder / "xml"
    root.mkdir(parents=True, exist_ok=True)
    for name, text in {**FILES, **{f"{stem}.xml": text for stem, text in others.items()}}.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def database(matches: str, *entries: str) -> str:
    """A made-up database in Recog's form."""
    return f'<fingerprints matches="{matches}">{"".join(entries)}</fingerprints>'


def entry(pattern: str, params: str = "", example: str = "", attributes: str = "") -> str:
    """A made-up entry; `params` as `name=value` or `name=#1`, parted by semicolons."""
    made = []
    for each in filter(None, params.split(";")):
        name, _, value = each.partition("=")
        place = f'pos="{value[1:]}"' if value.startswith("#") else f'pos="0" value="{value}"'
        made.append(f'<param {place} name="{name}"/>')
    shown = f"<example>{example}</example>" if example else ""
    head = f'<fingerprint pattern="{pattern}" {attributes}>'
    return f"{head}<description>made up</description>{shown}{''.join(made)}</fingerprint>"
