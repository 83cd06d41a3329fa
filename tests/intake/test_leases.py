"""Leases of dnsmasq and ISC dhcpd, as the programs themselves wrote them, and broken ones."""

from __future__ import annotations

from scanner.models import EvidenceProblem
from tests.intake.reading import FILES, evidence, macs, read, recognised

THREE = {f"198.51.100.5{n - 1}": f"44:19:b6:00:00:0{n}" for n in (1, 2, 3)}


def test_dnsmasq_leases_file() -> None:
    data = (FILES / "dnsmasq.leases").read_bytes()
    assert recognised(data) == ["dnsmasq-leases", "arp-table"]  # the first is asked first
    found = evidence("dnsmasq-leases", data)
    assert macs(found) == THREE
    dhcp = next(each for each in found if each["protocol"] == "dhcp" and each["host"] == "198.51.100.51")
    assert dhcp["hostname"] == "cam-2"
    assert dhcp["expires"] == "2026-11-22T18:50:30Z"
    assert "seen_at" not in dhcp  # the file says when the lease ends, not when it was given


def test_dnsmasq_leases_of_ipv6_have_no_mac() -> None:
    data = "duid 00:01:00:01:2a\n1795373427 123456 2001:db8::5 cam-6 00:01:00:01:2a\n1795373427 0 nonsense * *\n"
    found, problems = read("dnsmasq-leases", data)
    assert [(each["host"], each["protocol"], each["hostname"]) for each in found] == [("2001:db8::5", "dhcp", "cam-6")]
    assert [problem.line for problem in problems] == [3]


def test_dnsmasq_log_joins_what_one_talk_said() -> None:
    data = (FILES / "dnsmasq.log").read_bytes()
    assert recognised(data)[0] == "dnsmasq-log"
    found = evidence("dnsmasq-log", data)
    assert macs(found) == THREE
    dhcp = next(each for each in found if each["protocol"] == "dhcp" and each["host"] == "198.51.100.50")
    assert dhcp["vendor_class"] == "HIKVISION-DS1"
    assert dhcp["hostname"] == "cam-1"
    assert dhcp["params"] == [1, 3, 6, 12, 15, 28, 42]


def test_dnsmasq_log_with_a_full_date_says_when() -> None:
    line = "2026-11-22T10:00:00+01:00 gw dnsmasq-dhcp[7]: DHCPACK(br0) 198.51.100.9 44:19:b6:00:00:09 door\n"
    assert evidence("dnsmasq-log", line)[0]["seen_at"] == "2026-11-22T09:00:00Z"


def test_isc_leases() -> None:
    data = (FILES / "isc-dhcpd.leases").read_bytes()
    assert recognised(data) == ["isc-leases"]
    found = evidence("isc-leases", data)
    assert macs(found) == THREE
    dhcp = next(each for each in found if each["protocol"] == "dhcp")
    assert dhcp["hostname"] == "cam-1"
    assert dhcp["vendor_class"] == "dahua-1"
    assert dhcp["seen_at"] == "2026-11-22T16:49:47Z"
    assert dhcp["expires"] == "2026-11-22T17:49:47Z"


def test_isc_leases_in_epoch_form_escapes_and_without_an_end() -> None:
    data = (
        "lease 198.51.100.7 {\n  starts epoch 1763802000; # Sat\n  hardware ethernet 00:40:8c:00:00:07;\n"
        '  client-hostname "caf\\351 \\"1\\"";\n  ends never;\n}\n'
        "lease 198.51.100.8 {\n  binding state abandoned;\n  hardware ethernet 00:40:8c:00:00:08;\n}\n"
        "lease 198.51.100.9 {\n  hardware ethernet 00:40:8c:00:00:09;\n"
    )
    found, problems = read("isc-leases", data)
    assert macs(found) == {"198.51.100.7": "00:40:8c:00:00:07"}
    assert found[1]["hostname"] == 'café "1"'
    assert found[1]["seen_at"] == "2025-11-22T09:00:00Z"
    assert problems == [EvidenceProblem(11, "the lease of 198.51.100.9 has no end")]
