"""An answer to one vendor protocol, and nothing else, names the maker where the protocol is one maker's own."""

from __future__ import annotations

import pytest

from scanner.identify.engine import identify
from scanner.identify.rule_check import VENDOR_PROTOCOLS
from scanner.identify.rules import default_rules
from scanner.models import Evidence
from scanner.wire.vendor import PROTOCOLS, VendorProtocol
from tests.wire.vendor_samples import ANSWERS

HOST = "198.51.100.10"
SHARED = {"foscam", "vstarcam", "pppp", "dynacolor"}  # spoken by many makers' devices
UNTOLD = {"pppp"}  # 3D printers answer it too


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda one: one.name)
def test_one_answer_is_enough_for_the_maker(protocol: VendorProtocol) -> None:
    fields = protocol.fields(ANSWERS[protocol.name])
    device = identify([Evidence(HOST, protocol.evidence, fields)], default_rules())
    assert device.is_camera is (None if protocol.name in UNTOLD else True)
    if protocol.name not in SHARED:
        assert device.maker in protocol.makers


def test_every_protocol_is_a_place_that_rules_may_name() -> None:
    assert {one.evidence for one in PROTOCOLS} <= VENDOR_PROTOCOLS


def test_an_industrial_camera_states_its_maker() -> None:
    fields = {"fields": {"manufacturer": "Hikrobot", "model": "MV-CA050-12GM", "mac": "44:19:b6:00:00:01"}}
    device = identify([Evidence(HOST, "gige", fields)], default_rules())
    assert (device.maker, device.model, device.kind) == ("Hikrobot", "MV-CA050-12GM", "camera")
