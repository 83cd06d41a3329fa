from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.engine import identify
from scanner.identify.merge import merge_devices
from scanner.models import Device, Evidence
from tests.identify.support import ACME_MAC, ACME_RTSP, BOLT_MAC, realm, rtsp, said, small_rules, title

RULES = small_rules()
A, B, C = "198.51.100.1", "198.51.100.2", "198.51.100.3"
V6 = "2001:db8::7"
UUID = "urn:uuid:3fa1fe68-b915-4053-a3e1-c006c3afec0e"


def device(*evidence: Evidence) -> Device:
    return identify(evidence, RULES)


def merged(*devices: Device) -> list[Device]:
    return merge_devices(devices, RULES)


def mac(host: str, address: str = ACME_MAC) -> Evidence:
    return said("mac", host, mac=address)


def endpoint(host: str) -> Evidence:
    xml = f"<ProbeMatch><EndpointReference><Address>{UUID}</Address></EndpointReference></ProbeMatch>"
    return said("ws-discovery", host, xml=xml)


def test_one_serial_is_one_device_with_all_addresses_and_facts() -> None:
    one = device(realm("Acme login WXYZ123456", B), rtsp(ACME_RTSP, B))
    other = device(realm("Acme login WXYZ123456", A), said("tls", A, port=443, subject="CN=x"), mac(A))
    (joined,) = merged(one, other)
    assert (joined.host, joined.addresses) == (A, (A, B))
    assert (joined.model, joined.mac, joined.serial) == ("AC-200", ACME_MAC, "WXYZ123456")
    assert (joined.evidence_count, joined.ports) == (5, (80, 443, 554))
    assert joined.protocols == ("http", "mac", "rtsp", "tls")
    assert joined.confidence >= max(one.confidence, other.confidence)
    model = next(claim for claim in joined.claims if claim.field == "model")
    assert model.evidence == 4


def test_one_endpoint_uuid_is_one_device() -> None:
    (joined,) = merged(device(endpoint(A), rtsp(ACME_RTSP, A)), device(endpoint(V6)))
    assert joined.addresses == (A, V6)


def test_a_uuid_that_two_units_share_does_not_join_them() -> None:
    assert len(merged(device(endpoint(A), mac(A)), device(endpoint(B), mac(B, BOLT_MAC)))) == 2


def test_two_address_families_of_one_mac_are_one_device() -> None:
    (joined,) = merged(device(mac(V6)), device(mac(A), rtsp(ACME_RTSP, A)))
    assert (joined.host, joined.addresses) == (A, (A, V6))


def test_a_shared_mac_with_different_serials_stays_two_and_is_shown() -> None:
    devices = merged(
        device(mac(A), realm("Acme login WXYZ123456", A)), device(mac(B), realm("Acme login WXYZ999999", B))
    )
    assert [each.host for each in devices] == [A, B]
    assert [each.field for each in devices[0].conflicts] == ["mac"]
    assert B in devices[0].conflicts[0].other
    assert devices[0].conflicts[0].claims


def test_a_shared_mac_with_different_models_stays_two() -> None:
    devices = merged(device(mac(A), rtsp(ACME_RTSP, A)), device(mac(V6), rtsp("AcmeCam RTSP/1.0 (AC-900)", V6)))
    assert len(devices) == 2


def test_two_ipv4_hosts_of_one_mac_join_only_if_they_say_the_same() -> None:
    same = merged(device(mac(A), rtsp(ACME_RTSP, A)), device(mac(B), rtsp(ACME_RTSP, B)))
    assert len(same) == 1
    routed = merged(device(mac(A, BOLT_MAC), rtsp(ACME_RTSP, A)), device(mac(B, BOLT_MAC), title("x", B)))
    assert len(routed) == 2


def test_two_units_of_one_maker_behind_a_repeater_stay_two() -> None:
    no_model = merged(device(mac(A), title("Acme camera", A)), device(mac(B), title("Acme camera", B)))
    assert len(no_model) == 2
    repeater = merged(device(mac(A, BOLT_MAC), rtsp(ACME_RTSP, A)), device(mac(B, BOLT_MAC), rtsp(ACME_RTSP, B)))
    assert len(repeater) == 2


def test_devices_that_stay_apart_have_different_ids() -> None:
    devices = merged(device(mac(A, BOLT_MAC)), device(mac(B, BOLT_MAC)), device(mac(V6)))
    assert len({each.id for each in devices}) == 3
    assert devices[2].id == device(mac(V6)).id


def test_many_hosts_behind_one_mac_are_a_router() -> None:
    hosts = [f"198.51.100.{number}" for number in range(1, 30)]
    devices = merged(*(device(mac(host, BOLT_MAC), title("BOLT camera", host)) for host in hosts))
    assert len(devices) == len(hosts)
    assert all("also the MAC of" in each.conflicts[-1].other for each in devices)


def test_a_bogus_mac_joins_nobody() -> None:
    bogus = "00:11:22:33:44:55"
    assert len(merged(device(mac(A, bogus)), device(mac(V6, bogus)))) == 2


def test_a_bogus_serial_joins_nobody() -> None:
    one, other = (device(realm("Acme login AAAA111111", host)) for host in (A, B))
    assert one.serial == "AAAA111111"
    assert len(merged(one, other)) == 2


def test_nothing_in_common_changes_nothing() -> None:
    devices = [device(rtsp(ACME_RTSP, A)), device(title("x", B)), device(mac(C))]
    assert merged(*reversed(devices)) == devices


RECORDS = [
    lambda host: mac(host),
    lambda host: mac(host, BOLT_MAC),
    lambda host: rtsp(ACME_RTSP, host),
    lambda host: realm("Acme login WXYZ123456", host),
    lambda host: endpoint(host),
    lambda host: title("BOLT camera", host),
]
SITES = st.dictionaries(
    st.sampled_from([A, B, C, V6, "2001:db8::8"]),
    st.lists(st.sampled_from(RECORDS), min_size=1, max_size=4),
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(SITES)
def test_nothing_is_dropped_and_the_order_does_not_matter(site: dict[str, list[object]]) -> None:
    devices = [device(*(make(host) for make in makers)) for host, makers in site.items()]  # type: ignore[operator]
    joined = merged(*devices)
    assert sorted(address for each in joined for address in each.addresses) == sorted(site)
    assert sum(each.evidence_count for each in joined) == sum(each.evidence_count for each in devices)
    before = {(claim.field, claim.value) for each in devices for claim in each.claims}
    assert {(claim.field, claim.value) for each in joined for claim in each.claims} == before
    assert merged(*reversed(devices)) == joined


def test_the_prefix_of_a_bare_ipv6_face_contradicts_nothing() -> None:
    bolt = device(said("tls", A, port=443, subject="O=Bolt"), title("BOLT camera", A), mac(A, ACME_MAC))
    face = device(mac(V6, ACME_MAC))
    assert (bolt.maker, face.maker) == ("Bolt", "Acme")
    (joined,) = merged(bolt, face)
    assert (joined.addresses, joined.maker) == ((A, V6), "Bolt")
