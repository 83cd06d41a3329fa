"""RTSP."""

from __future__ import annotations

import pytest

from scanner.wire import rtsp
from scanner.wire.http import USER_AGENT

OPTIONS = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE\r\nServer: Rtsp Server/3.0\r\n\r\n"


def test_a_request() -> None:
    assert (
        rtsp.build_request("DESCRIBE", "rtsp://198.51.100.10/", 2, [("Accept", "application/sdp")])
        == (
            f"DESCRIBE rtsp://198.51.100.10/ RTSP/1.0\r\nCSeq: 2\r\nUser-Agent: {USER_AGENT}\r\n"
            "Accept: application/sdp\r\n\r\n"
        ).encode()
    )
    with pytest.raises(ValueError, match="control"):
        rtsp.build_request("OPTIONS", "rtsp://h/\r\nX: y", 1)


def test_an_answer_without_length_has_no_body() -> None:
    answer = rtsp.parse_response(OPTIONS)
    assert (answer.status, answer.version, answer.reason, answer.body) == (200, "RTSP/1.0", "OK", b"")
    assert ("Server", "Rtsp Server/3.0") in answer.headers
    assert rtsp.is_complete(OPTIONS)
    assert not any(rtsp.is_complete(OPTIONS[:end]) for end in range(len(OPTIONS)))


def test_a_description_is_awaited() -> None:
    raw = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 10\r\n\r\nv=0\r\ns=X\r\n"
    assert rtsp.parse_response(raw).body == b"v=0\r\ns=X\r\n"
    assert rtsp.is_complete(raw)
    assert not rtsp.is_complete(raw[:-1])


def test_a_web_server_on_the_rtsp_port_is_read_too() -> None:
    raw = b"HTTP/1.1 400 Bad Request\r\nServer: boa\r\nContent-Length: 2\r\n\r\nno"
    assert rtsp.parse_response(raw).status == 400
    assert rtsp.is_complete(raw)
    assert not rtsp.is_complete(raw[:-1])
