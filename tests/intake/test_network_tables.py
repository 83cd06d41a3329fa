"""Neighbour and MAC tables, as the commands of hosts and of each maker's switches print them.

The tables of switches are restated from the makers' command references, with made-up addresses.
"""

# ruff: noqa: E501 - tables stand as they are printed
from __future__ import annotations

from typing import Any

import pytest

from tests.intake.reading import FILES, evidence, macs, read, recognised

ARP = {
    "linux arp -a": (FILES / "arp-a-linux.txt").read_text(),
    "linux arp -n": (FILES / "arp-n-linux.txt").read_text(),
    "linux ip neigh": (FILES / "ip-neigh.txt").read_text(),
    "linux /proc/net/arp": (FILES / "proc-net-arp.txt").read_text(),
    "macOS arp -a": "? (198.51.100.50) at 44:19:b6:0:0:1 on en0 ifscope [ethernet]\n"
    "cam (198.51.100.77) at (incomplete) on en0 ifscope [ethernet]\n"
    "? (224.0.0.251) at 1:0:5e:0:0:fb on en0 ifscope permanent [ethernet]\n",
    "Windows arp -a": "\nInterface: 198.51.100.1 --- 0xb\n  Internet Address      Physical Address      Type\n"
    "  198.51.100.50         44-19-b6-00-00-01     dynamic   \n  224.0.0.22            01-00-5e-00-00-16     static\n",
    "Windows arp -a, German": "Schnittstelle: 198.51.100.1 --- 0xb\n  Internetadresse       Physische Adresse     Typ\n"
    "  198.51.100.50         44-19-b6-00-00-01     dynamisch \n",
    "Cisco IOS show ip arp": "sw1#show ip arp\nProtocol  Address          Age (min)  Hardware Addr   Type   Interface\n"
    "Internet  198.51.100.50           5   4419.b600.0001  ARPA   Vlan10\n"
    "Internet  198.51.100.77           0   Incomplete      ARPA\n",
    "Cisco NX-OS show ip arp": "Address         Age       MAC Address     Interface       Flags\n"
    "198.51.100.50   00:08:03  4419.b600.0001  Vlan10\n",
    "HP ProCurve show arp": "  IP Address       MAC Address       Type    Port\n  --------------- ----------------- ------- ----\n"
    "  198.51.100.50    4419b6-000001     dynamic 24\n",
    "Juniper show arp": "MAC Address       Address         Name            Interface           Flags\n"
    "44:19:b6:00:00:01 198.51.100.50   198.51.100.50   ge-0/0/1.0          none\nTotal entries: 1\n",
    "Huawei display arp": "IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE\n"
    "198.51.100.50   4419-b600-0001  18        D-0         GE0/0/1\n",
}


@pytest.mark.parametrize("table", ARP)
def test_neighbours(table: str) -> None:
    assert recognised(ARP[table]) == ["arp-table"]
    found = macs(evidence("arp-table", ARP[table]))
    assert "44:19:b6:00:00:01" in found.values()
    assert "198.51.100.77" not in found
    assert not any(host.startswith("224.") for host in found)
    expected = {"198.51.100.50", "198.51.100.51", "198.51.100.52", "198.51.100.82", "198.51.100.83", "198.51.100.84"}
    assert set(found) <= expected


