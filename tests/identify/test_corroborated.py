from __future__ import annotations

import pytest

from scanner.identify.corroborated import corroborated
from scanner.identify.engine import identify
from scanner.models import Evidence
from tests.identify.support import ACME_MAC, ACME_RTSP, realm, rtsp, said, small_rules, title

ONVIF = "<a><Manufacturer>{}</Manufacturer></a>"


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((), False),
        ((rtsp(ACME_RTSP),), False),
        ((rtsp(ACME_RTSP), said("mac", mac=ACME_MAC)), False),
        ((rtsp(ACME_RTSP), title("Acme Viewer")), False),
        ((rtsp(ACME_RTSP), realm("Acme login")), True),
        ((said("tls", subject="O=Bolt"), title("BOLT camera")), True),
        ((rtsp(ACME_RTSP), said("onvif", xml=ONVIF.format("ACME")), realm("Acme login")), True),
        (
            (rtsp(ACME_RTSP), realm("Acme login"), said("onvif", xml=ONVIF.format("Bolt"))),
            False,
        ),
    ],
)
def test_two_independent_voices_and_none_against_them(evidence: tuple[Evidence, ...], expected: bool) -> None:
    assert corroborated(identify(evidence, small_rules())) is expected
