"""What was read of a record is kept: that must never be seen but in the time it takes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.engine import DeviceBuilder, identify
from scanner.identify.knowledge import Knowledge
from scanner.identify.recent import Recent
from scanner.identify.rules import RuleSet
from scanner.models import Evidence, Weight
from tests.identify.support import ACME_MAC, ACME_RTSP, realm, rtsp, said, small_rules, title
from tests.identify.test_places import FIELD_NAMES, JSON, PROTOCOLS

RULES = small_rules()


def fresh() -> RuleSet:
    """The same rules as another set, of which nothing is remembered."""
    return RuleSet(RULES.files, RULES.digest)


RECORDS = (
    rtsp(ACME_RTSP),
    realm("Acme login WXYZ123456"),
    realm("Acme login"),
    title("Acme Viewer"),
    title("BOLT camera"),
    said("mac", mac=ACME_MAC),
    said("http", port=80, path="/acme/info", headers=[], body="model=AN-16"),
    said("http", port=80, path="/other", headers=[], body="model=AN-16"),
    said("dhip", json={"VideoInputChannels": 4, "RemoteVideoInputChannels": 16}),
    said("port", port=554, state="open"),
    said("port", port=23, state="closed"),
    said("switch-port", mac=ACME_MAC, port="7", switch="198.51.100.2"),
    said("onvif", operation="GetHostname", xml="<x><Name>acme</Name></x>"),
)


@given(st.lists(st.sampled_from(RECORDS), min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_a_device_is_the_same_with_and_without_memory(records: list[Evidence]) -> None:
    remembered = identify(records, RULES)
    assert identify(records, fresh()) == remembered
    for host in ("203.0.113.9", "a name, no address"):
        elsewhere = [Evidence(host, each.protocol, each.fields) for each in records]
        assert identify(elsewhere, RULES) == identify(elsewhere, fresh())


@given(PROTOCOLS, st.dictionaries(FIELD_NAMES, JSON, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_record_is_read_twice_alike(protocol: str, fields: dict[str, Any]) -> None:
    known = Knowledge(RULES)
    record = Evidence("h", protocol, fields)
    assert known.read(record) == known.read(record) == Knowledge(RULES).read(record)


def test_what_is_kept_of_a_record_is_not_shared_with_its_look_alike() -> None:
    known = Knowledge(RULES)
    first = known.read(said("banner", port=23, text="cam-os 1.2")).said
    assert first
    assert known.read(said("banner", port=2323, text="cam-os 1.2")).said == ()
    assert known.read(said("ssh", port=23, text="cam-os 1.2")).said == ()


def test_what_can_not_be_encoded_is_read_all_the_same() -> None:
    record = realm("Acme login")
    odd = Evidence("h", "http", {**record.fields, "odd": object()})
    assert Knowledge(RULES).read(odd).said == Knowledge(RULES).read(record).said != ()


def test_a_builder_goes_on_after_its_device_was_asked_for() -> None:
    asked = DeviceBuilder(RECORDS[0].host, RULES)
    for count, record in enumerate(RECORDS, start=1):
        asked.add(record)
        assert asked.device() == identify(RECORDS[:count], fresh())


def test_a_device_that_says_much_is_the_same() -> None:
    def talkative(start: int) -> Evidence:
        realms = [["WWW-Authenticate", f'Basic realm="Acme login WXYZ{number}"'] for number in range(start, start + 60)]
        return said("http", port=80, path="/", headers=realms)

    many = [talkative(start) for start in range(100000, 100600, 60)]
    read = [len(Knowledge(RULES).read(record).said) for record in many]
    assert all(count <= 256 for count in read)  # each is remembered
    assert sum(read[:8]) > 400  # and before eight have come they are more than a device keeps
    together = identify(many, RULES)
    assert together == identify(many, fresh())
    assert len(together.claims) <= 400


def test_devices_of_one_content_differ_by_where_they_are() -> None:
    one, other = (identify([Evidence(host, "port", {"port": 80})], RULES) for host in ("198.51.100.1", "198.51.100.2"))
    assert one.id != other.id
    assert (one.addresses, other.addresses) == (("198.51.100.1",), ("198.51.100.2",))


def test_heavy_values_leave_room_for_fewer() -> None:
    recent: Recent[int, int] = Recent(10, lambda value: value)
    for number in range(100):
        recent.put(number, 5)
    assert len(recent) <= 4
    recent.put(99, 5)
    assert recent.get(99) == 5


def test_memory_is_bounded() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(1000):
        recent.put(number, number)
    assert len(recent) <= 20
    assert recent.get(999) == 999
    assert recent.get(1) is None


def test_what_is_used_stays() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(1000):
        if not number:
            recent.put(-1, -1)
        assert recent.get(-1) == -1
        recent.put(number, number)
    assert recent.get(-1) == -1


def test_a_uuid_that_ends_with_a_mac_speaks_weakly_for_its_registrant() -> None:
    endpoint = "urn:uuid:812b12f7-45a0-11b5-8404-c056e3a2e020"
    xml = (
        f"<Envelope><Body><ProbeMatch><EndpointReference><Address>{endpoint}</Address></EndpointReference></ProbeMatch>"
    )
    device = identify([Evidence("198.51.100.7", "ws-discovery", {"xml": f"{xml}</Body></Envelope>"})])
    (claim,) = [each for each in device.claims if each.field == "maker"]
    assert (claim.value, claim.weight, claim.fingerprint) == ("Hikvision", Weight.WEAK, "mac-registrant")
    assert "c0:56:e3:a2:e0:20" in claim.text
    assert device.mac is None
    assert device.is_camera is None
