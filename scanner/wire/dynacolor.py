"""DynaColor's search, as Beward's tool sends it: text, every bit turned, in Base64 (UDP 6666, answered to 6667).

Source: OpenIPC/python-dvr (DeviceManager.py): the question and the ports. The question reads "DynaColor,00,????" once
its bits are turned back; of the answer the source knows only that it is Base64. So an answer is taken where it reads
as the question does, and kept as text.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from scanner.wire.errors import WireError

PORT, REPLY_PORT = 6666, 6667
_START = b"DynaColor,"
_QUESTION = _START + b"00,????\0"
_LIMIT = 4096


def build_request() -> bytes:
    """The question for all devices."""
    return base64.b64encode(_turned(_QUESTION))


def parse(data: bytes) -> dict[str, Any]:
    """`text`: the answer, readable. WireError: none, as the question itself."""
    try:
        text = _turned(base64.b64decode(data[:_LIMIT].strip(b"\0\r\n "), validate=True))
    except (binascii.Error, ValueError):
        raise WireError("no Base64") from None
    if not text.startswith(_START) or text == _QUESTION:
        raise WireError("no answer to DynaColor's search")
    words = text.rstrip(b"\0").decode("ascii", "replace")
    if not words.isprintable():
        raise WireError("an answer that is no text")
    return {"text": words}


def _turned(data: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in data)
