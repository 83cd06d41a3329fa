"""The device files are whole, consistent and always make the same site."""

from __future__ import annotations

import ipaddress

import pytest

from scanner.lab import DeviceSpec, demo_site, large_site
from scanner.lab.binding import LabError
from scanner.lab.sites import device_files, fill, make_device, without
from scanner.models import CAMERA_KINDS, KINDS, Status, UsageError

WANTED = {
    "hikvision-camera", "hikvision-nvr", "lts-camera", "dahua-camera", "dahua-xvr", "lorex-camera", "axis-camera",
    "axis-speaker", "uniview-camera", "hanwha-camera", "bosch-camera", "vigi-camera", "reolink-camera",
    "xiongmai-camera", "unknown-camera", "doorbird-doorbell", "netwave-camera", "vivotek-camera", "hp-printer",
    "synology-nas", "mikrotik-router", "cisco-switch", "hostile-device",
}  # fmt: skip
EVERY = [make_device(key, plan, "127.77.0.10", 1, {"decoy": "127.77.1.99"}) for key, plan in device_files().items()]


def test_the_demo_site_has_one_device_of_each_kind() -> None:
    site = demo_site()
    assert {device.key for device in site.devices} >= WANTED
    assert [device.host for device in site.devices][:2] == ["127.77.0.10", "127.77.0.11"]
    assert len({device.mac for device in site.devices}) == len(site.devices)


def test_every_demo_device_lies_in_the_scope_and_no_decoy_does() -> None:
    site = demo_site()
    network = ipaddress.ip_network(site.scope[0])
    assert all(ipaddress.ip_address(device.host) in network for device in site.devices)
    assert not any(ipaddress.ip_address(decoy) in network for decoy in site.decoys)


@pytest.mark.parametrize("device", EVERY, ids=lambda device: device.key)
def test_nothing_stays_unfilled_but_what_is_filled_when_answering(device: DeviceSpec) -> None:
    text = repr(device)
    for name in ("{{date}}", "{{nonce}}", "{{random}}", "{{relates}}"):
        text = text.replace(name, "")
    assert "{{" not in text


@pytest.mark.parametrize("device", EVERY, ids=lambda device: device.key)
def test_the_truth_is_complete(device: DeviceSpec) -> None:
    truth = device.truth
    assert truth.kind in KINDS
    assert truth.status in {status.value for status in Status}
    assert (truth.kind in CAMERA_KINDS) <= (truth.is_camera is True)
    assert (truth.status == "not-a-camera") <= (truth.is_camera is False)
    assert truth.status != "listed" or truth.maker is not None


@pytest.mark.parametrize("device", EVERY, ids=lambda device: device.key)
def test_tls_ports_have_a_certificate_and_no_port_is_given_twice(device: DeviceSpec) -> None:
    servers = device.http
    ports = [port for server in servers for port in (*server.ports, *server.tls_ports)]
    ports += [port for stream in device.rtsp for port in stream.ports]
    ports += [service.port for service in device.tcp]
    assert len(ports) == len(set(ports))
    assert not any(server.tls_ports for server in servers) or device.tls is not None


def test_the_large_site_is_always_the_same_and_has_no_address_twice() -> None:
    site = large_site(120)
    assert site == large_site(120)
    assert len({device.host for device in site.devices}) == 120
    assert len({device.mac for device in site.devices}) == 120
    assert site.devices[0].host == "198.51.100.10"


def test_the_large_site_mixes_makers_models_and_look_alikes() -> None:
    devices = large_site(120).devices
    assert len({device.truth.maker for device in devices}) >= 10
    assert len({device.truth.model for device in devices}) >= 30
    assert sum(device.truth.is_camera is False for device in devices) >= 20
    assert "hostile-device" not in {device.key for device in devices}


def test_a_site_that_does_not_fit_is_refused() -> None:
    with pytest.raises(UsageError, match="do not fit"):
        large_site(250)


def test_a_wrong_device_file_is_named() -> None:
    plan = {"title": "x", "truth": {"kind": "camera"}, "make": {"mac_prefix": "02:00:00"}, "htp": []}
    with pytest.raises(UsageError, match=r"devices/odd\.toml.*htp"):
        make_device("odd", plan, "127.77.0.10", 0, {})


def test_fill_reaches_every_depth() -> None:
    assert fill({"a": ["{{x}}", {"b": "-{{x}}-{{y}}"}], "n": 1}, {"x": "1"}) == {"a": ["1", {"b": "-1-{{y}}"}], "n": 1}


def test_the_lab_error_is_one_a_command_line_reports() -> None:
    assert issubclass(LabError, UsageError)


def test_devices_may_be_left_out_by_address_network_and_range() -> None:
    site = demo_site()
    hosts = [device.host for device in site.devices]
    left = without(site, ["127.77.0.12", "127.77.0.30-33", "127.77.0.14/31"])
    gone = {f"127.77.0.{n}" for n in (12, 14, 15, 30, 31, 32, 33)}
    assert [device.host for device in left.devices] == [host for host in hosts if host not in gone]
    assert left.scope == site.scope
    assert without(site, []) == site


@pytest.mark.parametrize("text", ["127.77.0.200", "127.77.0.10-x", "hikvision", "127.77.0.20-10"])
def test_what_names_no_device_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="--without"):
        without(demo_site(), [text])
