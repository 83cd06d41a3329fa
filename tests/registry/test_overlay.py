"""An overlay counts only as it was signed off; what it adds and ends can be traced to its row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scanner.models import DataError, Status
from scanner.registry import basis_file, read_basis
from scanner.registry.diff import diff
from scanner.registry.importing import import_lists
from scanner.registry.judge import judge
from scanner.registry.overlay import apply_overlay, parse_overlay, read_overlay, render_overlay, sign_off
from tests.registry.devices import camera, policy, shipped
from tests.registry.importing import lists

DAY = date(2026, 11, 28)
DOD = "US-DOD-1260H"


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = lists.write(tmp_path_factory.mktemp("lists"), lists.DOD)
    return render_overlay(import_lists([Path(file)], shipped(), DAY))


@pytest.fixture(scope="module")
def signed(unsigned: str) -> str:
    return sign_off("o.toml", unsigned.replace('"undecided"', '"reject"'), shipped(), "J. Doe", DAY)


def test_the_file_reads_back_as_it_was_written(unsigned: str) -> None:
    assert render_overlay(parse_overlay("o.toml", unsigned, shipped())) == unsigned


def test_nothing_counts_before_it_is_signed_off(unsigned: str) -> None:
    with pytest.raises(DataError, match="not signed off: look through it and run: camcensus registry sign-off"):
        read_overlay("o.toml", unsigned, shipped())


def test_a_name_and_a_day_alone_are_no_signature(unsigned: str) -> None:
    text = unsigned.replace('"undecided"', '"reject"').replace('signed_off_by = ""', 'signed_off_by = "J. Doe"')
    with pytest.raises(DataError, match="changed after it was signed off"):
        read_overlay("o.toml", text.replace('signed_off_on = ""', 'signed_off_on = "2026-11-28"'), shipped())


def test_what_is_undecided_can_not_be_signed(unsigned: str) -> None:
    line = unsigned.splitlines().index('decision = "undecided"') + 1
    with pytest.raises(DataError, match=rf"o\.toml:{line}: \d+ entries are undecided"):
        sign_off("o.toml", unsigned, shipped(), "J. Doe", DAY)


def test_what_is_changed_after_the_signature_is_refused(signed: str) -> None:
    assert read_overlay("o.toml", signed, shipped()).signed_off_by == "J. Doe"
    for old, new in (
        ('from = "2026-11-20"', 'from = "2020-01-01"'),
        ('decision = "reject"\n', 'decision = "accept"\n'),
    ):
        with pytest.raises(DataError, match="changed after it was signed off"):
            read_overlay("o.toml", signed.replace(old, new, 1), shipped())


def test_a_signed_overlay_changes_verdicts_and_says_where_from(signed: str) -> None:
    own = read_basis(shipped(), [basis_file("overlay", "o.toml", signed)])
    federal = policy("us-federal")
    before = judge(camera("Uniview"), shipped(), federal, DAY)
    after = judge(camera("Uniview"), own.registry, federal, DAY)
    assert (before.status, after.status) == (Status.NOT_LISTED, Status.LISTED)
    finding = next(each for each in after.findings if each.instrument == DOD)
    assert finding.edition == "2026-11-20"
    assert finding.chain[-1]["certainty"] == "read from the official file by an import that was signed off"
    listing = next(e for e in own.registry.listed["Uniview"] if e.instrument == DOD)
    assert listing.note == "o.toml, signed off by J. Doe on 2026-11-28; input 1, line 7"
    dahua = judge(camera("Dahua"), own.registry, federal, DAY)
    assert DOD not in {each.instrument for each in dahua.findings}
    assert DOD in {e.instrument for e in judge(camera("Dahua"), own.registry, federal, date(2026, 11, 1)).findings}
    assert own.registry.digest != shipped().digest


def test_what_a_person_accepted_is_applied_and_the_rest_is_not(unsigned: str) -> None:
    head, near, tail = unsigned.partition('kind = "near"')
    text = (head + near + tail.replace('"undecided"', '"accept"', 1)).replace('"undecided"', '"reject"')
    overlay = read_overlay("o.toml", sign_off("o.toml", text, shipped(), "J. Doe", DAY), shipped())
    changes = {(each.change, each.name) for each in diff(shipped(), apply_overlay(shipped(), overlay, "o.toml"))}
    assert ("added", f"{DOD} / Tiandi Technology Co., Ltd. (Tiandy) from 2026-11-20") in changes
    assert not any("Huawei" in name for _, name in changes)


def test_a_listing_that_the_registry_has_meanwhile_is_not_there_twice(signed: str) -> None:
    overlay = read_overlay("o.toml", signed, shipped())
    once = apply_overlay(shipped(), overlay, "o.toml")
    assert len(apply_overlay(once, overlay, "o.toml").listings) == len(once.listings)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('company = "Uniview"', 'company = "Univiw"', "unknown company 'Univiw'; did you mean 'Uniview'?"),
        ('instrument = "US-DOD-1260H"', 'instrument = "US-DOD-1620H"', "did you mean 'US-DOD-1260H'?"),
        ("matched_on", "matchd_on", "did you mean 'matched_on'?"),
        ('from = "2026-11-20"', 'from = "soon"', "'soon' is not a date"),
        ("camcensus.registry-overlay/1", "camcensus.registry-overlay/9", "is not 'camcensus.registry-overlay/1'"),
        ('decision = "undecided"', 'decision = "maybe"', "decision: Invalid enum value 'maybe'"),
        ("[[added]]", "[[aded]]", "unknown key 'aded'; did you mean 'added'?"),
    ],
)
def test_a_mistake_is_told_with_its_line(unsigned: str, old: str, new: str, message: str) -> None:
    text = unsigned.replace(old, new, 1)
    assert text != unsigned
    line = next(n for n, each in enumerate(text.splitlines(), start=1) if new in each)
    with pytest.raises(DataError) as refused:
        parse_overlay("o.toml", text, shipped())
    assert message in str(refused.value)
    assert str(refused.value).startswith(f"o.toml:{line}: ")
