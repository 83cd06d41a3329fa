"""The vendors' discovery protocols as data: what is sent where, where the answer comes, and who answers.

Each question only asks; the messages of the same protocols that set, activate or log in have no code here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from scanner.wire import (
    bosch,
    dahua,
    dhip,
    dvrip,
    dynacolor,
    foscam,
    gige,
    hanwha,
    nice,
    panasonic,
    pppp,
    reolink,
    sadp,
    sony,
    topsee,
    tplink,
    tvt,
    ubnt,
    vision360,
    vivotek,
    vstarcam,
)

Parser = Callable[[bytes], dict[str, Any]]


class VendorProtocol(msgspec.Struct, frozen=True):
    """One protocol. `name` is unique; `evidence` the protocol of the evidence, with `port` in it where `keeps_port`.

    `group` is asked by multicast, everybody on the link by broadcast where `broadcast`. The answer comes to
    `reply_port` (0: to the asker's), perhaps by multicast to `reply_group`. `makers` and `tcp` (open ports) make an
    address worth asking by itself; `blind` says that one of which nothing is known is worth it too. `rare` ones, which
    few networks have, are asked once on a link and not twice.
    """

    name: str
    title: str
    evidence: str
    port: int
    build: Callable[[], bytes]
    parse: Parser
    asks: str
    makers: tuple[str, ...]
    group: str = ""
    broadcast: bool = True
    reply_port: int = 0
    reply_group: str = ""
    keeps_port: bool = True
    tcp: tuple[int, ...] = ()
    blind: bool = False
    rare: bool = False

    def fields(self, data: bytes) -> dict[str, Any]:
        """The evidence fields of an answer. WireError: it is none."""
        told = self.parse(data)
        return {"port": self.port, **told} if self.keeps_port else told


PROTOCOLS: tuple[VendorProtocol, ...] = (
    VendorProtocol(
        "sadp", "Hikvision SADP", "sadp", sadp.PORT, sadp.build_request, sadp.parse, "XML, inquiry",
        ("Hikvision", "EZVIZ"), group=sadp.GROUP, broadcast=False, reply_port=sadp.PORT, reply_group=sadp.GROUP,
        keeps_port=False, tcp=(8000,), blind=True,
    ),
    VendorProtocol(
        "dhip", "Dahua DHIP", "dhip", dhip.PORT, dhip.build_request, dhip.parse, "header and JSON, DHDiscover.search",
        ("Dahua",), group=dhip.GROUP, keeps_port=False, tcp=(37777,), blind=True,
    ),
    VendorProtocol(
        "dahua", "Dahua, older form", "dahua", dahua.PORT, dahua.build_request, dahua.parse, "binary, search",
        ("Dahua",),
    ),
    VendorProtocol(
        "dvrip", "Xiongmai DVRIP", "dvrip", dvrip.PORT, dvrip.build_request, dvrip.parse, "header, message 1530",
        ("Xiongmai",), reply_port=dvrip.PORT, tcp=(34567,), blind=True,
    ),
    VendorProtocol(
        "hanwha", "Hanwha Vision IP installer", "hanwha", hanwha.PORT, hanwha.build_request, hanwha.parse,
        "binary, mode 1", ("Hanwha Vision",), reply_port=hanwha.REPLY_PORT,
    ),
    VendorProtocol(
        "bosch", "Bosch detection", "bosch", bosch.PORT, bosch.build_request, bosch.parse, "binary, detection",
        ("Bosch",), reply_port=bosch.REPLY_PORT,
    ),
    VendorProtocol(
        "vivotek", "Vivotek discovery", "vivotek", vivotek.PORT, vivotek.build_request, vivotek.parse,
        "session number and magic", ("Vivotek",),
    ),
    VendorProtocol(
        "sony", "Sony SNC discovery", "sony", sony.PORT, sony.build_request, sony.parse, "text, ENQ:allinfo", ("Sony",),
    ),
    VendorProtocol(
        "panasonic", "Panasonic and i-PRO discovery", "panasonic", panasonic.PORT, panasonic.build_request,
        panasonic.parse, "binary, search", ("Panasonic", "i-PRO"), reply_port=panasonic.REPLY_PORT,
    ),
    VendorProtocol(
        "ubnt", "Ubiquiti discovery", "ubnt", ubnt.PORT, ubnt.build_request, ubnt.parse, "version 1, no parts",
        ("Ubiquiti",), group=ubnt.GROUP, reply_port=ubnt.PORT,
    ),
    VendorProtocol(
        "tplink", "TP-Link discovery", "tplink", tplink.PORT, tplink.build_request, tplink.parse,
        "header alone, no key", ("TP-Link",), blind=True,
    ),
    VendorProtocol(
        "tplink-20004", "TP-Link discovery, second port", "tplink", tplink.OTHER_PORT, tplink.build_request,
        tplink.parse, "header alone, no key", ("TP-Link",),
    ),
    VendorProtocol(
        "tplink-9999", "TP-Link Kasa, older form", "tplink", tplink.OLD_PORT, tplink.build_old_request,
        tplink.parse_old, "get_sysinfo, XOR-ed", ("TP-Link",),
    ),
    VendorProtocol(
        "foscam", "Foscam MO_I", "foscam", foscam.PORT, foscam.build_request, foscam.parse, "MO_I, operation 0",
        ("Foscam",), reply_port=foscam.PORT,
    ),
    VendorProtocol(
        "vstarcam", "VStarcam DH", "vstarcam", vstarcam.PORT, vstarcam.build_request, vstarcam.parse, "DH, search",
        ("VStarcam",),
    ),
    VendorProtocol(
        "tvt", "TVT MHED", "tvt", tvt.PORT, tvt.build_request, tvt.parse, "MHED, search",
        ("TVT",), group=tvt.GROUP, broadcast=False, reply_port=tvt.PORT, reply_group=tvt.REPLY_GROUP,
    ),
    VendorProtocol(
        "reolink", "Reolink search", "reolink", reolink.PORT, reolink.build_request, reolink.parse, "binary, search",
        ("Reolink",), reply_port=reolink.REPLY_PORT, tcp=(9000,),
    ),
    VendorProtocol(
        "pppp", "LanSearch of P2P modules", "pppp", pppp.PORT, pppp.build_request, pppp.parse, "LanSearch, no body",
        ("VStarcam",), rare=True,
    ),
    VendorProtocol(
        "topsee", "Topsee search", "topsee", topsee.PORT, topsee.build_request, topsee.parse,
        "XML, SYSTEM_SEARCHIPC_MESSAGE, code 1", ("Topsee",), reply_port=topsee.PORT, rare=True,
    ),
    VendorProtocol(
        "dynacolor", "DynaColor and Beward search", "dynacolor", dynacolor.PORT, dynacolor.build_request,
        dynacolor.parse, "Base64 of text with its bits turned", ("DynaColor", "Beward"),
        reply_port=dynacolor.REPLY_PORT, rare=True,
    ),
    VendorProtocol(
        "vision360", "360 Vision discovery", "vision360", vision360.PORT, vision360.build_request, vision360.parse,
        "a word", ("360 Vision",), rare=True,
    ),
    VendorProtocol(
        "nice", "NICE discovery", "nice", nice.PORT, nice.build_request, nice.parse,
        "NICE, port of the answer", ("NICE",), reply_port=nice.PORT, rare=True,
    ),
    VendorProtocol(
        "gige", "GigE Vision discovery", "gige", gige.PORT, gige.build_request, gige.parse, "DISCOVERY_CMD",
        ("Basler", "Hikrobot"), rare=True,
    ),
)  # fmt: skip
