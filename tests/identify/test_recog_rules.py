"""What becomes of Recog's entries among our rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.identify.engine import identify
from scanner.identify.recog import read_folder
from scanner.identify.recog_rules import Imported, imported, load_imported
from scanner.identify.rule_check import known_place
from scanner.identify.rule_sets import load_rules
from scanner.identify.rules import RuleSet
from scanner.models import Device, Evidence, Weight
from tests.identify.recog_samples import database, entry, write_samples
from tests.identify.support import rtsp, said, small_rules, title


def made(tmp_path: Path, key: str, *entries: str) -> Imported:
    return imported(read_folder(write_samples(tmp_path, zz_made_up=database(key, *entries))))


def claims(tmp_path: Path, pattern: str, params: str, attributes: str = "") -> dict[str, tuple[str, Weight]]:
    found = made(tmp_path, "html_title", entry(pattern, params, attributes=attributes))
    rule = found.rules.fingerprints[-1]
    return {field: (value, rule.weights[field]) for field, value in rule.claims.items()}


def judge(rules: RuleSet, *evidence: Evidence) -> Device:
    return identify(evidence, RuleSet((*small_rules().files, *rules.files), "both"))


def test_a_camera_of_recogs(tmp_path: Path) -> None:
    rules = imported(read_folder(write_samples(tmp_path))).rules
    device = judge(rules, said("dhcp", vendor_class="AXIS,Network Camera,P3343,5.20.3"))
    assert (device.kind, device.is_camera, device.model, device.firmware) == ("camera", True, "P3343", "5.20.3")
    assert device.brand == "AXIS"
    assert device.maker is None  # Recog's vendor is a label, and the small rules know no such maker
    claim = device.claims[0]
    assert claim.fingerprint == "recog-dhcp_vendor_class-2"
    assert claim.weight is Weight.MEDIUM


def test_a_vendor_is_a_maker_only_where_ours_says_so(tmp_path: Path) -> None:
    key = entry("^The one of (Acme|Labelco)$", "hw.vendor=#1;hw.device=IP Camera")
    rules = made(tmp_path, "html_title", key).rules
    acme, label = judge(rules, title("The one of Acme")), judge(rules, title("The one of Labelco"))
    assert (acme.brand, acme.maker) == ("Acme", "Acme")
    assert acme.confidence < 0.9
    assert (label.brand, label.maker) == ("Labelco", None)


def test_our_rules_and_recogs_are_weighed_together(tmp_path: Path) -> None:
    rules = made(tmp_path, "rtsp_header.server", entry("^AcmeCam", "hw.vendor=Bolt;hw.device=IP Camera")).rules
    device = judge(rules, rtsp("AcmeCam RTSP/2.1.0 (AC-200)"))
    assert (device.maker, device.brand) == ("Acme", "Bolt")


def test_the_first_of_a_file_answers_and_other_files_too(tmp_path: Path) -> None:
    first, second = entry("^Thing", "hw.product=First"), entry("^Thing X$", "hw.product=Second")
    folder = write_samples(tmp_path, a=database("html_title", first, second), b=database("html_title", second))
    device = judge(imported(read_folder(folder)).rules, title("Thing X"))
    assert sorted(claim.value for claim in device.claims) == ["First", "Second"]


def test_an_entry_that_says_nothing_keeps_the_next_from_answering(tmp_path: Path) -> None:
    rules = made(tmp_path, "html_title", entry("^Thing"), entry("^Thing X$", "hw.product=Second")).rules
    assert judge(rules, title("Thing X")).claims == ()


@pytest.mark.parametrize(
    "word", ["Network Camera", "IP Camera", "DVR", "login", "nginx", "H264"], ids=lambda word: word.replace(" ", "-")
)
def test_a_generic_word_makes_no_name(tmp_path: Path, word: str) -> None:
    found = claims(tmp_path, f"^{word}$", "hw.vendor=Acme;hw.device=IP Camera")
    assert found == {"kind": ("camera", Weight.MEDIUM)}


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ("hw.device=IP Camera", {"kind": "camera"}),
        ("os.device=Web cam", {"kind": "camera"}),
        ("hw.device=Video Encoder", {"kind": "encoder"}),
        ("hw.device=DVR", {"kind": "dvr"}),
        ("os.device=Printer", {"kind": "other", "product": "printer"}),
        ("hw.device=WAP;hw.vendor=Foo", {"kind": "other", "product": "access point", "brand": "Foo"}),
        ("os.device=General;os.vendor=Foo", {}),
        (
            "os.vendor=Foo;os.product=Bar;os.device=Router",
            {"kind": "other", "product": "router", "brand": "Foo", "model": "Bar"},
        ),
        ("os.vendor=Debian;os.device=Router", {"kind": "other", "product": "router"}),
        ("os.vendor=Foo;os.product=Bar", {}),
        ("service.vendor=Foo;service.product=Bar;service.version=1", {}),
        ("hw.vendor=Foo;os.family=Linux;os.version=4.9", {"brand": "Foo"}),
        ("hw.vendor=Foo;os.product=FooOS;os.version=4.9", {"brand": "Foo", "firmware": "4.9"}),
        ("hw.vendor=Foo;hw.product=A;hw.model=B", {"brand": "Foo", "model": "B"}),
        ("hw.vendor=Foo;hw.product=A {hw.version}", {"brand": "Foo"}),
        ("host.mac=#1;host.name=#1;hw.serial_number=#1", {"mac": "$1", "name": "$1", "serial": "$1"}),
        ("hw.vendor=Unknown", {}),
        ("hw.vendor=IPCAM", {}),
    ],
)  # fmt: skip
def test_params_as_claims(tmp_path: Path, params: str, expected: dict[str, str]) -> None:
    found = claims(tmp_path, r"^thing (\S+)$", params)
    assert {field: value for field, (value, _) in found.items()} == expected


@pytest.mark.parametrize(
    ("pattern", "attributes", "weight"),
    [
        ("^thing x$", "", Weight.MEDIUM),
        (r"\Athing x", "", Weight.MEDIUM),
        ("thing x", "", Weight.WEAK),
        ("^thing x$", 'certainty="0.5"', Weight.WEAK),
    ],
)
def test_a_loose_pattern_is_weak(tmp_path: Path, pattern: str, attributes: str, weight: Weight) -> None:
    assert claims(tmp_path, pattern, "hw.vendor=Foo", attributes) == {"brand": ("Foo", weight)}


def test_a_dvr_of_recogs_may_stand_in_a_living_room(tmp_path: Path) -> None:
    assert claims(tmp_path, "^TV box$", "hw.device=DVR") == {"kind": ("dvr", Weight.WEAK)}


@pytest.mark.parametrize(
    ("key", "evidence"),
    [
        ("ssh.banner", said("banner", port=22, text="SSH-2.0-FooSSH_1.2")),
        ("ssh.banner", said("banner", port=22, text="FooSSH_1.2")),
        ("ftp.banner", said("banner", port=21, text="220 FooSSH_1.2 ready")),
        ("sip_header.server", said("banner", port=5060, text="SIP/2.0 200 OK\r\nServer: FooSSH_1.2\r\n")),
        ("sip_header.user_agent", said("banner", port=5060, text="FooSSH_1.2")),
        ("http_header.server", said("http", headers=[["Server", "FooSSH_1.2"]])),
        ("http_header.cookie", said("http", headers=[["Set-Cookie", "FooSSH_1.2=1; path=/"]])),
        ("http_header.x-foo", said("http", headers=[["X-Foo", "FooSSH_1.2"]])),
        ("snmp.sys_description", said("snmp", oids={"1.3.6.1.2.1.1.1.0": "FooSSH_1.2"})),
        ("hp_pjl_id", said("banner", port=9100, text="FooSSH_1.2")),
        ("mdns.device-info.txt", said("mdns", service="_device-info._tcp.local.", txt={"FooSSH_1.2": "x"})),
        ("x509.subject", said("tls", subject="FooSSH_1.2,O=Foo")),
    ],
)
def test_each_key_has_its_place(tmp_path: Path, key: str, evidence: Evidence) -> None:
    rules = made(tmp_path, key, entry(r"^FooSSH_(\d)", "hw.vendor=Foo;hw.model=#1")).rules
    assert {(claim.field, claim.value) for claim in judge(rules, evidence).claims} >= {("brand", "Foo"), ("model", "1")}


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    folder = write_samples(
        tmp_path,
        zz_odd=database("html_title", entry("a(?=b)", "hw.vendor=Foo")),
        zz_other=database("mysql.error", entry("a"), entry("b")),
    )
    found = imported(read_folder(folder))
    assert [each.partition(": ")[0] for each in found.faults] == ["zz_odd.xml:1"]
    assert found.unmapped == {"mysql.error": 2}
    assert all(known_place(place) for rule in found.rules.fingerprints for place in rule.where)


def test_a_folder_is_kept_under_its_content(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    folder = write_samples(tmp_path)
    first = load_imported(folder, cache)
    assert load_imported(folder, cache).rules.files == first.rules.files
    assert len(list(cache.iterdir())) == 1
    (folder / "rtsp_servers.xml").write_text(database("rtsp_header.server", entry("^x$", "hw.vendor=Foo")))
    again = load_imported(folder, cache)
    assert again.rules.digest != first.rules.digest
    assert len(again.rules.fingerprints) == len(first.rules.fingerprints) - 2


def test_the_digest_covers_recog(tmp_path: Path) -> None:
    plain, both = load_rules(), load_rules((), write_samples(tmp_path))
    assert plain.digest != both.digest
    assert len(both.fingerprints) == len(plain.fingerprints) + 8
