from scanner.discover.links import first_ipv4, links, multicast_links, own_address
from scanner.net.api import Interface
from tests.fakes import ETH0, ScriptedNetwork

LO = Interface(name="lo", index=1, addresses=("127.0.0.1/8",), multicast=False, loopback=True)
V6 = Interface(name="eth1", index=3, addresses=("2001:db8::1/64", "not an address"))


def test_only_links_with_a_target_are_spoken_to() -> None:
    net = ScriptedNetwork(chosen=(ETH0, LO, V6))
    assert links(net, ["198.51.100.7"]) == [ETH0]
    assert links(net, ["203.0.113.7"]) == []
    assert links(net, ["2001:db8::7"]) == [V6]


def test_multicast_needs_the_interface_to_carry_it() -> None:
    net = ScriptedNetwork(chosen=(ETH0, LO))
    assert multicast_links(net, ["127.0.0.5", "198.51.100.7"]) == [ETH0]


def test_own_addresses() -> None:
    assert own_address(ETH0, "198.51.100.7") == "198.51.100.1"
    assert own_address(ETH0, "203.0.113.7") is None
    assert own_address(V6, "198.51.100.7") is None
    assert first_ipv4(V6) is None
