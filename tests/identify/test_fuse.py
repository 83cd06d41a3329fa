from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.fuse import MAC_ONLY_CEILING, Facts, Statement, fuse, source_of
from scanner.identify.names import Names
from scanner.models import Weight
from tests.identify.support import small_rules

STRONG, MEDIUM, WEAK = Weight.STRONG, Weight.MEDIUM, Weight.WEAK
NAMES = Names(small_rules())


def claim(field: str, value: str, weight: Weight, where: str = "http.title", said_by: str = "") -> Statement:
    return Statement(field, value, weight, f"{value}-{where}", 0, where, value, said_by)


def maker(weight: Weight, where: str = "http.title", name: str = "Acme") -> Statement:
    return claim("maker", name, weight, where)


def judge(*statements: Statement) -> Facts:
    return fuse(statements, NAMES)


@pytest.mark.parametrize(
    ("statements", "low", "high"),
    [
        ([maker(STRONG)], 0.955, 0.98),
        ([maker(STRONG), maker(MEDIUM, "tls.subject")], 0.985, 0.995),
        ([maker(MEDIUM)], 0.82, 0.88),
        ([maker(WEAK)], 0.45, 0.55),
        ([maker(MEDIUM), maker(MEDIUM, "rtsp.realm")], 0.95, 0.99),
    ],
)
def test_confidence_follows_the_weights(statements: list[Statement], low: float, high: float) -> None:
    facts = judge(*statements)
    assert facts.maker == "Acme"
    assert low <= facts.confidence <= high


def test_one_voice_twice_does_not_add_up() -> None:
    once = judge(maker(MEDIUM, "http.title"))
    assert judge(maker(MEDIUM, "http.title"), maker(MEDIUM, "http.body")).confidence == once.confidence
    assert judge(maker(MEDIUM, "ssdp.header.server"), maker(MEDIUM, "upnp.manufacturer")).confidence == once.confidence
    assert judge(maker(MEDIUM, "http.title"), maker(MEDIUM, "http.header.server")).confidence > once.confidence


def test_a_contradiction_lowers_the_confidence_and_is_shown() -> None:
    alone = judge(maker(STRONG), maker(STRONG, "tls.subject"))
    facts = judge(maker(STRONG), maker(STRONG, "tls.subject"), maker(MEDIUM, "rtsp.realm", "Bolt"))
    assert facts.maker == "Acme"
    assert facts.confidence < alone.confidence - 0.03
    assert [(each.chosen, each.other) for each in facts.conflicts if each.field == "maker"] == [("Acme", "Bolt")]


def test_equal_contradictions_name_nobody() -> None:
    facts = judge(maker(STRONG), maker(STRONG, "tls.subject", "Bolt"))
    assert facts.maker is None
    assert facts.confidence == 0.0
    assert {each.other for each in facts.conflicts} == {"Acme", "Bolt"}


def test_a_weak_contradiction_is_no_conflict() -> None:
    facts = judge(maker(STRONG), maker(WEAK, "mac.registrant", "Bolt"))
    assert facts.maker == "Acme"
    assert facts.conflicts == ()
    assert facts.confidence < judge(maker(STRONG)).confidence


def test_two_weak_ones_for_different_makers_name_nobody() -> None:
    assert judge(maker(WEAK), maker(WEAK, "tls.subject", "Bolt")).maker is None


def test_a_label_of_a_maker_speaks_for_it_when_nothing_else_does() -> None:
    facts = judge(claim("brand", "Bolt", STRONG))
    assert facts.maker == "Bolt"
    assert facts.values["brand"] == "Bolt"
    assert 0.8 < facts.confidence < 0.9


