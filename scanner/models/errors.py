"""The one exception tree.

    CamcensusError              anything we raise on purpose
    ├── UsageError              the user asked for what can't be done (exit code 2)
    │   └── TargetError         a target that is no address, range, network, name or file
    ├── DataError               a fingerprint, registry, policy or evidence file that is not valid (exit code 2)
    ├── LogError                the evidence log can't be written: what can't be recorded must not go on (exit code 4)
    └── OutOfScope              something asked to send to an address outside the scope; nothing was sent

Foreign errors (`OSError`, `ssl.SSLError`, `httpx.HTTPError`, …) are turned into an `Outcome` or one
of these where they enter, and travel no further.
"""

from __future__ import annotations


class CamcensusError(Exception):
    """Root of the tree; the message is one a user can act on."""


class UsageError(CamcensusError):
    """Wrong use or configuration: the message says what to change."""


class TargetError(UsageError):
    """A target that could not be read."""


class DataError(CamcensusError):
    """A data file that is not valid; the message names file and place."""


class LogError(CamcensusError):
    """The evidence log can't be written (disk full, gone): the sweep stops."""


class OutOfScope(CamcensusError):  # noqa: N818 - says what happened, like KeyError's kin in the standard library
    """An address outside the scope was asked for; not one packet left for it."""
