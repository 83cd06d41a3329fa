"""Delivered for real, to servers on loopback that keep what they got."""

from __future__ import annotations

import email
import hmac
import json
import logging
import threading
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from scanner.notify import Destination, read_destination, send
from scanner.notify.webhook import SIGNATURE
from tests.notify.samples import hostile_notice
from tests.notify.servers import Authority, Post, post, web

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # what Apprise imports
SECRET = "hunter2-8f3a"  # noqa: S105 - the one that must be seen nowhere
ENVIRON = {"TOKEN": SECRET, "PASSWORD": "open sesame", "WRONG": SECRET}
TO = "from=camcensus@example.org&to=ops@example.org"
NOTICE = hostile_notice()


def to(text: str) -> Destination:
    return read_destination(text, ENVIRON)


def sent(*texts: str, deadline: float = 20) -> tuple[list[str], list[float]]:
    """The failures, and the pauses that were made."""
    pauses: list[float] = []
    return send([to(text) for text in texts], NOTICE, deadline=deadline, pause=pauses.append), pauses


def test_a_webhook_gets_signed_json() -> None:
    with web() as server:
        assert sent(f"{server.url}/{{env:TOKEN}}?a=b#hmac={{env:TOKEN}}") == ([], [])
    (request,) = server.requests
    assert request.path == f"/{SECRET}?a=b"
    assert json.loads(request.body)["schema"] == "camcensus.notice/1"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Camcensus-Notice"] == NOTICE.id
    assert request.headers[SIGNATURE] == f"sha256={hmac.new(SECRET.encode(), request.body, 'sha256').hexdigest()}"


def test_without_a_secret_it_is_not_signed_and_a_user_logs_in() -> None:
    with web() as server:
        assert sent(f"http://robot:{{env:TOKEN}}@127.0.0.1:{server.port}/") == ([], [])
    (request,) = server.requests
    assert SIGNATURE not in request.headers
    assert request.headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("answers", "failure", "requests"),
    [
        ((503, 500, 204), "", 3),
        ((429, 200), "", 2),
        ((502,), "it answered 502 Bad Gateway (3 times)", 3),
        ((403,), "it answered 403 Forbidden", 1),
        ((302,), "a redirect, and none is followed", 1),
    ],
)
def test_what_passes_is_tried_again(answers: tuple[int, ...], failure: str, requests: int) -> None:
    with web(*answers) as server:
        failures, pauses = sent(f"{server.url}/{SECRET}")
    assert len(server.requests) == requests
    assert len(pauses) == requests - 1
    assert all(request.path == f"/{SECRET}" for request in server.requests)
    if failure:
        assert failure in failures[0]
        assert SECRET not in failures[0]
    else:
        assert failures == []


def test_certificates_are_verified(own_authority: Authority) -> None:
    with web(context=own_authority.context) as server:
        failures, pauses = sent(f"{server.url}/{SECRET}")
        assert "not trusted" in failures[0]
        assert (server.requests, pauses) == ([], [])
        assert sent(f"{server.url}/x#ca={own_authority.file}") == ([], [])
    assert len(server.requests) == 1


def test_nobody_there_and_nobody_answering_end_in_a_line_each(caplog: pytest.LogCaptureFixture) -> None:
    done = threading.Event()
    caplog.set_level(logging.DEBUG)
    with web(silent=done) as slow, web() as quick:
        late, _ = sent(f"{slow.url}/{SECRET}", deadline=0.2)
        done.set()
        gone, _ = sent(f"http://127.0.0.1:1/{SECRET}", f"{quick.url}/{SECRET}")
    assert [line.rpartition(": ")[2] for line in late] == ["no answer in time"]
    assert [line.rpartition(": ")[2] for line in gone] == ["no connection (3 times)"]
    assert len(quick.requests) == 1
    assert SECRET not in " ".join(late + gone) + caplog.text


def parts(server: Post) -> tuple[EmailMessage, str, str]:
    (envelope,) = server.mails
    content = envelope.content
    assert isinstance(content, bytes)
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return message, text.get_content(), html.get_content()


