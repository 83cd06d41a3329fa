"""Make a device's words safe: decode any bytes, strip what could act on a terminal, a page or a spreadsheet."""

from __future__ import annotations

import ipaddress
import unicodedata

_ESC = "\x1b"
_CSI = "\x9b"
_ESCAPE_WINDOW = 512
_LIKELY_CUT = 1024
_STRING_INTRODUCERS = "]PX^_"
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf"})
_UNKNOWN_CATEGORIES = frozenset({"Cn", "Co", "Cs"})
_FORMULA_STARTS = "=+-@\t\r\n|＝＋－＠"
_OCTETS = frozenset(map(str, range(256)))
_HEX = frozenset("0123456789abcdef")

# Declared name → codec. Only stateless, table-driven text codecs; GB 2312 pages really use its superset.
_CODECS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "cp949": "cp949",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "cp932": "cp932",
    "windows31j": "cp932",
    "eucjp": "euc_jp",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "utf16": "utf_16",
    "utf16le": "utf_16_le",
    "utf16be": "utf_16_be",
    "tis620": "cp874",
    **{f"iso8859{n}": f"iso8859_{n}" for n in (*range(1, 12), *range(13, 17))},
    **{f"{name}{n}": f"cp{n}" for n in (874, *range(1250, 1259)) for name in ("windows", "cp")},
}


def clean(value: str, limit: int = 256) -> str:
    """One line of plain text: no control characters, ANSI escapes, bidi or zero-width marks; white space folded.

    What no font can show (unassigned, private, half a pair) becomes U+FFFD. At most `limit` characters, the last
    of them "…" where it was cut. Linear in the part that is looked at (at most sixteen times `limit`).
    """
    if value.isascii() and value.isprintable() and len(value) <= limit:  # most: only white space is left to fold
        return " ".join(value.split())
    window = max(limit * 16, 4096)
    longer = len(value) > window
    value = value[:window]
    if not value.isprintable():
        value = _strip(value)
    if not value.isascii():
        value = value.translate(_INVISIBLE_TABLE)
    value = " ".join(value.split())
    if len(value) > limit:
        return value[: max(limit - 1, 0)].rstrip() + "…"
    return value + "…" if longer and len(value) < limit else value


def _strip(value: str) -> str:
    kept: list[str] = []
    position = 0
    while position < len(value):
        character = value[position]
        if character in (_ESC, _CSI):
            position = _after_escape(value, position)
            continue
        position += 1
        if character.isspace():
            kept.append(" ")
        elif (category := unicodedata.category(character)) not in _DROPPED_CATEGORIES:
            kept.append("\ufffd" if category in _UNKNOWN_CATEGORIES else character)
    return "".join(kept)


def _after_escape(value: str, start: int) -> int:
    """The index after the escape sequence at `start` (ECMA-48 §5.4, §8.3); only the introducer if it has no end."""
    introducer = "[" if value[start] == _CSI else value[start + 1 : start + 2]
    body = start + (1 if value[start] == _CSI else 2)
    window = value[body : body + _ESCAPE_WINDOW]
    if introducer == "[" or "!" <= introducer <= "/":
        last_middle, first_final = ("?", "@") if introducer == "[" else ("/", "0")
        for offset, character in enumerate(window):
            if first_final <= character <= "~":
                return body + offset + 1
            if not " " <= character <= last_middle:
                break
        return body
    if introducer and introducer in _STRING_INTRODUCERS:
        ends = [at + len(end) for end in ("\x07", "\x1b\\", "\x9c") if (at := window.find(end)) >= 0]
        return body + min(ends, default=0)
    return min(body, len(value)) if introducer.isprintable() else start + 1


def decode(data: bytes, charset: str | None = None) -> str:
    """Text of `data`: UTF-8 (or UTF-16 by its mark), else the declared charset where it is known, else Latin-1.

    Never raises. A character that was cut at the very end is dropped rather than spoiling the rest.
    """
    if data.isascii():  # nearly all of it is
        return data.decode("ascii")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") and len(data) >= 4:
        marked = _try_decode(data, "utf_16")
        if marked is not None:
            return marked
    text = _try_decode(data, "utf_8_sig")
    if text is None and charset is not None:
        codec = _CODECS.get("".join(c for c in charset[:40].lower() if c.isascii() and c.isalnum()))
        text = _try_decode(data, codec) if codec else None
    return data.decode("latin-1") if text is None else text


def _try_decode(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        if error.start < max(len(data) - 3, 1):
            return None
        head = data[: error.start]
        # A short Latin-1 word may end in such a byte too: only where something speaks for the codec.
        if head.isascii() and len(data) < _LIKELY_CUT:
            return None
        try:
            return head.decode(codec)
        except UnicodeDecodeError:
            return None


def is_ip(text: str) -> bool:
    """Whether `text` is an IPv4 or IPv6 address (a zone index may follow)."""
    parts = text.split(".", 4)
    if len(parts) == 4 and _OCTETS.issuperset(parts):
        return True
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def sort_key(host: str) -> tuple[int, int, str]:
    """Orders hosts: IPv4 by number, then IPv6 by number, then names by their letters."""
    parts = host.split(".", 4)
    if len(parts) == 4 and _OCTETS.issuperset(parts):  # most, and much faster
        return (0, int.from_bytes(bytes(map(int, parts)), "big"), "")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return (2, 0, host)
    return (0 if address.version == 4 else 1, int(address), host)


def csv_safe(value: object) -> str:
    """The cell text of `value`: an apostrophe goes before what a spreadsheet would run as a formula.

    Plain numbers stay as they are; None is an empty cell. Source: OWASP, CSV Injection.
    """
    if value is None:
        return ""
    text = str(value)
    start = text.lstrip(" \u00a0")[:1]
    if not start or start not in _FORMULA_STARTS or _is_number(text):
        return text
    return "'" + text


def _is_number(text: str) -> bool:
    digits = text[1:] if text[:1] in ("-", "+") else text
    whole, _, fraction = digits.partition(".")
    return digits.isascii() and whole.isdigit() and (not fraction or fraction.isdigit())


def normalise_mac(text: str) -> str | None:
    """`aa:bb:cc:dd:ee:ff` from the usual spellings; None for no MAC, a group address (broadcast too) or all zeros."""
    text = text.strip().lower()
    if len(text) > 32:
        return None
    if ":" in text or "-" in text:
        parts = text.replace("-", ":").split(":")
        if len(parts) != 6 or not all(1 <= len(part) <= 2 for part in parts):
            return None
        digits = "".join(part.zfill(2) for part in parts)
    else:
        digits = text.replace(".", "").replace(" ", "")
    if len(digits) != 12 or not set(digits) <= _HEX:
        return None
    if int(digits[:2], 16) & 1 or not int(digits, 16):
        return None
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


_INVISIBLE_TABLE = dict.fromkeys(map(ord, _INVISIBLE))
