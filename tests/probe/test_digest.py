"""The answer to an HTTP challenge: right, once, and only to what may be answered."""

from __future__ import annotations

import base64
import hashlib

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.lab.auth import parameters
from scanner.probe.contract import Login
from scanner.probe.digest import authorization, wants_digest

SECRET = "correct-horse-8841"  # noqa: S105 - made up
LOGIN = Login("keeper", SECRET)
BASIC = Login("keeper", SECRET, basic=True)
URL = httpx.URL("http://198.51.100.10/cgi-bin/magicBox.cgi?action=getSystemInfo")


def _ask(*challenges: str, login: Login = LOGIN) -> str | None:
    return authorization(login, "GET", URL, tuple(("WWW-Authenticate", each) for each in challenges))


@pytest.mark.parametrize(("algorithm", "name"), [("MD5", "md5"), ("SHA-256", "sha256"), ("", "md5")])
def test_the_answer_is_that_of_rfc_7616(algorithm: str, name: str) -> None:
    named = f", algorithm={algorithm}" if algorithm else ""
    header = _ask(f'Digest realm="Login to 4G0, new", nonce="abc", qop="auth,auth-int", opaque="o"{named}')
    assert header is not None
    given = parameters(header.partition(" ")[2])

    def digest(text: str) -> str:
        return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

    assert given["uri"] == "/cgi-bin/magicBox.cgi?action=getSystemInfo"
    one, two = digest(f"keeper:Login to 4G0, new:{SECRET}"), digest(f"GET:{given['uri']}")
    assert given["response"] == digest(f"{one}:abc:{given['nc']}:{given['cnonce']}:auth:{two}")
    assert given["opaque"] == "o"
    assert SECRET not in header


def test_the_best_of_several_is_answered_and_basic_never_by_itself() -> None:
    header = _ask('Basic realm="a"', 'Digest realm="a", nonce="m"', 'Digest realm="a", nonce="s", algorithm=SHA-256')
    assert header is not None
    assert 'nonce="s"' in header
    assert _ask('Basic realm="a"') is None
    assert _ask('Basic realm="a"', login=BASIC) == "Basic " + base64.b64encode(f"keeper:{SECRET}".encode()).decode()
    with_both = _ask('Basic realm="a"', 'Digest realm="a", nonce="m"', login=BASIC)
    assert with_both is not None
    assert with_both.startswith("Digest ")


@pytest.mark.parametrize(
    "challenge",
    [
        "",
        "Negotiate",
        'Digest realm="a"',
        'Digest realm="a", nonce=""',
        'Digest realm="a", nonce="b", qop="auth-int"',
        'Digest realm="a", nonce="b", algorithm="CRC"',
        'Digest realm="\u540d", nonce="b"',
        'Digest realm="a\tb", nonce="b"',
    ],
)
def test_what_can_not_be_answered_gets_no_login(challenge: str) -> None:
    assert _ask(challenge) is None
    assert not wants_digest((("WWW-Authenticate", challenge),))


def test_a_user_that_no_header_can_carry_gets_no_header() -> None:
    assert _ask('Digest realm="a", nonce="b"', login=Login("w\u00e4rter", SECRET)) is None


@settings(max_examples=80, deadline=None, database=None)
@given(st.text(max_size=80), st.text(max_size=20))
def test_any_challenge_is_answered_in_one_line_or_not_at_all(rest: str, nonce: str) -> None:
    header = _ask(f'Digest realm="{rest}", nonce="{nonce}", {rest}')
    assert header is None or (header.isascii() and header.isprintable() and SECRET not in header)