def test_a_mail_by_starttls_with_a_login(own_authority: Authority) -> None:
    with post(own_authority.context) as server:
        target = (
            f"smtp://robot:{{env:PASSWORD}}@127.0.0.1:{server.port}?{TO}&to=two@example.org&ca={own_authority.file}"
        )
        assert sent(target) == ([], [])
    message, text, html = parts(server)
    assert server.logins == [(b"robot", b"open sesame")]
    assert server.encrypted == [True]
    assert server.mails[0].rcpt_tos == ["ops@example.org", "two@example.org"]
    assert message["Subject"] == "Camcensus hq: 1 new, 1 changed, 1 gone, gate hit"
    assert message["To"] == "ops@example.org, two@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert set(message.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Camcensus-Notice", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert text.index("Not reached") < text.index("Gates") < text.index("New (1)") < text.index("Gone (1)")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "\x1b" not in text + html
    assert "\u202e" not in text + html
    assert not any(line.startswith("Bcc:") for line in text.splitlines())


def test_a_mail_by_tls_from_the_start(own_authority: Authority) -> None:
    with post(own_authority.context, implicit=True) as server:
        assert "not trusted" in sent(f"smtps://127.0.0.1:{server.port}?{TO}")[0][0]
        assert sent(f"smtps://127.0.0.1:{server.port}?{TO}&ca={own_authority.file}") == ([], [])
    assert len(server.mails) == 1


def test_a_local_server_needs_no_encryption_and_another_does() -> None:
    with post() as server:
        assert sent(f"smtp://127.0.0.1:{server.port}?{TO}") == ([], [])
        # A name that is this machine, and does not look like it
        elsewhere = f"smtp://{{env:HOST}}:{server.port}?{TO}"
        destination = read_destination(elsewhere, {"HOST": "localhost.localdomain"})
        object.__setattr__(destination, "host", "127.0.0.1")
        assert "no STARTTLS" in send([destination], NOTICE)[0]
    assert server.encrypted == [False]


def test_a_server_that_is_busy_is_tried_again_and_one_that_refuses_is_not(own_authority: Authority) -> None:
    with post(answers=("451 later", "452 later")) as server:
        assert sent(f"smtp://127.0.0.1:{server.port}?{TO}") == ([], [1.0, 3.0])
    with post(answers=("554 never",)) as server:
        failures, pauses = sent(f"smtp://127.0.0.1:{server.port}?{TO}")
    assert (failures[0].rpartition(": ")[2], pauses) == ("the server answered 554", [])
    with post(own_authority.context) as server:
        target = f"smtp://robot:{{env:WRONG}}@127.0.0.1:{server.port}?{TO}&ca={own_authority.file}"
        failures, _ = sent(target)
    assert "did not accept the login (535)" in failures[0]
    assert SECRET not in failures[0]
    assert len(server.logins) == 2  # one for each way to say it that the server offers, and no further try
    with post(unknown="two@example.org") as server:
        assert "refused 1 of 2" in sent(f"smtp://127.0.0.1:{server.port}?{TO},two@example.org")[0][0]
    assert len(server.mails) == 1


def test_by_apprise(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    with web(503, 204) as server:
        assert sent(f"json://127.0.0.1:{server.port}/{SECRET}") == ([], [1.0])
    told = json.loads(server.requests[-1].body)
    assert told["title"] == "Camcensus hq: 1 new, 1 changed, 1 gone, gate hit"
    assert "New (1)" in told["message"]
    with web(401) as server:
        failures, _ = sent(f"json://127.0.0.1:{server.port}/{SECRET}")
    assert failures == ["Notice to chat json://… failed: the service answered 401 (3 times)"]
    with web(302) as server:
        assert "answered 302" in sent(f"json://127.0.0.1:{server.port}/{SECRET}?redirect=yes")[0][0]
    assert {request.path for request in server.requests} == {f"/{SECRET}"}
    assert "not be reached" in sent(f"json://127.0.0.1:1/{SECRET}")[0][0]
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


def test_slack_finds_no_markup() -> None:
    slack: Any = to("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?blocks=yes")
    with web(200) as server:
        slack.service.webhook_url = server.url
        send([slack], NOTICE, pause=lambda _: None)
    told = server.requests[0].body.decode()
    assert "1 new, 1 changed" in told
    for sign in ("<!channel", "&lt;!channel", "<@U1", "http://evil", "](", "\\u001b"):
        assert sign not in told


def test_teams_finds_no_markup() -> None:
    teams: Any = to("workflows://localhost/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")
    from scanner.notify.words import chat, headline

    card = teams.service.gen_payload(chat(NOTICE), headline(NOTICE))["attachments"][0]["content"]
    assert "entities" not in card["msteams"]
    assert "](" not in str(card["body"])
