"""All table formats alike: whatever a file holds, reading ends, in order, without raising."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.intake import find_format
from scanner.intake.contract import Format
from scanner.intake.tables import TABLES
from scanner.models import Evidence, EvidenceProblem
from tests.intake.reading import FILES
from tests.intake.test_network_tables import ARP, SWITCHES
from tests.intake.test_rows import GENETEC, MILESTONE, UNIFI, WINDOWS
from tests.intake.test_snmpwalk import BRIDGE, NAMED

SAMPLES = [path.read_bytes()[:3000] for path in sorted(FILES.iterdir())] + [
    text.encode()
    for text in (*ARP.values(), *(sample[0] for sample in SWITCHES.values()), GENETEC, MILESTONE, UNIFI, WINDOWS,
                 BRIDGE, NAMED)
]  # fmt: skip
WORDS = [
    "198.51.100.1", "44:19:b6:00:00:01", "lease", "{", "}", "\n", " ", ",", ";", '"', "=", "STRING:", "ip", "mac",
    "DHCPACK(v0)", "dnsmasq-dhcp[1]:", ".1.3.6.1.2.1.17.4.3.1.2.1.2.3.4.5.6", "::", "model", "\\", "²", "٣",
    "9" * 20, "\x00", "\x1b[31m", "vlan", "Gi1/0/1", "/-", "9" * 5000, ".", "1.3.6.1.2.1.4.22.1.2.1.",
]  # fmt: skip
each_format = pytest.mark.parametrize("form", TABLES, ids=lambda form: form.name)


def check(form: Format, data: bytes) -> None:
    form.recognises(data, "any")
    for found in form.read(io.BytesIO(data)):
        assert isinstance(found, Evidence | EvidenceProblem)
        if isinstance(found, Evidence):
            assert found.host
            assert found.get("via") == form.name
            assert Evidence.from_object(found.to_object()) == found
            found.to_line()


@each_format
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=3000))
def test_any_bytes(form: Format, data: bytes) -> None:
    check(form, data)


@each_format
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_broken_samples(form: Format, data: st.DataObject) -> None:
    sample = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(sample) - 1))
        sample[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
        if not sample:
            break
    check(form, bytes(sample))


@each_format
@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(st.sampled_from(WORDS), max_size=60),
)
def test_words_in_any_order(form: Format, words: list[str]) -> None:
    check(form, "".join(words).encode())
    check(form, " ".join(words).encode("utf-16"))


@each_format
def test_one_endless_line_and_many_lines_stay_bounded(form: Format) -> None:
    check(form, b"198.51.100.1 " * 40_000)
    check(form, b'"' * 200_000 + b"\n" + b'ip,mac\n"' * 2000)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        *((text, "arp-table") for text in ARP.values()),
        *((sample[0], "mac-table") for sample in SWITCHES.values()),
        (GENETEC, "camera-list"), (MILESTONE, "camera-list"), (UNIFI, "controller-clients"), (WINDOWS, "windows-dhcp"),
        (BRIDGE, "snmpwalk"), (NAMED, "snmpwalk"), ((FILES / "dnsmasq.leases").read_text(), "dnsmasq-leases"),
    ],
)  # fmt: skip
def test_no_other_format_takes_a_table_first(data: str, name: str) -> None:
    found = find_format(data.encode(), "file")
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("name", ["photo.jpg", "letter.txt", "page.html"])
def test_other_files_are_not_taken(name: str) -> None:
    contents = {
        "photo.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 20,
        "letter.txt": b"Dear Sir,\nwe have cameras, and they are fine.\n",
        "page.html": b"<!doctype html><title>a, b</title><p>ip, mac</p>\n",
    }
    assert find_format(contents[name], name, TABLES) is None
