"""The published schemas are those of this version, and what is written and recorded is valid by them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from scanner.diff import compare
from scanner.portfolio import gather
from scanner.report.diff import render_changes_json
from scanner.report.json import render_json
from scanner.report.portfolio import render_portfolio_json
from scanner.report.schemas import all_schemas, written
from tests.samples import HOSTILE, device, inventory

ROOT = Path(__file__).parents[2]
CASES = ROOT.parent / "shared" / "cases" / "dev.jsonl"


def validator(name: str) -> Any:
    schema = json.loads((ROOT / "docs" / "schemas" / name).read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", sorted(all_schemas()))
def test_the_published_file_is_what_this_version_writes(name: str) -> None:
    assert (ROOT / "docs" / "schemas" / name).read_bytes() == written(all_schemas()[name])


def test_what_is_written_is_valid() -> None:
    value = inventory(device(), device("198.51.100.11", id="b", model=HOSTILE, maker=None))
    for name, content in (
        ("inventory-1.schema.json", render_json(value)),
        ("changes-1.schema.json", render_changes_json(compare(value, inventory(device(firmware="x"))))),
        ("portfolio-1.schema.json", render_portfolio_json(gather([("a", value)]))),
    ):
        assert [error.message for error in validator(name).iter_errors(json.loads(content))] == []


def test_a_broken_inventory_is_not() -> None:
    value = json.loads(render_json(inventory(device())))
    del value["devices"][0]["host"]
    assert not validator("inventory-1.schema.json").is_valid(value)
    value = json.loads(render_json(inventory(device(status="listed")))) | {"coverage": 7}
    assert not validator("inventory-1.schema.json").is_valid(value)


def test_evidence() -> None:
    good = validator("evidence-1.schema.json")
    assert good.is_valid({"host": "198.51.100.10", "protocol": "http", "port": 80, "headers": [["Server", "x"]]})
    assert good.is_valid({"protocol": "new-one", "anything": [1, 2]})
    assert not good.is_valid({"host": "198.51.100.10"})
    assert not good.is_valid({"protocol": "http", "port": "80"})
    assert not good.is_valid({"protocol": "rtsp", "headers": [["Server"]]})


@pytest.mark.skipif(not CASES.exists(), reason="no recorded cases here")
def test_every_recorded_case_is_valid_evidence() -> None:
    good = validator("evidence-1.schema.json")
    with CASES.open(encoding="utf-8") as lines:
        records = [record for line in lines for record in json.loads(line)["evidence"]]
    assert len(records) > 800
    assert [record for record in records if not good.is_valid(record)] == []
