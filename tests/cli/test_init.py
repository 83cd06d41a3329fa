"""`camcensus init`: what it proposes, asks and writes; the file it writes is swept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest

from scanner.cli.local_networks import LocalNetwork, left_out, offered
from scanner.cli.site_questions import Person, proposed, questions, table_of
from scanner.lab.lab import Lab
from scanner.lab.sites import demo_site
from scanner.net.api import Interface
from scanner.sitefile import Keys
from tests.cli.conftest import Inside

NETWORKS = [
    LocalNetwork("eth0", "192.168.1.0/24", 254),
    LocalNetwork("eth1", "10.0.0.0/16", 65534),
    LocalNetwork("wlan0", "192.168.2.0/25", 126),
]


class Script:
    """A person with answers ready; what was asked and told is kept."""

    def __init__(self, *answers: str) -> None:
        self.answers: Iterator[str] = iter(answers)
        self.told: list[str] = []

    def person(self) -> Person:
        return Person(self._ask, self.told.append)

    def _ask(self, question: str, default: str) -> str:
        self.told.append(f"{question} [{default}]")
        return next(self.answers) or default


def test_what_is_offered() -> None:
    interfaces = [
        Interface("lo", 1, addresses=("127.0.0.1/8",), loopback=True),
        Interface("eth0", 2, addresses=("192.168.1.7/24", "fe80::1/64", "8.8.8.8/24")),
        Interface("eth1", 3, addresses=("192.168.1.8/24", "10.0.0.1/16")),
        Interface("docker0", 4, addresses=("172.17.0.1/16",), skip="container network (Docker)"),
        Interface("eth2", 5, addresses=("8.8.4.4/24",)),
    ]
    assert offered(interfaces) == NETWORKS[:2]
    assert list(left_out(interfaces)) == [
        "docker0: container network (Docker)",
        "eth2: no private IPv4 network",
    ]
    first, second, _ = table_of(NETWORKS, 1000)
    assert "192.168.1.0/24" in first
    assert "254 addresses, 1,009 to 16,859 packets, 7 s to 20 s" in first
    assert second.endswith("min  large: better name the part in use")


def test_empty_answers_take_what_is_proposed() -> None:
    script = Script("", "", "", "", "", "", "", "", "")
    shared, (draft,) = questions(script.person(), NETWORKS, proposed(Keys(), NETWORKS), "main", "Europe/London")
    assert (shared.policy, shared.fail_on, shared.rate) == ((), ("listed",), 1000)
    assert draft.name == "main"
    assert draft.keys == Keys(targets=("192.168.1.0/24", "192.168.2.0/25"))
    assert draft.notes == ("With this scope: 380 addresses, 1,463 to 25,175 packets, 7 s to 24 s.",)
    assert any("22:00-05:00 Europe/London" in line for line in script.told)


def test_what_is_no_answer_is_asked_again_and_a_second_site_too() -> None:
    script = Script(
        "uk-local-athority", "uk-local-authority", "listd", "none", "0", "200", "runs/{sit}", "runs/{site}/{date}",
        "a/b", "hall", "yes", "198.51.100.300", "2 198.51.100.7", "yes", "198.51.100.9",
        "mon-fri 22:00", "mon-fri 22:00-05:00 Europe/London", "yes",
        "hall", "depot", "", "3", "none", "none", "no",
    )  # fmt: skip
    shared, (hall, depot) = questions(script.person(), NETWORKS, proposed(Keys(), NETWORKS), "main", "UTC")
    told = "\n".join(script.told)
    for said in (
        "did you mean 'uk-local-authority'?", "did you mean 'listed'?", "1 at least", "'{sit}' is not filled in",
        "the name of a folder", "198.51.100.300", "say which, or none", "a window looks like", "one of this name",
        "a site needs one at least",
    ):  # fmt: skip
        assert said in told
    assert shared == Keys(policy=("uk-local-authority",), rate=200, out="runs/{site}/{date}")
    assert hall.keys.targets == ("10.0.0.0/16", "198.51.100.7")
    assert hall.keys.exclude == ("198.51.100.9",)
    assert hall.keys.schedule is not None
    assert (depot.name, depot.keys) == ("depot", Keys(targets=("192.168.2.0/25",)))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "no terminal to ask on: say --yes"),
        (
            ["--yes", "--target", "8.8.8.8"],
            "--target: '8.8.8.8': 8.8.8.8 is a public address; sweep only networks that",
        ),
        (["--yes", "--target", "198.51.100.1", "--policy", "uk"], "unknown policy 'uk'"),
        (
            ["--yes", "--target", "198.51.100.1", "--window", "22:00-05:00"],
            "--window '22:00-05:00': a window looks like",
        ),
        (["--yes", "--target", "198.51.100.1", "--name", "a/b"], "--name a/b: it becomes the name of a folder"),
        (["--yes", "--target", "198.51.100.1", "--fail-on", "lsted"], "did you mean 'listed'?"),
        (["--check", "no-such-file"], "can't read no-such-file"),
    ],
)
def test_mistakes_write_nothing(inside: Inside, tmp_path: Path, arguments: list[str], says: str) -> None:
    file = tmp_path / "camcensus.toml"
    done = inside("init", file, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert not file.exists()


def test_the_check_tells_lines_and_what_this_machine_lacks(inside: Inside, tmp_path: Path) -> None:
    file = tmp_path / "camcensus.toml"
    site = '[[site]]\nname = "hall"\ntargets = ["198.51.100.0/29", "cameras.example"]\ninterface = ["nosuch0"]\n'
    file.write_text(site + 'credentials = "cameras.toml"\nsnmp-community = ["env:NO_SUCH"]\n')
    done = inside("init", "--check", file)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "hall: 198.51.100.0/29, cameras.example (7 addresses); no policy\n"
    for line, what in ((4, "nosuch0"), (5, "cameras.toml"), (6, "NO_SUCH")):
        assert any(f"camcensus.toml:{line}: " in told and what in told for told in done.stderr.splitlines())
    file.write_text(site + 'policy = [\n"uk-local-authority",\n"own.toml",\n]\n')
    done = inside("init", "--check", file)
    assert done.returncode == 2
    assert "camcensus.toml:7: site 'hall': can't read " in done.stderr


def test_the_walk_through_is_valid_and_told_as_it_is(inside: Inside, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sitefile.md").read_text("utf-8")
    text, _, rest = page.partition("```toml\n")[2].partition("```\n")
    told = rest.partition("$ camcensus init --check camcensus.toml\n")[2].partition("```")[0]
    (tmp_path / "camcensus.toml").write_text(text, "utf-8")
    (tmp_path / "council.toml").write_text(
        'name = "council"\n[[ban]]\nmakers = ["Hikvision"]\nfrom = "2020"\nsource = "x"\n'
    )
    (tmp_path / "waivers.toml").touch()
    (tmp_path / "never.txt").write_text("198.51.100.9\n198.51.100.1\n")
    done = inside("init", "--check", tmp_path / "camcensus.toml")
    assert done.returncode == 0, done.stderr
    assert done.stdout == told
    assert "cameras.toml" not in done.stderr
    assert "leisure-centre.toml on this machine" in done.stderr


@pytest.fixture
def lab() -> Iterator[Lab]:
    """Two devices of the demo's site, on a loop of their own while a command sweeps them."""
    demo = demo_site()
    site, up, stop = Lab(msgspec.structs.replace(demo, devices=demo.devices[:2])), Event(), Event()

    async def keep() -> None:
        async with site:
            up.set()
            await asyncio.to_thread(stop.wait)

    thread = Thread(target=lambda: asyncio.run(keep()))
    thread.start()
    assert up.wait(30)
    yield site
    stop.set()
    thread.join()


@pytest.mark.skipif("sys.platform != 'linux'", reason="only Linux answers on the whole of 127.0.0.0/8 unasked")
def test_the_written_file_is_swept(inside: Inside, tmp_path: Path, lab: Lab) -> None:
    file = tmp_path / "camcensus.toml"
    first, second = lab.addresses[:2]
    begun = inside(
        "init", file, "--yes", "--name", "lab", "--target", f"{first}-{second.rpartition('.')[2]}",
        "--exclude", second, "--rate", "5000",
    )  # fmt: skip
    assert begun.returncode == 0, begun.stderr
    again = inside("init", file, "--yes", "--target", first)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    planned = inside("sweep", "--site", file, "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "(1 addresses)" in planned.stdout
    done = inside("sweep", "--site", file, "--json", "-", "--no-ipv6", "--no-store")
    assert done.returncode == 1, done.stderr  # listed, which the file's gate is for
    inventory = json.loads(done.stdout)
    assert inventory["sweep"]["site"] == "lab"
    assert [device["host"] for device in inventory["devices"]] == [first]
    (run,) = (tmp_path / "runs" / "lab").iterdir()
    assert (run / "report.html").exists()
    state = (run / "state.jsonl").read_text()
    assert '"site":"lab"' in state
