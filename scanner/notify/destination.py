"""A destination from its URL: which kind it is, ready to send to."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from scanner.models import UsageError
from scanner.notify.contract import Destination
from scanner.notify.reference import Referred, referred

__all__ = ["Destination", "read_destination"]

# Web hooks of chats take their own form of JSON; Apprise knows it by the host.
_CHATS = (
    "hooks.slack.com", "discord.com", "discordapp.com", "webhook.office.com", "logic.azure.com",
    "powerplatform.com", "chat.googleapis.com",
)  # fmt: skip


def read_destination(text: str, environ: Mapping[str, str], found: str | None = None) -> Destination:
    """A destination: https (http on this machine), smtp, smtps, or any address that Apprise knows.

    `environ` answers `env:NAME`; `found` is the address itself where `text` only says where that stands. UsageError
    says what is wrong; it never holds a secret.
    """
    return _of(referred(text, environ, found))


def _of(found: Referred) -> Destination:
    try:
        parts = urlsplit(found.url)
        host = parts.hostname or ""
    except ValueError:
        raise UsageError(f"{found.name}: that is no address") from None
    if parts.scheme in ("smtp", "smtps"):
        from scanner.notify.mail import read_mail

        return read_mail(found)
    if parts.scheme in ("http", "https") and not any(host == chat or host.endswith(f".{chat}") for chat in _CHATS):
        from scanner.notify.webhook import read_webhook

        return read_webhook(found)
    if "://" not in found.url:
        raise UsageError(
            f"{found.name}: a destination is an address, as in https://…, smtps://… or slack://… (docs/notices.md)"
        )
    from scanner.notify.chats import read_chat

    return read_chat(found)
