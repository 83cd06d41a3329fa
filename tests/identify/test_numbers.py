from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.identify.numbers import engine_enterprise, engine_mac, object_enterprise, uuid_in


@pytest.mark.parametrize(
    ("oid", "number"),
    [
        ("1.3.6.1.4.1.39165.1.1", 39165),
        ("1.3.6.1.4.1.368", 368),
        ("1.3.6.1.4.1.8072.3.2.10", None),
        ("1.3.6.1.4.1.", None),
        ("1.3.6.1.4.1.x", None),
        ("1.3.6.1.2.1.1", None),
        ("", None),
    ],
)
def test_object_ids(oid: str, number: int | None) -> None:
    assert object_enterprise(oid) == number


@pytest.mark.parametrize(
    ("engine", "number"),
    [
        ("800098fd030102030405", 39165),
        ("80001f8880e9630000d61ff449", None),  # net-snmp
        ("0000017000000000c0a80102", 368),  # the older form of twelve bytes
        ("00000170000000", None),
        ("80", None),
        ("zz", None),
        ("", None),
    ],
)
def test_engine_ids(engine: str, number: int | None) -> None:
    assert engine_enterprise(engine) == number


def test_an_engine_id_may_hold_a_mac() -> None:
    assert engine_mac("800098fd03" + "4419b6000001") == "44:19:b6:00:00:01"
    assert engine_mac("800098fd0401") == ""
    assert engine_mac("no hex") == ""


@pytest.mark.parametrize(
    ("text", "uuid"),
    [
        ("urn:uuid:AA85C000-6324-11b3-819e-5850ed1fe385", "aa85c000-6324-11b3-819e-5850ed1fe385"),
        ("uuid:3fa1fe68-b915-4053-a3e1-c006c3afec0e::upnp:rootdevice", "3fa1fe68-b915-4053-a3e1-c006c3afec0e"),
        ("uuid:Upnp-BasicDevice-1_0-00408C123456", ""),
        ("", ""),
    ],
)
def test_uuids(text: str, uuid: str) -> None:
    assert uuid_in(text) == uuid


@given(st.text())
def test_nothing_raises(text: str) -> None:
    object_enterprise("1.3.6.1.4.1." + text)
    engine_enterprise(text)
    engine_mac(text)
    uuid_in(text)
