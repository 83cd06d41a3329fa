"""What a mistyped target was perhaps meant to be."""

from __future__ import annotations

from itertools import takewhile

from scanner.net.scope import canonical

_DIGITS = frozenset("0123456789")


def suggestion(text: str) -> str:
    """A half sentence that helps with a target that can't be read; "" when it may well be a host name."""
    if not text:
        return "it is empty"
    if text.startswith("-"):
        return "options come with a name, see --help"
    for look in (_url, _list, _slash, _range, _port, _wildcard, _octets):
        if hint := look(text):
            return hint
    return ""


def _meant(text: str) -> str:
    return f"did you mean {text}?"


def _url(text: str) -> str:
    if "://" not in text:
        return ""
    return f"a target is no URL; {_meant(text.partition('://')[2].partition('/')[0].rpartition('@')[2])}"


def _list(text: str) -> str:
    parts = text.replace(";", ",").replace(",", " ").split()
    return f"write targets apart; {_meant(' '.join(parts))}" if len(parts) > 1 else ""


def _slash(text: str) -> str:
    address, slash, prefix = text.partition("/")
    if not slash:
        return ""
    literal = canonical(address)
    if literal is None:
        return _octets(address) or "before the / stands no address"
    longest = 128 if ":" in literal else 32
    digits = _leading_digits(prefix)
    if digits and int(digits) <= longest:
        return _meant(f"{address}/{digits}")
    if digits and len(digits) == len(prefix):
        return f"/{longest} is the longest prefix; {_meant(f'{address}/{24 if longest == 32 else 120}')}"
    return f"after the / stands no prefix length; {_meant(f'{address}/{24 if longest == 32 else 120}')}"


def _range(text: str) -> str:
    first, dash, last = (part.strip() for part in text.partition("-"))
    start = canonical(first)
    if not dash or start is None:
        return ""
    if ":" in start:
        return "an IPv6 range is written with two whole addresses, the lower one first"
    head, _, tail = start.rpartition(".")
    end = canonical(last) or (canonical(f"{head}.{last}") if _is_number(last) else None)
    if end is None or ":" in end:
        return f"after the - stands no address nor a number up to 255; {_meant(f'{start}-255')}"
    meant = f"{end}-{tail}" if end.startswith(f"{head}.") else f"{end}-{start}"
    return f"the range runs backwards; {_meant(meant)}"


def _port(text: str) -> str:
    host, colon, port = text.partition(":")
    return f"a target has no port; {_meant(host)}" if colon and host and (_is_number(port) or not port) else ""


def _wildcard(text: str) -> str:
    """`198.51.100.*` and `198.51.100.`."""
    parts = text.rstrip(".").split(".")
    known = list(takewhile(lambda part: _is_number(part) and int(part) < 256, parts))
    rest = parts[len(known) :]
    if not 1 <= len(known) <= 3 or not all(part in {"*", "x", "X"} for part in rest):
        return ""
    if not rest and len(known) < 3:
        return ""
    return _meant(f"{'.'.join(known + ['0'] * (4 - len(known)))}/{8 * len(known)}")


def _octets(text: str) -> str:
    """Four numbers with dots that are no address."""
    parts = text.split(".")
    if not all(part and set(part) <= _DIGITS for part in parts):
        return ""
    if len(parts) != 4:
        return f"an IPv4 address has four numbers, this has {len(parts)}"
    fixed = [_octet(part) for part in parts]
    return f"each number is 255 at most, without leading zeros; {_meant('.'.join(fixed))}"


def _octet(part: str) -> str:
    number = part.lstrip("0")[:3] or "0"
    return number if int(number) <= 255 else number[:2]


def _is_number(text: str) -> bool:
    return bool(text) and len(text) < 10 and set(text) <= _DIGITS


def _leading_digits(text: str) -> str:
    return "".join(takewhile(lambda character: character in _DIGITS, text[:4]))
