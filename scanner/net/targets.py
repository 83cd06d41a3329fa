"""Targets: what the user writes, read into a scope, or refused with words that help."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from pathlib import Path

from scanner.models import TargetError
from scanner.net.scope import Interval, Scope, canonical, merge, subtract
from scanner.net.typos import suggestion

MAX_ADDRESSES = 1_048_576
WARN_ADDRESSES = 65_536
MAX_FILE_BYTES = 16 * 1024 * 1024
LONGEST_V6_SWEEP = 112

# Where `is_global` may change within IPv4 and IPv6: IANA special-purpose address registries (RFC 6890), which
# `ipaddress` follows. A piece of a range between two such borders is public as a whole or not at all.
_BORDERS = tuple(
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/31"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"),
        *("::/128", "::1/128", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128"),
        *("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001::/32"),
        *("2001:2::/48", "2001:3::/32", "2001:4:112::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28"),
        *("2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)
_THIS_NETWORK = IPv4Network("0.0.0.0/8")  # RFC 791 section 3.2
_BROADCAST = IPv4Address("255.255.255.255")


@dataclass(frozen=True)
class _Target:
    """One target: the text as written, and its intervals."""

    text: str
    intervals: tuple[Interval, ...]


def system_resolver(name: str) -> list[str]:
    """The addresses of a host name; OSError when it has none."""
    rows = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def parse_targets(
    texts: Sequence[str],
    *,
    exclude: Sequence[str] = (),
    allow_public: bool = False,
    resolve: Callable[[str], list[str]] = system_resolver,
) -> Scope:
    """Read targets into the scope.

    A target is an address, a CIDR network (host bits are dropped), a range `198.51.100.10-40` or
    `198.51.100.10-198.51.100.40`, a host name, or `@file` with one target a line (`#` begins a comment).
    `exclude` takes the same. The network and broadcast addresses of an IPv4 network of /30 or larger are left out,
    those of an excluded one are excluded. TargetError says what is wrong and what was perhaps meant.
    """
    targets = [_read(text, resolve) for text in _lines(texts)]
    if not targets:
        raise TargetError("no target given: name an address, a network (198.51.100.0/24), a range, a name or @file")
    for target in targets:
        _check(target, allow_public)
    excluded = [_read(text, resolve, whole=True) for text in _lines(exclude)]
    wanted = merge(interval for target in targets for interval in target.intervals)
    intervals = subtract(wanted, (interval for target in excluded for interval in target.intervals))
    scope = Scope(
        intervals=intervals,
        texts=tuple(target.text for target in targets),
        excluded=tuple(target.text for target in excluded),
    )
    if not scope.size:
        raise TargetError("nothing is left to sweep: --exclude covers every target")
    if scope.size > MAX_ADDRESSES:
        raise TargetError(f"{scope.size:,} addresses are more than one sweep takes ({MAX_ADDRESSES:,}); split them")
    return Scope(scope.intervals, scope.texts, scope.excluded, notes=tuple(_warnings(scope)))


def parse_networks(texts: Sequence[str]) -> Scope:
    """Addresses, networks, ranges and @files as a set to choose by, of any size, to which nothing is ever sent.

    A network has its first and last address too. TargetError for names: to look one up would be a packet.
    """
    found = []
    for text in _lines(texts):
        try:
            interval = _literal(text, whole=True)
        except ValueError:
            interval = None
        if interval is None:
            raise TargetError(f"'{text}' is no address, network (198.51.100.0/24) or range")
        found.append((text, interval))
    if not found:
        raise TargetError("no network given")
    return Scope(merge(interval for _, interval in found), tuple(text for text, _ in found))


def _warnings(scope: Scope) -> Iterator[str]:
    if scope.size > WARN_ADDRESSES:
        yield f"{scope.size:,} addresses in scope: this will take long; a list of the networks in use is faster"


def _lines(texts: Sequence[str]) -> Iterator[str]:
    for raw in texts:
        text = raw.strip()
        if not text.startswith("@"):
            yield text
            continue
        for number, line in enumerate(_file(text[1:]).splitlines(), start=1):
            item = line.partition("#")[0].strip()
            if item.startswith("@"):
                raise TargetError(f"{text[1:]}:{number}: '{item}': a target file can't name another one")
            if item:
                yield item


def _file(name: str) -> str:
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise TargetError(f"'@{name}': the file is larger than {MAX_FILE_BYTES // 1024**2} MiB")
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise TargetError(f"'@{name}': there is no such file; @ names a file with one target a line") from None
    except UnicodeDecodeError:
        raise TargetError(f"'@{name}': not a text file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TargetError(f"'@{name}': can't be read: {reason}") from None


def _read(text: str, resolve: Callable[[str], list[str]], *, whole: bool = False) -> _Target:
    """One target; `whole` keeps a network's own and broadcast address (for exclusions)."""
    try:
        interval = _literal(text, whole)
    except ValueError:
        raise _unreadable(text) from None
    if interval is not None:
        return _Target(text, (interval,))
    if hint := suggestion(text):
        raise _unreadable(text, hint)
    try:
        found = resolve(text)
    except (OSError, UnicodeError):
        found = []
    literals = [literal for literal in (canonical(one) for one in found) if literal]
    if not literals:
        raise TargetError(f"'{text}': no address, network or range, and the name is not known here")
    return _Target(text, tuple(_single(ip_address(literal)) for literal in literals))


