"""Write a site file that explains itself: each key with what it is for; those not chosen stand there as examples."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from scanner.sitefile.keys import Keys, ScheduleKeys, is_said

_WIDTH = 100


class Draft(msgspec.Struct, frozen=True):
    """One site to be written. `notes` are lines for its reader: what its networks cost to sweep."""

    name: str
    keys: Keys
    notes: tuple[str, ...] = ()


class Entry(NamedTuple):
    """A key, what it is for, and (in TOML) an example for whoever did not choose it."""

    key: str
    text: str
    example: str


DEFAULTS: tuple[Entry, ...] = (
    Entry("policy", "By which policy devices are judged (`camcensus registry policies`). Without one, every instrument "
          "that prohibits counts, whoever it binds.", '["uk-local-authority"]'),
    Entry("policy-file", "A policy of your own: your bans, exceptions, what counts as review (docs/policies.md).",
          '["policy.toml"]'),
    Entry("waivers", "Findings that somebody answers for until a day: shown in every report, passed over by gates.",
          '["waivers.toml"]'),
    Entry("registry-overlay", "Newer lists that you imported and signed off (`camcensus registry import`).",
          '["overlay.toml"]'),
    Entry("as-of", "Judge by the lists of this day; without it by those of the day of the sweep.", '"2026-11-22"'),
    Entry("rate", "Packets a second in all. Old switches and radio links want less.", "1000"),
    Entry("host-rate", "Packets a second to one device; at most two connections at once whatever stands here.", "40"),
    Entry("budget", "Seconds after which a site's sweep ends with what was found (exit code 3).", "3600"),
    Entry("out", "Folder of each sweep: evidence log, inventory, HTML report. A folder takes one sweep.",
          '"runs/{site}/{date}-{time}"'),
    Entry("json", "The inventory besides, at a place that stays the same.", '"{site}.json"'),
    Entry("output", "Reports besides, as FORMAT=FILE.", '["sarif={site}.sarif", "junit={site}.xml"]'),
    Entry("summary", "A summary in Markdown, appended to this file.", '"summary.md"'),
    Entry("notify", "Who is told what changed since the store's last sweep, or since baseline (docs/notices.md). "
          "Secrets by reference only.", '["env:CAMERA_HOOK"]'),
    Entry("unknown", "Redacted evidence of cameras whose maker is not established, to learn from.",
          '"{site}-unknown.jsonl"'),
    Entry("format", "What standard output gets.", '"table"'),
    Entry("progress", "What is told meanwhile: auto, none, or json for machines.", '"auto"'),
    Entry("quiet", "Only the result.", "false"),
    Entry("fail-on", "Exit with 1 at: listed, review, undetermined (each includes those before it), new, coverage. "
          "The last two compare with baseline.", '["listed"]'),
    Entry("baseline", "What the gates compare with: store (this site's last complete sweep there), an earlier "
          "inventory or run, or git:REV:PATH.", '"store"'),
    Entry("max-registry-age", "Exit with 1 when the lists are older than so many days.", "60"),
    Entry("store", "Where sweeps are recorded (docs/store.md): a file or postgresql://USER@HOST/DATABASE; "
          "env:NAME where a password is in it. Without it a file of your own, as for `camcensus history`.",
          '"camcensus.sqlite"'),
    Entry("no-store", "Record nothing.", "false"),
    Entry("exclude", "Never asked anything. These, a site's own and the command line's add up. @FILE has one a line.",
          '["198.51.100.250", "198.51.100.192/28"]'),
    Entry("fingerprints", "Folders of fingerprints of your own, added to ours.", '["fingerprints"]'),
    Entry("recog", "Recog's xml/ folder: its patterns as additional fingerprints.", '"recog/xml"'),
    Entry("pins", "Facts that you corrected by hand on single devices.", '"pins.toml"'),
)  # fmt: skip
SITE: tuple[Entry, ...] = (
    Entry("targets", "What is swept: addresses, networks, ranges, names, @FILE with one a line. Not one packet goes "
          "to any other address.", '["198.51.100.0/24", "198.51.100.10-40", "@targets.txt"]'),
    Entry("interface", "Only these interfaces; without it those that carry a network of the targets.", '["eth0"]'),
    Entry("allow-public", "Public addresses among the targets are refused without it.", "false"),
    Entry("no-ipv6", "Leave IPv6 multicast on the links out.", "false"),
    Entry("credentials", "Your own logins and SNMP secrets, in a file that only you can read (docs/credentials.md). "
          "Without it no login is tried.", '"secrets/cameras.toml"'),
    Entry("snmp-community", "SNMP communities by reference: env:NAME or file:PATH. Never as text. None is guessed.",
          '["env:CAMCENSUS_SNMP"]'),
    Entry("switch", "Switches to read over SNMP: which device at which port.", '["198.51.100.2"]'),
    Entry("schedule", "When a sweep may run; outside nothing is begun (exit code 3), and it ends when the window "
          "does. It may pass midnight. --now sweeps all the same.",
          '{ days = ["mon-fri"], from = "22:00", until = "05:00", zone = "Europe/London" }'),
)  # fmt: skip


def site_file_text(drafts: Sequence[Draft], shared: Keys, name: str, by: str) -> str:
    """The file called `name`, with `shared` in [defaults]; `by` says by what and when it was written."""
    lines = [
        "# Camcensus: which cameras are there, who really made them, which government lists name that maker.",
        f"# {by}",
        "#",
        f"#   camcensus init --check {name}             is it valid?",
        f"#   camcensus sweep --site {name} --dry-run   what would be sent, and how long will it take?",
        f"#   camcensus sweep --site {name}             sweep every site, each in turn; --only NAME for one",
        "#",
        "# A line that begins with # is off: what stands there is an example. What the command line says wins over",
        "# this file. Paths are seen from this file's folder. docs/sitefile.md walks through it.",
        "",
        "[defaults]  # for every site below that does not say otherwise",
        *_entries(DEFAULTS, SITE, shared),
    ]
    for draft in drafts:
        lines += ["", "", "[[site]]", f"name = {_toml(draft.name)}  # in reports, folders and the history"]
        lines += [f"# {line}" for note in draft.notes for line in textwrap.wrap(note, _WIDTH)]
        lines += _entries(SITE, DEFAULTS, draft.keys)
    return "\n".join(lines) + "\n"


def _entries(own: Sequence[Entry], others: Sequence[Entry], keys: Keys) -> Iterator[str]:
    """All of `own`, and of `others` what is given."""
    for entry in (*own, *(entry for entry in others if is_said(_given(keys, entry.key)))):
        yield ""
        yield from (f"# {line}" for line in textwrap.wrap(entry.text, _WIDTH))
        value = _given(keys, entry.key)
        yield f"{entry.key} = {_toml(value)}" if is_said(value) else f"# {entry.key} = {entry.example}"


def _given(keys: Keys, key: str) -> Any:
    return getattr(keys, key.replace("-", "_"))


def _toml(value: Any) -> str:
    """A value as TOML on one line. Its basic strings are JSON's, but for the DEL character."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, ScheduleKeys):
        pairs = msgspec.to_builtins(value)
        return f"{{ {', '.join(f'{key} = {_toml(each)}' for key, each in pairs.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
