from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from scanner.intake import FORMATS, assemble, find_format, format_by_name
from scanner.models import Evidence, EvidenceProblem, UsageError


class Named:
    title = "a test's format"

    def __init__(self, name: str, mark: bytes) -> None:
        self.name = name
        self._mark = mark

    def recognises(self, head: bytes, name: str) -> bool:
        return head.startswith(self._mark)

    def read(self, stream: BinaryIO) -> Iterator[Evidence | EvidenceProblem]:
        yield EvidenceProblem(1, stream.read().decode())


def test_two_formats_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        assemble((Named("twice", b"a"),), (Named("twice", b"b"),))


def test_the_first_that_recognises_a_file_reads_it() -> None:
    formats = assemble((Named("one", b"a"), Named("two", b"ab")), (Named("three", b"c"),))
    assert find_format(b"abc", "file", formats) is formats[0]
    assert find_format(b"cab", "file", formats) is formats[2]
    assert find_format(b"x", "file", formats) is None


def test_a_mistyped_format_is_answered_with_the_nearest() -> None:
    formats = assemble((Named("nmap-xml", b"a"), Named("pcap", b"b")))
    assert format_by_name(" PCAP ", formats) is formats[1]
    with pytest.raises(UsageError, match="did you mean nmap-xml"):
        format_by_name("nmapxml", formats)
    with pytest.raises(UsageError, match="known: nmap-xml, pcap"):
        format_by_name("qqq", formats)


def test_every_format_says_what_it_is() -> None:
    assert FORMATS
    for each in FORMATS:
        assert each.name == each.name.lower().strip()
        assert each.title
        assert format_by_name(each.name) is each
        assert not each.recognises(b"", "")


def test_knowing_the_formats_loads_nothing_heavy() -> None:
    code = "import scanner.intake, sys\nprint(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"scapy", "zeroconf", "lxml", "cryptography", "httpx", "pysnmp"} & set(done.stdout.split())
