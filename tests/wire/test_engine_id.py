"""SnmpEngineID, RFC 3411 §5."""

from __future__ import annotations

import pytest

from scanner.wire.engine_id import EngineInfo, describe_engine
from scanner.wire.errors import WireError


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("80009cfd034419b6000001", EngineInfo("80009cfd034419b6000001", 40189, mac="44:19:b6:00:00:01")),
        ("0x80:00:9c:fd:03:44:19:b6:00:00:01", EngineInfo("80009cfd034419b6000001", 40189, mac="44:19:b6:00:00:01")),
        ("80001F8801C633640A", EngineInfo("80001f8801c633640a", 8072, address="198.51.100.10")),
        (
            "80001f880220010db8000000000000000000000001",
            EngineInfo("80001f880220010db8000000000000000000000001", 8072, address="2001:db8::1"),
        ),
        ("80001f880463616d2d31", EngineInfo("80001f880463616d2d31", 8072, text="cam-1")),
        ("80001f88041b5b6d00", EngineInfo("80001f88041b5b6d00", 8072)),
        ("80001f8805deadbeef", EngineInfo("80001f8805deadbeef", 8072)),
        ("80001f8880aabbccdd00", EngineInfo("80001f8880aabbccdd00", 8072)),
        # First bit clear: the older form, enterprise and eight octets of its own.
        ("000001700300408c12345600", EngineInfo("000001700300408c12345600", 368)),
        ("80001f8803ffffffffffff", EngineInfo("80001f8803ffffffffffff", 8072)),
        ("80001f880301", EngineInfo("80001f880301", 8072)),
        ("80001f88", EngineInfo("80001f88")),
        ("", EngineInfo("")),
    ],
)
def test_forms(spelling: str, expected: EngineInfo) -> None:
    assert describe_engine(spelling) == expected


@pytest.mark.parametrize("spelling", ["xyz", "123", "80" * 100])
def test_no_hex(spelling: str) -> None:
    with pytest.raises(WireError):
        describe_engine(spelling)
