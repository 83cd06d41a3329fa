"""The ledger's sums."""

from __future__ import annotations

import pytest

from scanner.net.ledger import MAX_NOTES, Ledger, ack_packets, datagram_packets, write_packets


@pytest.mark.parametrize(
    ("size", "write", "ack", "datagram"),
    [(0, 0, 0, 1), (1, 1, 1, 1), (1400, 1, 1, 1), (1401, 2, 1, 1), (2800, 2, 1, 2), (2801, 3, 2, 2)],
)
def test_estimates(size: int, write: int, ack: int, datagram: int) -> None:
    assert (write_packets(size), ack_packets(size), datagram_packets(size)) == (write, ack, datagram)


def test_sums_by_host_and_in_total() -> None:
    ledger = Ledger()
    assert ledger.busiest() is None
    assert ledger.peak == 0
    ledger.count("a", packets=3, sent=10)
    ledger.count("b", packets=5, received=7)
    ledger.count(None, packets=100, sent=1)
    assert (ledger.packets, ledger.sent, ledger.received) == (108, 11, 7)
    assert ledger.busiest() == ("b", 5)


def test_an_attempt_that_fails_is_no_longer_open() -> None:
    ledger = Ledger()
    with ledger.attempt("a"):
        pass
    with pytest.raises(KeyError), ledger.attempt("a"):
        raise KeyError
    tally = ledger.tally("a")
    assert (tally.connections, tally.open, tally.peak, ledger.connections) == (2, 1, 2, 2)


def test_notes_are_kept_once_short_and_few() -> None:
    ledger = Ledger()
    for number in range(MAX_NOTES + 5):
        ledger.note_outside("a", f"http://203.0.113.1/{number}")
        ledger.note_outside("a", f"http://203.0.113.1/{number}")
        ledger.refuse(f"h{number}")
        ledger.refuse("h0")
    assert len(ledger.outside) == MAX_NOTES
    assert len(ledger.refused) == MAX_NOTES
    assert ledger.refused["h0"] == MAX_NOTES + 6
    other = Ledger()
    other.note_outside("a", "x" * 9999)
    assert len(other.outside[0][1]) == 200
