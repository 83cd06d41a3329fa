"""Secrets from the system's keyring, by the `keyring` library: an optional extra, imported only where it is named."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from scanner.models import UsageError

Keyring = Callable[[str, str], str | None]
"""(service, user) → the secret, None where the keyring has none; UsageError where there is no keyring."""

_INSTALL = "pip install 'camcensus[keyring]'"


def system_keyring(service: str, user: str, library: str = "keyring") -> str | None:
    """What the keyring of this user holds. UsageError says what is missing; it never quotes a secret."""
    try:
        keyring = importlib.import_module(library)
        errors = importlib.import_module(f"{library}.errors")
    except ImportError as error:
        raise UsageError(f"reading the keyring needs the keyring library: {_INSTALL}") from error
    try:
        found = keyring.get_password(service, user)
    except errors.NoKeyringError as error:
        raise UsageError("this system has no keyring that can be used; name an environment variable instead") from error
    except errors.KeyringError as error:
        raise UsageError(f"the keyring could not be read ({type(error).__name__}): is it locked?") from error
    return found if isinstance(found, str) else None