def _unreadable(text: str, hint: str = "") -> TargetError:
    hint = hint or suggestion(text)
    return TargetError(f"'{text}' is no address, network, range or name" + (f": {hint}" if hint else ""))


def _literal(text: str, whole: bool) -> Interval | None:
    """The interval of an address, network or range; None for what may be a name; ValueError for a wrong one."""
    if literal := canonical(text):
        return _single(ip_address(literal))
    first, dash, last = text.partition("-")
    if dash and (start := canonical(first.strip())):
        return _range(text, ip_address(start), last.strip())
    if "/" in text:
        return _network(text, whole)
    return None


def _single(address: IPv4Address | IPv6Address) -> Interval:
    return address.version, int(address), int(address)


def _range(text: str, start: IPv4Address | IPv6Address, last: str) -> Interval:
    if last.isascii() and last.isdigit() and isinstance(start, IPv4Address):
        last = f"{str(start).rpartition('.')[0]}.{last}"
    end = ip_address(canonical(last) or last)
    if end.version != start.version or int(end) < int(start):
        raise ValueError(text)
    _check_v6_size(text, end.version, int(end) - int(start) + 1)
    return start.version, int(start), int(end)


def _network(text: str, whole: bool) -> Interval:
    network = ip_network(text, strict=False)
    first, last = int(network.network_address), int(network.broadcast_address)
    if whole:
        return network.version, first, last
    _check_v6_size(text, network.version, network.num_addresses)
    if network.version == 4 and network.prefixlen <= 30:
        return 4, first + 1, last - 1
    return network.version, first, last


def _check_v6_size(text: str, version: int, size: int) -> None:
    if version == 6 and size > 2 ** (128 - LONGEST_V6_SWEEP):
        raise TargetError(
            f"'{text}': an IPv6 network this large can't be swept address by address; name single addresses, "
            f"a range, or a network of /{LONGEST_V6_SWEEP} or smaller"
        )


def _check(target: _Target, allow_public: bool) -> None:
    """Refuse what no packet may go to, what is too large, and what is public unless that is allowed."""
    for version, first, last in target.intervals:
        if last - first + 1 > MAX_ADDRESSES:
            size = f"{last - first + 1:,}"
            raise TargetError(f"'{target.text}': {size} addresses; one sweep takes {MAX_ADDRESSES:,} at most")
        for start in _pieces(version, first, last):
            _check_piece(target.text, start, allow_public)


def _check_piece(text: str, start: IPv4Address | IPv6Address, allow_public: bool) -> None:
    kind = _no_device(start)
    if kind:
        raise TargetError(f"'{text}': {start} is {kind} address, which is no device's")
    if start.is_global and not allow_public:
        raise TargetError(
            f"'{text}': {start} is a public address; sweep only networks that you may, and say so with --allow-public"
        )


def _no_device(start: IPv4Address | IPv6Address) -> str:
    """What the address is instead of a device's; "" when it may be one's."""
    if start.is_multicast:
        return "a multicast"
    if start.is_unspecified or (start.version == 4 and start in _THIS_NETWORK):
        return "an unspecified"
    return "a broadcast" if start == _BROADCAST else ""


def _pieces(version: int, first: int, last: int) -> Iterator[IPv4Address | IPv6Address]:
    """The first address of each piece of the interval that no border of the special-purpose registry cuts."""
    kind = IPv4Address if version == 4 else IPv6Address
    cuts = {first}
    for border in _BORDERS:
        if border.version == version:
            cuts.update(cut for cut in _ends(border) if first < cut <= last)
    return (kind(cut) for cut in sorted(cuts))


def _ends(network: IPv4Network | IPv6Network) -> tuple[int, int]:
    return int(network.network_address), int(network.broadcast_address) + 1
