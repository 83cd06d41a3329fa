from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.assembly import device_id, telling
from scanner.identify.engine import DeviceBuilder, identify, identify_stream
from scanner.models import Device, Evidence, Weight
from tests.identify.support import (
    ACME_MAC,
    ACME_RTSP,
    BOLT_MAC,
    realm,
    rtsp,
    said,
    small_rules,
    title,
)
from tests.identify.test_places import FIELD_NAMES, JSON, PROTOCOLS

RULES = small_rules()
NVT = "<d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter</d:Types></d:ProbeMatch>"


def judge(*evidence: Evidence) -> Device:
    return identify(evidence, RULES)


def made_by(name: str) -> Evidence:
    xml = f"<GetDeviceInformationResponse><Manufacturer>{name}</Manufacturer></GetDeviceInformationResponse>"
    return said("onvif", operation="GetDeviceInformation", xml=xml)


def test_a_camera_with_its_facts() -> None:
    device = judge(rtsp(ACME_RTSP), realm("Acme login WXYZ123456"), said("mac", mac=ACME_MAC))
    assert (device.maker, device.kind, device.is_camera) == ("Acme", "camera", True)
    assert (device.model, device.firmware, device.serial, device.mac) == ("AC-200", "2.1.0", "WXYZ123456", ACME_MAC)
    assert device.confidence > 0.98
    assert device.addresses == ("198.51.100.10",)
    assert (device.evidence_count, device.ports, device.protocols) == (3, (80, 554), ("http", "mac", "rtsp"))


def test_claims_point_to_rule_evidence_place_and_text() -> None:
    device = judge(title("nothing"), rtsp(ACME_RTSP))
    first = device.claims[0]
    assert (first.id, first.field, first.value, first.weight) == ("c1", "maker", "Acme", Weight.STRONG)
    assert (first.fingerprint, first.evidence, first.where) == ("acme-rtsp-server", 1, "rtsp.header.server")
    assert first.text == ACME_RTSP
    assert [claim.id for claim in device.claims] == [f"c{n}" for n in range(1, len(device.claims) + 1)]


def test_why_is_one_line() -> None:
    device = judge(rtsp(ACME_RTSP), said("mac", mac=ACME_MAC))
    assert device.why == (
        f'RTSP server "{ACME_RTSP}"; MAC prefix registered to "Hangzhou Hikvision Digital Technology Co.,Ltd."'
    )


def test_a_mac_alone_never_makes_a_camera() -> None:
    device = judge(said("mac", mac=ACME_MAC))
    assert (device.maker, device.is_camera, device.kind) == ("Acme", None, "unknown")
    assert device.confidence <= 0.6
    assert all(claim.weight is Weight.WEAK for claim in device.claims if claim.field == "maker")
    other = judge(said("mac", mac=BOLT_MAC))
    assert (other.maker, other.is_camera) == (None, None)


@pytest.mark.parametrize("mac", ["02:11:22:33:44:55", "ff:ff:ff:ff:ff:ff", "nonsense", "", None, 7])
def test_a_mac_that_says_nobody(mac: object) -> None:
    device = judge(said("mac", mac=mac))
    assert [claim.field for claim in device.claims] in ([], ["mac"])
    assert device.maker is None


def test_a_brand_alone_never_makes_a_maker() -> None:
    device = judge(title("Labelco cam"))
    assert (device.brand, device.maker, device.is_camera) == ("Labelco", None, True)


def test_a_rebrand() -> None:
    device = judge(title("Labelco cam"), rtsp(ACME_RTSP))
    assert (device.brand, device.maker) == ("Labelco", "Acme")


def test_a_stated_manufacturer_gets_its_canonical_name() -> None:
    assert judge(made_by("ACME SECURITY CO., LTD")).maker == "Acme"


def test_a_stated_manufacturer_that_is_a_brand_is_no_maker() -> None:
    device = judge(made_by("LABELCO"))
    assert (device.brand, device.maker) == ("Labelco", None)


def test_an_unknown_manufacturer_is_a_weak_brand_at_most() -> None:
    device = judge(made_by("Nobody\u202e Knows Ltd"))
    assert (device.brand, device.maker) == ("Nobody Knows Ltd", None)
    (claim,) = [each for each in device.claims if each.field == "brand"]
    assert claim.weight is Weight.WEAK


@pytest.mark.parametrize("word", ["H264", "IPC", "Network Camera", "ONVIF"])
def test_a_generic_manufacturer_names_nobody(word: str) -> None:
    device = judge(made_by(word))
    assert (device.brand, device.maker) == (None, None)


def test_one_weak_camera_sign_leaves_it_open() -> None:
    device = judge(said("ws-discovery", xml=NVT))
    assert (device.is_camera, device.kind) == (None, "unknown")


def test_a_printer() -> None:
    device = judge(said("snmp", oids={"1.3.6.1.2.1.1.1.0": "HP Printer 5"}))
    assert (device.is_camera, device.kind, device.product, device.maker) == (False, "other", "printer", None)


