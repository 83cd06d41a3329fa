"""A policy of one's own: what it makes of a device, and what is refused, with line and suggestion."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from scanner.models import DataError, Device, Relation, Status, Strength, Weight
from scanner.own_file import line_of
from scanner.registry import Policy, Registry
from scanner.registry.judge import judge
from scanner.registry.policy_file import read_policy
from tests.registry.devices import by_mac, camera, shipped

DAY = date(2026, 11, 28)
COUNCIL = """\
name = "tower-hamlets"
[[ban]]
makers = ["Hikvision", "Dahua"]
from = "2020"
source = "https://www.top10vpn.com/research/uk-video-surveillance-investigation/"
"""


def own(text: str, makers: tuple[str, ...] = ()) -> tuple[Policy, Registry]:
    return read_policy("policy.toml", text, shipped(), makers)


def verdict(text: str, device: Device, as_of: date = DAY) -> Device:
    policy, registry = own(text)
    return judge(device, registry, (policy,), as_of)


def counted(device: Device) -> set[str]:
    return {each.instrument for each in device.findings if each.strength is not Strength.CONTEXT}


def test_a_councils_own_ban_takes_five_lines() -> None:
    assert len(COUNCIL.splitlines()) == 5
    judged = verdict(COUNCIL, camera("Hikvision"))
    assert judged.status is Status.LISTED
    finding = judged.findings[0]
    assert finding.instrument == "tower-hamlets-ban"
    assert finding.entity == "Hikvision"
    assert finding.source.startswith("https://www.top10vpn.com/")
    assert finding.edition == "2020"
    assert "own decision" in finding.binds
    assert finding.chain[-1]["certainty"] == "the organisation's own policy says so"
    assert "illegal" not in finding.statement
    assert verdict(COUNCIL, camera("Dahua")).status is Status.LISTED
    assert verdict(COUNCIL, camera("Axis")).status is Status.NOT_LISTED
    assert verdict(COUNCIL, camera("Shanghai Dahua Scale Factory")).status is Status.NOT_LISTED


def test_a_ban_holds_from_its_day_and_never_names_a_subsidiary() -> None:
    assert verdict(COUNCIL, camera("Hikvision"), date(2020, 6, 1)).status is Status.NOT_LISTED  # a year: its last day
    ezviz = verdict(COUNCIL, camera("EZVIZ")).findings[0]
    assert ezviz.relation is Relation.AFFILIATE
    assert "reach its subsidiaries and affiliates?" in ezviz.purpose_test
    reaching = COUNCIL + "affiliates = true\n"
    assert "reach its subsidiaries" not in verdict(reaching, camera("EZVIZ")).findings[0].purpose_test


def test_an_own_ban_does_not_count_for_others() -> None:
    _, registry = own(COUNCIL)
    assert "tower-hamlets-ban" not in counted(judge(camera("Hikvision"), registry, (), DAY))


def test_policies_are_extended_and_instruments_taken_in_and_out() -> None:
    text = 'name = "mine"\nextends = ["us-federal", "uk-central-government"]\nleave_out = ["US-FCC-COVERED-LIST"]\n'
    assert counted(verdict(text, camera("Hikvision"))) == {"US-NDAA-889", "US-DOD-1260H", "UK-WMS-2022-11-24"}
    text = 'name = "mine"\ninstruments = ["UK-WMS-2022-11-24"]\n'
    assert verdict(text, camera("Dahua")).status is Status.REVIEW  # a criterion that is named is adopted
    text = 'name = "mine"\ninstruments = ["US-FAR-52.204-25"]\n'
    assert counted(verdict(text, camera("Dahua"))) == {"US-NDAA-889"}  # a part is told with its whole
    everything = verdict('name = "mine"\nextends = ["default"]\n', camera("Uniview"))
    assert counted(everything) == {"US-TX-PROHIBITED"}


def test_a_second_policy_may_extend_the_first() -> None:
    _, registry = own(COUNCIL)
    policy, _ = read_policy("b.toml", 'name = "b"\nextends = ["tower-hamlets"]\n', registry)
    assert judge(camera("Dahua"), registry, (policy,), DAY).status is Status.LISTED


def test_an_exception_is_shown_with_its_reason_and_takes_the_finding_out() -> None:
    text = (
        'name = "mine"\nextends = ["us-federal"]\n[[allow]]\ninstruments = ["US-NDAA-889"]\nmakers = ["Hikvision"]\n'
        'reason = "bought before"\nto = 2027-01-01\n'
    )
    judged = verdict(text, camera("Hikvision"))
    assert counted(judged) == {"US-FCC-COVERED-LIST", "US-DOD-1260H"}
    ndaa = next(each for each in judged.findings if each.instrument == "US-NDAA-889")
    assert ndaa.strength is Strength.CONTEXT
    assert ndaa.allowed == "Allowed by the policy “mine” until 2027-01-01: bought before"
    assert counted(verdict(text, camera("Dahua"))) >= {"US-NDAA-889"}
    assert counted(verdict(text, camera("Hikvision"), date(2027, 1, 1))) >= {"US-NDAA-889"}


def test_an_exception_of_one_policy_does_not_bind_another() -> None:
    text = 'name = "mine"\nextends = ["us-grant-recipient"]\n[[allow]]\nreason = "all"\n'
    policy, registry = own(text)
    assert judge(camera("Dahua"), registry, (policy,), DAY).status is Status.NOT_LISTED
    both = (policy, registry.policies["us-federal"])
    assert "US-NDAA-889" in counted(judge(camera("Dahua"), registry, both, DAY))


SITES = """\
name = "ministry"
extends = ["uk-central-government"]
[[site]]
name = "HQ"
networks = ["198.51.100.0/28", "2001:db8::/64"]
sensitive = true
[[site]]
name = "depot"
networks = ["198.51.100.0-198.51.100.99"]
sensitive = false
"""


def test_a_site_answers_the_question_about_the_site_and_no_other() -> None:
    at_hq = verdict(SITES, camera("Dahua")).findings[0]
    assert at_hq.strength is Strength.REVIEW
    assert "says that this is a sensitive site (HQ)" in at_hq.purpose_test  # sensitive where sites overlap
    assert "National Intelligence Law" in at_hq.purpose_test
    moved = msgspec.structs.replace(camera("Dahua"), host="198.51.100.50")
    judged = verdict(SITES, moved)
    assert judged.status is Status.NOT_LISTED
    assert judged.findings[0].allowed == "The policy “ministry” says that this is no sensitive site (depot)."
    elsewhere = msgspec.structs.replace(camera("Dahua"), host="203.0.113.1", addresses=("2001:db8:1::1",))
    asked = verdict(SITES, elsewhere).findings[0]
    assert "Is the site sensitive" in asked.purpose_test
    none = SITES.replace("[[site]]", 'site_sensitivity = "not sensitive"\n[[site]]', 1)
    assert verdict(none, elsewhere).status is Status.NOT_LISTED


@pytest.mark.parametrize(
    ("rule", "device", "status"),
    [
        ("labels", camera(None, "LTS"), Status.UNDETERMINED),
        ("mac_only", by_mac("Hikvision"), Status.UNDETERMINED),
        ("past_owners", camera("Lorex"), Status.NOT_LISTED),
        ("reported_owners", camera("Imou"), Status.NOT_LISTED),
        ("chips", camera("Axis", chip="HiSilicon"), Status.NOT_LISTED),
    ],
)
def test_what_counts_as_review_is_the_policys_to_say_and_nothing_becomes_clean(
    rule: str, device: Device, status: Status
) -> None:
    base = 'name = "mine"\nextends = ["us-grant-recipient"]\n'
    assert verdict(base, device).status is Status.REVIEW
    judged = verdict(f"{base}[review]\n{rule} = false\n", device)
    if rule == "past_owners":  # Lorex is also a label of a directory
        judged = verdict(f"{base}[review]\n{rule} = false\nlabels = false\n", device)
    assert judged.status is status
    assert rule == "mac_only" or any("does not count" in each.allowed for each in judged.findings)


def test_own_makers_and_chips() -> None:
    text = """\
