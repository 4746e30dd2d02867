"""A progress line for anything over two seconds, shown only where somebody is looking.

In a terminal it is one line on stderr that removes itself. In a live JupyterLab or VS Code session it is a small bar
that empties itself when done. Under tests, in a pipe, or when a notebook is run without a front end, nothing is
written at all, so nothing of it is ever stored.
"""

from __future__ import annotations

import os
import sys
import threading
import time

__all__ = ["Progress"]

_PATIENCE = 2.0  # seconds before anything is shown
_INTERVAL = 0.2  # seconds between two updates


def where() -> str | None:
    """What is watching: "terminal", "notebook" or None."""
    if "PYTEST_CURRENT_TEST" in os.environ or os.environ.get("LRCOURSE_PROGRESS_BAR") == "0":
        return None
    if threading.current_thread() is not threading.main_thread():
        return None  # in the background there is no place of one's own to draw in
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if "ipykernel" in sys.modules and shell is not None:
        # Jupyter's server names the session it starts a kernel for, and VS Code marks the notebook's namespace;
        # a batch run (nbclient, nbval) does neither.
        live = "JPY_SESSION_NAME" in os.environ or "__vsc_ipynb_file__" in shell.user_ns
        return "notebook" if live else None
    try:
        return "terminal" if sys.stderr.isatty() else None
    except (AttributeError, ValueError):
        return None


class Progress:
    """`with Progress("training") as bar: bar(0.3)`: the share that is done, 0…1."""

    def __init__(self, label: str = "training", patience: float = _PATIENCE):
        self.label, self.patience = label, patience

    def __enter__(self):
        self.began = time.monotonic()
        self.last, self.handle, self.shown = self.began + self.patience - _INTERVAL, None, False
        self.where = where()
        return self

    def __call__(self, done: float) -> None:
        now = time.monotonic()
        if self.where is None or now - self.last < _INTERVAL:
            return
        self.last, self.shown = now, True
        rest = (now - self.began) * (1 - done) / max(done, 1e-3)
        self._write(f"{self.label}: {done:4.0%}, about {max(1, round(rest))} s left", done)

    def __exit__(self, *_):
        if self.shown:
            self._write("", None)

    def _write(self, text, done):
        if self.where == "terminal":
            sys.stderr.write("\r" + text.ljust(60) + ("\r" + " " * 60 + "\r" if done is None else ""))
            sys.stderr.flush()
            return
        from IPython.display import display

        bar = "" if done is None else f'<progress max="1" value="{done:.3f}"></progress> {text}'
        bundle = {"text/html": bar, "text/plain": text}
        if self.handle is None:
            self.handle = display(bundle, raw=True, display_id=True)
        else:
            self.handle.update(bundle, raw=True)
