"""SSDP."""

from __future__ import annotations

import pytest

from scanner.wire import ssdp
from scanner.wire.errors import WireError
from scanner.wire.message import header


def test_a_search_reads_back() -> None:
    search = ssdp.build_search("upnp:rootdevice", 2)
    assert search.startswith(b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\n')
    assert search.endswith(b"\r\n\r\n")
    message = ssdp.parse(search)
    assert message.start_line == "M-SEARCH * HTTP/1.1"
    assert header(message.headers, "st") == "upnp:rootdevice"


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK", b"NOTIFY * HTTP/1.1", b"http/1.1 200 ok"])
def test_answers_and_notifications(start: bytes, end: bytes) -> None:
    # Server text of an AXIS M1065-LW, source: home-assistant/core tests.
    server = "Linux/4.14.173-axis8, UPnP/1.0, Portable SDK for UPnP devices/1.8.7"
    message = ssdp.parse(end.join([start, b"EXT:", b"SERVER: " + server.encode(), b"", b""]))
    assert message.start_line == start.decode()
    assert message.headers == (("EXT", ""), ("SERVER", server))


@pytest.mark.parametrize("data", [b"", b"\0\0", b"hello", b"GET / HTTP/1.1\r\n\r\n", b"<xml/>"])
def test_other_datagrams(data: bytes) -> None:
    with pytest.raises(WireError):
        ssdp.parse(data)
