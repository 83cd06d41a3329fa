from scanner.identify.engine import DeviceBuilder, identify
from scanner.identify.merge import merge_devices
from scanner.models import Device, Evidence
from scanner.registry import load_registry
from scanner.registry.judge import judge

MAC = "44:19:b6:5a:11:07"
HOST = "198.51.100.10"


def _seen(host: str = HOST, **fields: object) -> Evidence:
    base = {"switch": "198.51.100.2", "port": "7", "mac": MAC, "macs_on_port": 1}
    return Evidence(host, "switch-port", {**base, **fields})


def _device(*records: Evidence) -> Device:
    builder = DeviceBuilder(records[0].host)
    for record in records:
        builder.add(record)
    return builder.device()


def test_the_place_and_the_address_are_taken() -> None:
    device = identify([_seen(switch_name="sw-floor2", vlan=20, poe="delivering")])
    assert (device.switch, device.switch_port, device.mac) == ("sw-floor2 (198.51.100.2)", "7", MAC)
    (claim,) = [claim for claim in device.claims if claim.field == "switch_port"]
    assert claim.text == f"{MAC}, VLAN 20, PoE delivering"


def test_the_switchs_port_is_no_port_of_the_device() -> None:
    assert identify([_seen()]).ports == ()


def test_behind_an_uplink_there_is_no_place() -> None:
    device = identify([_seen(uplink=True)])
    assert (device.switch, device.switch_port, device.mac) == (None, None, MAC)


def test_the_port_with_the_fewest_addresses_is_its_own() -> None:
    crowded, own = _seen(port="1", macs_on_port=9), _seen(port="8", switch="198.51.100.3", macs_on_port=1)
    for records in ([crowded, own], [own, crowded]):
        assert (_device(*records).switch, _device(*records).switch_port) == ("198.51.100.3", "8")


def test_one_port_number_on_two_switches_stays_with_its_switch() -> None:
    device = _device(_seen(macs_on_port=3), _seen(switch="198.51.100.3"))
    assert (device.switch, device.switch_port) == ("198.51.100.3", "7")


def test_a_place_joins_the_scanned_device_by_its_mac() -> None:
    scanned = _device(
        Evidence(HOST, "mac", {"mac": MAC}), Evidence(HOST, "onvif", {"operation": "GetScopes", "xml": "<x/>"})
    )
    (joined,) = merge_devices([scanned, _device(_seen(MAC))])
    assert (joined.host, joined.addresses) == (HOST, (HOST,))
    assert (joined.switch, joined.switch_port) == ("198.51.100.2", "7")


def test_a_device_that_only_a_switch_knows_is_counted_and_never_listed() -> None:
    device = judge(_device(_seen(MAC)), load_registry())
    assert (device.host, device.maker, device.is_camera) == (MAC, "Hikvision", None)
    assert device.status.value in ("review", "undetermined")
    assert device.confidence <= 0.6


def test_hostile_words_in_a_port_are_safe() -> None:
    device = identify([_seen(port="Gi\x1b[2J @ 1", switch_name="x" * 5000)])
    assert device.switch is not None
    assert device.switch_port is not None
    assert device.switch_port.isprintable()
    assert len(device.switch) < 300


def test_what_is_no_port_says_nothing() -> None:
    empty: list[dict[str, object]] = [{"port": None}, {"switch": ""}, {"port": []}, {"port": {}}]
    for fields in empty:
        record = Evidence(HOST, "switch-port", {**_seen().fields, **fields})
        assert _device(record).switch_port is None
