"""The credentials file: what the user gives for which device. Nothing of it is ever printed, logged or stored.

```toml
[[onvif]]
device = "198.51.100.10"          # an address, a network, a range, or a MAC
user = "viewer"
password_env = "CAMERA_PASSWORD"  # or password = "…", or password_keyring = "service" (the system's keyring, for user)
http = true                       # false: for ONVIF only, not for the maker's own pages
basic = false                     # true: HTTP Basic too, which sends the password all but in clear

[[snmp]]
device = "198.51.100.0/28"        # optional: only for these; without it, for every device of the sweep
version = 3                       # or 2 with community = "…"
user = "reader"
auth_protocol = "SHA"             # MD5, SHA, SHA256, SHA384, SHA512
auth_key_env = "SNMP_AUTH"        # or auth_key_keyring
privacy_protocol = "AES"          # DES, AES, AES256
privacy_key_env = "SNMP_PRIVACY"
```
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from scanner.keyring import Keyring, system_keyring
from scanner.models import UsageError
from scanner.net.targets import parse_targets
from scanner.probe.contract import Login, SnmpAccess
from scanner.text import normalise_mac

_SOURCES = ("", "_env", "_keyring")
_ONVIF_KEYS = {"device", "user", "http", "basic", *(f"password{source}" for source in _SOURCES)}
_SNMP_SECRETS = ("community", "auth_key", "privacy_key")
_SNMP_KEYS = {
    "device", "version", "user", "auth_protocol", "privacy_protocol",
    *(f"{secret}{source}" for secret in _SNMP_SECRETS for source in _SOURCES),
}  # fmt: skip
_AUTH = {"", "MD5", "SHA", "SHA256", "SHA384", "SHA512"}
_PRIVACY = {"", "DES", "AES", "AES256"}


Matcher = Callable[[str, str | None], bool]
"""(address, MAC) → whether an entry is for this device."""


class Credentials(msgspec.Struct, frozen=True):
    """`logins` are (matches this address and MAC?, login), the first that matches counts.

    `snmp` is for every device; `snmp_of` for those that match only, so that a switch's community goes to no camera.
    """

    logins: tuple[tuple[Matcher, Login], ...] = ()
    snmp: tuple[SnmpAccess, ...] = ()
    snmp_of: tuple[tuple[Matcher, SnmpAccess], ...] = ()

    def snmp_for(self, host: str, mac: str | None) -> tuple[SnmpAccess, ...]:
        """What the user gave for this device: its own first, then what is for every device."""
        return (*(access for matches, access in self.snmp_of if matches(host, mac)), *self.snmp)

    def login_for(self, host: str, mac: str | None) -> Login | None:
        """What the user gave for this very device, or None."""
        return next((login for matches, login in self.logins if matches(host, mac)), None)


def read_credentials(path: Path, keyring: Keyring = system_keyring) -> Credentials:
    """Read the file and what it names in the keyring; UsageError names the entry that is wrong, never a secret."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        open_to_others = os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error
    if open_to_others:
        raise UsageError(f"{path} holds secrets and others may read it: chmod 600 {path}")
    unknown = set(data) - {"onvif", "snmp"}
    if unknown:
        raise UsageError(f"{path}: unknown section [{min(unknown)}]; known: [[onvif]], [[snmp]]")
    logins = [_login(path, n, row, keyring) for n, row in enumerate(_rows(path, data, "onvif"), 1)]
    snmp = [_snmp_entry(path, n, row, keyring) for n, row in enumerate(_rows(path, data, "snmp"), 1)]
    return Credentials(
        tuple(logins),
        tuple(access for matches, access in snmp if matches is None),
        tuple((matches, access) for matches, access in snmp if matches is not None),
    )


def _rows(path: Path, data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path}: write each entry under [[{name}]]")
    return rows


