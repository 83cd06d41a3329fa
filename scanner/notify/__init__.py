"""Notices: what changed since the sweep before, told by webhook, mail or chat. Never a device's word as markup."""

from __future__ import annotations

from scanner.notify.content import notice_of, trial_notice
from scanner.notify.destination import Destination, read_destination
from scanner.notify.sending import send

__all__ = ["Destination", "notice_of", "read_destination", "send", "trial_notice"]
