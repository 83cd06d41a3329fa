"""What a site file says, and each mistake in one with its line."""

from __future__ import annotations

import contextlib
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.models import UsageError
from scanner.sitefile import Keys, fill, from_folder, over
from scanner.sitefile.keys import KEY_NAMES
from tests.sitefile.samples import SITE, read

COUNCIL = """\
[defaults]
policy = ["uk-local-authority"]
exclude = ["198.51.100.9"]
rate = 500
allow-public = true
schedule = { days = ["fri-mon"], from = 22:00:00, until = "05:00", zone = "Europe/London" }

[[site]]
name = "town-hall"
targets = ["198.51.100.0/24", "@more.txt"]
exclude = ["198.51.100.200-210"]
snmp-community = ["env:SNMP_READ", "file:secrets/snmp"]

[[site]]
name = "Dépôt 2"
targets = ["203.0.113.0/25"]
rate = 50.5
policy = []
allow-public = false

[site.schedule]
zone = "Europe/Paris"
"""


def test_a_site_has_what_it_says_and_else_the_defaults() -> None:
    hall, depot = read(COUNCIL).sites
    assert (hall.name, hall.keys.policy, hall.keys.rate) == ("town-hall", ("uk-local-authority",), 500)
    assert hall.keys.allow_public
    assert str(hall.schedule) == "mon, fri, sat, sun 22:00-05:00 Europe/London"
    assert (depot.name, depot.keys.policy, depot.keys.rate) == ("Dépôt 2", (), 50.5)
    assert not depot.keys.allow_public
    assert str(depot.schedule) == "every day 00:00-24:00 Europe/Paris"


def test_exclusions_add_up_and_never_fall_away() -> None:
    hall, depot = read(COUNCIL).sites
    assert hall.keys.exclude == ("198.51.100.9", "198.51.100.200-210")
    assert depot.keys.exclude == ("198.51.100.9",)
    assert over(Keys(exclude=("198.51.100.7",)), depot.keys).exclude == ("198.51.100.9", "198.51.100.7")


def test_the_command_line_wins() -> None:
    hall = read(COUNCIL).sites[0].keys
    both = over(Keys(rate=9, policy=("us-federal",), quiet=True), hall)
    assert (both.rate, both.policy, both.quiet, both.targets) == (9, ("us-federal",), True, hall.targets)


def test_paths_are_seen_from_the_folder_of_the_file() -> None:
    keys = Keys(
        targets=("198.51.100.1", "@a.txt", "@/b.txt"),
        policy=("uk-local-authority", "own.toml"),
        json="-",
        out="~/runs/{site}/{date}",
        credentials="env:CAMERAS",
        snmp_community=("file:s", "./s", "env:S", "~/s"),
        waivers=("w.toml", "/w.toml"),
    )
    moved = from_folder(keys, PurePosixPath("/etc/camcensus"))
    assert moved.targets == ("198.51.100.1", "@/etc/camcensus/a.txt", "@/b.txt")
    assert moved.policy == ("uk-local-authority", "/etc/camcensus/own.toml")
    assert (moved.json, moved.out, moved.credentials) == ("-", "~/runs/{site}/{date}", "env:CAMERAS")
    assert moved.snmp_community == ("file:/etc/camcensus/s", "file:/etc/camcensus/s", "env:S", "file:~/s")
    assert moved.waivers == ("/etc/camcensus/w.toml", "/w.toml")
    assert fill(moved, {"site": "a", "date": "2026-11-28"}).out == "~/runs/a/2026-11-28"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "no site in it: write [[site]]"),
        ("[[site]\n", 1, "not valid TOML"),
        ("rate = 5\n" + SITE, 1, "'rate': write it in [defaults] or under a [[site]]"),
        ("[sites]\n" + SITE, 1, "did you mean 'site'?"),
        ("[site.one]\nname = 'x'\n", 1, "write [[site]] above each entry"),
        ("[[defaults]]\nrate = 5\n" + SITE, 1, "write [defaults], once"),
        ("[defaults]\nrate = 5\ntargets = ['198.51.100.1']\n" + SITE, 3, "targets belongs to a [[site]]"),
        ("[defaults]\nname = 'x'\n" + SITE, 2, "name belongs to a [[site]]"),
        (SITE + "rat = 5", 4, "unknown key 'rat'; did you mean 'rate'?"),
        ("# \u2028 and \u0085 end no line in TOML\n" + SITE + "rat = 5", 5, "'rate'"),
        (SITE.replace("\n", "\r\n") + "rat = 5", 4, "'rate'"),
        (SITE + "host_rate = 5", 4, "did you mean 'host-rate'?"),
        (SITE + "zzz = 5", 4, "known: name, targets"),
        (SITE + "rate = 0", 4, "rate: Expected `float` >= 1.0"),
        (SITE + "rate = inf", 4, "rate: Expected `float` <= "),
        (SITE + "budget = nan", 4, "budget: "),
        (SITE + "rate = '5'", 4, "write a number, without quotes"),
        (SITE + "no-ipv6 = 1", 4, "write true or false"),
        (SITE + "policy = 'uk-local-authority'", 4, 'write a list, ["…"]'),
        (SITE + "policy = ['']", 4, "policy: "),
        (SITE + "format = 'tabel'", 4, "unknown 'tabel'; did you mean 'table'?"),
        (SITE + "progress = 'x'", 4, "known: auto, none"),
        (SITE + "fail-on = [\n'listed',\n'nwe']", 6, "unknown 'nwe'; did you mean 'new'?"),
        (SITE + "as-of = 2026-02-30", 4, "the month has no such day"),
        (SITE + "as-of = '20261122'", 4, "a date looks like"),
        (SITE + "out = 'runs/{sit}'", 4, "'{sit}' is not filled in; known: {site}, {date}, {time}"),
        (SITE + "baseline = '{date}.json'", 4, "known: {site}"),
        (SITE + "exclude = [\n'198.51.100.1',\n'198.51.100.1000']", 6, "198.51.100.1000"),
        (SITE + "switch = ['198.51.100.0/30']", 4, "name one switch"),
        (SITE + "password = 'x'", 4, "no secret stands in a site file"),
        (SITE + "credentials = 'env:a-b'", 4, "env:NAME"),
        (SITE + "schedule = '22:00'", 4, "schedule: Expected `object`"),
        (SITE + "schedule = { from = '22:00' }", 4, "zone"),
        (SITE + "schedule = { zone = 'Europe/Lodon' }", 4, "did you mean 'Europe/London'?"),
        (SITE + "schedule = { zone = 'Europe' }", 4, "unknown time zone"),
        (SITE + "[site.schedule]\nzone = 'UTC'\nuntil = '24:01'", 6, "until: a day has no such time"),
        (SITE + "[site.schedule]\nzone = 'UTC'\nform = '22:00'", 6, "did you mean 'from'?"),
        (SITE + "schedule.zone = 'UTC'\nschedule.from = '9'", 5, "a time looks like"),
        (SITE + "schedule = { zone = 'UTC', days = ['monkey'] }", 4, "unknown day"),
        (SITE + "schedule = { zone = 'UTC', from = '09:00', until = '09:00' }", 4, "the same time"),
        ("[[site]]\nname = 'x'\n", 1, "site 'x' has no targets"),
        ("[[site]]\nname = 'x'\ntargets = [\n'198.51.100.1',\n'198.51.100.300']", 5, "198.51.100.300"),
        ("[[site]]\nname = 'x'\ntargets = ['8.8.8.8']", 3, "allow-public = true"),
        ("[[site]]\nname = 'x'\ntargets = ['@']", 3, "@ names a file"),
        ("[[site]]\ntargets = ['198.51.100.1']\n", 1, "a site needs one"),
        ("[[site]]\nname = 5\ntargets = ['198.51.100.1']\n", 2, "in quotes"),
        ("[[site]]\nname = '../x'\ntargets = ['198.51.100.1']\n", 2, "the name of a folder"),
        ('[[site]]\nname = "a\\u0007"\ntargets = ["198.51.100.1"]\n', 2, "can be seen"),
        (SITE + SITE.replace("town", "Town"), 5, "'Town-hall' is there twice"),
        ("[defaults]\nout = 'x'\n" + SITE + SITE.replace("town", "city"), 2, "put {site} in it"),
        (SITE + "json = 'x'\n" + SITE.replace("town", "city") + "json = 'x'", 8, "put {site} in it"),
    ],
)
def test_each_mistake_has_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(text)
    told = str(caught.value)
    assert told.startswith(f"camcensus.toml:{line}: "), told
    assert says in told


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(UsageError) as caught:
        read(SITE + "rat = 5\nbudget = 0\n" + SITE + "format = 'x'\n")
    lines = [int(line.split(":")[1]) for line in str(caught.value).splitlines()]
    assert lines == [4, 5, 7, 9]


