"""Destinations by URL: what each mistake is answered with, and no secret in any of it."""

from __future__ import annotations

import traceback

import pytest

from scanner.models import UsageError
from scanner.notify import read_destination
from scanner.notify.chats import read_chat
from scanner.notify.mail import Mail
from scanner.notify.reference import referred
from scanner.notify.webhook import Webhook

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # what Apprise imports
SECRET = "hunter2-8f3a"  # noqa: S105 - the one that must be seen nowhere
ENVIRON = {
    "TOKEN": SECRET,
    "HOOK": f"https://hooks.example.org/{SECRET}#hmac={SECRET}",
    "MAIL": f"smtps://robot:{SECRET}@mail.example.org?from=a@example.org&to=b@example.org",
    "ODD": f"{SECRET}@/?#&%:",
    "SLACK": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#cameras",
    "BROKEN": f"https://[{SECRET}",
    "PART": "TIiajkdnlazkcOXrIdevi7",
    "EMPTY": "",
}
TO = "from=a@example.org&to=b@example.org"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "docs/notices.md"),
        (SECRET, "docs/notices.md"),
        ("env:NOSUCH", "NOSUCH"),
        ("env:EMPTY", "EMPTY"),
        ("env:9 x", "env:NAME"),
        ("https://hooks.example.org/{env:NOSUCH}", "NOSUCH"),
        ("https://hooks.example.org/{env:9}", "{env:NAME}"),
        ("https://hooks.example.org/a b", "spaces"),
        ("https://hooks.example.org/\x1b[31m", "spaces"),
        (f"http://hooks.example.org/{SECRET}", "allow-unencrypted"),
        (f"https:///{SECRET}", "no host"),
        (f"https://hooks.example.org:99999/{SECRET}", "port"),
        (f"https://999.999.999.999/{SECRET}", "no address"),
        (f"https://robot:{SECRET}@hooks.example.org/", "{env:NAME}"),
        (f"https://{{env:PART}}:{SECRET}@hooks.example.org/", "{env:NAME}"),
        ("env:BROKEN", "no address"),
        (f"https://hooks.example.org/#hmca={SECRET}", "did you mean hmac"),
        (f"https://hooks.example.org/#hmac={SECRET}", "{env:NAME}"),
        ("https://hooks.example.org/#hmac=env:TOKEN", "{env:NAME}"),
        ("https://hooks.example.org/#hmac={env:TOKEN}&hmac={env:TOKEN}", "2 times"),
        ("https://hooks.example.org/#ca=/no/such/file", "/no/such/file"),
        ("http://hooks.example.org/#allow-unencrypted=maybe", "yes or no"),
        (f"smtps://robot:{SECRET}@mail.example.org?{TO}", "{env:NAME}"),
        (f"smtps://mail.example.org:{SECRET}?{TO}", "port"),
        ("smtps://mail.example.org?to=b@example.org", "from=ops@example.org"),
        ("smtps://mail.example.org?from=a@example.org", "to=ops@example.org"),
        ("smtps://mail.example.org?from=a@example.org&to=b", "to=ops@example.org"),
        ("smtps://mail.example.org?from=a@example.org&to=b@example.org%0d%0aBcc:x@example.org", "to=ops"),
        ("smtps://mail.example.org?from=a@example.org%0aX:y&to=b@example.org", "from=ops"),
        (f"smtp://r:{{env:TOKEN}}@mail.example.org?{TO}&allow-unencrypted=yes", "password is not sent unencrypted"),
        (f"nosuchchat://{SECRET}/x", "Apprise"),
        (f"slack://{SECRET}", "Apprise"),
        (f"jsons://hooks.example.org/{SECRET}?verify=no", "verify=no"),
    ],
)
def test_a_mistake_is_explained_and_no_secret_is_shown(
    text: str, word: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    with pytest.raises(UsageError) as raised:
        read_destination(text, ENVIRON)
    assert word in str(raised.value)
    said = capfd.readouterr()
    traced = traceback.format_exception(raised.value)
    assert SECRET not in str(raised.value) + said.out + caplog.text
    assert not [line for line in traced if SECRET in line]
    assert said.err == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://{env:TOKEN}:{env:TOKEN}@hooks.example.org/", "webhook https://hooks.example.org"),
        ("env:HOOK", "webhook env:HOOK"),
        ("https://user:{env:ODD}@hooks.example.org/{env:TOKEN}?x={env:ODD}", "webhook https://hooks.example.org"),
        ("https://hooks.example.org/#hmac={env:ODD}", "webhook https://hooks.example.org"),
        ("http://localhost:8080/x", "webhook http://localhost:8080"),
        ("http://[::1]:8080/x", "webhook http://[::1]:8080"),
        ("env:MAIL", "mail by env:MAIL"),
        (f"smtp://robot:{{env:ODD}}@mail.example.org?{TO}", "mail by smtp://mail.example.org"),
        ("env:SLACK", "chat env:SLACK"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/{env:PART}FQ", "chat slack://…"),
        (
            "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
            "chat https://hooks.slack.com",
        ),
    ],
)
def test_what_may_be_shown_of_a_destination(text: str, name: str) -> None:
    found = read_destination(text, ENVIRON)
    assert found.name == name
    assert SECRET not in repr(found)


def test_a_value_with_odd_signs_stays_one_part() -> None:
    hook = read_destination("https://hooks.example.org/{env:ODD}/end", ENVIRON)
    assert isinstance(hook, Webhook)
    assert hook.url == f"https://hooks.example.org/{SECRET}%40%2F%3F%23%26%25%3A/end"
    mail = read_destination(f"smtp://robot:{{env:ODD}}@mail.example.org?{TO}", ENVIRON)
    assert isinstance(mail, Mail)
    assert (mail.user, mail.password, mail.host, mail.port) == ("robot", ENVIRON["ODD"], "mail.example.org", 587)
    assert mail.encrypted


def test_plus_addresses_and_several_recipients() -> None:
    mail = read_destination(
        "smtps://mail.example.org?from=a@example.org&to=ops+cams@example.org,b@example.org&to=c@example.org", {}
    )
    assert isinstance(mail, Mail)
    assert mail.to == ("ops+cams@example.org", "b@example.org", "c@example.org")
    assert (mail.port, mail.implicit) == (465, True)


def test_without_apprise_it_is_said_what_to_install() -> None:
    with pytest.raises(UsageError, match=r"camcensus\[notify\]"):
        read_chat(referred("env:SLACK", ENVIRON), library="no_such_library")
