"""SNMP entries of the credentials file: for every device, or for the named ones only."""

from pathlib import Path

import pytest

from scanner.credentials import Credentials, read_credentials
from scanner.models import UsageError

SWITCH = '[[snmp]]\ndevice = "198.51.100.2"\ncommunity = "core-secret"\n'
EVERYONE = '[[snmp]]\ncommunity = "site-secret"\n'


def _read(folder: Path, text: str) -> Credentials:
    file = folder / "credentials.toml"
    file.write_text(text)
    file.chmod(0o600)
    return read_credentials(file)


def test_an_entry_for_a_device_goes_to_no_other(tmp_path: Path) -> None:
    given = _read(tmp_path, EVERYONE + SWITCH)
    assert [one.community for one in given.snmp_for("198.51.100.2", None)] == ["core-secret", "site-secret"]
    assert [one.community for one in given.snmp_for("198.51.100.10", None)] == ["site-secret"]


def test_secrets_are_in_no_text(tmp_path: Path) -> None:
    assert "secret" not in repr(_read(tmp_path, EVERYONE + SWITCH))
    with pytest.raises(UsageError) as wrong:
        _read(tmp_path, SWITCH.replace("198.51.100.2", "no such place!"))
    assert "core-secret" not in str(wrong.value)


def test_a_device_must_be_a_text(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="entry 1"):
        _read(tmp_path, SWITCH.replace('"198.51.100.2"', "7"))
