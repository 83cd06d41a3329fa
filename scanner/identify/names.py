"""Spellings to canonical names: "HIKVISION", "Hangzhou Hikvision Digital Technology Co.,Ltd." → "Hikvision"."""

from __future__ import annotations

from functools import lru_cache

import re2  # type: ignore[import-untyped]

from scanner.identify.rules import MakerFile, RuleSet

_SUFFIXES = frozenset(
    {"co", "ltd", "limited", "inc", "incorporated", "corp", "corporation", "company", "gmbh", "ag", "kg", "ab", "as",
     "oy", "sa", "srl", "spa", "bv", "nv", "plc", "llc", "lp", "pte", "pty", "kk", "sdn", "bhd"}
)  # fmt: skip
_MAX_NAME = 200
GENERIC = frozenset(
    {"ipc", "ipcam", "ipcamera", "ipcameras", "networkcamera", "camera", "onvif", "h264", "h265", "nvr", "dvr", "xvr",
     "general", "generic", "unknown", "none", "null", "default", "manufacturer", "device", "private", "test", "oem",
     "networkvideorecorder", "digitalvideorecorder", "networkvideotransmitter", "ipdevice", "onvifdevice", "root", "na",
     "customer", "neutral", "onvifipnc"}
)  # fmt: skip
"""Folded words that stand in manufacturer and brand fields and name nobody."""
_GOES_ON = re2.compile(
    r"(?i)[ ,_-]+(?:ftp (?:server|service)\b.*|(?:(?:ip|network|internet|dome|bullet|ptz) ?)+camera\b.*"
    r"|login:?|ready\.?)$"
)


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """`name` without case, punctuation, spaces and company suffixes; never empty where a letter or digit was."""
    lowered = name[:_MAX_NAME].casefold()
    words = "".join(character if character.isalnum() else " " for character in lowered).split()
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return "".join(words)


class Names:
    """The known names of one rule set, and the tables that its claims are judged with."""

    def __init__(self, rules: RuleSet) -> None:
        self.calibration = rules.calibration
        self.capabilities = rules.capabilities
        self._by_spelling: dict[str, MakerFile] = {}
        self._by_registrant: dict[str, MakerFile] = {}
        self._by_enterprise: dict[int, MakerFile] = {}
        named = [file for file in rules.files if file.name]
        for file in named:
            self._by_spelling.setdefault(fold(file.name), file)
        for file in named:
            for spelling in file.spellings:
                self._by_spelling.setdefault(fold(spelling), file)
            for registrant in file.mac_registrants:
                self._by_registrant.setdefault(fold(registrant), file)
            for number in file.snmp_enterprises:
                self._by_enterprise.setdefault(number, file)

    def find(self, name: str) -> MakerFile | None:
        """The file that knows this spelling."""
        return self._by_spelling.get(fold(name))

    def canonical(self, name: str) -> str | None:
        """The canonical name for a spelling, or None where no file knows it."""
        found = self.find(name)
        return found.name if found else None

    def without(self, model: str, maker: str | None) -> str:
        """`model` without the maker's own name in front of it ("AXIS M5525-E" → "M5525-E"), and without the words for a
        kind of thing or a service that its line goes on with ("M5525-E Network Camera", "M5525-E FTP server ready").
        """
        found = _GOES_ON.search(model)
        before = model[: found.start()] if found else ""
        model = before if any(character.isdigit() for character in before) else model
        first, _, rest = model.partition(" ")
        return rest.strip() if maker and rest.strip() and self.canonical(first) == maker else model

    def registrant(self, organisation: str) -> MakerFile | None:
        """The file of an IEEE registrant."""
        return self._by_registrant.get(fold(organisation))

    def enterprise(self, number: int) -> MakerFile | None:
        """The file of an IANA private enterprise number."""
        return self._by_enterprise.get(number)
