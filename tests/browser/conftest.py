"""Real Chromium, the network blocked: `make test-browser`. What is missing is named as the reason for skipping."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .machine import FLAGS, ROOT, chromium, missing, running_lab

WHY_NOT = missing() or ("" if os.environ.get("LRCOURSE_BROWSER") else "run by  make test-browser")


def pytest_collection_modifyitems(items):
    for item in items:
        if WHY_NOT and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.skip(reason=WHY_NOT))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser):
    """`open_page(**context)`: a fresh page in a context of its own."""
    contexts = []

    def opened(**options):
        contexts.append(browser.new_context(**options))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site, built anew, and how many seconds that took."""
    folder, began = tmp_path_factory.mktemp("site") / "site", time.monotonic()
    command = [sys.executable, str(ROOT / "docs" / "build.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder, time.monotonic() - began


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab on a folder of its own: (address, folder)."""
    folder, settings = tmp_path_factory.mktemp("lab"), tmp_path_factory.mktemp("settings")
    with running_lab(folder, settings) as address:
        yield address, folder
