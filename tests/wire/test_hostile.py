"""Hostile bytes into every codec: each returns or raises WireError, nothing else, and in linear time."""

from __future__ import annotations

import contextlib
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scanner.wire
from scanner.text import decode
from scanner.wire import (
    ber,
    bosch,
    certificate,
    challenge,
    dahua,
    dhip,
    dvrip,
    dynacolor,
    engine_id,
    favicon,
    foscam,
    gige,
    hanwha,
    html,
    http,
    mdns,
    message,
    nice,
    octets,
    onvif,
    onvif_media,
    panasonic,
    pppp,
    recorder,
    reolink,
    rtsp,
    sadp,
    snmp,
    sony,
    ssdp,
    topsee,
    tplink,
    tvt,
    ubnt,
    upnp,
    vendor,
    vision360,
    vivotek,
    vstarcam,
    ws_discovery,
    xml,
)
from scanner.wire.errors import WireError
from tests.wire import certificates, vendor_samples

Codec = Callable[[bytes], Any]
ZIPPED = (("Content-Encoding", "gzip, deflate"), ("Content-Type", "text/html; charset=gb2312"))


def _drain(data: bytes) -> list[tuple[int, bytes]]:
    return list(ber.Reader(data))


CODECS: dict[str, list[Codec]] = {
    "ber": [_drain, ber.object_identifier, ber.integer],
    "certificate": [lambda data: certificate.describe(data, "TLSv1.2")],
    "challenge": [lambda data: challenge.challenges((("WWW-Authenticate", decode(data)),))],
    "engine_id": [engine_id.describe_octets, lambda data: engine_id.describe_engine(decode(data))],
    "favicon": [favicon.hashes, lambda data: favicon.icon_paths(decode(data))],
    "html": [lambda data: html.title(decode(data)), lambda data: html.tags(decode(data), "link")],
    "http": [
        http.parse_response,
        lambda data: http.parse_response(data, method="HEAD"),
        http.is_complete,
        lambda data: http.decode_body(data, ZIPPED),
    ],
    "mdns": [
        lambda data: mdns.parse(data, "198.51.100.1"),
        lambda data: mdns.questions(data, "198.51.100.1"),
        lambda data: mdns.build_response([], query=data),
        mdns.parse_txt,
        lambda data: mdns.service_type(decode(data)),
    ],
    "message": [message.read_head],
    "onvif": [
        onvif.device_information,
        onvif.scopes,
        onvif.hostname,
        onvif.endpoint,
        onvif.fault,
        onvif.service_addresses,
        onvif.operation_of,
        onvif.namespaces,
        onvif.services,
    ],
    "onvif_media": [
        lambda data: onvif_media.video_sources(decode(data)),
        lambda d: onvif_media.source_count(decode(d)),
    ],
    "recorder": [
        lambda data: recorder.channel_page(recorder.ISAPI_CHANNELS).read(decode(data)),  # type: ignore[union-attr]
        lambda data: recorder.channel_page(recorder.ISAPI_STATUS).read(decode(data)),  # type: ignore[union-attr]
        lambda data: recorder.channel_page(recorder.ISAPI_INPUTS).read(decode(data)),  # type: ignore[union-attr]
        lambda data: recorder.channel_page(recorder.DAHUA_TITLES).read(decode(data)),  # type: ignore[union-attr]
        lambda data: recorder.channel_page(recorder.DAHUA_CAMERAS).read(decode(data)),  # type: ignore[union-attr]
        lambda data: recorder.channel_page(recorder.SUNAPI_CAMERAS).read(decode(data)),  # type: ignore[union-attr]
    ],
    "bosch": [bosch.parse],
    "dahua": [dahua.parse],
    "dhip": [dhip.parse],
    "dvrip": [dvrip.parse],
    "foscam": [foscam.parse],
    "hanwha": [hanwha.parse],
    "octets": [
        octets.json_object,
        lambda data: list(octets.parts(data, 0, 1, 2)),
        octets.ipv4_text,
        octets.mac_text,
        lambda data: octets.text_at(data, 3, 20),
    ],
    "panasonic": [panasonic.parse],
    "sadp": [sadp.parse],
    "sony": [sony.parse],
    "tplink": [tplink.parse, tplink.parse_old, lambda data: tplink.parse_old(tplink.xor(data))],
    "tvt": [tvt.parse],
    "ubnt": [ubnt.parse],
    "vendor": [protocol.fields for protocol in vendor.PROTOCOLS],
    "dynacolor": [dynacolor.parse],
    "gige": [gige.parse],
    "nice": [nice.parse],
    "pppp": [pppp.parse],
    "reolink": [reolink.parse],
    "topsee": [topsee.parse],
    "vision360": [vision360.parse],
    "vivotek": [vivotek.parse],
    "vstarcam": [vstarcam.parse],
    "rtsp": [rtsp.parse_response, rtsp.is_complete],
    "snmp": [snmp.parse_discovery, snmp.parse_request, snmp.message_id],
    "ssdp": [ssdp.parse],
    "upnp": [upnp.description],
    "ws_discovery": [
        ws_discovery.parse_replies,
        ws_discovery.action,
        ws_discovery.relates_to,
        ws_discovery.message_id,
        lambda data: ws_discovery.scope_parts(decode(data)),
        lambda data: ws_discovery.split_scopes(decode(data)),
    ],
    "xml": [lambda data: xml.leaves(xml.parse_xml(data)), lambda data: xml.leaves(xml.parse_xml(decode(data)))],
}
NOT_CODECS = {"errors", "bridge"}  # bridge reads rows, not bytes: test_bridge.py throws hostile rows at it

