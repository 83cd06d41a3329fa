"""`camcensus sweep --credentials`: the plan has the login, and nothing that is shown or remembered has its secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.cli.dry_run import describe
from scanner.cli.planning import Wishes, plan_sweep
from scanner.models import UsageError

SECRET = "Harbour-5530-kite"  # noqa: S105 - made up
ENTRY = f'[[onvif]]\ndevice = "198.51.100.9"\nuser = "viewer"\npassword = "{SECRET}"\n'


def _file(folder: Path, text: str = ENTRY) -> Path:
    file = folder / "site.toml"
    file.write_text(text)
    file.chmod(0o600)
    return file


def test_the_plan_has_the_login_for_its_device_alone(tmp_path: Path) -> None:
    plan = plan_sweep(Wishes(targets=("198.51.100.0/28",), credentials=_file(tmp_path), out=tmp_path / "run"))
    login = plan.options.logins("198.51.100.9", None)
    assert login is not None
    assert login.password == SECRET
    assert plan.options.logins("198.51.100.10", None) is None


def test_what_is_shown_and_remembered_has_no_secret(tmp_path: Path) -> None:
    plan = plan_sweep(Wishes(targets=("198.51.100.0/28",), credentials=_file(tmp_path), out=tmp_path / "run"))
    assert "login (credentials): Only with the user's own login" in describe(plan)
    for text in (describe(plan), repr(plan.recorded_options), repr(plan.options.logins("198.51.100.9", None))):
        assert SECRET not in text


def test_a_mistake_in_the_file_is_found_before_anything_is_sent(tmp_path: Path) -> None:
    wrong = _file(tmp_path, ENTRY + "basic = 1\n")
    with pytest.raises(UsageError, match="basic is true or false") as found:
        plan_sweep(Wishes(targets=("198.51.100.0/28",), credentials=wrong))
    assert SECRET not in str(found.value)