@pytest.mark.parametrize(
    "text",
    [
        'snmp-community = ["env:OK", "hunter2"]',
        'notify = ["https://hooks.example.org/hunter2"]',
        'notify = ["slack://hunter2/x"]',
        'notify = ["smtp://robot:hunter2@mail.example.org?to=a@example.org"]',
        'notify = ["smtp://mail.example.org?to=a@example.org&password=hunter2"]',
        'store = "postgresql://camcensus:hunter2@db.example.org/camcensus"',
        'store = "postgresql://db.example.org/camcensus?password=hunter2"',
    ],
)
def test_a_secret_is_refused_and_never_shown(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(SITE + text)
    assert str(caught.value).startswith(f"camcensus.toml:4: {text.partition(' ')[0]}: ")
    assert "env:NAME" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_what_only_refers_to_a_secret_is_taken() -> None:
    keys = (
        read(
            SITE
            + """store = "postgresql://camcensus@db.example.org:5432/camcensus"
notify = [
  "env:HOOK", "file:secrets/hook", "https://hooks.example.org/{env:TOKEN}#hmac={env:HOOK_SECRET}",
  "smtp://robot:{env:SMTP_PASSWORD}@mail.example.org:587?from=a@example.org&to=b@example.org", "smtps://mail.example.org",
]"""
        )
        .sites[0]
        .keys
    )
    assert len(keys.notify) == 5
    assert keys.store == "postgresql://camcensus@db.example.org:5432/camcensus"


def test_a_later_mistake_finds_its_place() -> None:
    sites = read(COUNCIL)
    hall = sites.sites[0]
    assert sites.place(hall, "can't read /x/secrets/snmp").startswith("camcensus.toml:12: ")
    assert sites.place(hall, "unknown policy 'uk-local-authority'").startswith("camcensus.toml:2: ")
    assert sites.place(hall, "--rate must be more").startswith("camcensus.toml:4: ")
    assert sites.place(hall, "something else").startswith("camcensus.toml:8: ")


_LINES = st.sampled_from(
    ["[[site]]", "[defaults]", "[site.schedule]", "[site]", 'name = "a"', 'targets = ["198.51.100.1"]', "zone = 'UTC'"]
    + [f"{key} = {value}" for key in KEY_NAMES for value in ('"x"', "['{', '@', 'a-b']", "7", "{ zone = 'x' }", "true")]
)


@given(st.one_of(st.text(max_size=80), st.lists(_LINES | st.text(max_size=12), max_size=8).map("\n".join)))
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(UsageError):
        assert read(text).sites
