"""Local interfaces: which there are, which of them a sweep uses, and why it leaves the others."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence

import msgspec

from scanner.models import UsageError
from scanner.net.api import Interface
from scanner.net.scope import Scope

_HEX = frozenset("0123456789abcdef")

# Prefix of the name → what it is. Names are those that the programs give on Linux, the BSDs, macOS and Windows.
_VIRTUAL: tuple[tuple[str, str], ...] = (
    ("docker", "container network (Docker)"),
    ("podman", "container network (Podman)"),
    ("cni", "container network (CNI)"),
    ("flannel", "container network (Flannel)"),
    ("cali", "container network (Calico)"),
    ("cilium", "container network (Cilium)"),
    ("weave", "container network (Weave)"),
    ("kube-", "container network (Kubernetes)"),
    ("nerdctl", "container network (containerd)"),
    ("lxcbr", "container network (LXC)"),
    ("lxdbr", "container network (LXD)"),
    ("incusbr", "container network (Incus)"),
    ("lxc", "container network (LXC)"),
    ("virbr", "virtual machines' network (libvirt)"),
    ("vnet", "virtual machine's port"),
    ("vmnet", "virtual machines' network (VMware)"),
    ("VMware", "virtual machines' network (VMware)"),
    ("vboxnet", "virtual machines' network (VirtualBox)"),
    ("VirtualBox", "virtual machines' network (VirtualBox)"),
    ("vEthernet", "virtual machines' network (Hyper-V)"),
    ("vmenet", "virtual machines' network (macOS)"),
    ("bridge1", "virtual machines' network (macOS)"),
    ("multipass", "virtual machines' network (Multipass)"),
    ("wg", "VPN (WireGuard)"),
    ("nordlynx", "VPN (WireGuard)"),
    ("tailscale", "VPN (Tailscale)"),
    ("Tailscale", "VPN (Tailscale)"),
    ("zt", "VPN (ZeroTier)"),
    ("ZeroTier", "VPN (ZeroTier)"),
    ("CloudflareWARP", "VPN (WARP)"),
    ("ipsec", "VPN (IPsec)"),
    ("tun", "VPN or tunnel"),
    ("tap", "VPN or virtual machine's port"),
    ("utun", "VPN or tunnel"),
    ("ppp", "point-to-point link"),
    ("gre", "tunnel (GRE)"),
    ("erspan", "tunnel (ERSPAN)"),
    ("sit", "tunnel (IPv6 in IPv4)"),
    ("ip6tnl", "tunnel (IPv6)"),
    ("tunl", "tunnel (IP in IP)"),
    ("ip_vti", "tunnel (VTI)"),
    ("vxlan", "tunnel (VXLAN)"),
    ("geneve", "tunnel (Geneve)"),
    ("teredo", "tunnel (Teredo)"),
    ("gif", "tunnel"),
    ("stf", "tunnel"),
    ("ifb", "traffic shaping device"),
    ("dummy", "dummy interface"),
    ("awdl", "peer-to-peer Wi-Fi (AirDrop)"),
    ("llw", "peer-to-peer Wi-Fi"),
    ("anpi", "internal device (macOS)"),
)
_VETH = "container's or namespace's cable (veth)"


def local_interfaces() -> tuple[Interface, ...]:
    """Every interface of this machine, by index; `skip` is set where a rule leaves it out. UsageError if unreadable."""
    import psutil

    try:
        addresses, stats = psutil.net_if_addrs(), psutil.net_if_stats()
    except OSError as error:
        raise UsageError(f"the network interfaces can't be read: {error.strerror or error}") from None
    found = []
    for name, rows in addresses.items():
        cidrs = tuple(cidr for row in rows if (cidr := _cidr(row.family, row.address, row.netmask)))
        mac = next((row.address for row in rows if row.family == psutil.AF_LINK), None)
        stat = stats.get(name)
        flags = stat.flags.split(",") if stat else []
        loopback = "loopback" in flags or any(ipaddress.ip_interface(cidr).is_loopback for cidr in cidrs)
        found.append(
            Interface(
                name=name,
                index=_index(name),
                mac=_mac(mac),
                addresses=cidrs,
                multicast=loopback or not flags or "multicast" in flags,
                loopback=loopback,
                skip=skip_reason(name, cidrs, up=stat is None or stat.isup),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.index, one.name)))


def skip_reason(name: str, addresses: Sequence[str], *, up: bool) -> str:
    """Why an interface is left out unless the user names it; "" when there is no reason."""
    if not up:
        return "down"
    if not addresses:
        return "has no IP address"
    if name.startswith("veth"):
        return _VETH
    if name.startswith("br-") and len(name) == 15 and set(name[3:]) <= _HEX:
        return "container network (Docker)"
    return next((reason for prefix, reason in _VIRTUAL if name.startswith(prefix)), "")


def choose(
    interfaces: Iterable[Interface], scope: Scope, names: Sequence[str] = ()
) -> tuple[tuple[Interface, ...], tuple[Interface, ...]]:
    """(used, skipped): those the user names, else those that carry a network of the scope and that no rule leaves out.

    Every skipped one has its reason in `skip`. A veth that carries a network of the scope is used: within a
    namespace or container there may be no other. UsageError for a name that is not there.
    """
    every = tuple(interfaces)
    known = {one.name for one in every}
    for name in names:
        if name not in known:
            raise UsageError(f"no interface is called '{name}' here; there are: {', '.join(sorted(known)) or 'none'}")
    used: list[Interface] = []
    skipped: list[Interface] = []
    for one in every:
        reason = _reason(one, scope, names)
        (skipped if reason else used).append(msgspec.structs.replace(one, skip=reason))
    return tuple(used), tuple(skipped)


def networks(interface: Interface) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """The networks that the interface is on."""
    return tuple(ipaddress.ip_interface(text).network for text in interface.addresses)


def _reason(one: Interface, scope: Scope, names: Sequence[str]) -> str:
    if names:
        return "" if one.name in names else "not named by --interface"
    carries = any(scope.overlaps(network) for network in networks(one))
    if one.skip and not (one.skip == _VETH and carries):
        return one.skip
    if carries:
        return ""
    return "loopback" if one.loopback else "carries no network of the scope"


def _cidr(family: int, address: str, netmask: str | None) -> str:
    if family not in (socket.AF_INET, socket.AF_INET6) or not netmask:
        return ""
    if family == socket.AF_INET:
        prefix = ipaddress.IPv4Network(f"0.0.0.0/{netmask}").prefixlen
    else:
        prefix = int(ipaddress.IPv6Address(netmask)).bit_count()
    return f"{address.partition('%')[0]}/{prefix}"


def _mac(text: str | None) -> str | None:
    mac = (text or "").replace("-", ":").lower()
    return mac if len(mac) == 17 and mac != "00:00:00:00:00:00" else None


def _index(name: str) -> int:
    try:
        return socket.if_nametoindex(name)
    except OSError:
        return 0