@pytest.mark.parametrize(
    "contrary",
    [
        maker(WEAK, "mac.registrant"),
        maker(MEDIUM, "rtsp.realm"),
        maker(STRONG, "rtsp.realm"),
        claim("family", "acme", MEDIUM, "rtsp.realm"),
    ],
)
def test_a_label_against_other_evidence_does_not_name_its_maker(contrary: Statement) -> None:
    facts = judge(claim("brand", "Bolt", STRONG), contrary)
    assert facts.maker in (
        ("Acme", None) if contrary.weight is not WEAK and contrary.field == "maker" else (None, "Bolt")
    )
    assert facts.confidence < 0.97
    if facts.maker == "Bolt":
        assert facts.confidence < 0.55


def test_a_label_and_a_maker_in_one_text_are_one_voice() -> None:
    once = judge(maker(MEDIUM, "onvif.manufacturer", "Bolt"))
    both = judge(maker(MEDIUM, "onvif.manufacturer", "Bolt"), claim("brand", "Bolt", STRONG, "onvif.manufacturer"))
    assert both.confidence == once.confidence


def test_the_label_of_a_brand_never_names_a_maker() -> None:
    facts = judge(claim("brand", "Labelco", STRONG), claim("brand", "Labelco", STRONG, "tls.subject"))
    assert (facts.maker, facts.values["brand"]) == (None, "Labelco")


def test_a_rebrand_keeps_label_and_maker_apart() -> None:
    facts = judge(claim("brand", "Labelco", STRONG), maker(STRONG, "rtsp.header.server"))
    assert (facts.maker, facts.values["brand"]) == ("Acme", "Labelco")
    assert [each for each in facts.conflicts if each.field == "maker"] == []


def test_a_mac_alone_names_only_who_makes_little_but_cameras() -> None:
    facts = judge(maker(WEAK, "mac.registrant", "Acme"))
    assert (facts.maker, facts.is_camera, facts.kind) == ("Acme", None, "unknown")
    assert facts.confidence <= MAC_ONLY_CEILING
    assert judge(maker(WEAK, "mac.registrant", "Bolt")).maker is None


def test_a_mac_names_the_maker_of_what_is_a_camera_and_of_nothing_else() -> None:
    camera = judge(maker(WEAK, "mac.registrant", "Bolt"), claim("is_camera", "true", MEDIUM, "onvif.xml"))
    assert camera.maker == "Bolt"
    assert camera.confidence <= MAC_ONLY_CEILING
    assert judge(maker(WEAK, "mac.registrant", "Acme"), claim("kind", "other", MEDIUM, "snmp.sysdescr")).maker is None


@pytest.mark.parametrize(
    ("statements", "is_camera", "kind"),
    [
        ([], None, "unknown"),
        ([claim("is_camera", "true", WEAK)], None, "unknown"),
        ([claim("is_camera", "true", WEAK), claim("kind", "camera", WEAK, "rtsp.realm")], True, "camera"),
        ([claim("is_camera", "true", MEDIUM)], True, "unknown"),
        ([claim("kind", "camera", MEDIUM)], True, "camera"),
        ([claim("kind", "camera", MEDIUM), claim("kind", "nvr", MEDIUM)], True, "nvr"),
        ([claim("kind", "camera", STRONG), claim("kind", "nvr", MEDIUM)], True, "camera"),
        ([claim("kind", "other", WEAK)], None, "unknown"),
        ([claim("kind", "other", MEDIUM)], False, "other"),
        ([claim("is_camera", "false", MEDIUM)], False, "other"),
        ([claim("kind", "other", MEDIUM), claim("is_camera", "true", WEAK, "onvif.xml")], False, "other"),
        ([claim("kind", "other", MEDIUM), claim("kind", "camera", MEDIUM, "onvif.xml")], None, "unknown"),
        ([claim("kind", "other", MEDIUM), claim("kind", "camera", STRONG, "onvif.xml")], True, "camera"),
        ([claim("kind", "other", STRONG), claim("kind", "camera", STRONG, "onvif.xml")], None, "unknown"),
        ([claim("kind", "unknown", STRONG)], None, "unknown"),
    ],
)
def test_camera_or_not(statements: list[Statement], is_camera: bool | None, kind: str) -> None:
    facts = judge(*statements)
    assert (facts.is_camera, facts.kind) == (is_camera, kind)


