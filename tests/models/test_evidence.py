"""Contract 1 on the line: what is read, what is reported with its number, what is always written."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from scanner.models import Evidence, EvidenceProblem
from scanner.models.evidence import MAX_LINE_BYTES, capped_lines, read_lines

GOOD = b'{"host":"198.51.100.10","protocol":"zigzag","new":{"a":[1]}}\n'


class Counting(io.BytesIO):
    """Remembers the longest read."""

    longest = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self.longest = max(self.longest, len(line))
        return line


def test_an_endless_line_is_reported_and_never_lies_in_memory_whole() -> None:
    file = Counting(GOOD + b"A" * (3 * MAX_LINE_BYTES + 5) + b"\n" + GOOD)
    good, problem, again = read_lines(capped_lines(file))
    assert isinstance(problem, EvidenceProblem)
    assert problem.line == 2
    assert good == again == Evidence("198.51.100.10", "zigzag", {"new": {"a": [1]}})
    assert file.longest <= MAX_LINE_BYTES + 1


@pytest.mark.parametrize("size", [MAX_LINE_BYTES - 1, MAX_LINE_BYTES, MAX_LINE_BYTES + 1])
def test_a_line_about_as_long_as_may_be_keeps_the_count(size: int) -> None:
    found = list(read_lines(capped_lines(io.BytesIO(b"A" * size + b"\n" + b"[]\n" + GOOD))))
    assert [one.line for one in found if isinstance(one, EvidenceProblem)] == [1, 2]
    assert isinstance(found[2], Evidence)


def nested(depth: int) -> Any:
    value: Any = "\ud800"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("depth", [0, 10, 900, 100_000])
def test_any_fields_become_a_line(depth: int) -> None:
    line = Evidence("198.51.100.10", "dhip", {"port": 80, "json": nested(depth)}).to_line()
    read = json.loads(line)
    assert read["port"] == 80
    assert line.endswith(b"\n")


def test_what_a_device_calls_itself_over_mdns_is_kept_beside_its_address() -> None:
    said = Evidence("198.51.100.10", "mdns", {"name": "AC-200", "hostname": "ac-200.local."})
    assert list(read_lines([said.to_line()])) == [said]


@pytest.mark.parametrize(
    ("line", "hostname"),
    [
        ('{"protocol": "mdns", "host": "ac-200.local."}', "ac-200.local."),
        ('{"protocol": "mdns", "host": "AC-200.local", "hostname": "x.local."}', "x.local."),
        ('{"protocol": "mdns", "host": "198.51.100.10"}', None),
        ('{"protocol": "mdns", "host": "some-case"}', None),
        ('{"protocol": "http", "host": "ac-200.local."}', None),
    ],
)
def test_a_line_that_has_only_the_name_for_its_host(line: str, hostname: str | None) -> None:
    (read,) = read_lines([line.encode()])
    assert isinstance(read, Evidence)
    assert read.get("hostname") == hostname
