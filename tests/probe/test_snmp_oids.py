"""The two halves of the SNMP knowledge: what is asked for (the probe) and what the answers mean (the fingerprints)."""

from scanner.identify.rules import load_fingerprints
from scanner.probe.snmp_oids import BRANCHES, ENTITY, SYSTEM

# Hardware codes that name no fact of ours
SILENT = {"1.3.6.1.4.1.39165.1.2.0", "1.3.6.1.4.1.1004849.2.1.1.2.0", "1.3.6.1.4.1.1004849.2.1.2.5.0",
          "1.3.6.1.4.1.3967.1.1.1.4.0"}  # fmt: skip


def _examples() -> set[str]:
    return {
        example.text.partition("=")[0].removeprefix(".")
        for rule in load_fingerprints().fingerprints
        if "snmp.oid" in rule.where
        for example in rule.examples
        if "=" in example.text
    }


def test_what_is_asked_for_is_understood() -> None:
    asked = {name for branch in BRANCHES for name in branch.names} - SILENT
    assert asked <= _examples()
    assert set(ENTITY[1:]) <= _examples()


def test_the_makers_are_spelt_as_the_fingerprints_spell_them() -> None:
    names = {file.name for file in load_fingerprints().files}
    assert {branch.maker for branch in BRANCHES} <= names


def test_every_branch_names_its_source() -> None:
    assert all(branch.source and branch.names for branch in BRANCHES)


def test_no_name_is_asked_for_twice() -> None:
    for branch in BRANCHES:
        names = (*SYSTEM, *branch.names, *ENTITY)
        assert len(set(names)) == len(names)
