"""What this machine has for tests in a browser, and a JupyterLab for them and for bench_explorables.py."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MODULES = ("playwright", "axe_playwright_python", "sphinx", "myst_nb", "sphinx_book_theme", "latex2mathml")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", MAC)


def chromium() -> str | None:
    """The path of a Chromium, or of Google Chrome."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def missing() -> str:
    """What is not here, in words; "" where everything is."""
    for module in MODULES:
        if not importlib.util.find_spec(module):
            return f"the module {module} is not installed: run  make test-browser"
    return "" if chromium() else "there is no Chromium here: run  apt install chromium  (or install Google Chrome)"


@contextmanager
def running_lab(folder: Path, settings: Path):
    """A JupyterLab on `folder`, its address. It asks nobody for news, and writes its log and settings to `settings`."""
    _prepare(settings)
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
    try:
        _wait_for(f"http://127.0.0.1:{port}/api", server, settings / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _prepare(settings):
    wanted = {
        # Lab detaches cells that are out of sight; a test looks at all of them.
        "notebook-extension/tracker": '{"windowingMode": "none"}',
        "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
    }
    for name, text in wanted.items():
        file = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def _wait_for(address, server, log):
    for _ in range(240):
        try:
            urllib.request.urlopen(address).read()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.25)
    raise RuntimeError(f"JupyterLab did not start within a minute:\n{log.read_text()}")