name = "mine"
[[maker]]
name = "Acme Cameras"
aliases = ["ACME"]
source = "https://example.org/acme"
[[component]]
name = "Acme chips"
company = "Acme Cameras"
chips = ["AC9"]
source = "https://example.org/chips"
[[ban]]
makers = ["ACME"]
from = 2026-01-31
components = true
source = "board minute 7 of 2026-01-31"
question = "Is it on our premises?"
"""
    assert verdict(text, camera("Acme Cameras")).status is Status.LISTED
    chip = verdict(text, camera("Axis", chip="ac931"))
    assert chip.status is Status.REVIEW
    assert chip.findings[0].relation is Relation.COMPONENT
    assert "Is it on our premises?" in chip.findings[0].purpose_test
    known = own('name = "x"\n[[ban]]\nmakers = ["Foo"]\nfrom = "2020"\nsource = "s"\n', ("Foo",))
    assert judge(camera("Foo"), known[1], (known[0],), DAY).status is Status.LISTED


BAN = 'name = "x"\n[[ban]]\nmakers = ["Dahua"]\nfrom = "2020"\nsource = "s"\n'

REFUSED = {
    "a typo in a key": ('name = "x"\ninstuments = []\n', 2, "unknown key 'instuments'; did you mean 'instruments'?"),
    "a key of no kind": ('name = "x"\nzzz = 1\n', 2, "unknown key 'zzz'; known: name, title"),
    "a typo in a table": ('name = "x"\n[[bans]]\nmakers = []\n', 2, "unknown key 'bans'; did you mean 'ban'?"),
    "a typo in a ban": (BAN.replace("makers", "maker"), 3, "unknown key 'maker'; did you mean 'makers'?"),
    "an unknown instrument": (
        'name = "x"\ninstruments = [\n  "US-NDAA-889",\n  "UK-WMS-2022-11-23",\n]\n', 4,
        "unknown instrument 'UK-WMS-2022-11-23'; did you mean 'UK-WMS-2022-11-24'?",
    ),
    "an unknown policy": ('name = "x"\nextends = ["us-fedral"]\n', 2, "did you mean 'us-federal'?"),
    "an unknown maker": (BAN.replace("Dahua", "Hikvison"), 3, "unknown maker 'Hikvison'; did you mean 'Hikvision'?"),
    "a maker like none": (BAN.replace("Dahua", "Qqqqq"), 3, "declare it with a [[maker]] entry"),
    "a bad date": (BAN.replace('"2020"', '"2020-02-30"'), 4, "'2020-02-30' is not a date: the month has no such day"),
    "a bad date without quotes": (BAN.replace('"2020"', "2020-13-01"), 4, "'2020-13-01' is not a date"),
    "a period that ends first": (BAN + 'to = "2019"\n', 6, "ends (2019) before it begins (2020)"),
    "no source": (BAN.replace('"s"', '" "'), 5, "a ban needs makers and a source"),
    "a ban that is none": (BAN + 'effect = "context"\n', 6, "a ban prohibits use"),
    "a wrong type": (BAN.replace('["Dahua"]', '"Dahua"'), 3, "makers: Expected `array`, got `str`"),
    "what binds nobody": ('name = "x"\ninstruments = ["UK-FAC-2021"]\n', 2, "never counts"),
    "left out and not in": (BAN.replace("[[ban]]", 'leave_out = ["AU-2023"]\n[[ban]]'), 2, "AU-2023 is not in"),
    "the name of a policy there is": (BAN.replace('"x"', '"us-federal"'), 1, "is a policy of the registry"),
    "a name with blanks": (BAN.replace('"x"', '"my policy"'), 1, "letters, digits"),
    "no name": ("instruments = []\n", 1, "missing required field `name`"),
    "nothing that counts": ('name = "x"\n', 1, "nothing counts under this policy"),
    "a review rule": (BAN + "[review]\nlabel = false\n", 7, "did you mean 'labels'?"),
    "a network that is none": (
        BAN + '[[site]]\nname = "a"\nnetworks = ["198.51.100.0/24", "198.51.100.0/33"]\nsensitive = true\n', 8,
        "'198.51.100.0/33' is no address",
    ),
    "an exception without a reason": (BAN + '[[allow]]\nreason = ""\n', 7, "an exception needs its reason"),
    "no TOML": ("name =\n", 1, "not valid TOML"),
    "a key of many parts": ("a." * 300 + "b = 1", 1, "nested deeper"),
    "two bans of one id": (f'{BAN}id = "a"\n[[ban]]\nid = "a"\n' + BAN.partition("[[ban]]\n")[2], 8, "there twice"),
    "a year without quotes": (BAN.replace('"2020"', "2020"), 4, 'write it in quotes, "…"'),
    "nested": ("a = " + "[" * 5000, 1, "nested deeper"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_mistake_is_told_with_its_line_and_what_was_meant(name: str) -> None:
    text, line, message = REFUSED[name]
    with pytest.raises(DataError) as refused:
        own(text)
    assert message in str(refused.value)
    assert str(refused.value).startswith(f"policy.toml:{line}: ")


def test_the_line_of_a_second_entry_is_its_own() -> None:
    text = "[[a]]\nx = 1\n\n[[b]]\nx = 2\n[[a]]\ny = 3\nx = 'v'\n"
    assert line_of(text, "a", 1) == 6
    assert line_of(text, "a", 1, "x") == 8
    assert line_of(text, "a", 1, "x", "v") == 8
    assert line_of(text, "a", 7, "x") == 1


def test_weak_claims_stay_weak_under_any_policy() -> None:
    assert verdict(COUNCIL, camera("Dahua", weight=Weight.WEAK, confidence=0.5)).status is Status.REVIEW


def test_what_is_extended_begins_when_it_binds() -> None:
    """Section 889 binds who takes grants since 2020-08-13, agencies since 2019-08-13: a file that extends both, or
    names the instrument itself, has the earlier day."""
    for text, day, status in (
        ('extends = ["us-grant-recipient"]', date(2020, 8, 12), Status.NOT_LISTED),
        ('extends = ["us-grant-recipient"]', date(2020, 8, 13), Status.LISTED),
        ('extends = ["us-grant-recipient", "us-federal"]', date(2019, 8, 13), Status.LISTED),
        ('extends = ["us-grant-recipient"]\ninstruments = ["US-FAR-52.204-25"]', date(2019, 8, 13), Status.LISTED),
    ):
        assert verdict(f'name = "x"\n{text}\n', camera("Hikvision"), day).status is status