# table → (port, VLAN) of 44:19:b6:00:00:01
SWITCHES = {
    "Cisco IOS": (
        "sw-floor1#show mac address-table\n          Mac Address Table\n-------------------------------------------\n\n"
        "Vlan    Mac Address       Type        Ports\n----    -----------       --------    -----\n"
        " All    0100.0ccc.cccc    STATIC      CPU\n  10    4419.b600.0001    DYNAMIC     Gi1/0/7\n"
        "  10    0040.8c00.0002    DYNAMIC     Po1\nTotal Mac Addresses for this criterion: 3\n",
        "Gi1/0/7", "10", "sw-floor1",
    ),
    "Cisco NX-OS": (
        "nx# show mac address-table\n   VLAN     MAC Address      Type      age     Secure NTFY Ports\n"
        "* 10     4419.b600.0001   dynamic  0         F      F    Eth1/7\nG -     0040.8c00.0009   static   -         F      F    sup-eth1(R)\n",
        "Eth1/7", "10", "nx",
    ),
    "Cisco Small Business": (
        "  Vlan          Mac Address         Port       Type    \n------------ --------------------- ---------- ---------- \n"
        "     10       44:19:b6:00:00:01    gi7      dynamic   \n",
        "gi7", "10", None,
    ),
    "HP ProCurve": (
        "ProCurve# show mac-address\n\n Status and Counters - Port Address Table\n\n  MAC Address   Port  VLAN\n"
        "  ------------- ----- ----\n  4419b6-000001 7     10\n",
        "7", "10", "ProCurve",
    ),
    "HP ProCurve, one VLAN": ("  MAC Address   Located on Port\n  ------------- ---------------\n  4419b6-000001 7\n", "7", None, None),
    "ArubaOS-CX": (
        "MAC age-time            : 300 seconds\nNumber of MAC addresses : 1\n\nMAC Address          VLAN     Type       Port\n"
        "--------------------------------------------------------------\n44:19:b6:00:00:01    10       dynamic    1/1/7\n",
        "1/1/7", "10", None,
    ),
    "Comware": (
        "<core>display mac-address\nMAC Address      VLAN ID    State            Port/Nickname            Aging\n"
        "4419-b600-0001   10         Learned          GE1/0/7                  Y\n",
        "GE1/0/7", "10", "core",
    ),
    "Huawei": (
        "MAC Address    VLAN/VSI/BD                       Learned-From        Type\n"
        "4419-b600-0001 10/-/-                            GE0/0/7             dynamic\n",
        "GE0/0/7", "10", None,
    ),
    "Juniper EX": (
        "admin@ex1> show ethernet-switching table\n    Vlan                MAC address         MAC      Age    Logical\n"
        "    name                address             flags           interface\n"
        "    cameras             44:19:b6:00:00:01   D          -   ge-0/0/7.0             0         0\n",
        "ge-0/0/7.0", "cameras", "ex1",
    ),
    "Netgear": (
        "VLAN ID  MAC Address         Interface              IfIndex  Status\n-------  ------------------  ---------------------\n"
        "10       44:19:B6:00:00:01   1/0/7                  7        Learned\n",
        "1/0/7", "10", None,
    ),
    "D-Link": ("VID  VLAN Name   MAC Address       Port Type\n---- ----------- ----------------- ---- -------\n"
               "10   default     44-19-B6-00-00-01 7    Dynamic\n", "7", "10", None),
    "MikroTik": ("Flags: D - DYNAMIC\nColumns: MAC-ADDRESS, ON-INTERFACE, BRIDGE\n#   MAC-ADDRESS        ON-INTERFACE  BRIDGE\n"
                 "0 D 44:19:B6:00:00:01  ether7        bridge\n", "ether7", None, None),
    "Linux bridge fdb": ("44:19:b6:00:00:01 dev lan7 vlan 10 master br0\n33:33:00:00:00:01 dev lan7 self permanent\n",
                         "lan7", "10", None),
}  # fmt: skip


@pytest.mark.parametrize("table", SWITCHES)
def test_switches(table: str) -> None:
    text, port, vlan, switch = SWITCHES[table]
    assert recognised(text) == ["mac-table"]
    found = [each for each in evidence("mac-table", text) if each["mac"] == "44:19:b6:00:00:01"]
    wanted: dict[str, Any] = {"host": "44:19:b6:00:00:01", "protocol": "switch-port", "mac": "44:19:b6:00:00:01"}
    said = {"vlan": vlan, "port": port, "switch": switch, "macs_on_port": 1, "via": "mac-table"}
    assert found[1] == wanted | {name: value for name, value in said.items() if value}
    assert found[0]["protocol"] == "mac"
    assert len(found) == 2


def test_the_switch_itself_and_group_addresses_are_left_out() -> None:
    found = evidence("mac-table", SWITCHES["Cisco IOS"][0] + SWITCHES["Cisco NX-OS"][0])
    assert {each["mac"] for each in found} == {"44:19:b6:00:00:01", "00:40:8c:00:00:02"}
    assert evidence("mac-table", (FILES / "bridge-fdb.txt").read_bytes()) == []


def test_an_uplink_shows_by_its_many_macs() -> None:
    lines = "".join(f"  10    0040.8c00.00{n:02x}    DYNAMIC     Gi1/0/48\n" for n in range(1, 41))
    found = evidence("mac-table", SWITCHES["Cisco IOS"][0] + lines)
    crowd = {each["port"]: each["macs_on_port"] for each in found if each["protocol"] == "switch-port"}
    assert crowd == {"Gi1/0/7": 1, "Po1": 1, "Gi1/0/48": 40}


def test_both_tables_in_one_capture() -> None:
    found = evidence("arp-table", ARP["Cisco IOS show ip arp"] + SWITCHES["Cisco IOS"][0])
    assert macs(found)["198.51.100.50"] == "44:19:b6:00:00:01"
    assert any(each["protocol"] == "switch-port" and each["port"] == "Gi1/0/7" for each in found)


def test_a_neighbour_whose_mac_can_not_be_read_is_told() -> None:
    found, problems = read("arp-table", "? (198.51.100.5) at 44:19:b6:00:zz:01 [ether] on v0\n")
    assert found == []
    assert [problem.line for problem in problems] == [1]


@pytest.mark.parametrize("text", ["", "\n\n", "a letter about 198.51.100.5\n", "44:19:b6:00:00:01\n", '{"a": 1}\n'])
def test_what_is_no_table_is_not_taken(text: str) -> None:
    assert recognised(text) == []