def test_snmp_enterprise_numbers() -> None:
    device = judge(said("snmp", oids={"1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.39165.1"}))
    assert device.maker == "Acme"
    assert device.claims[0].fingerprint == "snmp-enterprise"
    assert 0.8 < device.confidence < 0.9
    engine = judge(said("snmp", engine_id="800098fd03" + ACME_MAC.replace(":", "")))
    assert (engine.maker, engine.mac) == ("Acme", ACME_MAC)
    assert judge(said("snmp", engine_id="80001f8880e9630000d61ff449")).claims == ()


def test_identities_are_read_where_devices_state_them() -> None:
    uuid = "3fa1fe68-b915-4053-a3e1-c006c3afec0e"
    xml = (
        f"<ProbeMatch><EndpointReference><Address>urn:uuid:{uuid}</Address></EndpointReference>"
        f"<Scopes>onvif://www.onvif.org/MAC/{ACME_MAC}</Scopes></ProbeMatch>"
    )
    device = judge(said("ws-discovery", xml=xml))
    assert device.mac == ACME_MAC
    assert [claim.value for claim in device.claims if claim.field == "uuid"] == [uuid]


def test_the_id_stays_across_sweeps() -> None:
    one = judge(realm("Acme login WXYZ123456"), said("mac", mac=ACME_MAC))
    moved = judge(realm("Acme login WXYZ123456", host="198.51.100.99"))
    assert one.id == moved.id
    assert judge(title("x")).id != judge(title("x", host="198.51.100.99")).id


def test_the_order_of_identities() -> None:
    values = {"serial": "WXYZ123456", "uuid": "3fa1fe68-b915-4053-a3e1-c006c3afec0e", "mac": ACME_MAC}
    ids = []
    for field in ("serial", "uuid", "mac"):
        ids.append(device_id("h", values))
        del values[field]
    ids.append(device_id("h", values))
    assert len(set(ids)) == 4
    assert device_id("h", {"serial": "000000", "mac": ACME_MAC}) == device_id("other", {"mac": ACME_MAC})


@pytest.mark.parametrize("bogus", ["", "1", "000000000", "123456789", "Unknown", "00:11:22:33:44:55", "aaaaaaaaa"])
def test_placeholders_tell_nothing(bogus: str) -> None:
    assert not telling(bogus)


def test_a_stream_is_grouped_by_host_in_order_of_appearance() -> None:
    records = [rtsp(ACME_RTSP, "198.51.100.2"), title("x", "198.51.100.1"), realm("Acme login", "198.51.100.2")]
    devices = list(identify_stream(iter(records), RULES))
    assert [device.host for device in devices] == ["198.51.100.2", "198.51.100.1"]
    assert devices[0] == identify([records[0], records[2]], RULES)


def test_a_name_as_host_is_no_address() -> None:
    assert judge(title("x", host="case-7")).addresses == ()


def test_a_builder_keeps_claims_and_not_records() -> None:
    builder = DeviceBuilder("198.51.100.10", RULES)
    for number in range(3000):
        builder.add(rtsp(f"AcmeCam RTSP/2.1.{number} (AC-{number})"))
    device = builder.device()
    assert device.evidence_count == 3000
    assert len(device.claims) < 40


def test_device_words_are_made_safe() -> None:
    device = judge(realm("Acme login WXYZ123456"), made_by("Evil\u202e\x1b]0;x\x07 Corp"))
    assert all(claim.text.isprintable() and claim.value.isprintable() for claim in device.claims)


def test_no_evidence_is_an_unknown_device() -> None:
    device = identify([], RULES)
    assert (device.maker, device.is_camera, device.claims, device.why) == (None, None, (), "")


RECORDS = st.lists(
    st.sampled_from(
        [
            rtsp(ACME_RTSP),
            rtsp("AcmeCam RTSP/9.9 (AC-900)"),
            realm("Acme login WXYZ123456"),
            title("Labelco cam"),
            title("BOLT camera"),
            said("tls", subject="O=Bolt"),
            said("mac", mac=ACME_MAC),
            said("mac", mac=BOLT_MAC),
            said("ws-discovery", xml=NVT),
            said("snmp", oids={"1.3.6.1.2.1.1.1.0": "printer"}),
        ]
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(RECORDS)
def test_the_order_of_the_records_changes_no_fact(records: list[Evidence]) -> None:
    one, other = judge(*records), judge(*reversed(records))
    for field in ("maker", "brand", "is_camera", "kind", "model", "firmware", "serial", "mac", "confidence", "id"):
        assert getattr(one, field) == getattr(other, field)
    assert [(each.field, each.value) for each in one.claims] == [(each.field, each.value) for each in other.claims]
    assert one.why == other.why


@settings(max_examples=100, deadline=None)
@given(PROTOCOLS, st.dictionaries(FIELD_NAMES, JSON, max_size=6), st.text(max_size=20))
def test_no_evidence_makes_it_raise(protocol: str, fields: dict[str, Any], host: str) -> None:
    device = identify([Evidence(host, protocol, fields)], RULES)
    assert device.evidence_count == 1
