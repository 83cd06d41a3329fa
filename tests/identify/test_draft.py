"""Drafts of fingerprints: what a person completes passes the check, and no maker is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.draft import MOST, Draft, drafts, render
from scanner.identify.match import Matcher
from scanner.identify.rules import RuleSet, default_rules, load_files, parse_file
from scanner.identify.selftest import check
from scanner.models import DataError, Evidence
from tests.identify.support import said, title

RULES = default_rules()
INFORMATION = (
    "<r><Manufacturer>FooCorp</Manufacturer><Model>NC-200W</Model><FirmwareVersion>V2.4.6</FirmwareVersion></r>"
)
EVIDENCE = [
    said(
        "http",
        port=80,
        headers=[["Server", "FooCam/2.1"], ["WWW-Authenticate", 'Basic realm="FooCam NC-200W"']],
        body="",
    ),
    said("onvif", operation="GetDeviceInformation", xml=INFORMATION),
    said("rtsp", port=554, headers=[["Server", "Foo RTSP 00:62:6e:12:34:56 (V2.4.6)"]]),
    said("favicon", md5="0" * 32, mmh3=123456),
]


def completed(found: list[Draft]) -> RuleSet:
    text = render(found, "FooCorp", "https://example.org/foo")
    return RuleSet((parse_file("foo.toml", text.encode()),))


def test_a_completed_draft_passes_the_check(tmp_path: Path) -> None:
    file = tmp_path / "foo.toml"
    file.write_text(render(drafts(EVIDENCE, RULES), "FooCorp", "https://example.org/foo"))
    rules = load_files([file])
    assert check(rules) == []
    assert 3 <= len(rules.fingerprints) <= MOST


def test_a_draft_names_no_maker_and_does_not_pass_without() -> None:
    text = render(drafts(EVIDENCE, RULES), source="https://example.org/foo")
    assert 'source = ""' in render(drafts(EVIDENCE, RULES))
    assert 'name = ""' in text
    assert 'maker = ""' in text
    with pytest.raises(DataError, match="name must be a text"):
        parse_file("draft.toml", text.encode())
    with pytest.raises(DataError, match="claim maker must be a text"):
        parse_file("draft.toml", text.replace('name = ""', 'name = "FooCorp"').encode())


def test_what_differs_between_units_is_made_general() -> None:
    rules = completed(drafts(EVIDENCE, RULES))
    matcher = Matcher(rules)
    (server,) = matcher.hits("http.header.server", "FooCam/13.0.2")
    assert server.values["maker"] == "FooCorp"
    (rtsp,) = matcher.hits("rtsp.header.server", "Foo RTSP 00:62:6E:AB:CD:EF (V3.10.22)")
    assert rtsp.values["firmware"] == "V3.10.22"
    (model,) = matcher.hits("http.realm", "FooCam NC-310WX")
    assert model.values["model"] == "NC-310WX"
    assert not list(matcher.hits("http.header.server", "BarCam/2.1"))


@pytest.mark.parametrize(
    "evidence",
    [
        [title("Network Camera")],
        [title("login")],
        [said("http", port=80, headers=[["Server", "nginx"]], body="")],
        [said("http", port=80, headers=[["Server", "lighttpd/1.4.35"]], body="<title>IP Camera</title>")],
        [said("rtsp", port=554, headers=[["Server", "GStreamer RTSP server"]])],
        [],
    ],
)
def test_what_many_makers_say_makes_no_draft(evidence: list[Evidence]) -> None:
    assert drafts(evidence, RULES) == []


def test_the_kind_is_claimed_where_it_is_established() -> None:
    nvt = said("ws-discovery", xml="<ProbeMatch><Types>dn:NetworkVideoTransmitter</Types></ProbeMatch>")
    assert drafts([*EVIDENCE, nvt], RULES)[0].claims["kind"] == "camera"
    assert "kind" not in drafts([title("Something odd")], RULES)[0].claims


@given(st.text(min_size=1, max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_text_makes_rules_that_prove_themselves(text: str) -> None:
    found = drafts([said("http", port=80, headers=[["Server", text]], body="")], RULES)
    problems = check(completed(found)) if found else []
    assert problems == []
