"""What a device announces that it can do, in words, and what no network can tell of it."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.models import Capability, Device

HEADINGS = {
    "announced": "Announces before any login",
    "observed": "Met on the network",
    "port-open": "Port open, nothing more known",
}
LIMIT = (
    "What is not announced is not absent: a function that is built in but switched off, or that is told only after a "
    "login, cannot be seen from the network."
)


def ability_groups(device: Device) -> Iterator[tuple[str, list[Capability]]]:
    """(heading, capabilities) by what they rest on; a basis without any is left out."""
    for basis, heading in HEADINGS.items():
        found = [each for each in device.capabilities if each.basis == basis]
        if found:
            yield heading, found


def ability_text(capability: Capability) -> str:
    """The capability with its caution and its claims: "audio from a microphone … (c7). …"."""
    rests = f" ({', '.join(capability.because)})" if capability.because else ""
    return f"{capability.says}{rests}" + (f". {capability.note}" if capability.note else "")
