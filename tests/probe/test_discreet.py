"""A secret that comes back is taken out in each of its forms; other devices' secrets are not kept."""

import base64

import pytest

from scanner.probe.contract import Login
from scanner.probe.discreet import Discreet, computed, without_secret_lines

SECRET = "Pier & <Dock> 77"  # noqa: S105 - made up
LOGIN = Login("keeper", SECRET)


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        "Pier &amp; &lt;Dock&gt; 77",
        "Pier%20%26%20%3CDock%3E%2077",
        "Pier+%26+%3CDock%3E+77",
        base64.b64encode(f"keeper:{SECRET}".encode()).decode(),
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_each_form_is_removed_at_any_depth(form: str) -> None:
    kept = Discreet(LOGIN).value({"headers": [["X", f"a {form} b"]], form: {"body": form}, "port": 80, "tls": False})
    assert form not in repr(kept)
    assert (kept["port"], kept["tls"]) == (80, False)
    assert kept["headers"] == [["X", "a [removed] b"]]


def test_what_was_computed_is_removed_too() -> None:
    header = 'Digest username="keeper", response="0123456789abcdef0123456789abcdef", nc=1'
    token = '<wsse:Password Type="x#PasswordDigest">q83vEjRWeJCrze8=</wsse:Password>'  # noqa: S105 - made up
    assert computed(header) == ["0123456789abcdef0123456789abcdef"]
    assert computed(token) == ["q83vEjRWeJCrze8="]
    assert computed("nothing") == []
    discreet = Discreet(LOGIN)
    discreet.also(*computed(header))
    assert discreet.text(header) == 'Digest username="keeper", response="[removed]", nc=1'


def test_a_short_password_does_not_eat_the_page() -> None:
    assert Discreet(Login("a", "1")).text("DS-2CD2143G2-I V5.7.1") == "DS-2CD2143G2-I V5.7.1"


def test_secrets_of_other_devices_leave_a_text() -> None:
    body = "camera[0].DeviceInfo.Address=10.0.0.1\ncamera[0].DeviceInfo.Password=x\ncamera[0].DeviceInfo.UserName=y\nOK"
    assert without_secret_lines(body) == "camera[0].DeviceInfo.Address=10.0.0.1\nOK"
