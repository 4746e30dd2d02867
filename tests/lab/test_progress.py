"""The progress line: seen where somebody looks, after a while, and never stored."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
from nbclient import NotebookClient

from lrcourse.lab import progress
from lrcourse.lab.progress import Progress


class Screen(io.StringIO):
    def isatty(self):
        return True


def watched(monkeypatch):
    monkeypatch.setattr(progress, "where", lambda: "terminal")
    monkeypatch.setattr(sys, "stderr", Screen())
    return sys.stderr


def test_a_terminal_shows_a_line_that_removes_itself(monkeypatch):
    screen = watched(monkeypatch)
    with Progress("tuning", patience=0) as bar:
        bar(0.25)
        assert "tuning:  25%" in screen.getvalue()
    assert screen.getvalue().endswith("\r" + " " * 60 + "\r")


def test_what_is_quick_shows_nothing(monkeypatch):
    screen = watched(monkeypatch)
    with Progress("tuning") as bar:
        bar(0.25)
    assert screen.getvalue() == ""


def test_pipes_and_tests_see_nothing(monkeypatch, capsys):
    with Progress("tuning", patience=0) as bar:
        bar(0.5)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    monkeypatch.delenv("LRCOURSE_PROGRESS_BAR")
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert progress.where() is None
    monkeypatch.setattr(sys, "stderr", Screen())
    assert progress.where() == "terminal"
    with ThreadPoolExecutor(1) as background:
        assert background.submit(progress.where).result() is None
    monkeypatch.setenv("LRCOURSE_PROGRESS_BAR", "0")
    assert progress.where() is None


def test_a_notebook_run_without_a_front_end_stores_nothing_and_a_live_one_an_empty_bar(monkeypatch):
    monkeypatch.delenv("LRCOURSE_PROGRESS_BAR")  # as every notebook of the course is run by the writer and the tests
    show = (
        "import os\nos.environ.pop('PYTEST_CURRENT_TEST', None)\n{}\nfrom lrcourse.lab.progress import Progress\n"
        "with Progress('tuning', patience=0) as bar:\n    bar(0.5)\n"
    )
    batch = show.format("os.environ.pop('JPY_SESSION_NAME', None)")
    live = show.format("os.environ['JPY_SESSION_NAME'] = 'a.ipynb'")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in (batch, live)])
    NotebookClient(notebook, timeout=60).execute()
    assert notebook.cells[0].outputs == []
    (output,) = notebook.cells[1].outputs
    assert output["data"] == {"text/html": "", "text/plain": ""}
