"""The examples of the documentation are read as they stand."""

from __future__ import annotations

from pathlib import Path

from scanner.registry.policy_file import read_policy
from scanner.registry.waivers import read_waivers
from tests.registry.devices import shipped

DOCS = Path(__file__).parents[2] / "docs"


def blocks(name: str) -> list[str]:
    """The TOML blocks of a page."""
    return [part.partition("```")[0] for part in (DOCS / name).read_text("utf-8").split("```toml\n")[1:]]


def test_the_policies_and_waivers_of_the_page_are_valid() -> None:
    council, everything, waivers = blocks("policies.md")
    assert len(council.splitlines()) == 5
    assert read_policy("p.toml", council, shipped())[0].id == "tower-hamlets"
    policy, _ = read_policy("p.toml", everything, shipped())
    assert set(policy.instruments or ()) == {"UK-WMS-2022-11-24", "AU-2023", "ministry-ban"}
    assert len(read_waivers("w.toml", waivers, shipped())) == 1


def test_the_page_names_every_key_of_a_policy() -> None:
    text = (DOCS / "policies.md").read_text("utf-8")
    for key in [
        "extends",
        "instruments",
        "leave_out",
        "site_sensitivity",
        "labels",
        "past_owners",
        "reported_owners",
        "mac_only",
        "chips",
    ]:
        assert f"\n{key} = " in text


def test_every_policy_shipped_is_known_to_the_page_of_the_registry() -> None:
    assert len(shipped().policies) == 10  # "Ten named policies"
