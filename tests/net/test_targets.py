"""Targets: each form, and for each mistake the words that help."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.models import TargetError
from scanner.net.scope import Scope
from scanner.net.targets import parse_targets, system_resolver


def unknown(name: str) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def known(name: str) -> list[str]:
    return {"door.example": ["198.51.100.7", "fd00::7"], "public.example": ["8.8.8.8"]}[name]


def parse(*texts: str, exclude: tuple[str, ...] = (), allow_public: bool = False) -> Scope:
    return parse_targets(texts, exclude=exclude, allow_public=allow_public, resolve=unknown)


@pytest.mark.parametrize(
    ("text", "first", "last", "size"),
    [
        ("198.51.100.7", "198.51.100.7", "198.51.100.7", 1),
        (" 198.51.100.7 ", "198.51.100.7", "198.51.100.7", 1),
        ("198.51.100.0/24", "198.51.100.1", "198.51.100.254", 254),
        ("198.51.100.77/24", "198.51.100.1", "198.51.100.254", 254),
        ("198.51.100.0/255.255.255.0", "198.51.100.1", "198.51.100.254", 254),
        ("198.51.100.0/30", "198.51.100.1", "198.51.100.2", 2),
        ("198.51.100.0/31", "198.51.100.0", "198.51.100.1", 2),
        ("198.51.100.9/32", "198.51.100.9", "198.51.100.9", 1),
        ("198.51.100.10-40", "198.51.100.10", "198.51.100.40", 31),
        ("198.18.0.250-198.18.1.5", "198.18.0.250", "198.18.1.5", 12),
        ("198.51.100.0-255", "198.51.100.0", "198.51.100.255", 256),
        ("10.0.0.0/12", "10.0.0.1", "10.15.255.254", 1_048_574),
        ("fd00::10", "fd00::10", "fd00::10", 1),
        ("fd00::/120", "fd00::", "fd00::ff", 256),
        ("fd00::/112", "fd00::", "fd00::ffff", 65_536),
        ("fd00::1-fd00::4", "fd00::1", "fd00::4", 4),
        ("::ffff:198.51.100.7", "198.51.100.7", "198.51.100.7", 1),
        ("203.0.113.1", "203.0.113.1", "203.0.113.1", 1),
        ("198.18.0.0/24", "198.18.0.1", "198.18.0.254", 254),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1", 1),
    ],
)
def test_forms(text: str, first: str, last: str, size: int) -> None:
    scope = parse(text)
    assert scope.size == size
    assert next(scope.addresses()) == first
    assert scope.contains(last)
    assert scope.texts == (text.strip(),)


@pytest.mark.parametrize(
    ("text", "helps"),
    [
        ("198.51.100.300", "did you mean 198.51.100.30?"),
        ("198.51.100.0/33", "did you mean 198.51.100.0/24?"),
        ("198.51.100.10-5", "did you mean 198.51.100.5-10?"),
        ("198.51.100.10-198.51.99.1", "did you mean 198.51.99.1-198.51.100.10?"),
        ("198.51.100.10-300", "did you mean 198.51.100.10-255?"),
        ("198.51.100.10-", "did you mean 198.51.100.10-255?"),
        ("192.168.1.0/24x", "did you mean 192.168.1.0/24?"),
        ("192.168.1.0/", "did you mean 192.168.1.0/24?"),
        ("192.168.1.300/24", "did you mean 192.168.1.30"),
        ("http://198.51.100.1/doc", "did you mean 198.51.100.1?"),
        ("198.51.100.1:8080", "did you mean 198.51.100.1?"),
        ("198.51.100.1,198.51.100.2", "did you mean 198.51.100.1 198.51.100.2?"),
        ("198.51.100.*", "did you mean 198.51.100.0/24?"),
        ("198.51.100", "did you mean 198.51.100.0/24?"),
        ("198.051.100.1", "did you mean 198.51.100.1?"),
        ("1.2.3.4.5", "four numbers"),
        ("fd00::9-fd00::1", "the lower one first"),
        ("fd00::/64", "/112 or smaller"),
        ("fd00::/129", "/128 is the longest prefix"),
        ("camera/24", "before the / stands no address"),
        ("10.0.0.0/8", "1,048,576 at most"),
        ("0.0.0.0/0", "1,048,576 at most"),
        ("224.0.0.251", "multicast"),
        ("ff02::1", "multicast"),
        ("0.0.0.0", "unspecified"),  # noqa: S104 - nothing is bound
        ("::", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("255.255.255.255", "broadcast"),
        ("8.8.8.8", "--allow-public"),
        ("::ffff:8.8.8.8", "--allow-public"),
        ("2001:4860::1", "--allow-public"),
        ("192.167.255.0-192.168.0.5", "--allow-public"),
        ("192.168.255.0-192.169.0.5", "192.169.0.0 is a public address"),
        ("2001:db8:ffff:ffff:ffff:ffff:ffff:fff0-2001:db9::5", "2001:db9:: is a public address"),
        ("fdff:ffff:ffff:ffff:ffff:ffff:ffff:fff0-fe00::5", "fe00:: is a public address"),
        ("nowhere.invalid", "the name is not known here"),
        ("", "it is empty"),
        ("--rate", "see --help"),
    ],
)
def test_mistakes(text: str, helps: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse(text)
    assert f"'{text}'" in str(caught.value)
    assert helps in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789./-:@xfa*% ,", max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    if text.strip().startswith("@"):
        return
    with suppress(TargetError):
        assert 0 < parse(text).size <= 1_048_576


def test_no_target() -> None:
    with pytest.raises(TargetError, match="no target given"):
        parse()


def test_public_networks_when_allowed() -> None:
    assert parse("8.8.8.0/24", allow_public=True).size == 254
    with pytest.raises(TargetError, match="multicast"):
        parse("223.255.255.0-224.0.0.3", allow_public=True)


def test_names() -> None:
    scope = parse_targets(["door.example"], resolve=known)
    assert list(scope.addresses()) == ["198.51.100.7", "fd00::7"]
    assert scope.texts == ("door.example",)
    with pytest.raises(TargetError, match=r"8\.8\.8\.8 is a public address"):
        parse_targets(["public.example"], resolve=known)


def test_the_system_resolver_knows_this_machine() -> None:
    assert parse_targets(["localhost"], resolve=system_resolver).contains("127.0.0.1")


def test_targets_that_overlap_are_swept_once() -> None:
    scope = parse("198.51.100.0/25", "198.51.100.100-200", "198.51.100.5")
    assert scope.size == 200
    assert len(scope.intervals) == 1


def test_exclusions() -> None:
    scope = parse("198.51.100.0/24", exclude=("198.51.100.10", "198.51.100.128/25", "10.0.0.0/8"))
    assert scope.size == 126
    assert scope.contains("198.51.100.9")
    assert not scope.contains("198.51.100.10")
    assert not scope.contains("198.51.100.128")
    assert scope.excluded == ("198.51.100.10", "198.51.100.128/25", "10.0.0.0/8")


def test_an_excluded_network_takes_its_own_addresses_along() -> None:
    assert not parse("198.51.100.0-255", exclude=("198.51.100.128/25",)).contains("198.51.100.255")


def test_nothing_left() -> None:
    with pytest.raises(TargetError, match="nothing is left"):
        parse("198.51.100.1", exclude=("198.51.100.0/24",))


def test_many_networks_together_are_too_many() -> None:
    with pytest.raises(TargetError, match="split them"):
        parse("10.0.0.0/12", "10.16.0.0/12")


def test_a_large_scope_warns() -> None:
    assert parse("10.0.0.0/16").notes == ()
    assert "131,070 addresses" in parse("10.0.0.0/15").notes[0]


def test_a_file(tmp_path: Path) -> None:
    listing = tmp_path / "site.txt"
    listing.write_bytes(b"\xef\xbb\xbf# the site\r\n198.51.100.1   # gate\r\n\r\n198.51.100.8-9\n")
    scope = parse(f"@{listing}", "198.51.100.20")
    assert list(scope.addresses()) == ["198.51.100.1", "198.51.100.8", "198.51.100.9", "198.51.100.20"]
    assert scope.texts == ("198.51.100.1", "198.51.100.8-9", "198.51.100.20")


@pytest.mark.parametrize(
    ("content", "helps"),
    [(b"@other\n", "can't name another"), (b"\xff\xfe\x00", "not a text file"), (b"", "no target")],
)
def test_a_bad_file(tmp_path: Path, content: bytes, helps: str) -> None:
    (tmp_path / "site.txt").write_bytes(content)
    with pytest.raises(TargetError, match=helps):
        parse(f"@{tmp_path / 'site.txt'}")


@pytest.mark.parametrize(("name", "helps"), [("missing.txt", "no such file"), ("", "can't be read"), ("\0", "can't")])
def test_a_file_that_cannot_be_opened(tmp_path: Path, name: str, helps: str) -> None:
    with pytest.raises(TargetError, match=helps):
        parse(f"@{tmp_path}/{name}")
