"""Real Chromium, the network blocked: `make test-browser`. Where something is missing, the reason for skipping names it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium():
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def missing():
    """What is not here, in words; "" where everything is."""
    for module in ("playwright", "axe_playwright_python", "sphinx", "myst_nb", "sphinx_book_theme", "latex2mathml"):
        if not importlib.util.find_spec(module):
            return f"the module {module} is not installed: run  make test-browser"
    return "" if chromium() else "there is no Chromium here: run  apt install chromium  (or install Google Chrome)"


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
    done = subprocess.run([sys.executable, str(ROOT / "docs" / "build.py"), str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder, time.monotonic() - began


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab on a folder of its own: (address, folder). It asks nobody for news."""
    folder, settings = tmp_path_factory.mktemp("lab"), tmp_path_factory.mktemp("settings")
    tracker = settings / "@jupyterlab" / "notebook-extension"
    tracker.mkdir(parents=True)
    # Lab detaches cells that are out of sight; a test looks at all of them.
    (tracker / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    news = settings / "@jupyterlab" / "apputils-extension"
    news.mkdir()
    (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    environment = os.environ | {"PYTHONPATH": path, "JUPYTERLAB_SETTINGS_DIR": str(settings),
                                "LRCOURSE_PROGRESS": str(settings / "progress.json")}
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", f"--port={port}", "--ip=127.0.0.1",
               "--allow-root", "--IdentityProvider.token=", "--expose-app-in-browser", f"--ServerApp.root_dir={folder}"]
    with open(settings / "log", "w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server, settings / "log")
        yield address, folder
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address, server, log):
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api").read()
            return
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.25)
    pytest.fail(f"JupyterLab did not start within a minute:\n{log.read_text()}")