def test_a_product_is_said_only_of_what_is_no_camera() -> None:
    printer = [claim("kind", "other", MEDIUM), claim("product", "printer", MEDIUM)]
    assert judge(*printer).values["product"] == "printer"
    assert "product" not in judge(*printer, claim("kind", "camera", STRONG, "onvif.xml")).values


def test_a_longer_model_completes_a_shorter_one() -> None:
    facts = judge(claim("model", "DS-2CD2143", MEDIUM), claim("model", "DS-2CD2143G2-I", MEDIUM, "onvif.model"))
    assert facts.values["model"] == "DS-2CD2143G2-I"
    assert facts.conflicts == ()


def test_a_shorter_model_that_is_better_founded_stays() -> None:
    facts = judge(claim("model", "TC-C32", STRONG), claim("model", "TC-C32 SPEC:I8", MEDIUM, "onvif.model"))
    assert facts.values["model"] == "TC-C32"
    assert facts.conflicts == ()


def test_a_model_goes_without_its_makers_name() -> None:
    facts = judge(maker(STRONG), claim("model", "ACME AC-200", MEDIUM), claim("model", "AC-200", WEAK, "onvif.model"))
    assert facts.values["model"] == "AC-200"
    assert judge(claim("model", "ACME AC-200", MEDIUM)).values["model"] == "ACME AC-200"


def test_different_models_are_a_conflict() -> None:
    facts = judge(claim("model", "AC-200", STRONG), claim("model", "ZZ-900", MEDIUM, "onvif.model"))
    assert facts.values["model"] == "AC-200"
    assert [(each.field, each.other) for each in facts.conflicts] == [("model", "ZZ-900")]


def test_a_model_said_by_the_rule_of_another_maker_counts_little() -> None:
    facts = judge(
        maker(STRONG, "rtsp.header.server"),
        maker(STRONG, "onvif.manufacturer"),
        claim("model", "BB-1", STRONG, "tls.subject", "Bolt"),
        claim("model", "AC-200", MEDIUM, "onvif.model", "Acme"),
    )
    assert facts.values["model"] == "AC-200"


def test_sources() -> None:
    assert source_of("http.header.server") == source_of("http.realm") != source_of("http.title")
    assert source_of("favicon.mmh3") == source_of("http.body")
    assert source_of("ws-discovery.types") == source_of("onvif.model")
    assert source_of("snmp.sysdescr") == source_of("snmp.engine_id")
    assert source_of("banner.ftp") == "banner"


STATEMENTS = st.lists(
    st.builds(
        claim,
        st.sampled_from(["maker", "brand", "kind", "is_camera", "model", "family", "serial", "product"]),
        st.sampled_from(["Acme", "Bolt", "Labelco", "camera", "nvr", "other", "true", "false", "AC-200", "AC-200X"]),
        st.sampled_from(list(Weight)),
        st.sampled_from(["http.title", "rtsp.realm", "mac.registrant", "onvif.model", "tls.subject"]),
    ),
    max_size=7,
)


@settings(max_examples=80, deadline=None)
@given(STATEMENTS, st.randoms())
def test_the_order_of_the_statements_does_not_matter(statements: list[Statement], random: object) -> None:
    expected = judge(*statements)
    for order in itertools.islice(itertools.permutations(statements), 0, 200, 40):
        assert judge(*order) == expected


@settings(max_examples=120, deadline=None)
@given(STATEMENTS)
def test_confidence_is_a_probability_and_goes_with_a_maker(statements: list[Statement]) -> None:
    facts = judge(*statements)
    assert 0.0 <= facts.confidence < 1.0
    assert (facts.maker is None) == (facts.confidence == 0.0)
    assert facts.maker != "Labelco" or any(each.field == "maker" for each in statements)
