"""The ears: their filter, run by an interpreter of the kernel's instructions, and refusals that say why."""

from __future__ import annotations

import asyncio
import struct

import pytest

from scanner.models import Outcome
from scanner.net.api import Interface, NetError
from scanner.net.ears import MAX_PORTS, Instruction, filter_program, open_ears

PORTS = (67, 1900, 3702, 5353)
MAC = bytes.fromhex("0200000000010200000000ff")


def run(program: list[Instruction], frame: bytes) -> bool:
    """Whether the filter lets `frame` pass (networking/filter.rst); a load beyond the frame's end drops it."""
    a = x = at = 0
    while True:
        code, true, false, k = program[at]
        at += 1
        try:
            if code == 0x28:
                a = struct.unpack_from("!H", frame, k)[0]
            elif code == 0x48:
                a = struct.unpack_from("!H", frame, x + k)[0]
            elif code == 0x30:
                a = frame[k]
            elif code == 0xB1:
                x = 4 * (frame[k] & 0x0F)
            elif code == 0x05:
                at += k
            elif code == 0x06:
                return k > 0
            else:
                holds = {0x15: a == k, 0x25: a > k, 0x45: bool(a & k)}[code]
                at += true if holds else false
        except (struct.error, IndexError):
            return False


def ipv4(protocol: int, source: int, target: int, *, options: int = 0, offset: int = 0) -> bytes:
    header = bytes([0x45 + options, 0, 0, 40, 0, 1]) + struct.pack("!H", offset) + bytes([1, protocol, 0, 0])
    header += b"\xc6\x33\x64\x0a" + b"\xef\xff\xff\xfa" + b"\x01" * (4 * options)
    return MAC + b"\x08\x00" + header + struct.pack("!HHHH", source, target, 8, 0)


def ipv6(following: int, source: int = 0, target: int = 0) -> bytes:
    header = b"\x60\0\0\0" + struct.pack("!HBB", 8, following, 1) + b"\xfe\x80" + b"\0" * 30
    return MAC + b"\x86\xdd" + header + struct.pack("!HHHH", source, target, 8, 0)


@pytest.mark.parametrize(
    ("frame", "passes"),
    [
        (MAC + b"\x08\x06" + bytes(28), True),
        (MAC + b"\x88\xcc" + bytes(20), True),
        (MAC + b"\x00\x40" + b"\xaa\xaa\x03\x00\x00\x0c\x20\x00" + bytes(20), True),  # CDP in 802.3
        (MAC + b"\x88\xe5" + bytes(60), False),
        (ipv4(17, 5353, 5353), True),
        (ipv4(17, 40000, 1900), True),
        (ipv4(17, 3702, 40000), True),
        (ipv4(17, 3702, 40000, options=3), True),
        (ipv4(17, 50000, 50002), False),
        (ipv4(17, 50000, 50002, offset=185), True),  # the rest of a long answer
        (ipv4(17, 50000, 50002, offset=0x4000), False),  # "don't fragment" is no fragment
        (ipv4(6, 1900, 1900), False),
        (ipv6(17, 5353, 5353), True),
        (ipv6(17, 50000, 3702), True),
        (ipv6(17, 50000, 50002), False),
        (ipv6(58), True),
        (ipv6(44), True),
        (ipv6(6, 1900, 1900), False),
        (MAC, False),
        (b"", False),
        (MAC + b"\x08\x00", False),
    ],
)
def test_only_what_announces_passes_the_filter(frame: bytes, passes: bool) -> None:
    assert run(filter_program(PORTS), frame) is passes


def test_every_port_passes_of_as_many_as_are_allowed() -> None:
    ports = range(1000, 1000 + MAX_PORTS)
    program = filter_program(ports)
    assert all(0 <= true < 256 and 0 <= false < 256 for _, true, false, _ in program)
    for port in ports:
        assert run(program, ipv4(17, port, 9)), port
        assert run(program, ipv4(17, 9, port)), port
        assert run(program, ipv6(17, port, 9)), port
        assert run(program, ipv6(17, 9, port)), port
    assert not run(program, ipv4(17, 999, 1000 + MAX_PORTS))


def test_too_many_ports_are_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        filter_program(range(MAX_PORTS + 1))


def test_no_ears_where_there_is_no_interface() -> None:
    async def attempt() -> None:
        async with open_ears(Interface(name="nosuch0", index=999_999), PORTS):
            raise AssertionError

    with pytest.raises(NetError) as raised:
        asyncio.run(attempt())
    assert raised.value.outcome in (Outcome.UNREACHABLE, Outcome.NOT_PERMITTED)
