"""What every importer is: it says whether a file is its own, and turns it into evidence. Not one packet is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from scanner.models import Evidence, EvidenceProblem

HEAD_BYTES = 64 * 1024


class Format(Protocol):
    """One kind of file that others write.

    `name` is what a user types (`nmap-xml`), `title` what a person reads. Every evidence of `read` carries a field
    `via` with the name of the format, and `seen_at` (RFC 3339) where the source says when.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    def recognises(self, head: bytes, name: str) -> bool:
        """Whether a file that starts with `head` (at most HEAD_BYTES) and is called `name` is of this format.

        Only a sure yes is a yes: the first format that recognises a file reads it.
        """
        ...

    def read(self, stream: BinaryIO) -> Iterator[Evidence | EvidenceProblem]:
        """What the file says, in its order, in bounded memory (`stream` need not seek).

        Never raises for what the file holds: a part that can't be read is an EvidenceProblem with the number of its
        line or record, and the rest is still read. OSError of the stream itself passes through.
        """
        ...
