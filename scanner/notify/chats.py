"""A notice to Slack, Teams and a hundred others, by Apprise: an optional extra, imported only where it is used."""

from __future__ import annotations

import importlib
import logging
import re
from dataclasses import dataclass, field
from typing import Any

from scanner.models import UsageError
from scanner.models.notice import Notice
from scanner.notify.contract import PAUSES, TRIES, Pause, Undelivered
from scanner.notify.reference import Referred
from scanner.notify.words import chat, headline

_STATUS = re.compile(r"error=(\d{3})\b")
_INSTALL = "pip install 'camcensus[notify]'"
_PAGE = "https://github.com/camcensus/camcensus"


@dataclass(frozen=True)
class Chat:
    """One of Apprise's services, ready."""

    name: str
    library: Any = field(repr=False)
    service: Any = field(repr=False)

    def deliver(self, notice: Notice, pause: Pause) -> None:
        """Send as plain text, which Apprise escapes as the service wants it; `chat` left nothing to escape."""
        apprise = self.library.Apprise(asset=self.service.asset)
        apprise.add(self.service)
        kind = self.library.NotifyType.INFO if notice.test else self.library.NotifyType.WARNING
        for attempt in range(TRIES):
            if attempt:
                pause(PAUSES[attempt - 1])
            result = apprise.notify(
                body=chat(notice), title=headline(notice), notify_type=kind,
                body_format=self.library.NotifyFormat.TEXT,
            )  # fmt: skip
            if result:
                return
        raise Undelivered(f"{_reason(result)} ({TRIES} times)")


def read_chat(referred: Referred, library: str = "apprise") -> Chat:
    """UsageError without the library, and for an address that it does not know."""
    name = f"chat {referred.name}"
    _keep_to_itself()
    try:
        apprise = importlib.import_module(library)
    except ImportError as error:
        raise UsageError(f"{name}: needs the Apprise library: {_INSTALL}") from error
    service = apprise.Apprise.instantiate(referred.url, asset=_asset(apprise))
    if service is None:
        raise UsageError(
            f"{name}: no address that Apprise knows, or a part of it is missing; see github.com/caronc/apprise"
        )
    if not service.verify_certificate:
        raise UsageError(f"{name}: certificates are verified here: leave verify=no out")
    service.redirects = False
    return Chat(name, apprise, service)


class _StatusAlone(logging.Filter):
    """What Apprise logs holds addresses, tokens and all: of its words only the HTTP status is kept."""

    def filter(self, record: logging.LogRecord) -> bool:
        found = _STATUS.search(record.getMessage())
        record.msg, record.args = found[0] if found else "…", ()
        record.exc_info = record.exc_text = None
        return True


_FILTER = _StatusAlone()


def _keep_to_itself() -> None:
    """Nothing of Apprise's log reaches a handler of ours or of the terminal, nor its words one of its own."""
    logger = logging.getLogger("apprise")
    logger.addFilter(_FILTER)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _reason(result: Any) -> str:
    """Of what Apprise says of a failure, the HTTP status alone."""
    said = " ".join(str(entry.message) for service in result for attempt in service for entry in attempt.logs)
    answered = _STATUS.search(said)
    return f"the service answered {answered[1]}" if answered else "the service could not be reached, or did not take it"


def _asset(apprise: Any) -> Any:
    """Nothing on disk, no picture from elsewhere, no redirect, one thread (ours), the tries counted by us."""
    return apprise.AppriseAsset(
        app_id="Camcensus", app_desc="Camcensus", app_url=_PAGE, async_mode=False, http_redirects=False,
        storage_mode="memory", image_path_mask=False, image_url_mask="", image_url_logo="", service_timeout=0,
        default_service_retry=0, interpret_escapes=False,
    )  # fmt: skip