def _login(path: Path, number: int, row: dict[str, Any], keyring: Keyring) -> tuple[Matcher, Login]:
    where = f"{path}: [[onvif]] entry {number}"
    _check_keys(where, row, _ONVIF_KEYS)
    device, user = row.get("device"), row.get("user")
    if not isinstance(device, str) or not isinstance(user, str) or not user:
        raise UsageError(f"{where}: needs device and user")
    for switch in ("http", "basic"):
        if not isinstance(row.get(switch, False), bool):
            raise UsageError(f"{where}: {switch} is true or false")
    password = _secret(where, row, "password", keyring)
    login = Login(user=user, password=password, http=row.get("http", True), basic=row.get("basic", False))
    return _matcher(where, device), login


def _matcher(where: str, device: str) -> Callable[[str, str | None], bool]:
    wanted = normalise_mac(device)
    if wanted is not None:
        return lambda _host, mac: mac == wanted
    try:
        scope = parse_targets([device], allow_public=True)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error
    return lambda host, _mac: scope.contains(host)


def _snmp_entry(path: Path, number: int, row: dict[str, Any], keyring: Keyring) -> tuple[Matcher | None, SnmpAccess]:
    device = row.get("device")
    if device is None:
        return None, _snmp(path, number, row, keyring)
    where = f"{path}: [[snmp]] entry {number}"
    if not isinstance(device, str):
        raise UsageError(f"{where}: device is an address, a network, a range or a MAC")
    return _matcher(where, device), _snmp(path, number, row, keyring)


def _snmp(path: Path, number: int, row: dict[str, Any], keyring: Keyring) -> SnmpAccess:
    where = f"{path}: [[snmp]] entry {number}"
    _check_keys(where, row, _SNMP_KEYS)
    version = row.get("version", 2)
    if version not in (1, 2, 3):
        raise UsageError(f"{where}: version is 1, 2 or 3")
    if version < 3:
        return SnmpAccess(version=version, community=_secret(where, row, "community", keyring))
    auth, privacy = str(row.get("auth_protocol", "")).upper(), str(row.get("privacy_protocol", "")).upper()
    if auth not in _AUTH or privacy not in _PRIVACY or (privacy and not auth):
        raise UsageError(
            f"{where}: auth_protocol is MD5, SHA, SHA256, SHA384 or SHA512; privacy_protocol DES, AES or AES256"
        )
    return SnmpAccess(
        version=3,
        user=str(row.get("user", "")),
        auth_protocol=auth,
        auth_key=_secret(where, row, "auth_key", keyring) if auth else "",
        privacy_protocol=privacy,
        privacy_key=_secret(where, row, "privacy_key", keyring) if privacy else "",
    )


def _check_keys(where: str, row: dict[str, Any], known: set[str]) -> None:
    unknown = set(row) - known
    if unknown:
        from difflib import get_close_matches

        name = min(unknown)
        close = get_close_matches(name, known, n=1)
        raise UsageError(f"{where}: unknown key {name!r}{f'; did you mean {close[0]!r}?' if close else ''}")


def _secret(where: str, row: dict[str, Any], name: str, keyring: Keyring) -> str:
    """The secret itself, or from the one place that the entry names for it."""
    given = [f"{name}{source}" for source in _SOURCES if f"{name}{source}" in row]
    if len(given) != 1:
        wrong = f"has {' and '.join(given)}" if given else "has none"
        raise UsageError(f"{where}: needs one of {name}, {name}_env and {name}_keyring, and {wrong}")
    value = row[given[0]]
    if not isinstance(value, str) or not value:
        raise UsageError(f"{where}: {given[0]} is a text")
    if given[0].endswith("_env"):
        found = os.environ.get(value)
        if not found:
            raise UsageError(f"{where}: the environment variable {value} is not set")
        return found
    return _from_keyring(where, row, name, value, keyring) if given[0].endswith("_keyring") else value


def _from_keyring(where: str, row: dict[str, Any], name: str, service: str, keyring: Keyring) -> str:
    """What the keyring holds of `service`: a password under the entry's user, another secret under its own name."""
    user = str(row.get("user", "")) if name == "password" else name
    try:
        found = keyring(service, user)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error
    if not found:
        raise UsageError(
            f"{where}: the keyring has nothing for service {service!r} and user {user!r}: keyring set {service} {user}"
        )
    return found
