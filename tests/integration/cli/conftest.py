"""Fixtures of the commands' tests."""

from pathlib import Path

import pytest

from tests.integration.cli.program import ENVIRON


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> pytest.MonkeyPatch:
    """Settings that are complete, on a migrated database of each kind."""
    monkeypatch.chdir(tmp_path)
    for name, value in (ENVIRON | {"DATABASE_URL": database_url}).items():
        monkeypatch.setenv(name, value)
    return monkeypatch
