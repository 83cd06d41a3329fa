from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.intake.capture import Capture
from scanner.intake.pcap import MAX_PACKET, Packet, is_capture, packets
from scanner.models import Evidence, EvidenceProblem
from tests.intake.frames import MOMENT, block, conversation, pcap, pcapng

FRAMES = [b"first frame", b"second"]


def read(data: bytes) -> list[Packet | EvidenceProblem]:
    return list(packets(io.BytesIO(data)))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nano", [False, True])
def test_pcap_of_both_byte_orders_and_units(order: str, nano: bool) -> None:
    data = pcap(FRAMES, link=113, order=order, nano=nano)
    assert is_capture(data[:64])
    first, second = read(data)
    assert isinstance(first, Packet)
    assert (first.number, first.link, first.data) == (1, 113, FRAMES[0])
    assert first.seconds == pytest.approx(MOMENT + 5 / (10**9 if nano else 10**6), abs=1e-6)
    assert isinstance(second, Packet)
    assert second.data == FRAMES[1]


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcapng_of_both_byte_orders(order: str) -> None:
    data = pcapng(FRAMES, link=276, order=order)
    assert is_capture(data[:64])
    assert read(data) == [Packet(n, 276, float(MOMENT), frame) for n, frame in enumerate(FRAMES, 1)]


def test_sections_have_their_own_order_and_interfaces() -> None:
    found = read(pcapng(FRAMES[:1], link=1, order="<") + pcapng(FRAMES[1:], link=113, order=">"))
    assert [(p.number, p.link) for p in found if isinstance(p, Packet)] == [(1, 1), (2, 113)]


def test_simple_and_unknown_blocks() -> None:
    simple = block(3, struct.pack("<I", 6) + b"second")
    unknown = block(0x0BAD, b"what is this")
    assert read(pcapng([]) + unknown + simple) == [Packet(1, 1, None, b"second")]


@pytest.mark.parametrize("make", [pcap, pcapng])
def test_a_cut_file_is_read_as_far_as_it_goes(make: type) -> None:
    data: bytes = make([b"first frame", b"second frame", b"third frame"])
    for size in range(len(data) - 1, 24, -1):
        found = read(data[:size])
        whole = [p.data for p in found if isinstance(p, Packet)]
        assert all(part in (b"first frame", b"second frame") for part in whole[:2] if len(part) > 11)
        assert len([p for p in found if isinstance(p, EvidenceProblem)]) <= 1
    assert isinstance(read(data[:-1])[-1], EvidenceProblem)
    assert read(data[:-1])[:2] == read(data)[:2]


def test_lengths_that_lie_end_the_reading_and_are_said() -> None:
    huge = struct.pack("<IIII", MOMENT, 0, MAX_PACKET + 1, 0)
    assert read(pcap([]) + huge) == [EvidenceProblem(1, f"a packet of {MAX_PACKET + 1} bytes: the rest can't be read")]
    lying = struct.pack("<II", 6, 0xFFFFFFF0)
    assert "can't be read" in str(read(pcapng([]) + lying))
    assert "not described" in str(read(pcapng([])[:28] + block(6, b"\0" * 20)))


def test_what_is_no_capture() -> None:
    assert read(b"") == [EvidenceProblem(1, "neither pcap nor pcapng")]
    assert not is_capture(b"\x0a\x0d\x0d\x0a but text")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_bytes_make_it_raise(data: st.DataObject) -> None:
    talk = conversation(80, [(False, b"GET / HTTP/1.1\r\n\r\n"), (True, b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nhi")])
    raw = bytearray(data.draw(st.sampled_from([pcap(talk), pcapng(talk), pcap(talk, link=101), pcap(talk, link=0)])))
    for _ in range(data.draw(st.integers(0, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    for found in Capture().read(io.BytesIO(bytes(raw[:cut]))):
        assert isinstance(found, Evidence | EvidenceProblem)