_SERVICE = mdns.MdnsService(
    "_axis-video._tcp.local.", "A._axis-video._tcp.local.", "a.local.", 80, {"k": "v"}, ("198.51.100.1",)
)
_SOAP = onvif.build_request("GetServices")
_MATCH = ws_discovery.build_probe_match(relates_to="urn:uuid:1", message_id="2", endpoint="urn:uuid:3")
_HTTP = b'HTTP/1.1 401 Unauthorized\r\nServer: a\r\nWWW-Authenticate: Digest realm="x", nonce=\'y\r\n'
_CHUNKED = _HTTP + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\n\r\n"
_PAGE = b"<html><title>DVR &amp; more</title><link rel='shortcut icon' href=/favicon.ico>"
_REQUEST = snmp.parse_request(snmp.build_discovery(7))
SEEDS = [
    b"<L><InputProxyChannel><id>1</id><name>a</name><d><ipAddress>198.51.100.1</ipAddress></d></InputProxyChannel></L>",
    b"camera[0].UniqueChannel=0\r\ncamera[0].DeviceInfo.Address=198.51.100.1\r\ntable.ChannelTitle[0].Name=a\r\n",
    b'{"RegisteredCameras":[{"Channel":0,"Model":"XNV-6080","IPAddress":"198.51.100.5","Status":"Success"}]}',
    b'<r><VideoSources token="V_1"><Resolution><Width>9</Width><Height>9</Height></Resolution></VideoSources></r>',
    _CHUNKED,
    _HTTP + b"Content-Length: 99\r\n\r\n" + _PAGE,
    _PAGE,
    _SOAP,
    _MATCH,
    b"<root><device><icon><url>/a.png</url></icon><b:c>d</b:c></device></root>",
    ssdp.build_search(),
    snmp.build_discovery(7),
    snmp.build_report(_REQUEST, "80001f8803001122334455", 1, 2),
    mdns.build_response([_SERVICE])[0],
    mdns.build_query(["_http._tcp.local."]),
    certificates.self_signed(),
    *vendor_samples.ANSWERS.values(),
]


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    """A valid message with some bytes replaced, put in, taken out, or cut."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


def _survives(codec: Codec, data: bytes) -> None:
    with contextlib.suppress(WireError):
        codec(data)


def test_every_codec_is_here() -> None:
    modules = {module.name for module in pkgutil.iter_modules(scanner.wire.__path__)}
    assert modules - NOT_CODECS == set(CODECS)


@pytest.mark.parametrize("name", sorted(CODECS))
def test_any_bytes(name: str) -> None:
    @settings(max_examples=60, deadline=None, database=None)
    @given(st.one_of(st.binary(max_size=300), _mutated()))
    def check(data: bytes) -> None:
        for codec in CODECS[name]:
            _survives(codec, data)

    check()


@pytest.mark.parametrize("name", sorted(CODECS))
@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_every_prefix_of_a_valid_message(name: str, seed: int) -> None:
    step = max(len(SEEDS[seed]) // 40, 1)
    for end in range(0, len(SEEDS[seed]), step):
        for codec in CODECS[name]:
            _survives(codec, SEEDS[seed][:end])


MEGABYTE = 1 << 20
OK = b"HTTP/1.1 200 OK\r\n"
FLOODS = {
    "carriage returns": b"\r" * MEGABYTE,
    "line feeds": b"\n" * MEGABYTE,
    "header lines": OK + b"a:b\r\n" * (MEGABYTE // 5),
    "cr-only header lines": b"HTTP/1.1 200 OK\r" + b"a:b\r" * (MEGABYTE // 4),
    "folded lines": OK + b" x\n" * (MEGABYTE // 3),
    "challenges": OK + b"WWW-Authenticate: " + b"a=b " * (MEGABYTE // 4),
    "tiny chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * (MEGABYTE // 6),
    "interim answers": b"HTTP/1.1 100 C\r\n\r\n" * (MEGABYTE // 18),
    "a long number": OK + b"Content-Length: " + b"9" * MEGABYTE,
    "titles": b"<title" * (MEGABYTE // 6),
    "links": b"<link " * (MEGABYTE // 6),
    "a huge character reference": b"<title>&#" + b"9" * MEGABYTE,
    "angle brackets": b"<" * MEGABYTE,
    "open elements": b"<a>" * (MEGABYTE // 3),
    "ampersands": b"<a>" + b"&" * (MEGABYTE - 3),
    "long namespace": b"<a xmlns='" + b"x" * 500_000 + b"'>" + b"<b/>" * 100_000 + b"</a>",
    "namespaces": b"<a " + b"".join(b"xmlns:a%d='x' " % i for i in range(40_000)) + b"/>",
    "undeclared prefixes": b"<a:b/>" * (MEGABYTE // 6),
    "escapes": b"\x1b]" * (MEGABYTE // 2),
    "nul bytes": b"\0" * MEGABYTE,
    "high bytes": b"\xff" * MEGABYTE,
    "ber nesting": b"\x30\x84\x00\x0f\xff\x00" * (MEGABYTE // 6),
    "dns pointers": b"\0\0\x84\0\0\0\xff\xff\0\0\0\0" + b"\xc0\x0c" * 30_000,
}


@pytest.mark.parametrize("flood", sorted(FLOODS))
def test_a_megabyte_is_read_or_refused(flood: str) -> None:
    others: list[Codec] = [
        http.is_complete,
        lambda data: http.decode_body(data, ZIPPED),
        lambda data: favicon.icon_paths(decode(data)),
    ]
    for codec in [*(codecs[0] for codecs in CODECS.values()), *others]:
        _survives(codec, FLOODS[flood])
