"""Which interfaces a sweep uses, and the reasons it gives for the others."""

from __future__ import annotations

import pytest

from scanner.models import UsageError
from scanner.net.api import Interface
from scanner.net.interfaces import choose, local_interfaces, networks, skip_reason
from scanner.net.scope import Scope
from scanner.net.targets import parse_targets

SCOPE = parse_targets(["198.51.100.0/24"])


def interface(name: str, *addresses: str, up: bool = True, loopback: bool = False) -> Interface:
    return Interface(
        name=name, index=1, addresses=addresses, loopback=loopback, skip=skip_reason(name, addresses, up=up)
    )


LAN = interface("eth0", "198.51.100.1/24", "fe80::1/64")
GUEST = interface("wlan0", "203.0.113.5/24")
LO = interface("lo", "127.0.0.1/8", "::1/128", loopback=True)
DOCKER = interface("docker0", "172.17.0.1/16")
VETH = interface("veth12ab", "198.51.100.9/24")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("docker0", "Docker"),
        ("br-0123456789ab", "Docker"),
        ("virbr0", "libvirt"),
        ("vmnet8", "VMware"),
        ("vboxnet0", "VirtualBox"),
        ("vEthernet (WSL)", "Hyper-V"),
        ("wg0", "WireGuard"),
        ("tun0", "VPN"),
        ("tap0", "VPN"),
        ("utun3", "VPN"),
        ("ztabcdefgh", "ZeroTier"),
        ("tailscale0", "Tailscale"),
        ("ifb0", "traffic shaping"),
        ("cni0", "container"),
        ("flannel.1", "container"),
        ("podman0", "Podman"),
        ("lxcbr0", "LXC"),
        ("veth12ab", "veth"),
    ],
)
def test_virtual_interfaces_are_left_out_with_the_reason(name: str, says: str) -> None:
    assert says in skip_reason(name, ["198.51.100.1/24"], up=True)


@pytest.mark.parametrize("name", ["eth0", "enp3s0", "wlan0", "br0", "br-lan", "bond0", "eth0.20", "en0", "Ethernet"])
def test_real_interfaces_are_not(name: str) -> None:
    assert skip_reason(name, ["198.51.100.1/24"], up=True) == ""


def test_down_and_without_address() -> None:
    assert skip_reason("eth0", ["198.51.100.1/24"], up=False) == "down"
    assert skip_reason("eth0", [], up=True) == "has no IP address"


def test_those_that_carry_the_scope_are_used() -> None:
    used, skipped = choose([LO, LAN, GUEST, DOCKER], SCOPE)
    assert [one.name for one in used] == ["eth0"]
    assert {one.name: one.skip for one in skipped} == {
        "lo": "loopback",
        "wlan0": "carries no network of the scope",
        "docker0": "container network (Docker)",
    }


def test_loopback_is_used_for_a_scope_on_it() -> None:
    for target in ("127.0.0.10-20", "::1"):
        used, _ = choose([LO, LAN], parse_targets([target]))
        assert used == (LO,)


def test_a_veth_that_carries_the_scope_is_used_and_no_other_virtual_one() -> None:
    used, _ = choose([VETH, interface("docker1", "198.51.100.8/24")], SCOPE)
    assert [one.name for one in used] == ["veth12ab"]
    assert used[0].skip == ""
    assert choose([VETH], parse_targets(["203.0.113.0/24"]))[0] == ()


def test_named_ones_are_used_whatever_the_rules_say() -> None:
    used, skipped = choose([LO, LAN, DOCKER], SCOPE, ["docker0"])
    assert [(one.name, one.skip) for one in used] == [("docker0", "")]
    assert {one.skip for one in skipped} == {"not named by --interface"}


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="'eth9' here; there are: eth0, lo"):
        choose([LO, LAN], SCOPE, ["eth0", "eth9"])
    with pytest.raises(UsageError, match="there are: none"):
        choose([], Scope(()), ["eth9"])


def test_this_machine_has_a_loopback() -> None:
    found = [one for one in local_interfaces() if one.loopback]
    assert found
    assert "127.0.0.1/8" in found[0].addresses
    assert found[0].mac is None
    assert found[0].skip == ""
    assert found[0].index > 0


def test_networks() -> None:
    assert [str(network) for network in networks(LAN)] == ["198.51.100.0/24", "fe80::/64"]
