"""Each test has a progress file of its own."""

import pytest


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    file = tmp_path / "own" / "progress.json"
    monkeypatch.setenv("LRCOURSE_PROGRESS", str(file))
    return file
