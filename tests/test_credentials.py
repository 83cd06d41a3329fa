"""The credentials file: logins, where their secrets come from, and that no message holds one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.credentials import Credentials, read_credentials
from scanner.keyring import system_keyring
from scanner.models import UsageError
from scanner.probe import Login

SECRET = "Harbour-5530-kite"  # noqa: S105 - made up
ENTRY = '[[onvif]]\ndevice = "198.51.100.0/28"\nuser = "viewer"\n'


def _nothing(service: str, user: str) -> str | None:
    raise AssertionError(f"the keyring was asked for {service} and {user}")


def _read(folder: Path, text: str, keyring: object = _nothing, mode: int = 0o600) -> Credentials:
    file = folder / "credentials.toml"
    file.write_text(text)
    file.chmod(mode)
    return read_credentials(file, keyring)  # type: ignore[arg-type]


def test_the_password_of_an_entry_comes_from_the_keyring_under_its_user(tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []

    def keyring(service: str, user: str) -> str:
        asked.append((service, user))
        return SECRET

    given = _read(tmp_path, ENTRY + 'password_keyring = "cameras"\n', keyring)
    assert asked == [("cameras", "viewer")]
    assert given.login_for("198.51.100.9", None) == Login("viewer", SECRET)
    assert given.login_for("198.51.100.16", None) is None
    assert SECRET not in repr(given)


def test_snmp_secrets_come_from_the_keyring_under_their_own_names(tmp_path: Path) -> None:
    text = '[[snmp]]\nversion = 3\nuser = "r"\nauth_protocol = "SHA"\nauth_key_keyring = "snmp"\n'
    given = _read(tmp_path, text, lambda _s, user: SECRET if user == "auth_key" else None)
    assert given.snmp[0].auth_key == SECRET


def test_http_and_basic_are_the_users_to_say(tmp_path: Path) -> None:
    plain = _read(tmp_path, ENTRY + f'password = "{SECRET}"\n').login_for("198.51.100.1", None)
    assert plain is not None
    assert (plain.http, plain.basic) == (True, False)
    told = _read(tmp_path, ENTRY + f'password = "{SECRET}"\nhttp = false\nbasic = true\n')
    assert told.login_for("198.51.100.1", None) == Login("viewer", SECRET, http=False, basic=True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("", "needs one of password, password_env and password_keyring, and has none"),
        (f'password = "{SECRET}"\npassword_env = "A"\n', "has password and password_env"),
        ('password_env = "CAMCENSUS_IS_NOT_SET"\n', "CAMCENSUS_IS_NOT_SET is not set"),
        (f'password = "{SECRET}"\nbasic = "yes"\n', "basic is true or false"),
        (f'password = "{SECRET}"\npasword = "x"\n', "did you mean 'password'"),
        ("password = 7\n", "password is a text"),
    ],
)
def test_a_mistake_is_named_and_no_secret(tmp_path: Path, more: str, words: str) -> None:
    with pytest.raises(UsageError) as wrong:
        _read(tmp_path, ENTRY + more)
    assert words in str(wrong.value)
    assert SECRET not in str(wrong.value)


def test_a_keyring_that_holds_nothing_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="keyring set cameras viewer"):
        _read(tmp_path, ENTRY + 'password_keyring = "cameras"\n', lambda _service, _user: None)


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="chmod 600"):
        _read(tmp_path, ENTRY + f'password = "{SECRET}"\n', mode=0o644)


def test_without_the_library_the_extra_is_named() -> None:
    with pytest.raises(UsageError, match=r"camcensus\[keyring\]"):
        system_keyring("cameras", "viewer", library="a_keyring_that_is_not_installed")


def test_the_real_library_without_a_keyring_says_so() -> None:
    code = "from scanner.keyring import system_keyring\nsystem_keyring('cameras', 'viewer')"
    backend = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=backend, check=False)
    if "camcensus[keyring]" in done.stderr:
        pytest.skip("the keyring library is not installed")
    assert "no keyring that can be used" in done.stderr


def test_the_real_library_is_read(tmp_path: Path) -> None:
    """A keyring of our own, found as the library finds every other one: by its name."""
    pytest.importorskip("keyring")
    (tmp_path / "ring.py").write_text(
        "from keyring.backend import KeyringBackend\n\n"
        "class Ring(KeyringBackend):\n"
        "    priority = 1\n"
        "    def get_password(self, service, username):\n"
        f"        return {SECRET!r} if (service, username) == ('cameras', 'viewer') else None\n"
        "    def set_password(self, service, username, password):\n"
        "        raise NotImplementedError\n"
    )
    (tmp_path / "c.toml").write_text(ENTRY + 'password_keyring = "cameras"\n')
    (tmp_path / "c.toml").chmod(0o600)
    code = (
        "from pathlib import Path\nfrom scanner.credentials import read_credentials\n"
        f"login = read_credentials(Path({str(tmp_path / 'c.toml')!r})).login_for('198.51.100.1', None)\n"
        f"assert login.password == {SECRET!r}\nprint(login)\n"
    )
    env = {**os.environ, "PYTHON_KEYRING_BACKEND": "ring.Ring", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    assert SECRET not in done.stdout
