"""What was not reached has a name: ranges, networks, routers that refuse."""

from ipaddress import IPv4Network, ip_address

from hypothesis import given
from hypothesis import strategies as st

from scanner.net.ledger import Refusal
from scanner.net.routes import Route
from scanner.unreached import ranges, refused_by_routers, refusing, silent_networks, unheard

ROUTES = (
    Route(IPv4Network("198.51.100.128/26"), "eth0", "198.51.100.62"),
    Route(IPv4Network("198.51.100.0/26"), "eth0", None),
)


def test_addresses_become_ranges() -> None:
    hosts = ["198.51.100.12", "198.51.100.10", "198.51.100.11", "198.51.100.30", "198.51.100.255", "198.51.101.0"]
    assert ranges(hosts) == ("198.51.100.10-12", "198.51.100.30", "198.51.100.255 to 198.51.101.0")
    assert ranges(["fe80::1", "fe80::2", "198.51.100.1"]) == ("198.51.100.1", "fe80::1 to fe80::2")


@given(st.sets(st.integers(0, 255)))
def test_no_address_is_lost_in_ranges(numbers: set[int]) -> None:
    found = set()
    for text in ranges(f"198.51.100.{number}" for number in numbers):
        first, _, last = text.partition("-")
        start = int(ip_address(first).packed[3])
        found |= set(range(start, int(last or start) + 1))
    assert found == numbers


def test_a_network_without_any_answer_is_named_with_the_way_to_it() -> None:
    targets = ["198.51.100.2", "198.51.100.3", "198.51.100.130", "198.51.100.131", "203.0.113.1", "203.0.113.2"]
    first, second = silent_networks(targets, {"198.51.100.2"}, ROUTES)
    assert first.startswith("198.51.100.128/26: no address answered (2 asked; routed by 198.51.100.62)")
    assert second.startswith("203.0.113.0/24: no address answered (2 asked; no route to it is known)")
    assert silent_networks(["198.51.100.130"], set(), ROUTES) == []  # one address is no network


def test_who_is_there_and_lets_nothing_through_is_named() -> None:
    assert "198.51.100.28 answered ARP" in unheard({"198.51.100.28"})[0]
    assert "198.51.100.7-8" in refusing({"198.51.100.7", "198.51.100.8"})[0]
    assert unheard([]) == refusing([]) == []


def test_routers_are_quoted_where_the_address_stayed_silent() -> None:
    said = {
        "198.51.100.180": Refusal("198.51.100.62", prohibited=True),
        "198.51.100.181": Refusal("198.51.100.62", prohibited=False),
        "198.51.100.182": Refusal("198.51.100.62", prohibited=True),
        "198.51.100.183": Refusal("198.51.100.183", prohibited=True),
    }
    assert refused_by_routers(said, {"198.51.100.182"}) == [
        "198.51.100.62 forbids packets to 198.51.100.180 (ICMP).",
        "198.51.100.62 says that nothing is reached at 198.51.100.181 (ICMP).",
    ]
