"""What the tests of notices share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notify.servers import Authority, authority


@pytest.fixture(scope="session")
def own_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One authority for all tests."""
    return authority(Path(tmp_path_factory.mktemp("authority")))
