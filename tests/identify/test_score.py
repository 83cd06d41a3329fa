from __future__ import annotations

from pathlib import Path

import pytest

from scanner.identify.cases import Case, Truth
from scanner.identify.score import main, score_cases, table
from tests.identify.support import ACME_RTSP, rtsp, said, small_rules, title


def case(name: str, *evidence: object, **truth: object) -> Case:
    return Case(name, Truth(**truth), evidence)  # type: ignore[arg-type]


CASES = [
    case("right", rtsp(ACME_RTSP), is_camera=True, kind="camera", manufacturer="ACME", model="ac 200", firmware="2.1"),
    case("wrong", rtsp(ACME_RTSP), is_camera=True, kind="nvr", manufacturer="Bolt"),
    case("none", title("x"), is_camera=True, manufacturer="Acme"),
    case("unknown", rtsp(ACME_RTSP), is_camera=True),
    case("rebrand", rtsp(ACME_RTSP), title("Labelco cam"), is_camera=True, manufacturer="Acme", brand="LABELCO"),
    case("half", title("Labelco cam"), is_camera=True, manufacturer="Acme", brand="Labelco"),
    case("printer", said("snmp", oids={"1.3.6.1.2.1.1.1.0": "printer"}), is_camera=False, kind="other"),
    case("flagged", rtsp(ACME_RTSP), is_camera=False),
]


def test_every_question_is_counted() -> None:
    score = score_cases(CASES, small_rules())
    assert (score.maker.right, score.maker.wrong, score.maker.none) == (
        ["right", "rebrand"],
        ["wrong"],
        ["none", "half"],
    )
    assert score.named_unknown == ["unknown"]
    assert (score.kind.right, score.kind.wrong) == (["right"], ["wrong"])
    assert (score.model.right, score.firmware.wrong) == (["right"], ["right"])
    assert (score.rebrand.right, score.rebrand.none) == (["rebrand"], ["half"])
    assert (score.other.right, score.flagged) == (["printer"], ["flagged"])
    assert score.maker.share(score.maker.wrong) == 0.2


def test_the_table_names_the_cases() -> None:
    text = table(score_cases(CASES, small_rules()))
    assert text.splitlines()[1].split() == ["maker", "(cameras)", "2", "40.0%", "1", "20.0%", "2", "40.0%", "5"]
    assert "maker wrong: wrong" in text
    assert "others flagged: flagged  [camera: RTSP server" in text
    assert "firmware: '2.1.0', really '2.1'" in text


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{}\n")
    assert main([str(bad), str(tmp_path)]) == 2
    assert "no fingerprint files" in capsys.readouterr().err
