from __future__ import annotations

from pathlib import Path

import pytest

from scanner.identify.rules import load_files, load_fingerprints, parse_file
from scanner.models import DataError, Weight
from tests.identify.support import ACME, FILES, GENERIC, write_rules


def test_a_file_becomes_its_values() -> None:
    file = parse_file("acme.toml", ACME.encode())
    assert (file.name, file.role, file.mac_cameras_only, file.snmp_enterprises) == ("Acme", "maker", True, (39165,))
    rule = file.fingerprints[1]
    assert rule.where == ("http.realm", "rtsp.realm")
    assert rule.weights == {"maker": Weight.MEDIUM, "is_camera": Weight.MEDIUM, "serial": Weight.STRONG}
    assert rule.examples[0].expect == {"serial": "WXYZ123456"}
    assert (rule.owner, rule.file) == ("Acme", "acme.toml")


def test_places_are_kept_in_lower_case() -> None:
    file = parse_file("a.toml", ACME.replace("rtsp.header.server", "RTSP.Header.Server").encode())
    assert file.fingerprints[0].where == ("rtsp.header.server",)


def test_a_weight_table_gives_the_rest_its_lowest() -> None:
    text = ACME.replace('weight = "strong"', 'weight = { maker = "strong", kind = "medium" }', 1)
    weights = parse_file("a.toml", text.encode()).fingerprints[0].weights
    assert weights["model"] is Weight.MEDIUM


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('role = "maker"', 'role = "vendor"', "role must be one of"),
        ('role = "maker"', 'rolle = "maker"', "unknown key 'rolle'"),
        ('weight = "strong"', 'weigth = "strong"', "unknown key 'weigth'"),
        ('weight = "strong"', 'weight = "sure"', "weight must be one of"),
        ('weight = "strong"', 'weight = { chip = "strong" }', "not claimed"),
        ('where = "rtsp.header.server"', 'where = "rtps.header.server"', "unknown place 'rtps.header.server'"),
        ('where = "rtsp.header.server"', 'where = "rtsp.header."', "unknown place"),
        ('where = "rtsp.header.server"', "where = []", "where must be"),
        ('kind = "camera"', 'kind = "cam"', "kind 'cam' is not one of"),
        ('kind = "camera"', 'is_camera = "yes"', "is_camera must be"),
        ('kind = "camera"', 'sort = "camera"', "unknown claim 'sort'"),
        ('source = "made up for the tests"', 'source = ""', "source must be a text"),
        ('rejects = ["NotAcmeCam RTSP/2.1.0 (AC-200)"]', "rejects = []", "at least one reject"),
        ('path = "/acme/info"', 'path = "acme"', "path must start with"),
        ('path = "/acme/info"', "port = 70000", "port must be a number"),
        ('where = ["http.realm", "rtsp.realm"]', 'where = "rtsp.realm"\npath = "/"', "http.* places only"),
        ("snmp_enterprises = [39165]", "snmp_enterprises = [true]", "snmp_enterprises"),
        ("mac_cameras_only = true", 'mac_cameras_only = "yes"', "mac_cameras_only"),
        ('spellings = ["ACME", "Acme Security Co., Ltd."]', "spellings = [1]", "spellings must be a list"),
        ("[[fingerprint]]", "[[fingerprints]]", "unknown key 'fingerprints'"),
        ('firmware = "2.1.0", model', 'version = "2.1.0", model', "unknown key 'version'"),
        ("[maker]", "[maker", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_file(old: str, new: str, said: str) -> None:
    assert old in ACME
    with pytest.raises(DataError) as caught:
        parse_file("acme.toml", ACME.replace(old, new, 1).encode())
    told = str(caught.value)
    assert told.startswith("acme.toml:")
    if "[maker]" not in told and "toml: " not in told:
        assert ACME.splitlines()[int(told.split(":")[1]) - 1] == "[[fingerprint]]"
    assert said in str(caught.value)


@pytest.mark.parametrize("key", ["id", "where", "pattern", "claims", "weight", "source", "examples"])
def test_a_missing_key_is_named_with_its_rule(key: str) -> None:
    block = ACME.split("[[fingerprint]]")[1]
    kept = "\n".join(line for line in block.splitlines() if not line.startswith(f"{key} ="))
    with pytest.raises(DataError, match=f"{key!r} is missing"):
        parse_file("acme.toml", ("[[fingerprint]]" + kept).encode())


def test_a_favicon_rule_needs_no_reject() -> None:
    text = """
[[fingerprint]]
id = "icon"
where = "favicon.mmh3"
pattern = '^-123$'
claims = { is_camera = "true" }
weight = "medium"
source = "made up"
examples = [ { text = "-123" } ]
"""
    assert parse_file("icons.toml", text.encode()).fingerprints[0].rejects == ()


def test_an_id_used_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'generic-onvif-manufacturer' is already used in a\.toml"):
        write_rules(tmp_path, a=GENERIC, b=GENERIC)


def test_the_digest_is_of_the_contents_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir()
    second.mkdir()
    one = write_rules(first, a=ACME, b=GENERIC)
    assert one.digest == write_rules(second, x=GENERIC, y=ACME).digest
    assert one.digest != write_rules(second, x=GENERIC, y=ACME + "\n").digest


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no fingerprint files"):
        load_fingerprints(tmp_path)


def test_a_file_that_is_not_there_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.toml"):
        load_files([tmp_path / "absent.toml"])


def test_a_folder_is_read_with_its_makers(tmp_path: Path) -> None:
    (tmp_path / "makers").mkdir()
    (tmp_path / "generic.toml").write_text(GENERIC)
    (tmp_path / "makers" / "acme.toml").write_text(ACME)
    assert [file.name for file in load_fingerprints(tmp_path).files] == ["", "Acme"]


def test_three_thousand_rules_are_read_from_the_cache_the_second_time(tmp_path: Path) -> None:
    paths = []
    for number in range(300):
        path = tmp_path / f"m{number}.toml"
        path.write_text("".join(_many(number)))
        paths.append(path)
    cache = tmp_path / "cache"
    first = load_files(paths, cache)
    (kept,) = cache.glob("*.msgpack")
    made = kept.stat().st_mtime_ns
    second = load_files(paths, cache)
    assert kept.stat().st_mtime_ns == made  # read, and not made again
    assert second.files == first.files
    assert len(second.fingerprints) == 3000


def _many(number: int) -> list[str]:
    block = FILES["generic.toml"].split("[[fingerprint]]")[2]
    return ["[[fingerprint]]" + block.replace("generic-nvt", f"rule-{number}-{each}") for each in range(10)]
