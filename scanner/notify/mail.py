"""A notice as a mail: text and HTML, by SMTP with STARTTLS (smtp) or TLS from the start (smtps)."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from scanner.models import UsageError
from scanner.models.notice import Notice
from scanner.notify.contract import PAUSES, TIMEOUT, TRIES, Pause, Undelivered
from scanner.notify.options import UNTRUSTED, is_loopback, is_untrusted, one, place, read_options, trust, yes
from scanner.notify.reference import Referred
from scanner.notify.words import document, headline, plain
from scanner.report.document import render_document_html
from scanner.text import clean

_OPTIONS = frozenset({"from", "to", "ca", "allow-unencrypted"})
_PORTS = {"smtp": 587, "smtps": 465}
# Headers are seven-bit, and a server need not know 8BITMIME.
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Mail:
    """A server, and from whom to whom. `encrypted`: without TLS nothing is sent."""

    name: str
    host: str
    port: int
    implicit: bool
    encrypted: bool
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: str
    to: tuple[str, ...]
    context: ssl.SSLContext = field(repr=False)

    def deliver(self, notice: Notice, pause: Pause) -> None:
        """Send; again after a connection that failed and after answers that pass (4yz)."""
        message = message_of(notice, self.sender, self.to)
        reason = ""
        for attempt in range(TRIES):
            if attempt:
                pause(PAUSES[attempt - 1])
            refused: dict[str, tuple[int, bytes]] | None = None
            try:
                with self._session() as server:
                    refused = server.send_message(message, self.sender, self.to)
            except (smtplib.SMTPException, OSError) as error:
                if refused is None:  # else it was taken, and the farewell went wrong
                    reason = _reason(error)
                    continue
            if refused:
                raise Undelivered(f"the server refused {len(refused)} of {len(self.to)} addresses")
            return
        raise Undelivered(f"{reason} ({TRIES} times)")

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        own = clean(socket.gethostname(), 64) or "localhost"
        if self.implicit:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, own, timeout=TIMEOUT, context=self.context)
        else:
            server = smtplib.SMTP(self.host, self.port, own, timeout=TIMEOUT)
        with server:
            server.ehlo()
            if not self.implicit and server.has_extn("starttls"):
                server.starttls(context=self.context)
                server.ehlo()
            elif not self.implicit and self.encrypted:
                raise Undelivered("the server offers no STARTTLS, and nothing is sent unencrypted")
            if self.password:
                server.login(self.user, self.password)
            yield server


def message_of(notice: Notice, sender: str, to: tuple[str, ...]) -> EmailMessage:
    """The mail. No header holds a device's word; `clean` leaves no line end in what it holds."""
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = clean(headline(notice), 200)
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["Camcensus-Notice"] = notice.id
    message.set_content(plain(notice))
    message.add_alternative(render_document_html(document(notice)), subtype="html")
    return message


def read_mail(referred: Referred) -> Mail:
    """UsageError for what no mail can be sent with, and for a password that is written out."""
    name = f"mail by {referred.name}"
    parts = urlsplit(referred.url)
    options = read_options(parts.query, _OPTIONS, name)
    implicit = parts.scheme == "smtps"
    host, port = place(parts, name)
    loopback = is_loopback(host)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if password and not referred.password_by_reference:
        raise UsageError(f"{name}: the password stands in the text; write {{env:NAME}} in its place")
    allowed = loopback or yes(options, "allow-unencrypted", name)
    if password and allowed and not loopback:
        raise UsageError(f"{name}: a password is not sent unencrypted; leave allow-unencrypted out")
    return Mail(
        name=name, host=unquote(host), port=port or _PORTS[parts.scheme],
        implicit=implicit, encrypted=not allowed, user=user, password=password,
        sender=_address(one(options, "from", name), "from", name),
        to=_recipients(options, name), context=trust(one(options, "ca", name), name),
    )  # fmt: skip


def _recipients(options: dict[str, list[str]], name: str) -> tuple[str, ...]:
    every = [each.strip() for value in options.get("to", [""]) for each in value.split(",")]
    return tuple(dict.fromkeys(_address(each, "to", name) for each in every))


def _address(text: str, option: str, name: str) -> str:
    """A plain address; what could end a header or name several is none (RFC 5322 §3.4.1)."""
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as error:
        raise UsageError(f"{name}: {option}= is one mail address, as in {option}=ops@example.org") from error
    if not text.isascii() or not text.isprintable() or not address.username or not address.domain:
        raise UsageError(f"{name}: {option}= is one mail address, as in {option}=ops@example.org")
    return text


def _reason(error: Exception) -> str:
    """Why, without the server's own words; Undelivered where trying again would not help."""
    if is_untrusted(error):
        raise Undelivered(UNTRUSTED) from error
    if isinstance(error, smtplib.SMTPAuthenticationError):
        raise Undelivered(f"the server did not accept the login ({error.smtp_code})") from error
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        raise Undelivered("the server refused every address") from error
    if isinstance(error, smtplib.SMTPResponseException):
        reason = f"the server answered {error.smtp_code}"
        if error.smtp_code >= 500:
            raise Undelivered(reason) from error
        return reason
    if isinstance(error, smtplib.SMTPNotSupportedError):
        raise Undelivered("the server does not offer what is needed (a login, perhaps)") from error
    return "no answer in time" if isinstance(error, TimeoutError) else "no connection, or it broke off"
