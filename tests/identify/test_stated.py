from __future__ import annotations

import pytest

from scanner.identify.cases import Case, Truth
from scanner.identify.stated import states
from tests.identify.support import said, title

XML = "<r><Model>TrackMixWiFi</Model><Firmware>V5.4.5</Firmware><Build>170124</Build></r>"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("TrackMix WiFi", True),
        ("V5.4.5 release 170124", False),
        ("V5.4.5 170124", True),
        ("v5.4.5", True),
        ("V5.4.6", False),
        ("Front Door", True),
        ("9 9", False),
    ],
)
def test_a_value_is_stated_whole_or_in_all_its_words(value: str, expected: bool) -> None:
    case = Case("one", Truth(), (said("onvif", operation="x", xml=XML), title("Front &#68;oor")))
    assert states(case, value) is expected
