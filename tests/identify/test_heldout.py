from __future__ import annotations

import pytest

from scanner.identify.cases import Case, Truth
from scanner.identify.heldout import examples, held_out, judged, origin, withheld
from scanner.identify.knowledge import Knowledge
from scanner.identify.rules import RuleSet, parse_file
from scanner.models import Evidence
from tests.identify.support import ACME_MAC, BOLT, GENERIC, realm, rtsp, said, title

MAKER = """
[maker]
name = "Acme"
role = "maker"
mac_registrants = ["Hangzhou Hikvision Digital Technology Co.,Ltd."]
mac_cameras_only = true
"""
RULE = """
[[fingerprint]]
id = "{id}"
where = "{where}"
pattern = '{pattern}'
claims = {{ maker = "{maker}", kind = "camera" }}
weight = "{weight}"
source = "{source}"
examples = [ {{ text = "{example}" }} ]
rejects = ["\\n"]
"""


def rule(name: str, example: str, source: str, *, where: str = "http.title", maker: str = "Acme", **more: str) -> str:
    fields = {"pattern": f"^{name}", "weight": "strong", **more}
    return RULE.format(id=name, where=where, maker=maker, source=source, example=example, **fields)


def known(*rules: str) -> Knowledge:
    files = {"acme.toml": MAKER + "".join(rules), "bolt.toml": BOLT, "generic.toml": GENERIC}
    return Knowledge(
        RuleSet(tuple(parse_file(name, text.encode()) for name, text in sorted(files.items())), "held out")
    )


def case(source: str, *evidence: Evidence) -> Case:
    return Case("one", Truth(is_camera=True, manufacturer="Acme"), evidence, source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("rapid7/recog xml/http_servers.xml", "rapid7/recog"),
        ("owner/repo", "owner/repo"),
        ("https://github.com/owner/repo/issues/12 (title)", "owner/repo"),
        ("public GitHub file index, file id 123 (the index names no repository)", "123"),
        ("public GitHub file (index id 456; the index gives no repository)", "456"),
        ("public GitHub file index, file id 789: a list", "789"),
        ("Greenbone vulnerability tests", "Greenbone vulnerability tests"),
        ("", ""),
    ],
)
def test_origins(source: str, expected: str) -> None:
    assert origin(source) == expected


def test_rules_of_the_same_source_and_those_that_quote_the_text_are_withheld() -> None:
    ours = known(
        rule("same", "same", "Owner/Repo other/file.xml"),
        rule("quotes", "quoted text", "elsewhere"),
        rule("free", "free", "elsewhere"),
    )
    one = case("owner/repo file.xml", title("quoted text"))
    assert withheld(one, ours.rules.fingerprints) == {"same", "quotes"}
    assert withheld(one, ours.rules.fingerprints, by_source=False) == {"quotes"}


def test_a_case_is_judged_by_what_is_left() -> None:
    ours = known(
        rule("server", "server 1", "owner/repo", where="rtsp.header.server"),
        rule("login", "login x", "elsewhere", where="http.realm", weight="medium"),
    )
    (trial,) = judged([case("owner/repo", rtsp("server 2"), realm("login y"))], ours)
    (left,) = held_out([trial], ours)
    assert (trial.device.maker, left.device.maker) == ("Acme", "Acme")
    assert {each.fingerprint for each in left.statements} == {"login"}
    assert left.device.confidence < trial.device.confidence
    (nothing,) = held_out(judged([case("owner/repo", rtsp("server 2"))], ours), ours)
    assert (nothing.device.maker, nothing.mac_only) == (None, False)


def test_a_mac_prefix_alone_is_told_apart() -> None:
    ours = known(rule("server", "server 1", "owner/repo", where="rtsp.header.server"))
    both = case("owner/repo", said("mac", mac=ACME_MAC), rtsp("server 2"))
    (trial,) = judged([both], ours)
    (left,) = held_out([trial], ours)
    assert (trial.mac_only, left.mac_only, left.device.maker) == (False, True, "Acme")


def test_examples_are_judged_by_rules_of_other_sources_and_a_rule_is_drawn_once() -> None:
    ours = known(
        rule("cam", "camera one", "elsewhere", weight="medium"),
        rule("camera", "camera two", "somewhere"),
        rule("camp", "camp", "somewhere", maker="Bolt", weight="medium"),
    )
    found = {trial.case.id.partition(":")[0]: trial for trial in examples(ours)}
    assert found["camera"].device.maker == "Acme"  # by "cam"
    assert found["cam"].device.maker == "Acme"  # by "camera"
    assert found["camp"].device.maker == "Acme"  # "cam" again, and wrong: the example is Bolt's
    assert found["camp"].case.truth.manufacturer == "Bolt"
    twice = known(rule("cam", "camera one", "a", weight="medium"), rule("camera", 'x" }, { text = "camera', "b"))
    assert len([trial for trial in examples(twice) if trial.case.truth.manufacturer == "Acme"]) <= 2
