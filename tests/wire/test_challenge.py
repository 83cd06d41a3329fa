"""WWW-Authenticate, as devices write it."""

from __future__ import annotations

import pytest

from scanner.wire.challenge import MAX_CHALLENGES, challenges


def _of(*values: str) -> list[tuple[str, dict[str, str]]]:
    return challenges(tuple(("www-authenticate", value) for value in values))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('Basic realm="DVR"', [("Basic", {"realm": "DVR"})]),
        (
            'Digest realm="Login to 4D0", qop="auth", nonce="1", opaque="", stale=FALSE',
            [("Digest", {"realm": "Login to 4D0", "qop": "auth", "nonce": "1", "opaque": "", "stale": "FALSE"})],
        ),
        (
            'Digest realm="a", nonce="n", Basic realm="b"',
            [("Digest", {"realm": "a", "nonce": "n"}), ("Basic", {"realm": "b"})],
        ),
        ('Basic realm="one", charset="UTF-8", NTLM', [("Basic", {"realm": "one", "charset": "UTF-8"}), ("NTLM", {})]),
        ("NTLM TlRMTVNTUAAC==", [("NTLM", {"token68": "TlRMTVNTUAAC=="})]),
        ("Negotiate, NTLM", [("Negotiate", {}), ("NTLM", {})]),
        ("Basic realm=DVR", [("Basic", {"realm": "DVR"})]),
        ("Basic realm=IP Camera", [("Basic", {"realm": "IP Camera"})]),
        ("Basic realm='IP Camera'", [("Basic", {"realm": "IP Camera"})]),
        ('Digest realm="a" nonce="b"', [("Digest", {"realm": "a", "nonce": "b"})]),
        ("Digest realm=a nonce=b", [("Digest", {"realm": "a", "nonce": "b"})]),
        ('Basic realm="never closed', [("Basic", {"realm": "never closed"})]),
        ('Basic realm="IP "Big" Camera"', [("Basic", {"realm": 'IP "Big" Camera'})]),
        ('Basic realm="a \\"quoted\\" word"', [("Basic", {"realm": 'a "quoted" word'})]),
        ('Basic REALM = "spaced"', [("Basic", {"realm": "spaced"})]),
        ('Basic realm="Überwachung"', [("Basic", {"realm": "Überwachung"})]),
        ('Basic realm="a", realm="b"', [("Basic", {"realm": "a"})]),
        ('realm="no scheme"', [("", {"realm": "no scheme"})]),
        ("Basic", [("Basic", {})]),
        ('Basic realm=""', [("Basic", {"realm": ""})]),
        ("Basic realm=", [("Basic", {"realm": ""})]),
        (",,, Basic realm=x,,", [("Basic", {"realm": "x"})]),
        ("", []),
        ('"=="', []),
    ],
)
def test_challenges(value: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    assert _of(value) == expected


def test_each_header_is_read_and_the_number_is_bounded() -> None:
    assert _of('Digest realm="a"', 'Basic realm="b"') == [("Digest", {"realm": "a"}), ("Basic", {"realm": "b"})]
    assert len(_of(*["Basic a=b, NTLM"] * 100)) == MAX_CHALLENGES
    assert challenges((("Server", 'Basic realm="x"'),)) == []
