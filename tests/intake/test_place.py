"""Tables of one import joined: a MAC goes to its address."""

from __future__ import annotations

from scanner.intake.place import place
from scanner.models import Evidence, EvidenceProblem

MAC = "44:19:b6:00:00:01"


def mac(host: str, address: str = MAC) -> Evidence:
    return Evidence(host, "mac", {"mac": address})


def port(host: str = MAC) -> Evidence:
    return Evidence(host, "switch-port", {"mac": host, "port": "Gi1/0/7"})


def hosts(*records: Evidence | EvidenceProblem) -> list[tuple[str, str]]:
    return [(each.host, each.protocol) for each in place(records) if isinstance(each, Evidence)]


def test_a_port_goes_to_the_address_that_a_later_table_gives() -> None:
    assert hosts(port(), mac("198.51.100.5")) == [("198.51.100.5", "mac"), ("198.51.100.5", "switch-port")]


def test_without_an_address_it_stays_under_the_mac() -> None:
    assert hosts(port()) == [(MAC, "switch-port")]


def test_ipv4_before_ipv6_and_ipv6_where_it_is_alone() -> None:
    assert hosts(mac("2001:db8::5"), mac("198.51.100.5"), port())[-1] == ("198.51.100.5", "switch-port")
    assert hosts(mac("2001:db8::5"), port())[-1] == ("2001:db8::5", "switch-port")


def test_a_router_that_answers_for_many_keeps_its_mac() -> None:
    assert hosts(mac("198.51.100.5"), mac("198.51.100.6"), port())[-1] == (MAC, "switch-port")


def test_problems_pass_through() -> None:
    problem = EvidenceProblem(3, "broken")
    assert list(place([problem, port()])) == [problem, port()]
