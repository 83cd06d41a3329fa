"""How the network behaves under this sweep: how long an answer takes, and how many packets get lost.

Measured on what is sent anyway. A TCP handshake or refusal is answered by the device's kernel, so the time to it is
the way there and back; one that comes only after the first repeated SYN (1 s, RFC 6298 section 2) lost a packet.
"""

from __future__ import annotations

from collections import deque

import msgspec

FIRST_REPEAT_S = 1.0
_CLOSE = 0.97  # of it: clocks differ
_KEPT = 400  # answers; the last ones count
_MOST_RTT = 1.0
_SEEN_TWICE = 2


class Conditions(msgspec.Struct, frozen=True):
    """`rtt`: seconds within which nearly all answers come (0.0: unknown). `loss`: fraction of questions lost with their
    first answer. `lossy`: whether enough was lost to ask again where nothing was heard.
    """

    rtt: float = 0.0
    loss: float = 0.0
    lossy: bool = False


class Weather:
    """Collects the measurements."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=_KEPT)
        self._lost: deque[bool] = deque(maxlen=_KEPT)

    def answered(self, seconds: float) -> None:
        """A connection was made or refused after `seconds`."""
        repeated = seconds > FIRST_REPEAT_S * _CLOSE
        self._lost.append(repeated)
        if not repeated:
            self._seconds.append(seconds)

    def missed(self, answered: int, lost: int) -> None:
        """Of devices asked, `answered` did at the first question and `lost` only when it was repeated."""
        self._lost.extend([False] * min(answered, _KEPT))
        self._lost.extend([True] * min(lost, _KEPT))

    def now(self) -> Conditions:
        """The sum so far."""
        lost = sum(self._lost)
        fraction = lost / len(self._lost) if self._lost else 0.0
        usual = sorted(self._seconds)
        rtt = usual[int(len(usual) * 0.95)] if usual else 0.0
        return Conditions(min(rtt, _MOST_RTT), fraction, lost >= _SEEN_TWICE)
